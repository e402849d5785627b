"""Takedowns: designs that an operator withholds from everybody, and why."""

from datetime import datetime

from sqlalchemy import Select, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from opendesign.records.base import Record, now, reference, trace
from opendesign.records.design import Design
from opendesign.records.kin import family_of
from opendesign.records.person import Person


class Takedown(Record):
    """An operator took a design down, which was `before` public or private; until `ended_at`, if that is known."""

    __tablename__ = "takedown"
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[str]
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    design: Mapped[Design] = relationship()
    person: Mapped[Person | None] = relationship()


def takedown_of(design: Design) -> Takedown | None:
    """Returns why a design is withheld; None where it is not."""
    session = object_session(design)
    query = select(Takedown).where(Takedown.design_id == design.id, Takedown.ended_at.is_(None))
    return session.scalar(query.order_by(Takedown.id.desc()).limit(1)) if session else None


def takedowns() -> Select:
    """Returns the query for everything that was taken down, what still is first, newest first."""
    return select(Takedown).order_by(Takedown.ended_at.is_not(None), Takedown.id.desc())


def descendants(session: Session, design: Design) -> list[Design]:
    """Returns what was forked from a design, and from that, and so on."""
    family = family_of(session, design)
    found = {design.id}
    while more := {each.id for each in family if each.parent_id in found} - found:
        found |= more
    return [each for each in family if each.id in found - {design.id}]
