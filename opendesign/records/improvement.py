"""Improvements: changes that brought something new into a family, each where it was first received."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from opendesign.records.base import Record, chunks, reference
from opendesign.records.change import RUN, Change, Unit
from opendesign.records.design import Design
from opendesign.records.form import forget_forms
from opendesign.records.lapse import forget_lapses, forget_sight
from opendesign.records.revision import Adoption, Revision


class Improvement(Record):
    """A change that was born in a design of a family: what of it nobody there had before.

    `family` is the number of the family's first design, `units` the names of its new units, `value` what they are
    worth together. Changes of private designs are none until they are published.
    """

    __tablename__ = "improvement"
    __table_args__ = (UniqueConstraint("family", "sha"), Index("improvement_born", "family", "received_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    family: Mapped[int]
    sha: Mapped[str] = mapped_column(index=True)
    design_id: Mapped[int] = reference("design.id")
    received_at: Mapped[datetime]
    subject: Mapped[str]
    author_name: Mapped[str]
    author_email: Mapped[str]
    value: Mapped[float]
    tokens: Mapped[int]
    units: Mapped[list] = mapped_column(default=list)
    paths: Mapped[list] = mapped_column(default=list)


KEPT = tuple(column.key for column in Improvement.__table__.columns if column.key != "id")


def improvements_of(session: Session, family: int) -> list[Improvement]:
    """Returns a family's improvements, the oldest first."""
    query = select(Improvement).where(Improvement.family == family)
    return list(session.scalars(query.order_by(Improvement.received_at, Improvement.id)))


def improvement_by_sha(session: Session, family: int, sha: str) -> Improvement | None:
    """Returns the improvement a commit is in a family, or None."""
    return session.scalar(select(Improvement).where(Improvement.family == family, Improvement.sha == sha))


def keep_improvements(session: Session, family: int, found: Iterable[Improvement]) -> None:
    """Records improvements of a family that are not recorded yet."""
    rows = {each.sha: {name: getattr(each, name) for name in KEPT} for each in found}
    for sha in known_in(session, family, rows):
        del rows[sha]
    if rows:
        session.execute(insert(Improvement), list(rows.values()))


def known_in(session: Session, family: int, shas: Iterable[str]) -> set[str]:
    """Returns which of these commits are improvements of a family already."""
    known: set[str] = set()
    for chunk in chunks(shas):
        query = select(Improvement.sha).where(Improvement.family == family, Improvement.sha.in_(chunk))
        known.update(session.scalars(query))
    return known


def other_families(session: Session, names: Iterable[str], family: int) -> dict[str, list[datetime]]:
    """Returns when public designs of each other family had one of these units first; the earliest first."""
    found: dict[str, list[datetime]] = {}
    other, first = func.coalesce(Design.family_id, Design.id), func.min(Revision.received_at)
    query = select(Unit.name, first).join(Revision, Revision.sha == Unit.sha).join(Design)
    query = query.where(other != family, Design.visibility == "public").group_by(Unit.name, other).order_by(first)
    for chunk in chunks(names):
        for name, at in session.execute(query.where(Unit.name.in_(chunk))):
            found.setdefault(name, []).append(at)
    return found


def forget_family(session: Session, family: int) -> set[int]:
    """Forgets what was found by comparing a family's changes, so that it is found anew.

    Returns the designs of other families that had copied from it: what lives there is looked at again as well.
    """
    members = select(Design.id).where(or_(Design.family_id == family, Design.id == family))
    session.execute(delete(Improvement).where(Improvement.family == family))
    forget_lapses(session, members)
    forget_forms(session, members)
    found = Adoption.source_sha.is_not(None)
    beyond = select(Adoption.target_id).where(Adoption.source_id.in_(members), Adoption.target_id.not_in(members))
    others = set(session.scalars(beyond))
    forget_sight(session, others)
    either = or_(Adoption.target_id.in_(members), Adoption.source_id.in_(members))
    session.execute(delete(Adoption).where(either, found))
    tips = select(RUN + Revision.sha).where(Revision.design_id.in_(members), Revision.tip.is_(True))
    session.execute(delete(Change).where(Change.sha.in_(tips)))
    session.execute(update(Revision).where(Revision.design_id.in_(members)).values(traced=False))
    return others


def forget_found(session: Session) -> None:
    """Forgets what was found by comparing changes anywhere, so that it is found anew."""
    session.execute(delete(Improvement))
    forget_lapses(session, select(Design.id))
    forget_forms(session, select(Design.id))
    session.execute(delete(Adoption).where(Adoption.source_sha.is_not(None)))
    session.execute(delete(Change).where(Change.sha.startswith(RUN)))
    session.execute(update(Revision).values(traced=False))


def improvements_received(session: Session, family: int, designs: Collection[int]) -> list[tuple[int, str, datetime]]:
    """Returns (design, commit, when) of every receipt of a family's improvements in these designs."""
    query = select(Revision.design_id, Revision.sha, Revision.received_at)
    query = query.join(Improvement, Improvement.sha == Revision.sha)
    query = query.where(Improvement.family == family, Revision.design_id.in_(designs))
    return [(design, sha, at) for design, sha, at in session.execute(query)]
