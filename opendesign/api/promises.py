"""How a part keeps the interface contracts of both sides of a comparison."""

from typing import Literal

from pydantic import Field

from opendesign.api.misfits import MisfitShown
from opendesign.api.shape import Shown, example
from opendesign.core.promise import Held, Promise


class HeldShown(Shown):
    """A state of a part, held to a contract."""

    state: Literal["kept", "missed", "waiting", "unknown"] = Field(description="unknown: the part does not build.")
    by_mm: float | None = Field(description="The worst that is missed and can be measured.")
    detail: list[str] = Field(description="What is missed, in words.")
    misfits: list[MisfitShown] = Field(description="What of it can be drawn; `checks/picture` draws it.")


class PromiseShown(Shown):
    """An interface contract about a part, and how the part keeps it before and after."""

    model_config = example(
        {
            "name": "london-base",
            "kind": "holes",
            "asked": "both",
            "became": "broken",
            "before": {"state": "kept", "by_mm": None, "detail": [], "misfits": []},
            "after": {
                "state": "missed",
                "by_mm": 0.8,
                "detail": ["has the hole ⌀ 3.2 mm at (5, 5, 0) 0.8 mm off its place"],
                "misfits": [],
            },
        }
    )
    name: str
    kind: Literal["envelope", "box", "holes", "mates"]
    asked: Literal["both", "before", "after"] = Field(
        description="Whose okh.toml asks for it in these words; one that both word differently is there twice."
    )
    became: Literal["kept", "broken", "mended", "missed", "gone", "waiting", "unknown"] = Field(
        description="broken: kept before and not after; mended: the other way round; gone: the part is not there after."
    )
    before: HeldShown | None = Field(description="Null where the part was not there.")
    after: HeldShown | None = Field(description="Null where the part is not there any more.")


def promise_shown(one: Promise) -> PromiseShown:
    """Returns a contract and how a part keeps it."""
    return PromiseShown.of(
        name=one.name,
        kind=one.kind,
        asked=one.asked,
        became=one.became,
        before=_held(one.before),
        after=_held(one.after),
    )


def _held(held: Held | None) -> HeldShown | None:
    if held is None:
        return None
    misfits = [MisfitShown.model_validate(each, from_attributes=True) for each in held.misfits]
    return HeldShown.of(state=held.state, by_mm=held.by_mm, detail=list(held.clauses), misfits=misfits)
