"""Round holes that a build has: clean facts from a source nobody trusts, and how far one is from where it should be."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opendesign.core.errors import Invalid
from opendesign.core.measurement import clean_name, number, numbers

MOST_HOLES = 500
PARALLEL = math.cos(math.radians(1))
AXES = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}


class Off(NamedTuple):
    """How far the hole nearest to a place is off: its middle line or its mouth, and its diameter's difference, mm.

    `found` is its diameter, `ends` are the two of its middle line.
    """

    place: float
    diameter: float
    found: float
    ends: Sequence[Sequence[float]]


def check(holes: object) -> list[dict] | None:
    """Returns holes from hostile JSON, cleaned; None where nobody looked. Raises Invalid."""
    if holes is None:
        return None
    if not isinstance(holes, list) or len(holes) > MOST_HOLES or not all(isinstance(each, dict) for each in holes):
        raise Invalid(f"The holes are not a list of at most {MOST_HOLES} tables.")
    return [_check_one(each) for each in holes]


def _check_one(hole: dict) -> dict:
    ends = hole.get("ends")
    if not isinstance(ends, list) or len(ends) != 2:
        raise Invalid("A hole has not two ends.")
    diameter = number(hole, "diameter")
    if diameter <= 0:
        raise Invalid("A hole's diameter is not over 0.")
    both = [numbers(end, 3, "ends") for end in ends]
    return {"shape": clean_name(hole.get("shape", "model")), "ends": both, "diameter": diameter}


def nearest(holes: Sequence[Mapping], at: Sequence[float], way: Sequence[float], diameter: float) -> Off | None:
    """Returns how far the best of the holes along a way is from a place and a diameter; None for no such hole."""
    along = [off for hole in holes if (off := _off(hole, at, way, diameter))]
    return min(along, key=lambda off: max(off.place, abs(off.diameter)), default=None)


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _off(hole: Mapping, at: Sequence[float], axis: Sequence[float], diameter: float) -> Off | None:
    start, end = hole["ends"]
    length = math.dist(start, end)
    if length == 0:
        return None
    way = [(b - a) / length for a, b in zip(start, end, strict=True)]
    if abs(_dot(way, axis)) < PARALLEL:
        return None
    arm = [a - b for a, b in zip(at, start, strict=True)]
    along = _dot(arm, way)
    aside = math.sqrt(max(0.0, _dot(arm, arm) - along * along))
    beside = max(0.0, -along, along - length)
    return Off(max(aside, beside), hole["diameter"] - diameter, hole["diameter"], hole["ends"])
