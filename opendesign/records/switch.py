"""Switches: what an operator turns on while the service runs, with why."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, now, trace

READ_ONLY = "read-only"


class Switch(Record):
    """A switch that is on, since when, by whom and why; one that is off has no row."""

    __tablename__ = "switch"
    name: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)


def switched_on(session: Session, name: str) -> Switch | None:
    """Returns a switch that is on, None for one that is off."""
    return session.get(Switch, name)
