"""What every record shares: the declarative base, and times that always carry their zone."""

from datetime import UTC, datetime

from sqlalchemy import JSON, DateTime, ForeignKey, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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
