"""Open challenges: what a goal may measure, and how entries that pass its checks are ranked by it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from opendesign.core import printing
from opendesign.core.bill import BillChange, compare_bills, rows_of
from opendesign.core.errors import Invalid
from opendesign.core.measurement import size

LEAST, MOST = "least", "most"
DIRECTIONS = (LEAST, MOST)
LONGEST = timedelta(days=2 * 366)
# Values count to so many digits: shaving off what no printer makes does not win, and a copy ties with its original.
DIGITS = 5
COST = "cost"
OPEN, JUDGING, DECIDED = "open", "judging", "decided"


class Measure(NamedTuple):
    """What a goal may ask for: its unit, what it is of one part, whether the parts of a whole design add up to it."""

    unit: str
    of: Callable[[Mapping, str], float | None]
    adds_up: bool = True


def _along(axis: int) -> Callable[[Mapping, str], float | None]:
    return lambda total, _material: size(dict(total))[axis]


# Of the measurement of a part and its material.
MEASURES: Mapping[str, Measure] = {
    "mass": Measure("g", printing.mass),
    "filament": Measure("g", printing.filament),
    "volume": Measure("mm³", lambda total, _material: total.get("volume_mm3")),
    "area": Measure("mm²", lambda total, _material: total.get("area_mm2")),
    "size_x": Measure("mm", _along(0), adds_up=False),
    "size_y": Measure("mm", _along(1), adds_up=False),
    "size_z": Measure("mm", _along(2), adds_up=False),
}
WORDS = (*MEASURES, COST)


class Standing(NamedTuple):
    """An entry as ranking sees it: its key, whether it passed, its value, when its commit was received."""

    key: int
    passed: bool
    value: float | None
    received_at: datetime


def stage(deadline: datetime, waiting: bool, at: datetime) -> str:
    """Returns how far a challenge is that nobody has ended: open, judging after its deadline, or decided.

    `waiting`: an entry is still to be judged.
    """
    if deadline > at:
        return OPEN
    return JUDGING if waiting else DECIDED


def check_goal(measure: str, direction: str, part: str, opened_at: datetime, deadline: datetime) -> None:
    """Raises Invalid for a goal that cannot be ranked, or a deadline that is past or more than two years away."""
    if measure not in WORDS:
        raise _wrong("measure", f"must be one of {', '.join(WORDS)}")
    if direction not in DIRECTIONS:
        raise _wrong("direction", "must be least or most")
    if measure == COST and part:
        raise _wrong("part", "must be empty: a cost is the whole bill's")
    if measure in MEASURES and not MEASURES[measure].adds_up and not part:
        raise _wrong("part", "must be named: lengths of several parts do not add up")
    if not opened_at < deadline <= opened_at + LONGEST:
        raise _wrong("deadline", "must lie ahead, at most two years")


def value_of(measure: str, parts: Sequence[tuple[Mapping, str]]) -> float | None:
    """Returns the measure of parts (measurement and material of each), added up; None where one has none.

    Nothing and less than nothing, as a shape that is inside out has, is no value.
    """
    found = [MEASURES[measure].of(total, material) for total, material in parts]
    known = [value for value in found if value is not None and value > 0]
    return to_digits(sum(known)) if known and len(known) == len(found) else None


def currencies(bill: str | None) -> list[str]:
    """Returns the currencies in which a `bom.csv` names prices."""
    return [cost.currency for cost in _costs(bill).costs]


def cost_of(bill: str | None, goal: str | None) -> tuple[float | None, str]:
    """Returns what a `bom.csv` comes to in the currency of the goal's, or None and why not, as a clause.

    Leaving prices out makes nothing cheaper: there may be no more rows without one than the goal's bill has.
    """
    ours, theirs = _costs(bill), _costs(goal)
    wanted = [cost.currency for cost in theirs.costs]
    if [cost.currency for cost in ours.costs] != wanted:
        return None, f"its bom.csv does not name its prices in {' and '.join(wanted)} alone"
    if ours.unpriced > theirs.unpriced:
        return None, f"{ours.unpriced} rows of its bom.csv have no price, of the goal's {theirs.unpriced}"
    return to_digits(float(sum((cost.after for cost in ours.costs), Decimal()))), ""


def rank(entries: Iterable[Standing], direction: str) -> list[int]:
    """Returns the keys of the entries that pass, the best first; of equal ones the one received earlier."""
    sign = 1 if direction == LEAST else -1
    valued = [
        (sign * each.value, each.received_at, each.key) for each in entries if each.passed and each.value is not None
    ]
    return [key for _, _, key in sorted(valued)]


def to_digits(value: float) -> float:
    """Returns a value as it counts: to five digits."""
    return float(f"{value:.{DIGITS - 1}e}")


def _costs(bill: str | None) -> BillChange:
    return compare_bills((), rows_of(bill, ()), {})


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(f"The {field} {message}.", [{"name": field, "message": message}])
