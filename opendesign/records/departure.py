"""Departures: who has left for good is a number, and a mark by which their name is known again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, now


class Departure(Record):
    """A person of this number has left; `mark` is a sign on their name, which nobody can make without the secret."""

    __tablename__ = "departure"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now)


def departed(session: Session, mark: str) -> bool:
    """Tells whether somebody of this name has left."""
    return session.scalar(select(Departure.id).where(Departure.mark == mark).limit(1)) is not None
