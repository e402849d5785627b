"""How a property of a part went from revision to revision, and which revision changed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from opendesign.core.errors import Invalid
from opendesign.core.printing import minutes

PROPERTIES = {
    "volume": "mm³",
    "mass": "g",
    "area": "mm²",
    "x": "mm",
    "y": "mm",
    "z": "mm",
    "print": "min",
    "seconds": "s",
}
AXES = ("x", "y", "z")


@dataclass(frozen=True)
class Step:
    """What is known of one revision: its `value`, or that there never will be one (`failed`), else it is to come."""

    value: float | None = None
    failed: bool = False

    @property
    def open(self) -> bool:
        """Whether the value is still to come."""
        return self.value is None and not self.failed


@dataclass(frozen=True)
class Verdict:
    """How far a search is: the number of the step that passed the limit, or the steps it has to know first.

    `crossed` is False when both ends lie on the same side; `skipped` are failed steps directly before the found one,
    any of which may have been the one.
    """

    found: int | None = None
    unknown: list[int] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    crossed: bool = True


def known_property(name: str) -> str:
    """Returns the unit of a property; raises Invalid for one that is not followed."""
    if name not in PROPERTIES:
        message = f"is not followed; there are {', '.join(PROPERTIES)}"
        raise Invalid(f"“{name[:40]}” {message}.", [{"name": "property", "message": message}])
    return PROPERTIES[name]


def value_of(name: str, total: Mapping | None, seconds: float | None, density: float) -> float | None:
    """Returns a property of a build that was made, None where it has none; `density` in g/cm³ gives the mass."""
    if name == "seconds":
        return seconds
    total = total or {}
    if name == "print":
        return minutes(total)
    if name in AXES:
        box = total.get("bbox_mm")
        return box[1][AXES.index(name)] - box[0][AXES.index(name)] if box else None
    if name == "mass":
        volume = total.get("volume_mm3")
        return volume / 1000 * density if volume is not None else None
    return total.get({"volume": "volume_mm3", "area": "area_mm2"}[name])


def search(steps: Sequence[Step], limit: float | None = None) -> Verdict:
    """Finds by halves the step at which the value passes `limit`, by default the middle between first and last.

    Asks for at most two ends and log2(n) steps between. Where the limit is passed more than once, one of the
    passings is found.
    """
    there = [number for number, step in enumerate(steps) if not step.failed]
    if len(there) < 2:
        return Verdict(unknown=[number for number in there if steps[number].open], crossed=False)
    low, high = there[0], there[-1]
    ends = [number for number in (low, high) if steps[number].open]
    if ends:
        return Verdict(unknown=ends)
    first, last = _value(steps, low), _value(steps, high)
    edge = (first + last) / 2 if limit is None else limit
    if first == last or (first > edge) == (last > edge):
        return Verdict(crossed=False)
    while between := [number for number in there if low < number < high]:
        middle = between[len(between) // 2]
        if steps[middle].open:
            return Verdict(unknown=[middle])
        if (_value(steps, middle) > edge) == (first > edge):
            low = middle
        else:
            high = middle
    return Verdict(found=high, skipped=list(range(low + 1, high)))


def _value(steps: Sequence[Step], number: int) -> float:
    value = steps[number].value
    assert value is not None
    return value
