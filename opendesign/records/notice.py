"""Notices: what people are told that others did with their designs, until they have read it."""

from datetime import datetime

from sqlalchemy import Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.records.base import Record, now, reference, trace
from opendesign.records.design import Design, visible_to
from opendesign.records.person import Person

MOST = 500  # of the newest that are listed


class Notice(Record):
    """One person is told that `target` took commits of `source`; `sha` is the last of them there.

    `said` is why whoever took them has the right to, where the licences do not say so.
    """

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    source_id: Mapped[int] = reference("design.id")
    target_id: Mapped[int] = reference("design.id")
    by_id: Mapped[int | None] = trace("person.id")
    sha: Mapped[str]
    subject: Mapped[str]
    commits: Mapped[int]
    said: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    source: Mapped[Design] = relationship(foreign_keys=[source_id])
    target: Mapped[Design] = relationship(foreign_keys=[target_id])
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id])


def notices_to(session: Session, person: Person) -> list[Notice]:
    """Returns what a person is told, the newest first."""
    query = select(Notice).where(*_to(person)).order_by(Notice.at.desc(), Notice.id.desc())
    return list(session.scalars(query.limit(MOST)))


def unread_count(session: Session, person: Person) -> int:
    """Returns how many notices a person has not read."""
    return session.scalar(select(func.count(Notice.id)).where(*_to(person), Notice.read_at.is_(None))) or 0


def mark_read(session: Session, person: Person) -> None:
    """Says that a person has read everything there is."""
    mine = (Notice.person_id == person.id, Notice.read_at.is_(None))
    session.execute(update(Notice).where(*mine).values(read_at=now()))


def _to(person: Person):
    """Returns the conditions for a person's notices about designs that they may see, by now."""
    seen = select(Design.id).where(visible_to(person))
    return (Notice.person_id == person.id, Notice.source_id.in_(seen), Notice.target_id.in_(seen))
