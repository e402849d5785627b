"""What a proposal's merge is judged by is made, here and now."""

import time
from collections.abc import Callable, Iterable
from functools import partial

from opendesign.actions.build import build
from opendesign.actions.check_merge import fits_needed
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.inspect_design import inspect_design, want_inspection
from opendesign.actions.make_comparison import make_comparison
from opendesign.actions.measure_fit import want_fits
from opendesign.actions.merge import NOTHING, overriding, review_decided, why_held
from opendesign.actions.sync import sync
from opendesign.actions.want_build import want_differing, want_parts
from opendesign.core.errors import NotFound, Unbuildable
from opendesign.core.snapshot import Snapshot
from opendesign.git.settling import Decisions
from opendesign.records.design import Design, design_by_id
from opendesign.records.proposal import proposal_by_id


def rebuild_merged(
    house: House, visitor: Visitor, proposal_id: int, decisions: Decisions = NOTHING, reason: str = ""
) -> None:
    """Makes every build the merge is judged by, here and now; each in a transaction of its own.

    Raises Unbuildable when the engine is off or `merge_seconds` pass, and Invalid as `review_decided` does.
    """
    with house.writing(visitor) as work:
        proposal = proposal_by_id(work.session, proposal_id)
        if proposal is None:
            raise NotFound("That proposal is gone.")
        sync(work, proposal.design)  # an earlier attempt may have died before it was recorded
        if proposal.state != "open" or why_held(work, proposal, overriding(work, proposal, reason), decisions):
            return
        found = review_decided(work, proposal, decisions)
        if found.trial.tree is None:
            return
        key = proposal.design_id
    rebuild(house, visitor, key, found.before, found.after)


def rebuild(house: House, visitor: Visitor, design_id: int, before: Snapshot, after: Snapshot) -> None:
    """Makes every build and run of checks by which a tree `after` is judged beside the one before it, here and now.

    Raises Unbuildable when the engine is off or `merge_seconds` pass.
    """
    with house.writing(visitor) as work:
        design = _still(work, design_id)
        sides = (before, after)
        keys = [
            row.key
            for side, beside in (sides, sides[::-1])
            for want in (want_differing, want_parts)
            for row in want(work, design, side, beside)
        ]
        runs = [row for side in sides if (row := want_inspection(work, design, side))]
        keys += [key for row in runs for key in row.recipe["parts"].values()]
        made = [partial(build, house, key, visitor) for key in dict.fromkeys(keys)]
        made += [partial(inspect_design, house, row.key, visitor) for row in runs]
        work.later.clear()  # they are made below, before anybody else could
    deadline = time.monotonic() + house.settings.merge_seconds
    _make(made, deadline)
    with house.writing(visitor) as work:
        names = want_fits(work, _still(work, design_id), fits_needed(work, after, before))
        work.later.clear()
    _make([partial(make_comparison, house, name) for name in names], deadline)


def _still(work: Work, design_id: int) -> Design:
    design = design_by_id(work.session, design_id)
    if design is None:
        raise NotFound("That design is gone.")
    return design


def _make(acts: Iterable[Callable[[], str]], deadline: float) -> None:
    """Makes things one after the other, and waits for those that somebody else makes; raises Unbuildable when late."""
    for act in acts:
        while act() == "making":
            time.sleep(0.05)
        if time.monotonic() > deadline:
            raise Unbuildable("The merged design takes too long to rebuild (merge_seconds); try again in a minute.")
