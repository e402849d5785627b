"""Lapses: changes that a design had, and that no longer live there."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, UniqueConstraint, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, reference
from opendesign.records.design import Design
from opendesign.records.revision import Adoption, Revision


class Lapse(Record):
    """That a design had a change (received, taken over or begun with), and since when it lives there no more."""

    __tablename__ = "lapse"
    __table_args__ = (UniqueConstraint("design_id", "sha"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    sha: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


class Sight(Record):
    """Where a design stood when its lapses were found: the branch, and when its refs had moved last."""

    __tablename__ = "sight"
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id", unique=True)
    branch: Mapped[str]
    moved_at: Mapped[datetime]


def lapsed(session: Session, designs: Collection[int]) -> set[tuple[int, str]]:
    """Returns which changes no longer live in which of these designs, though they had them."""
    rows = session.execute(select(Lapse.design_id, Lapse.sha).where(Lapse.design_id.in_(designs)))
    return {(row.design_id, row.sha) for row in rows}


def lapses_among(session: Session, designs: Collection[int], shas: Collection[str]) -> list[Lapse]:
    """Returns which of some changes no longer live in which of these designs, though they had them."""
    query = select(Lapse).where(Lapse.sha.in_(shas), Lapse.design_id.in_(designs))
    return list(session.scalars(query.order_by(Lapse.at, Lapse.design_id)))


def keep_lapses(session: Session, design: Design, found: dict[str, datetime], moved_at: datetime) -> None:
    """Replaces the lapses of a design by those found for how it stood when its refs had last moved at a moment."""
    rows = {row.sha: row for row in session.scalars(select(Lapse).where(Lapse.design_id == design.id))}
    for sha, row in rows.items():
        if sha not in found:
            session.delete(row)
        elif row.at != found[sha]:
            row.at = found[sha]
    session.add_all(Lapse(design_id=design.id, sha=sha, at=at) for sha, at in found.items() if sha not in rows)
    sight = session.scalar(select(Sight).where(Sight.design_id == design.id)) or Sight(design_id=design.id)
    sight.branch, sight.moved_at = design.default_branch, moved_at
    session.add(sight)


def unsighted(session: Session, designs: Collection[int] | None = None) -> list[int]:
    """Returns the designs, among some or of all, whose refs moved since their lapses were found."""
    moved = or_(Sight.id.is_(None), Sight.moved_at != Design.moved_at, Sight.branch != Design.default_branch)
    query = select(Design.id).outerjoin(Sight, Sight.design_id == Design.id).where(moved)
    if designs is not None:
        query = query.where(Design.id.in_(designs))
    return list(session.scalars(query.order_by(Design.id)))


def forget_sight(session: Session, designs: Collection[int]) -> None:
    """Has the lapses of these designs found anew: what they had taken over has changed."""
    session.execute(delete(Sight).where(Sight.design_id.in_(designs)))


def forget_lapses(session: Session, designs: Select) -> None:
    """Forgets what of these designs' changes no longer lives, so that it is found anew."""
    session.execute(delete(Lapse).where(Lapse.design_id.in_(designs)))
    session.execute(delete(Sight).where(Sight.design_id.in_(designs)))


def received_in(session: Session, design: int) -> dict[str, Revision]:
    """Returns the revisions that a design received, by commit."""
    return {row.sha: row for row in session.scalars(select(Revision).where(Revision.design_id == design))}


def adoptions_with(session: Session, target: int) -> list[tuple[Adoption, list[str]]]:
    """Returns the adoptions into a design, each with the changes it brought."""
    rows = session.execute(select(Revision.adoption_id, Revision.sha).where(Revision.design_id == target))
    brought: dict[int, list[str]] = {}
    for adoption, sha in rows:
        if adoption is not None:
            brought.setdefault(adoption, []).append(sha)
    found = session.scalars(select(Adoption).where(Adoption.target_id == target))
    return [(each, [each.source_sha] if each.source_sha else brought.get(each.id, [each.sha])) for each in found]
