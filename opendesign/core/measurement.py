"""What is measured of a build: clean facts from a source nobody trusts, and what they add up to.

A measurement is a dictionary: name, path, volume_mm3, area_mm2, bbox_mm ([lowest, highest]), centre_mm, valid, solids,
faces, edges, colour ([red, green, blue, opacity], 0 to 1, or None), inertia_mm5 (three principal moments), and what
printing depends on, None where it is not known: level_mm2 and overhang_mm2 (areas), wall_mm (the thinnest of some).
"""

import math
import unicodedata
from collections.abc import Sequence

from opendesign.core.errors import Invalid

MOST_SHAPES = 1000
MOST_STEPS = 100
LONGEST_NAME = 200
MOST_TEXTS, LONGEST_TEXT = 50, 300
LARGEST = 1e30
MOST_FACES = 10_000_000
SLOPES = ("level_mm2", "overhang_mm2")


def check(shapes: object) -> list[dict]:
    """Returns measurements from hostile JSON, cleaned: known facts alone, of the right kinds.

    Raises Invalid with what is wrong.
    """
    if not isinstance(shapes, list) or len(shapes) > MOST_SHAPES:
        raise Invalid(f"The measurements are not a list of at most {MOST_SHAPES}.")
    return [check_one(shape) for shape in shapes]


def check_one(shape: object) -> dict:
    """Returns one measurement, cleaned. Raises Invalid."""
    if not isinstance(shape, dict):
        raise Invalid("A measurement is not a table of facts.")
    steps = shape.get("path", [])
    if not isinstance(steps, list) or len(steps) > MOST_STEPS or not all(isinstance(step, str) for step in steps):
        raise Invalid("A measurement's path is not a list of names.")
    return {
        "name": clean_name(shape.get("name", "model")),
        "path": [clean_name(step) for step in steps],
        "volume_mm3": number(shape, "volume_mm3"),
        "area_mm2": number(shape, "area_mm2"),
        "bbox_mm": box(shape.get("bbox_mm")),
        "centre_mm": numbers(shape.get("centre_mm"), 3, "centre_mm"),
        "valid": shape.get("valid") is True,
        **{key: count(shape, key) for key in ("solids", "faces", "edges")},
        "colour": colour(shape.get("colour")),
        "inertia_mm5": numbers(shape.get("inertia_mm5", [0, 0, 0]), 3, "inertia_mm5"),
        **{key: size_or_none(shape, key) for key in (*SLOPES, "wall_mm")},
    }


def texts(values: object) -> list[str]:
    """Returns at most 50 warnings of at most 300 letters, whatever a job has written in their place."""
    if not isinstance(values, list):
        return []
    return [value[:LONGEST_TEXT] for value in values[:MOST_TEXTS] if isinstance(value, str)]


def figures(values: object) -> dict[str, float]:
    """Returns at most 50 finite numbers by name, whatever a job has written in their place."""
    if not isinstance(values, dict):
        return {}
    named = [(clean_name(name), value) for name, value in list(values.items())[:MOST_TEXTS]]
    return {name: float(value) for name, value in named if type(value) in (int, float) and abs(value) <= LARGEST}


def clean_name(name: object) -> str:
    """Returns a name of at most 200 letters without controls, directions, line ends and what has no meaning."""
    if not isinstance(name, str):
        raise Invalid("A measurement's name is not a text.")
    kept = (letter for letter in name[: 10 * LONGEST_NAME] if is_plain(letter))
    return "".join(kept).strip()[:LONGEST_NAME].strip() or "unnamed"


def is_plain(letter: str) -> bool:
    """Says whether a letter may be shown: controls and writing directions could hide or turn round what follows."""
    category = unicodedata.category(letter)
    return category[0] != "C" and category not in ("Zl", "Zp")


def number(owner: dict, key: str) -> float:
    """Returns a finite number. Raises Invalid."""
    return one_number(owner.get(key), key)


def size_or_none(owner: dict, key: str) -> float | None:
    """Returns a finite number from 0 on, None where it is not there. Raises Invalid."""
    value = owner.get(key)
    if value is not None and one_number(value, key) < 0:
        raise Invalid(f"The measurement {key} is less than nothing.")
    return None if value is None else float(value)


