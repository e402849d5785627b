"""Weighs two designs of a family with all that is known of them, geometry and a try at merging them among it."""

from collections.abc import Mapping
from dataclasses import dataclass

from opendesign.actions.find_churn import overlaps
from opendesign.actions.house import Work
from opendesign.actions.try_pair import stale
from opendesign.actions.weigh_pairs import Pair, Scales, open_scales, weigh
from opendesign.core.errors import NotFound
from opendesign.core.lineage.complementarity import alone, complementarity, standing
from opendesign.core.lineage.divergence import geometry
from opendesign.core.lineage.number import Number
from opendesign.core.lineage.pair import is_churn
from opendesign.records.build import Build, builds_by_key
from opendesign.records.design import Design
from opendesign.records.weighing import Weighing, weighing_of


@dataclass(frozen=True)
class Close:
    """A pair looked at closely: its geometry, what would stand if they were merged, and how far that try is.

    `state` is "" while nobody has asked for a try, then "trying", "building", "made" or "refused"; `moved` says that
    one of the two has moved since the last try, which therefore counts no more. `comparing` while parts are compared.
    """

    pair: Pair
    geometry: Number
    complementarity: Number
    churn: bool
    state: str
    moved: bool
    conflicts: tuple[str, ...]
    refusal: str
    comparing: bool

    @property
    def waiting(self) -> bool:
        """Whether more will be known by itself."""
        return self.comparing or self.state in ("trying", "building")


def weigh_pair(work: Work, focus: Design, relative: Design) -> Close:
    """Returns a design and a relative with all their numbers; reads only. Raises NotFound for one of another family."""
    scales = open_scales(work, focus, relative)
    if relative.id not in scales.ledger.designs or relative.id == focus.id:
        raise NotFound(f"{relative.path} is no relative of {focus.path}.")
    row = weighing_of(work.session, focus.id, relative.id)
    moved = row is not None and stale(row, scales.heads)
    made = row if row and row.made_at and not moved else None
    tried = {made.one_id: made.onto_one, made.other_id: made.onto_other} if made else {}
    pair = weigh(scales, focus, relative, tried)
    listed, comparing = overlaps(work, focus, [relative])[relative.id]
    shapes = geometry(listed)
    stands = _stands(work, scales, pair, made) if made and not made.refusal else None
    return Close(
        pair,
        shapes,
        complementarity(_single(scales, pair), stands),
        is_churn(pair.code.value, shapes.value),
        _state(row, moved, stands),
        moved,
        tuple(made.conflicts) if made else (),
        made.refusal if made else "",
        comparing,
    )


def _single(scales: Scales, pair: Pair):
    return alone(scales.known, *(scales.ledger.lives[each.id] for each in (pair.focus, pair.relative)))


def _state(row: Weighing | None, moved: bool, stands: Mapping[str, bool | None] | None) -> str:
    if row is None or moved:
        return ""
    if row.made_at is None:
        return "trying"
    if stands is None:
        return "refused"
    return "building" if None in stands.values() else "made"


def _stands(work: Work, scales: Scales, pair: Pair, row: Weighing) -> dict[str, bool | None]:
    builds = builds_by_key(work.session, row.builds.values())
    valid = {path: _valid(builds.get(key)) for path, key in row.builds.items()}
    single = _single(scales, pair)
    return {each.sha: standing(each.paths, row.conflicts, row.readers, valid) for each in single}


def _valid(build: Build | None) -> bool | None:
    if build is None or build.waiting:
        return None
    return build.state == "made" and (build.total or {}).get("valid") is not False
