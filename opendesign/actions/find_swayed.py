"""Has lineage found anew in the families for which it changes what is common: what three others had before."""

from collections.abc import Collection

from opendesign.actions.house import Work
from opendesign.records.crowd import swayed_by_changes, swayed_by_design
from opendesign.records.design import Design
from opendesign.records.form import wake_like_those_of
from opendesign.records.improvement import forget_family


def trace_anew(work: Work, design: Design) -> None:
    """Has the lineage of a family found anew, and what hangs on it elsewhere: who was first, and what is common,
    depends on who may be seen."""
    others = forget_family(work.session, design.root) | forget_swayed(work, design)
    for each in (design.id, *sorted(others - {design.id})):
        work.soon("lineage", each)


def forget_swayed(work: Work, design: Design) -> set[int]:
    """Forgets what was found in other families where something is common or not by whether all may see a design.

    Returns the designs whose lineage is to be found anew.
    """
    families = swayed_by_design(work.session, design.id) - {design.root}
    return _forget(work, families) | wake_like_those_of(work.session, design)


def sway(work: Work, shas: Collection[str]) -> None:
    """Has lineage found anew in families that were looked at without knowing what these commits hold, which had come
    there earlier."""
    for each in sorted(_forget(work, swayed_by_changes(work.session, shas))):
        work.soon("lineage", each)


def _forget(work: Work, families: Collection[int]) -> set[int]:
    return set(families).union(*(forget_family(work.session, each) for each in families))
