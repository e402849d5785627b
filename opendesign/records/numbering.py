"""Numbers that are never given out twice: what is still said of a design or a person that is gone is of nobody else.

SQLite gives a new row the number of a deleted newest one, PostgreSQL does so once it was restored.
"""

from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from opendesign.records.base import Record


class Numbering(Record):
    """The last number that was given to a row of a table."""

    __tablename__ = "numbering"
    name: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


def never_again(context: Any) -> int:
    """The default of a column of numbers (SQLAlchemy's context of the insert): one higher than any there ever was."""
    column, ask = context.current_column, context.connection
    name, own = column.table.name, Numbering.name == column.table.name
    last = ask.scalar(select(Numbering.number).where(own))
    fresh = max(last or 0, ask.scalar(select(func.max(column))) or 0) + 1
    given = insert(Numbering).values(name=name) if last is None else update(Numbering).where(own)
    ask.execute(given.values(number=fresh))
    return fresh
