"""Trials: a relative's change applied to a branch, built and compared, without a commit."""

from typing import Literal

from pydantic import Field

from opendesign.actions.apply_change import find_change, try_change, want_trial
from opendesign.actions.compare import Change3D
from opendesign.actions.house import Work
from opendesign.actions.merge import places
from opendesign.api.comparisons import Compared, compared
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.proposals import ConflictShown
from opendesign.api.shape import Body, DesignPath, Sha, Value, example
from opendesign.api.visit import brake
from opendesign.records.design import Design


class ChangeTried(Body):
    """Which change is to be tried on which branch, perhaps with other parameters of a part."""

    model_config = Body.model_config | example(
        {"source": "bia/laptop-case", "commit": "main", "branch": "main", "part": "lid.py", "parameters": {"wall": 2.4}}
    )
    source: str = Field("", description="A design of the family, as owner/name; by default this one.")
    commit: str = Field("", description="A branch, tag or commit there; by default its default branch.")
    base: str = Field("", description="What the change is counted from; by default the commit's first parent.")
    proposal: int | None = Field(None, ge=1, description="A proposal to the source, instead of a commit.")
    branch: str = Field("", description="The branch it is tried on; by default the default branch.")
    part: str = Field("", description="Only this part is compared.")
    parameters: dict[str, Value] = Field(default_factory=dict, description="Values of the part, set on both sides.")


class TrialShown(Compared):
    """What a change does to the parts of a branch."""

    model_config = example(
        {
            "state": "making",
            "mergeable": "clean",
            "conflicts": [],
            "left_out": [],
            "source": "bia/laptop-case",
            "base": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "theirs": "d670460b4b4aece5915caf5c68d12f560a9fe3e4",
            "ours": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "parameters": [
                {"name": "hole", "path": "lid.py", "before": 2.0, "after": 3.0, "unit": "mm", "status": "changed"}
            ],
            "parts": [],
            "bom": {"rows": [], "costs": [], "unpriced": 0},
        }
    )
    mergeable: Literal["clean", "conflict"]
    conflicts: list[ConflictShown] = Field(description="Why it does not apply; there is no comparison then.")
    left_out: list[str] = Field(
        description="Changed files that are no text, or large: here they stay as the branch has them."
    )
    source: DesignPath
    base: Sha | None = Field(description="What the change is counted from; null for the beginning of a history.")
    theirs: Sha
    ours: Sha = Field(description="The branch's tip it was tried on.")


@operation(
    "POST",
    f"{DESIGN}/trials",
    {202: TrialShown, 200: TrialShown},
    verb="build",
    body=ChangeTried,
)
def apply(work: Work, design: Design, body: ChangeTried) -> Answer:
    """Applies a change of the family to a branch without committing it, builds the result and compares.

    Nothing is written to any repository. Of a revision what it did to its parent is applied, of a proposal all it
    brings. 202 while parts are being made: ask again; 200 when everything is known, or when it does not apply.
    """
    brake()
    change = find_change(work, design, body.source, body.commit, body.base, body.proposal or 0)
    trial = try_change(work, design, body.branch, change, body.part, body.parameters)
    found = Change3D() if trial.conflicts else want_trial(work, design, trial)
    if body.part:
        path = trial.before.part(body.part).path
        found = Change3D([each for each in found.parts if path in (each.pair.before, each.pair.after)])
    shown = compared(found)
    facts = {
        "mergeable": trial.mergeable,
        "conflicts": [ConflictShown.of(**each) for one in trial.conflicts for each in places(one)],
        "left_out": trial.left_out,
        "source": change.design.path,
        "base": change.base,
        "theirs": change.theirs,
        "ours": trial.ours,
    }
    return Answer(TrialShown.of(**shown.model_dump(), **facts), 202 if found.waiting else 200)
