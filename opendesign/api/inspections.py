"""Inspections: a design's own checks.py run over the shapes of a revision, or of what a proposal would merge."""

from typing import Literal

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.inspect_design import inspected, want_inspection
from opendesign.actions.stop_inspection import find_tree, inspection_of, run_again, stop_inspection
from opendesign.api.builds import Ailment, brake
from opendesign.api.checks import CheckShown
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, Shown, example
from opendesign.core.inspection import judge_inspected
from opendesign.core.snapshot import Snapshot
from opendesign.records.design import Design


class TreeMeant(Body):
    """Whose checks are meant: a revision's, or those of what a proposal would give."""

    model_config = Body.model_config | example({"ref": "main"})
    ref: str = Field("", max_length=300, description="A branch, tag or commit; by default the default branch.")
    proposal: int | None = Field(None, ge=1, le=2147483647, description="A proposal to this design: its merged result.")


class InspectionWanted(TreeMeant):
    """Whose checks are to be run."""

    model_config = Body.model_config | example({"proposal": 3, "again": True})
    again: bool = Field(False, description="One that failed (time or memory may have been short) is run once more.")


class InspectionShown(Shown):
    """How far a run of a checks.py is, and what came of each check."""

    model_config = example(
        {"state": "made", "checks": [], "error": None, "seconds": 0.21, "log": "check_lid_is_light …\n"}
    )
    state: Literal["none", "wanted", "making", "made", "failed"] = Field(
        description="none: there is no checks.py, or nothing in it can be run."
    )
    checks: list[CheckShown] = Field(description="As they stand, whatever they were elsewhere.")
    error: Ailment | None = Field(description="Why there are no results, when it failed.")
    seconds: float | None
    log: str = Field(description="What the checks printed; of more than 64 KiB the beginning and the end.")


@operation(
    "POST", f"{DESIGN}/inspections", {202: InspectionShown, 200: InspectionShown}, verb="build", body=InspectionWanted
)
def want(work: Work, design: Design, body: InspectionWanted) -> Answer:
    """Runs the checks.py of a revision, or of what a proposal would merge, unless just that was run before.

    202 while it waits for its parts or runs: ask again.
    """
    brake()
    snapshot = find_tree(work, design, body.ref, body.proposal)
    (run_again if body.again else want_inspection)(work, design, snapshot)
    shown = _shown(work, snapshot)
    return Answer(shown, 202 if shown.state in ("wanted", "making") else 200)


@operation(
    "POST",
    f"{DESIGN}/inspections/cancellation",
    {200: InspectionShown},
    verb="edit",
    body=TreeMeant,
    refusals={403: "Neither yours nor of your design.", 409: "Nothing waits or runs."},
)
def cancel(work: Work, design: Design, body: TreeMeant) -> Answer:
    """Stops a run that waits or is made; it then has failed, with an error of the kind “stopped”.

    Wanting it afterwards, as a push or a merge does, has it made again; a page that shows it does not.
    """
    snapshot = find_tree(work, design, body.ref, body.proposal)
    stop_inspection(work, snapshot)
    return Answer(_shown(work, snapshot))


def _shown(work: Work, snapshot: Snapshot) -> InspectionShown:
    row = inspection_of(work, snapshot)
    checks = judge_inspected(inspected(work, snapshot), None)
    return InspectionShown(
        state=row.state if row else "none",  # type: ignore[arg-type]
        checks=[CheckShown.model_validate(each, from_attributes=True) for each in checks],
        error=Ailment.model_validate(row.error) if row and row.error else None,
        seconds=row.seconds if row else None,
        log=(row.log or "") if row else "",
    )
