"""Builds and comparisons: one row is the status and the cache entry of something made from named inputs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Index, Select, Text, Update, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.core.errors import NotFound
from opendesign.core.soundness import NOTES
from opendesign.records.base import Record, now, trace
from opendesign.records.inspection import Inspection, forget_inspections
from opendesign.records.spot import Spot

MOMENT = timedelta(seconds=2)  # between that something is claimed and that it is made
WRITE_BACK = timedelta(minutes=5)  # kernels write back within one


class Awaited:
    """What somebody waits for: it is wanted, making, made or failed."""

    state: Mapped[str] = mapped_column(default="wanted", index=True)
    error: Mapped[dict | None] = mapped_column()

    @property
    def waiting(self) -> bool:
        """Whether it is still to be made."""
        return self.state in ("wanted", "making")

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped it: that says nothing about the design, so whoever wants it next has it made."""
        return self.state == "failed" and (self.error or {}).get("kind") == "stopped"


class Build(Awaited, Record):
    """A part made, or to be made, from exactly the inputs its key names.

    asker: whose share it counts to (core/asker.py). priority: how pressing it is that it is made, or, when there is
    but a preview, its files; None when nobody has said so.
    """

    __tablename__ = "build"
    __table_args__ = (Index("build_turn", "asker", "started_at"),)
    key: Mapped[str] = mapped_column(primary_key=True)
    design_id: Mapped[int | None] = trace("design.id")
    part: Mapped[str]
    recipe: Mapped[dict] = mapped_column()
    wanted_at: Mapped[datetime] = mapped_column(default=now)
    asker: Mapped[str] = mapped_column(default="")
    priority: Mapped[int | None] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    exported_at: Mapped[datetime | None]
    seconds: Mapped[float | None]
    result: Mapped[dict | None] = mapped_column()
    files: Mapped[dict | None] = mapped_column()
    log: Mapped[str] = mapped_column(Text, default="")

    @property
    def ended(self) -> bool:
        """Whether nothing of it is still to be made: it has failed, or all its files are there."""
        return self.state == "failed" or self.exported_at is not None

    @property
    def total(self) -> dict | None:
        """The measurement of everything the part shows together."""
        return (self.result or {}).get("total")

    @property
    def solids(self) -> int:
        """How many solids it has; of several, it can be asked how they fit."""
        return (self.total or {}).get("solids", 0)

    @property
    def remarks(self) -> list[dict]:
        """What is unusual about it (core/soundness.py)."""
        return (self.result or {}).get("remarks", [])

    @property
    def holes(self) -> list[dict] | None:
        """The round holes it has (core/hole.py); None where nobody looked."""
        return (self.result or {}).get("holes")

    @property
    def tags(self) -> list[dict]:
        """The faces that its script has named (core/tag.py)."""
        return (self.result or {}).get("tags", [])

    @property
    def warnings(self) -> list[dict]:
        """Those remarks that hardly anybody means."""
        return [remark for remark in self.remarks if remark["kind"] not in NOTES]

    @property
    def shapes(self) -> list[dict]:
        """The measurement of each shape."""
        return (self.result or {}).get("shapes", [])


class Comparison(Awaited, Record):
    """The difference in geometry between two builds, made or to be made.

    One of a build and itself says how its components fit (core/fit.py): which interfere, which are near.
    """

    __tablename__ = "comparison"
    __table_args__ = (Index("comparison_turn", "asker", "started_at"),)
    key: Mapped[str] = mapped_column(primary_key=True)
    before_key: Mapped[str | None]
    after_key: Mapped[str | None]
    wanted_at: Mapped[datetime] = mapped_column(default=now)
    asker: Mapped[str] = mapped_column(default="")
    priority: Mapped[int | None] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    seconds: Mapped[float | None]
    result: Mapped[dict | None] = mapped_column()
    files: Mapped[dict | None] = mapped_column()


Made = TypeVar("Made", Build, Comparison)
Kind = type[Build] | type[Comparison] | type[Inspection] | type[Spot]


def build_by_key(session: Session, key: str) -> Build:
    """Returns the build of this name; NotFound when nobody ever wanted it."""
    build = session.get(Build, key)
    if build is None:
        raise NotFound(f"No build is called “{key[:80]}”.")
    return build


def has_ended(session: Session, key: str) -> bool:
    """Tells whether a build has failed, or was made with all its files, or is none."""
    row = session.execute(_state(), {"key": key}).first()
    return row is None or row.state == "failed" or row.exported_at is not None


@cache
def _state() -> Select:
    # Asked again and again by whoever waits, who wants to know nothing else of it.
    return select(Build.state, Build.exported_at).where(Build.key == bindparam("key", type_=Build.key.type))


def builds_by_key(session: Session, keys: Iterable[str]) -> dict[str, Build]:
    """Returns the builds that exist among these keys."""
    wanted = list(set(keys))
    return {b.key: b for b in session.scalars(select(Build).where(Build.key.in_(wanted)))} if wanted else {}


def last_made(session: Session, designs: Iterable[int], part: str) -> Build | None:
    """Returns the newest build of a part that succeeded in one of these designs, or None."""
    query = select(Build).where(Build.design_id.in_(list(designs)), Build.part == part, Build.state == "made")
    return session.scalar(query.order_by(Build.finished_at.desc()).limit(1))


