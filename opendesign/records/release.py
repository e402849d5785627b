"""Releases: revisions of a design that somebody gave out under a tag, with a title and notes."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from opendesign.core.errors import NotFound
from opendesign.records.base import Record, now, reference, trace
from opendesign.records.design import Design
from opendesign.records.person import Person


class Release(Record):
    """A design gave out the commit `sha` under `tag`, which stays where it is as long as this is there."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("design_id", "tag"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    tag: Mapped[str]
    sha: Mapped[str]
    title: Mapped[str]
    notes: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = trace("person.id")
    at: Mapped[datetime] = mapped_column(default=now)
    design: Mapped[Design] = relationship()
    person: Mapped[Person | None] = relationship(lazy="joined")

    @property
    def held_ref(self) -> str:
        """The internal ref that keeps the commit whose files are given out."""
        return f"refs/releases/{self.id}"


def releases_of(design: Design):
    """Returns the query for a design's releases, newest first."""
    return select(Release).where(Release.design_id == design.id).order_by(Release.at.desc(), Release.id.desc())


def latest_release(session: Session, design: Design) -> Release | None:
    """Returns the newest release of a design, or None."""
    return session.scalars(releases_of(design).limit(1)).first()


def released_tags(session: Session, design: Design) -> list[str]:
    """Returns the tags of a design that carry a release."""
    return list(session.scalars(select(Release.tag).where(Release.design_id == design.id).order_by(Release.tag)))


def release_of(session: Session, design: Design, tag: str) -> Release:
    """Returns the release of a tag; NotFound otherwise."""
    found = session.scalar(select(Release).where(Release.design_id == design.id, Release.tag == tag))
    if found is None:
        raise NotFound(f"{design.path} has no release “{tag[:200]}”.")
    return found
