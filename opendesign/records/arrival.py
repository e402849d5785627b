"""Imports: designs on their way here from elsewhere (`import` itself is a word of Python's)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.errors import NotFound
from opendesign.records.base import Record, now, reference, trace
from opendesign.records.design import Design
from opendesign.records.person import Person

WAITING, DONE, FAILED, CANCELLED = "waiting", "done", "failed", "cancelled"
ENDED = (DONE, FAILED, CANCELLED)


class Arrival(Record):
    """Somebody imports the repository at `url`; `state` is waiting, looking, counting, receiving, checking, recording,
    done, failed or cancelled.

    `path` is where the design is, or would have been; `problem` says why it is not, or what of it did not come.
    """

    __tablename__ = "arrival"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    design_id: Mapped[int | None] = trace("design.id")
    url: Mapped[str]
    path: Mapped[str]
    visibility: Mapped[str]
    follow: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default=WAITING, index=True)
    percent: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    wanted_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lazy="joined")
    design: Mapped[Design | None] = relationship()


def arrival_by_id(session: Session, key: int) -> Arrival | None:
    """Returns the import with this number, or None."""
    return session.get(Arrival, key)


def arrival_of(session: Session, person: Person, key: int) -> Arrival:
    """Returns one import of a person's own; NotFound otherwise."""
    found = session.get(Arrival, key)
    if found is None or found.person_id != person.id:
        raise NotFound(f"You have no import with the number {key}.")
    return found


def arrivals_of(session: Session, person: Person) -> Sequence[Arrival]:
    """Returns the newest imports of a person."""
    query = select(Arrival).where(Arrival.person_id == person.id).order_by(Arrival.id.desc())
    return session.scalars(query.limit(20)).all()


def arrival_to(session: Session, design: Design) -> Arrival | None:
    """Returns the import that is still bringing this design, or None."""
    return session.scalar(select(Arrival).where(Arrival.design_id == design.id, Arrival.state.not_in(ENDED)))


def on_the_way(session: Session, person: Person) -> int:
    """Returns how many imports of a person have not ended."""
    query = select(func.count(Arrival.id)).where(Arrival.person_id == person.id, Arrival.state.not_in(ENDED))
    return session.scalar(query) or 0


def arrivals_waiting(session: Session) -> list[int]:
    """Returns the imports that have not ended, oldest first."""
    return list(session.scalars(select(Arrival.id).where(Arrival.state.not_in(ENDED)).order_by(Arrival.id)))
