"""Checks: whether a revision builds, and holds what it, or the design it was forked from, promises."""

from typing import Literal

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.judge_fit import judge_fit
from opendesign.api.misfits import MisfitShown
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Page, Shown, example
from opendesign.records.design import Design


class CheckShown(Shown):
    """One verdict over a design: over a part, a check or contract of its okh.toml, or a check of its checks.py."""

    model_config = example(
        {
            "name": "check_lid_is_light",
            "kind": "assert",
            "state": "failed",
            "detail": "The check “The lid weighs less than 20 g” fails: too heavy (checks.py, line 5).",
            "says": "The lid weighs less than 20 g.",
            "line": 5,
            "seconds": 0.012,
            "required": False,
        }
    )

    name: str = Field(description="The part's path, the check's or contract's name, or the function's in checks.py.")
    kind: Literal["part", "limit", "contract", "assert"]
    state: Literal["passed", "failed", "waiting"]
    detail: str
    says: str = Field("", description="Of an assert: the first line of its docstring.")
    line: int | None = Field(None, description="Of an assert: where it failed, else where it stands.")
    seconds: float | None = Field(None, description="Of an assert: what it took, null until it has run.")
    required: bool = Field(description="The rule of a proposal's target branch asks for it.")
    misfits: list[MisfitShown] = Field(
        default_factory=list, description="What of a contract is missed, to be drawn; `checks/picture` draws it."
    )


class Against(Page):
    """Which revision is checked, and by whose demands."""

    ref: str = Field("", max_length=300, description="A branch, tag or commit; by default the default branch.")
    base: str = Field(
        "",
        max_length=300,
        description="Whose okh.toml demands: `owner:ref` or `owner/name:ref` of the same family; by default its own.",
    )


@operation("GET", f"{DESIGN}/checks", list[CheckShown], verb="see", query=Against)
def list_all(work: Work, design: Design, query: Against) -> Answer:
    """Judges the parts of a revision by the checks and contracts of its okh.toml, or of a relative's; and by checks.py.

    Name the design a fork comes from as `base` to learn whether the fork still fits what that promises. What nobody
    has built yet is waiting.
    """
    checks = judge_fit(work, design, query.ref, query.base)
    shown = [CheckShown.model_validate(each, from_attributes=True) for each in query.of(checks)]
    return Answer(shown, total=len(checks))
