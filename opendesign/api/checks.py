"""Checks: whether a revision builds, and holds what it, or the design it was forked from, promises."""

from typing import Literal

from pydantic import Field

from opendesign.actions.check_merge import check_revision, fits_needed
from opendesign.actions.find_sides import find_side
from opendesign.actions.house import Work
from opendesign.actions.inspect_design import is_runnable, want_relatives
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
        description="Whose okh.toml and checks.py: `owner:ref` or `owner/name:ref` of the family; by default its own.",
    )


def want_rest(owner: str, name: str, query: Against) -> None:
    """Wants what a check asks of made parts and nobody has wanted: how they fit, and what a relative's code says."""
    with house().reading(visitor()) as work:
        design = find_design(work, owner, name)
        sides = sides_of(work, design, query.ref, query.base)
        keys = fits_needed(work, sides[0], None, sides[1]) if sides else []
        lacking, unrun = lacks_fits(work, keys), bool(query.base and sides and is_runnable(work, sides[1], sides[0]))
    if lacking or unrun:
        brake()
        with house().writing(visitor()) as work:
            design = find_design(work, owner, name)
            want_fits(work, design, keys)
            if unrun and sides:
                want_relatives(work, (design, sides[0]), (find_side(work, design, query.base).design, sides[1]))


@operation("GET", f"{DESIGN}/checks", list[CheckShown], verb="see", query=Against, before=want_rest)
def list_all(work: Work, design: Design, query: Against) -> Answer:
    """Judges the parts of a revision by the checks and contracts of its okh.toml, or of a relative's; and by checks.py.

    Name the design a fork comes from as `base` to learn whether the fork still fits what that promises: its checks.py
    is run over the fork's parts once these are built. What nobody has built yet is waiting.
    """
    sides = sides_of(work, design, query.ref, query.base)
    checks = check_revision(work, *sides) if sides else []
    shown = [CheckShown.model_validate(each, from_attributes=True) for each in query.of(checks)]
    return Answer(shown, total=len(checks))
