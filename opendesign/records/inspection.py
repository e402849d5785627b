"""Inspections: a design's own checks run, or to be run, over the shapes of exactly the builds their keys name."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, now, trace


class Inspection(Record):
    """One run of a `checks.py`; recipe: "tree", "changes" and "parts", the key of the build of each part it is given.

    asker: whose share it counts to. result: "checks", what came of each (core/inspection.py).
    """

    __tablename__ = "inspection"
    __table_args__ = (Index("inspection_turn", "asker", "started_at"),)
    key: Mapped[str] = mapped_column(primary_key=True)
    design_id: Mapped[int | None] = trace("design.id")
    recipe: Mapped[dict] = mapped_column()
    state: Mapped[str] = mapped_column(default="wanted", index=True)
    wanted_at: Mapped[datetime] = mapped_column(default=now)
    asker: Mapped[str] = mapped_column(default="")
    priority: Mapped[int | None] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    seconds: Mapped[float | None]
    error: Mapped[dict | None] = mapped_column()
    result: Mapped[dict | None] = mapped_column()
    log: Mapped[str] = mapped_column(Text, default="")

    @property
    def stopped(self) -> bool:
        """Whether it was stopped, or its design went: that says nothing of the checks, so it is wanted again."""
        return self.state == "failed" and (self.error or {}).get("kind") == "stopped"


class Needed(Record):
    """A build whose shapes an inspection looks at: it waits for each."""

    __tablename__ = "needed"
    inspection_key: Mapped[str] = mapped_column(ForeignKey("inspection.key", ondelete="CASCADE"), primary_key=True)
    build_key: Mapped[str] = mapped_column(primary_key=True, index=True)


def need(session: Session, key: str, builds: Iterable[str]) -> None:
    """Says which builds an inspection waits for."""
    for build in sorted(set(builds)):
        session.merge(Needed(inspection_key=key, build_key=build))


def forget_inspections(session: Session, build: str) -> None:
    """Removes what was found with a build that had failed and is made once more."""
    looking = select(Needed.inspection_key).where(Needed.build_key == build)
    session.execute(delete(Inspection).where(Inspection.key.in_(looking), Inspection.state != "wanted"))
