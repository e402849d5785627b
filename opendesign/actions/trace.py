"""Lineage: the tree of a family's forks, how far apart they are, and what was taken from whom."""

from collections.abc import Collection
from dataclasses import dataclass, field

from opendesign.actions.house import Work
from opendesign.core.lineage.family import Node, tree
from opendesign.core.lineage.kin import has_common_commit
from opendesign.core.lineage.standing import Member, Receipt, Standing
from opendesign.core.remembered import Remembered
from opendesign.records.design import Design, design_by_id, designs_by_id, heads_of
from opendesign.records.family import (
    Relative,
    adoptions_beyond,
    adoptions_in,
    improvements_had,
    lapses_in,
    relatives,
    revision_counts,
)
from opendesign.records.kin import family_of
from opendesign.records.revision import Adoption, adoptions_among

FETCH = "fetch"  # a sign that is told to both teams only
KEPT = 20_000  # distances; two commits never change, and each costs a git process (≈ 5 ms)
_behind = Remembered[tuple[str, str], int](KEPT)


@dataclass
class Kin:
    """A member of a family as its page shows it: how deep in the tree, and how far from the design in focus.

    `ahead` and `behind` count improvements, `changes` the revisions it has received itself.
    """

    design: Relative
    depth: int
    ahead: int = 0
    behind: int = 0
    changes: int = 0
    taken: list[Adoption] = field(default_factory=list)
    given: list[Adoption] = field(default_factory=list)


@dataclass
class Lineage:
    """A family seen from one design: the tree in order, and every adoption, oldest first, credited or not.

    `elsewhere` are those from and to the designs of other families, `beyond` these designs by number.
    """

    focus: Design
    kin: list[Kin]
    adoptions: list[Adoption]
    by_id: dict[int, Relative]
    elsewhere: list[Adoption]
    beyond: dict[int, Design]

    @property
    def known(self) -> dict[int, Relative | Design]:
        """The designs at both ends of all adoptions."""
        return {**self.beyond, **self.by_id}


def trace(work: Work, design: Design) -> Lineage:
    """Returns the family of a design as far as the acting person may see it, from the records alone."""
    family = relatives(work.session, design)
    standing = _standing(work, design, family)
    hidden = designs_by_id(work.session, [each.id for each in family if each.visibility != "public"])
    seen = {each.id for each in hidden.values() if work.may("see", each)}
    by_id = {each.id: each for each in family if each.visibility == "public" or each.id in seen}
    adoptions = [a for a in adoptions_in(work.session, design) if a.source_id in by_id and a.target_id in by_id]
    changes = revision_counts(work.session, design)
    nodes = [Node(each.id, each.owner, each.name, each.parent_id) for each in by_id.values()]
    kin = {
        node.id: Kin(
            by_id[node.id],
            depth,
            standing.ahead(node.id, design.id),
            standing.ahead(design.id, node.id),
            changes.get(node.id, 0),
        )
        for depth, node in tree(nodes)
    }
    for each in adoptions:
        if each.credited:
            kin[each.target_id].taken.append(each)
            kin[each.source_id].given.append(each)
    return Lineage(design, list(kin.values()), adoptions, by_id, *adoptions_elsewhere(work, design, by_id))


def adoptions_elsewhere(work: Work, design: Design, seen: Collection[int]) -> tuple[list[Adoption], dict[int, Design]]:
    """Returns what those of a design's family that are seen took from others and gave to them, and who these are.

    Both ends of each may be seen by the acting person.
    """
    rows = adoptions_beyond(work.session, design)
    others = designs_by_id(work.session, {key for each in rows for key in (each.source_id, each.target_id)})
    beyond = {key: each for key, each in others.items() if each.root != design.root and work.may("see", each)}
    both = beyond.keys() | set(seen)
    return [each for each in rows if {each.source_id, each.target_id} <= both], beyond


def list_taken(work: Work, design: Design) -> tuple[list[Adoption], dict[int, Design]]:
    """Returns what a design has taken from relatives that may be seen, newest first, and these by number."""
    seen = {member.id: member for member in family_of(work.session, design) if work.may("see", member)}
    return [each for each in adoptions_among(work.session, list(seen)) if each.target_id == design.id][::-1], seen


def behind_parent(work: Work, design: Design) -> int:
    """Returns how many commits of its parent's default branch a fork lacks, 0 for what has no parent to be
    seen, or no commit in common with it."""
    parent = design_by_id(work.session, design.parent_id)
    if not has_common_commit(design.kinship) or parent is None or not work.may("see", parent):
        return 0
    heads = heads_of(work.session, [design, parent])
    here, there = heads.get(design.id), heads.get(parent.id)
    if here is None or there is None:
        return 0
    found = _behind.get((there, here))
    if found is None:
        with work.house.store.open(design.key, also={parent.key}) as repository:
            found = _behind.keep((there, here), repository.ahead_behind(there, here)[0])
    return found


def signs(work: Work, adoption: Adoption) -> list[str]:
    """Returns what shows an adoption; who has fetched what is told only to those who have a role at either end."""
    if FETCH not in adoption.evidence:
        return adoption.evidence
    ends = [design_by_id(work.session, key) for key in (adoption.source_id, adoption.target_id)]
    own = work.person is not None and any(each and work.person.id in each.roles for each in ends)
    return [sign for sign in adoption.evidence if sign != FETCH or own]


def _standing(work: Work, design: Design, family: list[Relative]) -> Standing:
    members = [Member(each.id, each.parent_id if each.fork_sha else None, each.made_at) for each in family]
    had = (Receipt(*row) for row in improvements_had(work.session, design))
    return Standing(members, had, lapses_in(work.session, design))
