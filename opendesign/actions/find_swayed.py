"""Has lineage found anew in the families for which it changes what is common: what three others had before."""

from collections.abc import Collection

from opendesign.actions.house import Work
from opendesign.records.crowd import swayed_by_changes, swayed_by_designs
from opendesign.records.design import designs_by_id
from opendesign.records.form import wake_like_those_of
from opendesign.records.improvement import forget_family


def forget_swayed(work: Work, designs: Collection[int]) -> set[int]:
    """Forgets what was found in other families where something is common or not by whether all may see some designs of
    one family.

    Returns the designs whose lineage is to be found anew.
    """
    some = designs_by_id(work.session, designs).values()
    families = swayed_by_designs(work.session, designs) - {each.root for each in some}
    woken = set[int]().union(*(wake_like_those_of(work.session, each) for each in some))
    return _forget(work, families) | woken


def sway(work: Work, shas: Collection[str]) -> None:
    """Has lineage found anew in families that were looked at without knowing what these commits hold, which had come
    there earlier."""
    for each in sorted(_forget(work, swayed_by_changes(work.session, shas))):
        work.soon("lineage", each)


def _forget(work: Work, families: Collection[int]) -> set[int]:
    return set(families).union(*(forget_family(work.session, each) for each in families))