def comparison_by_key(session: Session, key: str) -> Comparison:
    """Returns the comparison of this name; NotFound when nobody ever wanted it."""
    comparison = session.get(Comparison, key)
    if comparison is None:
        raise NotFound(f"No comparison is called “{key[:80]}”.")
    return comparison


def comparisons_by_key(session: Session, keys: Iterable[str]) -> dict[str, Comparison]:
    """Returns the comparisons that exist among these keys."""
    wanted = list(set(keys))
    if not wanted:
        return {}
    return {row.key: row for row in session.scalars(select(Comparison).where(Comparison.key.in_(wanted)))}


def claim(session: Session, kind: Kind, key: str, patience: float) -> bool:
    """Takes a wanted row for making; True for exactly one caller.

    A row that has been `making` for longer than `patience` seconds lost its maker and may be taken again.
    """
    taken = session.execute(_claiming(kind, patience), {"wanted": key, "moment": now()})
    return taken.rowcount == 1  # type: ignore[attr-defined]


@lru_cache(maxsize=16)
def _claiming(kind: Kind, patience: float) -> Update:
    taking = update(kind).where(kind.key == bindparam("wanted", type_=kind.key.type), free(kind, patience))
    return taking.values(state="making", started_at=bindparam("moment", type_=kind.started_at.type))


def claim_files(session: Session, key: str) -> bool:
    """Takes the files that somebody wants of a build that was only previewed; True for exactly one caller."""
    taking = update(Build).where(Build.key == key, only_previewed())
    taken = session.execute(taking.values(priority=None, started_at=now()))
    return taken.rowcount == 1  # type: ignore[attr-defined]


def lost(kind: Kind, patience: float) -> ColumnElement[bool]:
    """Returns the condition for rows that have been `making` for so long, when asked, that their maker must be dead."""
    began = bindparam(None, callable_=lambda: now() - timedelta(seconds=patience), type_=kind.started_at.type)
    return (kind.state == "making") & (kind.started_at < began)


def free(kind: Kind, patience: float) -> ColumnElement[bool]:
    """Returns the condition for rows that may be taken for making."""
    return (kind.state == "wanted") | lost(kind, patience)


def release(session: Session, kind: Kind, key: str) -> None:
    """Gives back a row that was claimed and could not be made now."""
    session.execute(update(kind).where(kind.key == key, kind.state == "making").values(state="wanted"))


def forget_found(session: Session, build: str) -> None:
    """Forgets what failed with a build that had failed and is made once more, and what its checks found.

    Points that are pinned to it keep their spots, which wait for it.
    """
    forget_inspections(session, build)
    about = (Comparison.before_key == build) | (Comparison.after_key == build)
    session.execute(delete(Comparison).where(about, Comparison.state == "failed"))
    failed = (Spot.build_key == build) & (Spot.state == "failed")
    session.execute(update(Spot).where(failed).values(state="wanted", error=None, wanted_at=now()))


def begun(session: Session, kind: Kind) -> Sequence[Any]:
    """Returns what somebody has begun to make, a moment ago at the latest, and has not ended; files of builds too."""
    making: ColumnElement[bool] = kind.state == "making"
    if kind is Build:
        made_first = (Build.state == "made") & Build.exported_at.is_(None) & (Build.started_at > Build.finished_at)
        making = or_(making, made_first & Build.priority.is_(None))
    return session.scalars(select(kind).where(making, kind.started_at < now() - MOMENT)).all()


def unfinished(session: Session, kind: Kind) -> list[str]:
    """Returns the keys of everything wanted or being made, oldest first."""
    wanted: ColumnElement[bool] = kind.state.in_(["wanted", "making"])
    if kind is Build:
        wanted = or_(wanted, only_previewed())
    return list(session.scalars(select(kind.key).where(wanted).order_by(kind.wanted_at)))


def only_previewed() -> ColumnElement[bool]:
    """Returns the condition for builds of which there is but a preview, while somebody wants their files."""
    return (Build.state == "made") & Build.exported_at.is_(None) & Build.priority.is_not(None)


def made(session: Session, kind: type[Made]) -> Iterator[Made]:
    """Yields everything that was made."""
    yield from session.scalars(select(kind).where(kind.state == "made").execution_options(yield_per=500))


def made_last(session: Session, kind: type[Made]) -> Sequence[Made]:
    """Returns what was made last: a power cut may have come before its files were on the disk."""
    newest = session.scalar(select(func.max(kind.finished_at)).where(kind.state == "made"))
    if newest is None:
        return []
    return session.scalars(select(kind).where(kind.state == "made", kind.finished_at >= newest - WRITE_BACK)).all()


def wanted_before(session: Session, build: Build) -> int:
    """Returns how many builds of the same asker wait before this one; whom else fairness lets pass is not known yet."""
    before = Build.asker == build.asker, Build.wanted_at < build.wanted_at, Build.state == "wanted"
    pressing = func.coalesce(Build.priority, 0) >= (build.priority or 0)
    return session.scalar(select(func.count()).select_from(Build).where(*before, pressing)) or 0
