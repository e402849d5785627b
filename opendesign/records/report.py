"""Reports: somebody tells the operators that something here should not be here."""

from datetime import datetime

from sqlalchemy import Select, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.asker import place
from opendesign.core.errors import NotFound
from opendesign.records.base import Record, now, reference, trace
from opendesign.records.design import Design
from opendesign.records.person import Person


class Report(Record):
    """What is wrong with the page `place` of a design, in the words of a person or of a stranger at an address.

    `outcome` is what an operator wrote when closing it.
    """

    __tablename__ = "report"
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    place: Mapped[str]
    kind: Mapped[str]
    body: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = trace("person.id")
    address: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = trace("person.id")
    outcome: Mapped[str] = mapped_column(Text, default="")
    design: Mapped[Design] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    closer: Mapped[Person | None] = relationship(foreign_keys=[closed_by])


def reports(state: str) -> Select:
    """Returns the query for reports that are `open`, oldest first, or `closed`, newest first."""
    if state == "open":
        return select(Report).where(Report.closed_at.is_(None)).order_by(Report.id)
    return select(Report).where(Report.closed_at.is_not(None)).order_by(Report.closed_at.desc())


def open_reports(session: Session) -> int:
    """Returns how many reports wait for an operator."""
    return session.scalar(select(func.count(Report.id)).where(Report.closed_at.is_(None))) or 0


def reports_since(session: Session, since: datetime, person: Person | None, address: str) -> int:
    """Returns how many reports a person, or strangers at the place of an address, have sent since then."""
    if person is not None:
        by = Report.person_id == person.id
        return session.scalar(select(func.count(Report.id)).where(by, Report.at > since)) or 0
    sent = session.scalars(select(Report.address).where(Report.person_id.is_(None), Report.at > since))
    return sum(place(each) == place(address) for each in sent)


def report_by_id(session: Session, key: int) -> Report:
    """Returns the report of this number; NotFound otherwise."""
    report = session.get(Report, key)
    if report is None:
        raise NotFound("There is no such report.")
    return report


def forget_reporter(session: Session, person: Person) -> None:
    """Leaves of who reported something no address they came from."""
    session.execute(update(Report).where(Report.person_id == person.id).values(address=""))