def one_number(value: object, key: str) -> float:
    """Returns the value as a finite number. Raises Invalid."""
    if type(value) not in (int, float) or not abs(value) <= LARGEST:  # type: ignore[arg-type]
        raise Invalid(f"The measurement {key} is not a number.")
    return float(value)  # type: ignore[arg-type]


def numbers(values: object, length: int, key: str) -> list[float]:
    """Returns a list of finite numbers. Raises Invalid."""
    if not isinstance(values, list) or len(values) != length:
        raise Invalid(f"The measurement {key} is not {length} numbers.")
    return [one_number(value, key) for value in values]


def box(values: object) -> list[list[float]]:
    """Returns a box's lowest and highest corner. Raises Invalid."""
    if not isinstance(values, list) or len(values) != 2:
        raise Invalid("The measurement bbox_mm is not two corners.")
    low, high = (numbers(corner, 3, "bbox_mm") for corner in values)
    if any(a > b for a, b in zip(low, high, strict=True)):
        raise Invalid("The measurement bbox_mm is inside out.")
    return [low, high]


def count(owner: dict, key: str) -> int:
    """Returns a whole number from 0 to ten million. Raises Invalid."""
    value = owner.get(key, 0)
    if type(value) is not int or not 0 <= value <= MOST_FACES:
        raise Invalid(f"The measurement {key} is not a number of things.")
    return value


def colour(values: object) -> list[float] | None:
    """Returns red, green, blue and opacity, each cut to 0 … 1, or None. Raises Invalid."""
    if values is None:
        return None
    return [min(max(value, 0.0), 1.0) for value in numbers(values, 4, "colour")]


def volume(shape: dict | None) -> float:
    """Returns a measurement's volume, mm³; 0 for none."""
    return shape["volume_mm3"] if shape else 0.0


def size(shape: dict) -> tuple[float, float, float]:
    """Returns how long, wide and high a shape is, mm."""
    low, high = shape["bbox_mm"]
    x, y, z = (round(b - a, 6) for a, b in zip(low, high, strict=True))
    return x, y, z


def mass(shape: dict, density: float) -> float:
    """Returns the mass in g of a shape of a material with a density in g/cm³."""
    return shape["volume_mm3"] / 1000 * density


def total(shapes: Sequence[dict]) -> dict:
    """Returns what is true of all shapes together: sums, the box around all, the centre of volume, valid if all are.

    Raises Invalid if there is none.
    """
    if not shapes:
        raise Invalid("There is nothing to add up.")
    weights = [shape["volume_mm3"] for shape in shapes]
    if sum(weights) == 0:
        weights = [shape["area_mm2"] for shape in shapes]
    if sum(weights) == 0:
        weights = [1.0] * len(shapes)
    centres = [shape["centre_mm"] for shape in shapes]
    return {
        "volume_mm3": math.fsum(shape["volume_mm3"] for shape in shapes),
        "area_mm2": math.fsum(shape["area_mm2"] for shape in shapes),
        "bbox_mm": [
            [min(shape["bbox_mm"][0][axis] for shape in shapes) for axis in range(3)],
            [max(shape["bbox_mm"][1][axis] for shape in shapes) for axis in range(3)],
        ],
        "centre_mm": [
            math.fsum(weight * centre[axis] for weight, centre in zip(weights, centres, strict=True)) / sum(weights)
            for axis in range(3)
        ],
        "valid": all(shape["valid"] for shape in shapes),
        **{key: sum(shape[key] for shape in shapes) for key in ("solids", "faces", "edges")},
        "parts": len(shapes),
        **{key: sum_or_none([shape.get(key) for shape in shapes]) for key in SLOPES},
        "wall_mm": min((wall for shape in shapes if (wall := shape.get("wall_mm")) is not None), default=None),
    }


def sum_or_none(values: Sequence[float | None]) -> float | None:
    """Returns the sum, None where one of the values is not known."""
    known = [value for value in values if value is not None]
    return math.fsum(known) if len(known) == len(values) else None
