"""A revision of a design is judged by what it promises itself, or what a relative does."""

from opendesign.actions.check_merge import check_revision
from opendesign.actions.find_revision import find_revision
from opendesign.actions.find_sides import find_side
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.core.checks import Check
from opendesign.core.demand import read_demands
from opendesign.core.snapshot import Snapshot
from opendesign.records.design import Design, known_refs


def judge_fit(work: Work, design: Design, ref: str, base: str) -> list[Check]:
    """Returns the judgement over a revision by its own okh.toml, or by that of `base`, a side of a comparison.

    None for a design without commits. Reads only; raises NotFound for what is not there or may not be seen.
    """
    sides = sides_of(work, design, ref, base)
    return check_revision(work, *sides) if sides else []


def built_for(work: Work, design: Design, ref: str, base: str) -> list[tuple[Design, Snapshot]]:
    """Returns the revisions whose builds that judgement needs; the relative's where it is compared with it."""
    sides = sides_of(work, design, ref, base)
    if sides is None:
        return []
    compared = [(find_side(work, design, base).design, sides[1])] if base else []
    return [(design, sides[0]), *(compared if read_demands(sides[1].manifest).compares else [])]


def sides_of(work: Work, design: Design, ref: str, base: str) -> tuple[Snapshot, Snapshot] | None:
    """Returns what is judged and whose manifest demands; None for a design without commits. Raises NotFound."""
    if not ref and f"refs/heads/{design.default_branch}" not in known_refs(work.session, design):
        return None
    snapshot = read_tree(work, design, find_revision(work, design, ref).sha)
    if not base:
        return snapshot, snapshot
    side = find_side(work, design, base)
    return snapshot, read_tree(work, side.design, side.place.sha)
