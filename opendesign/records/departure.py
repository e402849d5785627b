"""Departures: who has left for good is a number, and a mark by which their name is known again."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, now
from opendesign.records.person import Person


class Departure(Record):
    """A person of this number has left; `mark` is a sign on their name, which nobody can make without the secret."""

    __tablename__ = "departure"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now)


def departed(session: Session, mark: str) -> bool:
    """Tells whether somebody of this name has left."""
    return session.scalar(select(Departure.id).where(Departure.mark == mark).limit(1)) is not None


def skip_numbers(session: Session) -> int | None:
    """Sees to it that nobody new gets the number of who has left; returns the next one where it must be said.

    A database counts on from the highest that is there: SQLite always, PostgreSQL once it was restored.
    """
    gone = session.scalar(select(func.max(Departure.id))) or 0
    if gone <= (session.scalar(select(func.max(Person.id))) or 0):
        return None
    if session.get_bind().dialect.name == "sqlite":
        return gone + 1
    session.execute(select(func.setval(func.pg_get_serial_sequence("person", "id"), gone)))
    return None
