"""What the records know of a family as a whole, in plain rows: a family may have many hundred designs."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, not_, or_, select, union_all
from sqlalchemy.orm import Session

from opendesign.records.base import chunks
from opendesign.records.build import Build
from opendesign.records.design import Design, Part, Ref
from opendesign.records.improvement import Improvement
from opendesign.records.inspection import Inspection
from opendesign.records.lapse import Lapse
from opendesign.records.person import Person
from opendesign.records.revision import Adoption, Revision


class Relative(NamedTuple):
    """A design as its family's pages name it, with the head of its default branch."""

    id: int
    owner: str
    name: str
    title: str
    visibility: str
    default_branch: str
    parent_id: int | None
    fork_sha: str | None
    kinship: str | None
    made_at: datetime
    moved_at: datetime
    head: str | None

    @property
    def path(self) -> str:
        """`owner/name`, as in addresses."""
        return f"{self.owner}/{self.name}"


class Piece(NamedTuple):
    """A part at the head of a design, and the build that shows it."""

    design: int
    path: str
    title: str
    build: str


class Measured(NamedTuple):
    """How far a build is, and the measurement of everything it shows together once it is made."""

    state: str
    total: dict | None


def relatives(session: Session, design: Design) -> list[Relative]:
    """Returns every design of a design's family, oldest first, whoever may see it."""
    named = (Design.id, Person.name, Design.name, Design.title, Design.visibility, Design.default_branch)
    placed = (Design.parent_id, Design.fork_sha, Design.kinship, Design.made_at, Design.moved_at, Ref.sha)
    head = (Ref.design_id == Design.id) & (Ref.name == "refs/heads/" + Design.default_branch)
    query = select(*named, *placed).join(Person, Person.id == Design.owner_id).outerjoin(Ref, head)
    query = query.where(Design.id.in_(_members(design))).order_by(Design.id)
    return [Relative._make(row) for row in session.execute(query)]


def improvements_had(session: Session, design: Design) -> list[tuple[int, str, datetime]]:
    """Returns (design, improvement, since when) for all that designs received or took over of a family's improvements.

    Designs of other families that received one are among them: to ask for this family's alone takes SQLite 14 ms.
    """
    born = Improvement.family == design.root
    received = select(Revision.design_id, Revision.sha, Revision.received_at)
    received = received.join(Improvement, Improvement.sha == Revision.sha).where(born)
    taken = select(Adoption.target_id, Adoption.source_sha, Adoption.at)
    taken = taken.where(Adoption.source_sha.is_not(None), Adoption.target_id.in_(_members(design)))
    rows: Iterable[Any] = session.execute(union_all(received, taken))
    return [(key, sha, at) for key, sha, at in rows]


def lapses_in(session: Session, design: Design) -> list[tuple[int, str]]:
    """Returns (design, change) for all that designs of a family had and that no longer lives there."""
    query = select(Lapse.design_id, Lapse.sha).where(Lapse.design_id.in_(_members(design)))
    return [(key, sha) for key, sha in session.execute(query)]


def adoptions_in(session: Session, design: Design) -> list[Adoption]:
    """Returns every adoption into a design of a family, oldest first, whoever may see its two sides."""
    query = select(Adoption).where(Adoption.target_id.in_(_members(design)))
    return list(session.scalars(query.order_by(Adoption.at, Adoption.id)))


def adoptions_beyond(session: Session, design: Design) -> list[Adoption]:
    """Returns what a family's designs took from other families and gave to them, oldest first, whoever may see it."""
    source, target = Adoption.source_id.in_(_members(design)), Adoption.target_id.in_(_members(design))
    query = select(Adoption).where(or_(and_(source, not_(target)), and_(target, not_(source))))
    return list(session.scalars(query.order_by(Adoption.at, Adoption.id)))


def revision_counts(session: Session, design: Design) -> dict[int, int]:
    """Returns how many revisions each design of a family has received itself; a fork's beginning is not among them."""
    query = select(Revision.design_id, func.count()).where(Revision.design_id.in_(_members(design)))
    return dict(session.execute(query.group_by(Revision.design_id)).tuples().all())


def part_counts(session: Session, design: Design) -> dict[int, int]:
    """Returns how many parts each design of a family has at its head."""
    query = select(Part.design_id, func.count()).where(Part.design_id.in_(_members(design)))
    return dict(session.execute(query.group_by(Part.design_id)).tuples().all())


def pieces_of(session: Session, designs: Sequence[int]) -> list[Piece]:
    """Returns the parts at the heads of these designs, each design's in its order."""
    found: list[Piece] = []
    columns = (Part.design_id, Part.path, Part.title, Part.build_key)
    for chunk in chunks(designs):
        query = select(*columns).where(Part.design_id.in_(chunk))
        found += map(Piece._make, session.execute(query.order_by(Part.design_id, Part.position)))
    return found


def measured(session: Session, keys: Iterable[str]) -> dict[str, Measured]:
    """Returns what is known of these builds without what they show one by one."""
    found = {}
    for chunk in chunks(keys):
        query = select(Build.key, Build.state, Build.result["total"]).where(Build.key.in_(chunk))
        found.update({key: Measured(state, total) for key, state, total in session.execute(query)})
    return found


def inspected_at(session: Session, design: Design, heads: Collection[str]) -> dict[str, tuple[str, list[dict]]]:
    """Returns (state, what came of each check) of the runs of a family's own checks, by the commit they looked at."""
    query = select(Inspection.recipe["tree"].as_string(), Inspection.state, Inspection.result["checks"])
    query = query.where(Inspection.design_id.in_(_members(design)))
    rows = session.execute(query.order_by(Inspection.wanted_at))
    return {tree: (state, checks or []) for tree, state, checks in rows if tree in heads}


def _members(design: Design):
    family = design.root
    return select(Design.id).where(or_(Design.family_id == family, Design.id == family))
