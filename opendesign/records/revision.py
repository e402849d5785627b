"""Revisions: commits on published branches, and when the service first received each."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, now, reference, trace

CHUNK = 500  # SQLite takes at most 999 variables in older builds


class Revision(Record):
    """A commit, first received into this design at a known moment."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("design_id", "sha"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    sha: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    author_name: Mapped[str]
    author_email: Mapped[str]
    authored_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=now)
    received_by: Mapped[int | None] = trace("person.id")


class Adoption(Record):
    """Commits first received in one design of a family that arrived in another."""

    __tablename__ = "adoption"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = reference("design.id")
    target_id: Mapped[int] = reference("design.id")
    kind: Mapped[str] = mapped_column(default="merge")
    sha: Mapped[str]
    commits: Mapped[int]
    subject: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = trace("person.id")
    proposal_id: Mapped[int | None] = trace("proposal.id")
    at: Mapped[datetime] = mapped_column(default=now)


def known_shas(session: Session, design_id: int, shas: Iterable[str]) -> set[str]:
    """Returns which of these commits the design has already received."""
    wanted = list(shas)
    known: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        query = select(Revision.sha).where(Revision.design_id == design_id, Revision.sha.in_(chunk))
        known.update(session.scalars(query))
    return known


def first_seen(session: Session, shas: Iterable[str], designs: list[int]) -> dict[str, list]:
    """Returns sha → [(design id, received at)] among these designs."""
    wanted = list(shas)
    seen: dict[str, list] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(Revision.sha, Revision.design_id, Revision.received_at)
        query = query.where(Revision.sha.in_(wanted[start : start + CHUNK]), Revision.design_id.in_(designs))
        for sha, design_id, received_at in session.execute(query):
            seen.setdefault(sha, []).append((design_id, received_at))
    return seen


def adoptions_among(session: Session, designs: list[int]) -> list[Adoption]:
    """Returns the adoptions between these designs, oldest first."""
    query = select(Adoption).where(Adoption.source_id.in_(designs), Adoption.target_id.in_(designs))
    return list(session.scalars(query.order_by(Adoption.at, Adoption.id)))


def adoptions_into(session: Session, target_id: int, since: datetime) -> list[Adoption]:
    """Returns the adoptions into a design from a moment on."""
    return list(session.scalars(select(Adoption).where(Adoption.target_id == target_id, Adoption.at >= since)))
