"""Checks: whether a revision builds, and holds what it, or the design it was forked from, promises."""

from typing import Literal

from pydantic import Field

from opendesign.actions.check_merge import check_revision, fits_needed
from opendesign.actions.house import Work
from opendesign.actions.judge_fit import sides_of
from opendesign.actions.measure_fit import lacks_fits, want_fits
from opendesign.api.misfits import MisfitShown
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Page, Shown, example
from opendesign.api.visit import brake, find_design, house, visitor
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


def want_rest(owner: str, name: str, query: Against) -> None:
    """Wants it looked at how the components of made parts fit, where a check asks and nobody has wanted it yet."""
    with house().reading(visitor()) as work:
        design = find_design(work, owner, name)
        sides = sides_of(work, design, query.ref, query.base)
        keys = fits_needed(work, sides[0], None, sides[1]) if sides else []
        lacking = lacks_fits(work, keys)
    if lacking:
        brake()
        with house().writing(visitor()) as work:
            want_fits(work, find_design(work, owner, name), keys)


@operation("GET", f"{DESIGN}/checks", list[CheckShown], verb="see", query=Against, before=want_rest)
def list_all(work: Work, design: Design, query: Against) -> Answer:
    """Judges the parts of a revision by the checks and contracts of its okh.toml, or of a relative's; and by checks.py.

    Name the design a fork comes from as `base` to learn whether the fork still fits what that promises. What nobody
    has built yet is waiting.
    """
    sides = sides_of(work, design, query.ref, query.base)
    checks = check_revision(work, *sides) if sides else []
    shown = [CheckShown.model_validate(each, from_attributes=True) for each in query.of(checks)]
    return Answer(shown, total=len(checks))
