"""Kin: which families have a commit without parents in common, and what makes two families one."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, selectinload

from opendesign.records.blob import FAMILY
from opendesign.records.design import Design
from opendesign.records.person import Person
from opendesign.records.revision import Revision


def families_before(session: Session, design: int, sha: str) -> set[int]:
    """Returns the families of the public designs that received a commit before this one did."""
    own = select(Revision.id).where(Revision.design_id == design, Revision.sha == sha)
    earlier = Revision.id < own.scalar_subquery()
    query = select(FAMILY).join(Revision, Revision.design_id == Design.id).where(Revision.sha == sha, earlier)
    return set(session.scalars(query.where(Design.visibility == "public").distinct()))


def unjoined_having(session: Session, shas: Collection[str]) -> list[Design]:
    """Returns the public designs that joined nobody so far and received one of these commits, oldest first."""
    having = select(Revision.design_id).where(Revision.sha.in_(shas))
    query = select(Design).where(Design.id.in_(having), Design.visibility == "public")
    return list(session.scalars(query.where(Design.parent_id.is_(None), Design.kinship.is_(None)).order_by(Design.id)))


def is_shown(session: Session, family: int) -> bool:
    """Says whether one of a family's designs is public."""
    query = select(Design.id).where(FAMILY.in_([family]), Design.visibility == "public")
    return session.scalar(query.limit(1)) is not None


def roots_of(session: Session, design: int) -> set[str]:
    """Returns the commits without parents that a design received."""
    query = select(Revision.sha).where(Revision.design_id == design, Revision.root_tree.is_not(None))
    return set(session.scalars(query))


def members_of(session: Session, family: int) -> list[int]:
    """Returns the numbers of a family's designs."""
    return list(session.scalars(select(Design.id).where(_in(family)).order_by(Design.id)))


def _in(family: int) -> ColumnElement[bool]:
    """Returns the condition for a family's designs: the one that stands for it names none."""
    return or_(Design.family_id == family, Design.id == family)


def unite(session: Session, first: int, other: int) -> None:
    """Puts the designs of another family into one."""
    members = update(Design).where(Design.id.in_(members_of(session, other)))
    session.execute(members.values(family_id=first))


def family_of(session: Session, design: Design) -> list[Design]:
    """Returns every design of a design's family, oldest first, itself included."""
    query = select(Design).where(_in(design.root)).options(selectinload(Design.members))
    return list(session.scalars(query.order_by(Design.id)).unique())


def siblings_of(session: Session, design: Design) -> list[int]:
    """Returns the numbers of the other designs of a design's family."""
    return list(session.scalars(select(Design.id).where(_in(design.root), Design.id != design.id)))


def families(session: Session) -> list[int]:
    """Returns the number of one design of each family."""
    family = func.coalesce(Design.family_id, Design.id)
    return list(session.scalars(select(func.min(Design.id)).group_by(family).order_by(family)))


def leave_family(session: Session, design: Design) -> Design | None:
    """Has the oldest other member stand for a design's family, if the design did; returns it, None if it is alone.

    A fork of a design that leaves becomes a fork of what that was forked from.
    """
    others = [each for each in family_of(session, design) if each.id != design.id]
    for each in others:
        if each.family_id in (None, design.id):
            each.family_id = others[0].id
        if each.parent_id == design.id:
            each.parent_id = design.parent_id
    session.flush()
    return others[0] if others else None


def fork_counts(session: Session, designs: list[Design]) -> dict[int, int]:
    """Returns how many direct, public forks each design has."""
    keys = [design.id for design in designs]
    query = select(Design.parent_id, func.count()).where(Design.parent_id.in_(keys))
    rows = session.execute(query.where(Design.visibility == "public").group_by(Design.parent_id)).all()
    return {key: count for key, count in rows if key is not None}


def family_sizes(session: Session, designs: list[Design]) -> dict[int, int]:
    """Returns how many other public designs there are in each design's family."""
    keys = {design.root for design in designs}
    query = select(Design.family_id, func.count()).where(Design.family_id.in_(keys), Design.visibility == "public")
    counts = dict(session.execute(query.group_by(Design.family_id)).all())
    own = {design.id: int(design.visibility == "public") for design in designs}
    return {d.id: max(0, counts.get(d.root, 0) - own[d.id]) for d in designs}


def fork_by(session: Session, parent: Design, person: Person) -> Design | None:
    """Returns a person's newest fork of a design, or None."""
    query = select(Design).where(Design.parent_id == parent.id, Design.owner_id == person.id)
    return session.scalar(query.order_by(Design.id.desc()).limit(1))
