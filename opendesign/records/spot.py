"""Spots: the faces of a build that are near a point of it, found or to be found."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, now


class Spot(Record):
    """A point (mm) of a build, and in `result` the faces near it, as core/pin.py describes them."""

    __tablename__ = "spot"
    __table_args__ = (Index("spot_turn", "asker", "started_at"),)
    key: Mapped[str] = mapped_column(primary_key=True)
    build_key: Mapped[str] = mapped_column(index=True)
    point: Mapped[list] = mapped_column()
    state: Mapped[str] = mapped_column(default="wanted", index=True)
    wanted_at: Mapped[datetime] = mapped_column(default=now)
    asker: Mapped[str] = mapped_column(default="")
    priority: Mapped[int | None] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[dict | None] = mapped_column()
    result: Mapped[dict | None] = mapped_column()

    @property
    def faces(self) -> list[dict]:
        """The faces near it, the nearest first; none while it is not made."""
        return (self.result or {}).get("faces", [])


def spots_by_key(session: Session, keys: Iterable[str | None]) -> dict[str, Spot]:
    """Returns the spots that exist among these keys."""
    wanted = {key for key in keys if key}
    return {row.key: row for row in session.scalars(select(Spot).where(Spot.key.in_(wanted)))} if wanted else {}
