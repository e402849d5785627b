"""Fetches: who has fetched a design by git, and when."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.core.lineage.adoption import Fetched
from opendesign.records.base import Record, reference
from opendesign.records.revision import Revision

APART = timedelta(minutes=5)  # nearer ones are one
MOST = 100  # moments of a day that are kept: a machine that fetches all day tells nothing more


class Fetch(Record):
    """That a person fetched a design on a day, and at which moments of it."""

    __tablename__ = "fetch"
    __table_args__ = (UniqueConstraint("design_id", "person_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    person_id: Mapped[int] = reference("person.id")
    day: Mapped[str]
    moments: Mapped[list] = mapped_column(default=list)


def note_fetch(session: Session, design: int, person: int, at: datetime) -> None:
    """Remembers a fetch: one row for each person, design and day."""
    day = at.date().isoformat()
    query = select(Fetch).where(Fetch.design_id == design, Fetch.person_id == person, Fetch.day == day)
    if (row := session.scalar(query)) is None:
        try:
            with session.begin_nested():
                session.add(Fetch(design_id=design, person_id=person, day=day, moments=[at.isoformat()]))
        except IntegrityError:  # another process notes the same fetch at this moment
            return
    elif len(row.moments) < MOST and at - datetime.fromisoformat(row.moments[-1]) >= APART:
        row.moments = [*row.moments, at.isoformat()]


def fetches_for(session: Session, target: int, designs: Collection[int]) -> dict[int, list[Fetched]]:
    """Returns when those who have brought something into a design fetched each of these others, by design.

    A role says nothing: it is given without asking, and changes. Whoever pushes has taken it.
    """
    people = select(Revision.received_by).where(Revision.design_id == target, Revision.received_by.is_not(None))
    found: dict[int, list[Fetched]] = {}
    for row in session.scalars(select(Fetch).where(Fetch.person_id.in_(people), Fetch.design_id.in_(designs))):
        told = (Fetched(row.person_id, datetime.fromisoformat(moment)) for moment in row.moments)
        found.setdefault(row.design_id, []).extend(told)
    return found
