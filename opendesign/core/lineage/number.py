"""A number that says how it is computed, and lists the events it came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Event:
    """One thing that a number came from: an improvement, an adoption, a parameter, a part, a thing that was made.

    `value` is what it counts in the number's unit, `sha` and `design` name the improvement and where it was born,
    `at` when that was, or when it was taken. Of a thing that was made `made` is its number in the design, and `sha` the
    revision it was made from.
    """

    name: str
    value: float
    sha: str = ""
    design: int | None = None
    at: datetime | None = None
    made: int = 0


@dataclass(frozen=True)
class Number:
    """A number with its unit, its formula and its events; `value` is None while it is not measured.

    `formula` names the formula in docs/lineage.md; `note` says what stands in the way of it, or what it leaves out.
    """

    value: float | None
    unit: str
    formula: str
    events: tuple[Event, ...] = ()
    note: str = ""


def total(unit: str, formula: str, events: Iterable[Event], note: str = "") -> Number:
    """Returns the sum of some events as a number; the weightiest are listed first."""
    listed = ordered(events)
    return Number(summed(listed), unit, formula, listed, note)


def summed(events: Iterable[Event]) -> float:
    """Returns the sum of what events count, rounded so that their order does not matter."""
    return round(sum(sorted(each.value for each in events)), 6)


def ordered(events: Iterable[Event]) -> tuple[Event, ...]:
    """Returns events, the weightiest first, in the same order whatever order they came in."""
    return tuple(sorted(events, key=lambda each: (-each.value, each.name, each.sha)))


def share(part: float, whole: float) -> float:
    """Returns a part of a whole as 0 to 1; 0 of nothing."""
    return round(min(1.0, max(0.0, part / whole)), 6) if whole > 0 else 0.0
