"""Somebody stops a design's own checks that take too long, or has them run once more."""

from dataclasses import dataclass

from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.inspect_design import plan, want_inspection
from opendesign.actions.merge import review
from opendesign.actions.read_tree import read_tree
from opendesign.cad.outcome import STOPPED
from opendesign.core.errors import Conflict, Forbidden
from opendesign.core.snapshot import Snapshot
from opendesign.records.base import now
from opendesign.records.challenge import challenges_awaiting
from opendesign.records.design import Design, design_by_id
from opendesign.records.inspection import Inspection
from opendesign.records.proposal import proposal_of


@dataclass(frozen=True)
class Run:
    """How a run of a tree's own checks stands: whether whoever looks may stop it, or have it run once more."""

    stopped: bool
    stoppable: bool
    again: bool


def run_of(work: Work, design: Design, snapshot: Snapshot) -> Run | None:
    """Returns how the run of a tree's own checks stands, None where nobody has wanted one. Reads only."""
    row = inspection_of(work, snapshot)
    if row is None:
        return None
    stops = row.state in ("wanted", "making") and work.may("edit", design) and may_stop(work, row)
    again = row.state == "failed" and work.person is not None and work.may("build", design)
    return Run(row.stopped, stops and not challenges_awaiting(work.session, row.key), again)


def find_tree(work: Work, design: Design, ref: str = "", proposal: int | None = None) -> Snapshot:
    """Returns the tree whose checks are meant: a revision's, or what a proposal to the design would give."""
    if proposal is not None:
        return review(work, proposal_of(work.session, design, proposal)).after
    return read_tree(work, design, find_revision(work, design, ref).sha)


def inspection_of(work: Work, snapshot: Snapshot) -> Inspection | None:
    """Returns the run of a tree's own checks, None where nobody has wanted one. Reads only."""
    planned = plan(snapshot)
    return work.session.get(Inspection, planned.key) if planned and planned.key else None


def stop_inspection(work: Work, snapshot: Snapshot) -> Inspection:
    """Ends a run that waits or is made, wherever that happens.

    Raises Conflict when there is none, or an entry of a challenge waits for it, which could be judged for ever else.
    Raises Forbidden for who neither asked for it nor may edit the design it was first wanted for: forks share it.
    Whoever wants it afterwards, in this design or in a fork that shares it, has it made again.
    """
    row = inspection_of(work, snapshot)
    if row is None or row.state not in ("wanted", "making"):
        raise Conflict("No checks of this revision wait or run.")
    if not may_stop(work, row):
        raise Forbidden("Only whoever asked for this run, or may edit the design it was wanted for, can stop it.")
    if challenges_awaiting(work.session, row.key):
        raise Conflict("This run is not stopped: an entry of a challenge waits for it. It ends by itself.")
    row.state, row.error, row.finished_at = "failed", STOPPED.error, now()
    work.tell(row.key)
    work.house.engine.stop(row.key)
    return row


def may_stop(work: Work, row: Inspection) -> bool:
    """Tells whether the acting person asked for a run or may edit the design it was first wanted for."""
    first = design_by_id(work.session, row.design_id)
    return bool(work.asker and row.asker == work.asker) or (first is not None and work.may("edit", first))


def run_again(work: Work, design: Design, snapshot: Snapshot) -> Inspection | None:
    """Wants a run that failed once more, as time or memory may have been short; else as `want_inspection`."""
    row = inspection_of(work, snapshot)
    if row is not None and row.state == "failed":
        work.session.delete(row)
        work.session.flush()
    return want_inspection(work, design, snapshot)
