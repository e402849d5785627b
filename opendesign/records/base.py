"""What every record shares: the declarative base, and times that always carry their zone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, DateTime, ForeignKey, String, TypeDecorator, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

CHUNK = 500  # SQLite takes at most 999 variables in older builds
Word = TypeVar("Word", str, int)


class Moment(TypeDecorator):
    """A time in UTC. SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value, dialect):
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Record(DeclarativeBase):
    """The base of all records."""

    type_annotation_map = {datetime: Moment, str: String, dict: JSON, list: JSON}


def chunks(words: Iterable[Word | None]) -> Iterator[list[Word]]:
    """Yields words or numbers in order, each once, none that is empty, as many at a time as a question may hold."""
    known = sorted({word for word in words if word})
    yield from (known[start : start + CHUNK] for start in range(0, len(known), CHUNK))


def now() -> datetime:
    """Returns the present moment in UTC."""
    return datetime.now(UTC)


def reference(target: str, **options) -> Mapped:
    """Returns a column that points at another record and goes when that record goes."""
    nullable = options.pop("nullable", False)
    return mapped_column(ForeignKey(target, ondelete="CASCADE"), nullable=nullable, index=True, **options)


def trace(target: str) -> Mapped:
    """Returns a column that points at another record and outlives it, emptied."""
    return mapped_column(ForeignKey(target, ondelete="SET NULL"), nullable=True, index=True)


def add_many(session: Session, kind: type[Record], rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds records that nobody needs in hand: SQLite would be asked for the number of each, one by one."""
    if rows:
        session.execute(insert(kind), rows)
