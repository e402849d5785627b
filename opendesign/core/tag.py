"""Faces that a script has named with `tag`: clean facts from a source nobody trusts.

A flat face has `corners`, the four around it, and the `normal` that looks out of the material; a round one has the two
`ends` of its middle line, a `diameter`, and is `hollow` where the material is outside. Lengths in mm.
"""

import math

from opendesign.core.errors import Invalid
from opendesign.core.measurement import clean_name, number, numbers

MOST_PLACES = 200


def check(places: object) -> list[dict]:
    """Returns tagged faces from hostile JSON, cleaned; none where nobody looked. Raises Invalid."""
    if places is None:
        return []
    if not isinstance(places, list) or len(places) > MOST_PLACES or not all(isinstance(each, dict) for each in places):
        raise Invalid(f"The tagged faces are not a list of at most {MOST_PLACES} tables.")
    return [_check_one(each) for each in places]


def _check_one(place: dict) -> dict:
    named = {"tag": clean_name(place.get("tag")), "shape": clean_name(place.get("shape", "model"))}
    if "normal" in place:
        normal = numbers(place["normal"], 3, "normal")
        if not math.isclose(math.hypot(*normal), 1, abs_tol=1e-3):
            raise Invalid("A tagged face's normal has not the length 1.")
        return {**named, "corners": _points(place.get("corners"), 4), "normal": normal}
    diameter = number(place, "diameter")
    if diameter <= 0:
        raise Invalid("A tagged face's diameter is not over 0.")
    return {**named, "ends": _points(place.get("ends"), 2), "diameter": diameter, "hollow": place.get("hollow") is True}


def _points(points: object, count: int) -> list[list[float]]:
    if not isinstance(points, list) or len(points) != count:
        raise Invalid(f"A tagged face has not {count} points.")
    return [numbers(point, 3, "point") for point in points]
