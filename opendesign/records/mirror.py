"""Mirrors: designs that follow a repository elsewhere, and targets elsewhere that follow a design."""

from datetime import datetime

from sqlalchemy import Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.records.base import Record, now, reference, trace
from opendesign.records.design import Design
from opendesign.records.person import Person


class Mirror(Record):
    """A design has the branches and tags of `url`, fetched again at `next_at`; `failures` in a row, the last one's why.

    Its design is `mirrored` as long as this is there: nobody moves its branches otherwise.
    """

    __tablename__ = "mirror"
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id", unique=True)
    url: Mapped[str]
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)
    fetched_at: Mapped[datetime | None]
    next_at: Mapped[datetime] = mapped_column(default=now, index=True)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    design: Mapped[Design] = relationship()
    person: Mapped[Person | None] = relationship(lazy="joined")


class Outlet(Record):
    """A design's branches and tags are pushed to `url` after they moved: at `next_at`, None when there is nothing new.

    `sealed` is the secret for that server, encrypted; it is never shown.
    """

    __tablename__ = "outlet"
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id", unique=True)
    url: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    sealed: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)
    pushed_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None] = mapped_column(default=now, index=True)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    design: Mapped[Design] = relationship()
    person: Mapped[Person | None] = relationship(lazy="joined")


def mirror_of(session: Session, design: Design) -> Mirror | None:
    """Returns what a design follows, or None."""
    return session.scalar(select(Mirror).where(Mirror.design_id == design.id))


def outlet_of(session: Session, design: Design) -> Outlet | None:
    """Returns where a design is pushed to, or None."""
    return session.scalar(select(Outlet).where(Outlet.design_id == design.id))


def mirrors_by(session: Session, person: Person) -> int:
    """Returns how many designs of a person follow something."""
    query = select(func.count(Mirror.id)).join(Design, Design.id == Mirror.design_id)
    return session.scalar(query.where(Design.owner_id == person.id)) or 0


def mirror_by_id(session: Session, key: int) -> Mirror | None:
    """Returns the mirror with this row number, or None."""
    return session.get(Mirror, key)


def outlet_by_id(session: Session, key: int) -> Outlet | None:
    """Returns the outlet with this row number, or None."""
    return session.get(Outlet, key)


def mirrors_due(session: Session) -> list[int]:
    """Returns the mirrors whose time has come."""
    return list(session.scalars(select(Mirror.id).where(Mirror.next_at <= now()).order_by(Mirror.next_at)))


def outlets_due(session: Session) -> list[int]:
    """Returns the outlets that have something to push, and whose time has come."""
    due = Outlet.next_at.is_not(None) & (Outlet.next_at <= now())
    return list(session.scalars(select(Outlet.id).where(due).order_by(Outlet.next_at)))
