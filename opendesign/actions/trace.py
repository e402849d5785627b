"""Lineage: the tree of a family's forks, and what was taken from whom."""

from dataclasses import dataclass

from opendesign.actions.house import Work
from opendesign.core.lineage.adoption import CREDITED
from opendesign.core.lineage.family import Node, tree
from opendesign.records.design import Design, family_of, heads_of, parts_of
from opendesign.records.revision import Adoption, adoptions_among

KEPT = 20_000  # distances; two commits never change, and each costs a git process (≈ 5 ms)
_known: dict[tuple[str, str], tuple[int, int]] = {}


@dataclass
class Kin:
    """A member of a family as its page shows it: how deep in the tree, and how far from the design in focus."""

    design: Design
    depth: int
    ahead: int
    behind: int
    parts: int
    taken: list[Adoption]
    given: list[Adoption]


@dataclass
class Lineage:
    """A family seen from one design: the tree in order, and every adoption, oldest first, credited or not."""

    focus: Design
    kin: list[Kin]
    adoptions: list[Adoption]
    by_id: dict[int, Design]


def trace(work: Work, design: Design) -> Lineage:
    """Returns the family of a design as far as the acting person may see it."""
    seen = [member for member in family_of(work.session, design) if work.may("see", member)]
    by_id = {member.id: member for member in seen}
    adoptions = adoptions_among(work.session, list(by_id))
    credited = [each for each in adoptions if each.kind in CREDITED]
    nodes = [Node(member.id, member.owner.name, member.name, member.parent_id) for member in seen]
    heads = heads_of(work.session, seen)
    distances = _distances(work, design, by_id, heads)
    parts = parts_of(work.session, seen)
    kin = [
        Kin(
            by_id[node.id],
            depth,
            distances.get(node.id, (0, 0))[0],
            distances.get(node.id, (0, 0))[1],
            len(parts[node.id]),
            [a for a in credited if a.target_id == node.id],
            [a for a in credited if a.source_id == node.id],
        )
        for depth, node in tree(nodes)
    ]
    return Lineage(design, kin, adoptions, by_id)


def _distances(
    work: Work, design: Design, by_id: dict[int, Design], heads: dict[int, str]
) -> dict[int, tuple[int, int]]:
    """Returns id → (commits ahead, commits behind) of every relative's default branch against the design's."""
    here = heads.get(design.id)
    others = {key: head for key, head in heads.items() if head and key != design.id}
    if here is None or not others:
        return {}
    unknown = {head: by_id[key].key for key, head in others.items() if (head, here) not in _known}
    if unknown:
        with work.house.store.open(design.key, also=set(unknown.values())) as repository:
            for head in unknown:
                _known[head, here] = repository.ahead_behind(head, here)
        while len(_known) > KEPT:
            _known.pop(next(iter(_known)), None)
    return {key: _known[head, here] for key, head in others.items() if (head, here) in _known}
