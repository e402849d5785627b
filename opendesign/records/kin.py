"""Kin: which families have a commit without parents in common, and what makes two families one."""

from collections.abc import Collection

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from opendesign.records.blob import FAMILY
from opendesign.records.design import Design
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
    query = select(Design.id).where(or_(Design.family_id == family, Design.id == family))
    return list(session.scalars(query.order_by(Design.id)))


def unite(session: Session, first: int, other: int) -> None:
    """Puts the designs of another family into one."""
    members = update(Design).where(Design.id.in_(members_of(session, other)))
    session.execute(members.values(family_id=first))
