"""Storage: how many bytes each design takes, as measured last."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, now
from opendesign.records.build import Build
from opendesign.records.design import Design
from opendesign.records.lfs import spent_on
from opendesign.records.person import Person

BATCH = 500


class Storage(Record):
    """The bytes of a design: its repository, its large files, and the made files of its builds."""

    __tablename__ = "storage"
    design_id: Mapped[int] = mapped_column(ForeignKey("design.id", ondelete="CASCADE"), primary_key=True)
    git_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    large_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    shelf_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    measured_at: Mapped[datetime] = mapped_column(default=now)


class Taken(NamedTuple):
    """What one design takes, in bytes; nothing while it has not been measured."""

    design: Design
    git: int
    large: int
    shelf: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.git + self.large + self.shelf


class Owned(NamedTuple):
    """What one person's designs take, in bytes."""

    owner: Person
    designs: int
    git: int
    large: int
    shelf: int


def unmeasured(session: Session, owner_id: int | None = None) -> list[int]:
    """Returns the numbers of designs, of one owner's or of all, whose refs moved since they were measured."""
    query = select(Design.id).outerjoin(Storage, Storage.design_id == Design.id)
    query = query.where(Storage.measured_at.is_(None) | (Storage.measured_at <= Design.moved_at))
    if owner_id is not None:
        query = query.where(Design.owner_id == owner_id)
    return list(session.scalars(query.order_by(Design.id)))


def remember_storage(session: Session, sizes: Mapping[int, int], at: datetime) -> None:
    """Writes the bytes in git of designs, by number, as they were at a time, and those of what was sent to Git LFS."""
    for key, git in sizes.items():
        design = session.get(Design, key)
        if design is None:
            continue
        row = session.get(Storage, key) or Storage(design_id=key)
        row.git_bytes, row.large_bytes, row.measured_at = git, spent_on(session, design), at
        session.add(row)


def remember_shelf(session: Session) -> None:
    """Adds up what lies on the shelf of each design's builds, as their records say."""
    sums: dict[int, int] = {}
    query = select(Build.design_id, Build.files).where(Build.files.is_not(None), Build.design_id.is_not(None))
    for design, files in session.execute(query.execution_options(yield_per=BATCH)):
        sums[design] = sums.get(design, 0) + sum((files or {}).values())
    for row in session.scalars(select(Storage)):
        if row.shelf_bytes != sums.get(row.design_id, 0):
            row.shelf_bytes = sums.get(row.design_id, 0)


def stored_by(session: Session, owner_id: int, but: Collection[int] = ()) -> int:
    """Returns the bytes of a person's designs in git, but for some of them."""
    total = func.sum(Storage.git_bytes)
    query = (
        select(total)
        .join(Design, Design.id == Storage.design_id)
        .where(Design.owner_id == owner_id, Design.id.not_in(but))
    )
    return int(session.scalar(query) or 0)


def storage_by_owner(session: Session, most: int = 200) -> list[Owned]:
    """Returns what people's designs take, the largest first."""
    sums = [func.coalesce(func.sum(each), 0) for each in (Storage.git_bytes, Storage.large_bytes, Storage.shelf_bytes)]
    query = select(Design.owner_id, func.count(Design.id), sums[0], sums[1], sums[2])
    query = query.outerjoin(Storage, Storage.design_id == Design.id).group_by(Design.owner_id)
    rows: Any = session.execute(query.order_by((sums[0] + sums[1] + sums[2]).desc()).limit(most)).all()
    people = {p.id: p for p in session.scalars(select(Person).where(Person.id.in_([row[0] for row in rows])))}
    return [Owned(people[row[0]], row[1], int(row[2]), int(row[3]), int(row[4])) for row in rows]


def storage_totals(session: Session) -> tuple[int, int, int]:
    """Returns the bytes of all designs in git, in large files, and on the shelf."""
    sums = (func.sum(each) for each in (Storage.git_bytes, Storage.large_bytes, Storage.shelf_bytes))
    git, large, shelf = (int(session.scalar(select(each)) or 0) for each in sums)
    return git, large, shelf


def storage_by_design(session: Session, owner: Person) -> list[Taken]:
    """Returns what each of a person's designs takes, the largest first."""
    sizes = [func.coalesce(each, 0) for each in (Storage.git_bytes, Storage.large_bytes, Storage.shelf_bytes)]
    query = select(Design, *sizes).outerjoin(Storage, Storage.design_id == Design.id).where(Design.owner_id == owner.id)
    rows = session.execute(query.order_by((sizes[0] + sizes[1] + sizes[2]).desc(), Design.name)).all()
    return [Taken(row[0], int(row[1]), int(row[2]), int(row[3])) for row in rows]
