"""Has the lineage of a family found anew once others may see one of its designs, or no longer do."""

from opendesign.actions.find_swayed import forget_swayed
from opendesign.actions.house import Work
from opendesign.actions.join_families import join_as_seen
from opendesign.records.design import Design
from opendesign.records.improvement import forget_family


def trace_anew(work: Work, design: Design) -> None:
    """Has the lineage of a family found anew, and what hangs on it elsewhere: which families are one, who was first,
    and what is common depends on who may be seen."""
    join_as_seen(work, design)
    others = forget_family(work.session, design.root) | forget_swayed(work, [design.id])
    for each in (design.id, *sorted(others - {design.id})):
        work.soon("lineage", each)
