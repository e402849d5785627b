"""How one part keeps the interface contracts of two manifests, before a change and after it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from opendesign.core.checks import Outcome
from opendesign.core.demand import Demand, Demands, misfits_of, misses_of
from opendesign.core.manifest import fits
from opendesign.core.misfit import Misfit

Side = tuple[Demands, Outcome | None]
WORST_FIRST = ("broken", "missed", "gone", "unknown", "waiting", "mended", "kept")  # what became of promises


@dataclass(frozen=True)
class Held:
    """A part held to a contract: `kept`, `missed`, `waiting`, or `unknown` where it does not build.

    `clauses` are what it misses in words, `misfits` what of it can be drawn, `by_mm` the worst that can be measured.
    """

    state: str
    clauses: tuple[str, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    by_mm: float | None = None


@dataclass(frozen=True)
class Promise:
    """A contract and how a part keeps it; a side that has no such part is None.

    `asked`: whose manifest asks for it in these words, `both`, or `before` or `after` alone.
    """

    name: str
    kind: str
    asked: str
    before: Held | None
    after: Held | None

    @property
    def fresh(self) -> bool:
        """True where nothing is known of it before: “still” and “as before” would claim too much."""
        return self.before is None or self.before.state == "unknown"

    @property
    def became(self) -> str:
        """`kept`, `broken`, `mended`, `missed` (as before, or by a new part), `gone`, `waiting` or `unknown`."""
        now, was = self.after, self.before
        if now is None:
            return "gone"
        if "waiting" in (now.state, was and was.state):
            return "waiting"
        if now.state == "kept":
            return "mended" if was and was.state == "missed" else "kept"
        return "broken" if now.state == "missed" and was and was.state == "kept" else now.state


def promises(before: Side, after: Side) -> list[Promise]:
    """Returns each contract about a part, as both manifests ask for it; one they word differently is there twice.

    Both states are held to each. A mate whose place is not written down is where it is with whoever asks, the state
    before where both do. A contract that cannot be used is left out: the checks say why.
    """
    found = []
    old, new = (_contracts(demands, (before[1], after[1])) for demands in (before[0], after[0]))
    for demand in [*old, *(one for one in new if one not in old)]:
        asked = "both" if demand in old and demand in new else "before" if demand in old else "after"
        origin = after[1] if asked == "after" else before[1]
        sides = [one and _held(demand, one, origin) for one in (before[1], after[1])]
        found.append(Promise(demand.name, str(demand.terms["kind"]), asked, *sides))
    return found


def rank(became: str) -> int:
    """Returns the place of what became of a promise among all that can, the worst first."""
    return WORST_FIRST.index(became)


def missed_in(
    parts: Iterable[tuple[str, Sequence[Promise]]], part: str, name: str, side: str, asked: str
) -> tuple[list[Misfit], bool]:
    """Returns what one side of a comparison misses of a contract in a part, by default in the first that misses any.

    And whether something of that is not known yet. Each part that differs comes with its path.
    """
    meant = [promised for path, promised in parts if part in ("", path)]
    found = (misfits_in(promised, name, side or "after", asked) for promised in meant)
    waiting = any(one.became == "waiting" for promised in meant for one in promised)
    return next((some for some in found if some), []), waiting


def misfits_in(promised: Sequence[Promise], name: str, side: str, asked: str = "") -> list[Misfit]:
    """Returns what can be drawn of the contract of this name, by default of the first that is missed, on one side."""
    meant = [one for one in promised if name in ("", one.name) and asked in ("", one.asked)]
    held = [one.before if side == "before" else one.after for one in meant]
    return next(([*one.misfits] for one in held if one and one.misfits), [])


def _contracts(asked: Demands, parts: Sequence[Outcome | None]) -> list[Demand]:
    paths = [one.path for one in parts if one]
    usable = [one for one in asked.each if one.kind == "contract" and not one.fault]
    return [one for one in usable if any(fits(path, one.parts) for path in paths)]


def _held(demand: Demand, part: Outcome, origin: Outcome | None) -> Held:
    needed = [part, origin] if demand.compares and origin else [part]
    if any(one.state not in ("made", "failed") for one in needed):
        return Held("waiting")
    if part.total is None or any(one.state == "failed" for one in needed):
        return Held("unknown")
    missed = misses_of(demand, part, {}, {part.path: origin} if origin else {})
    worst = max((one.by for one in missed if math.isfinite(one.by)), default=None)
    clauses = tuple(one.clause for one in missed)
    return Held("missed" if missed else "kept", clauses, misfits_of([part], {part.path: missed}), worst)
