"""Limits of a named check in `okh.toml`: how each is read, and by how much a part misses it. Lengths in mm."""

import math
from collections.abc import Callable, Mapping
from itertools import permutations
from typing import NamedTuple

from opendesign.core.errors import Invalid
from opendesign.core.measurement import mass, size
from opendesign.core.misfit import Figure
from opendesign.core.printing import density
from opendesign.core.shapes import NEAR_MM

BED_MARGIN_MM = 5.0  # on each side of a printer's bed; nothing over the part
LARGEST = 1e9
NOISE = 1e-6  # relative; two runs of one script agree to nine digits


class Miss(NamedTuple):
    """How a part misses a limit: which, by how much in the limit's unit, both in words, and what can be drawn of it."""

    limit: str
    by: float
    clause: str
    figure: Figure | None = None


class Term(NamedTuple):
    """One kind of limit: `read` cleans its value (raises Invalid), `miss` tests a total measurement against it."""

    read: Callable[[object], object]
    miss: Callable[..., Miss | None]


def read_number(value: object) -> float:
    """Returns a number over 0. Raises Invalid."""
    if type(value) not in (int, float) or not 0 < value <= LARGEST:  # type: ignore[operator]
        raise Invalid("must be a number over 0")
    return float(value)  # type: ignore[arg-type]


def read_sizes(value: object) -> list[float]:
    """Returns three numbers over 0. Raises Invalid."""
    if not isinstance(value, list) or len(value) != 3:
        raise Invalid("must be three lengths in mm, [x, y, z]")
    return [read_number(each) for each in value]


def read_count(value: object) -> int:
    """Returns a whole number, 0 or more. Raises Invalid."""
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise Invalid("must be a whole number")
    return value


def read_truth(value: object) -> bool:
    """Returns true or false. Raises Invalid."""
    if not isinstance(value, bool):
        raise Invalid("must be true or false")
    return value


def over(limit: str, value: float, most: float, verb: str, unit: str) -> Miss | None:
    """Returns the miss of a value that is larger than it may be."""
    by = value - most
    if by <= NOISE * most:
        return None
    return Miss(limit, by, f"{verb} {plain(value)} {unit}, {plain(by)} {unit} more than {plain(most)}")


def under(limit: str, value: float, least: float, verb: str, unit: str) -> Miss | None:
    """Returns the miss of a value that is smaller than it may be."""
    by = least - value
    if by <= NOISE * least:
        return None
    return Miss(limit, by, f"{verb} {plain(value)} {unit}, {plain(by)} {unit} less than {plain(least)}")


def box_over(total: Mapping, most: list[float], _density: float | None) -> Miss | None:
    """Tests how long, wide and high a part is, as it stands."""
    found = size(dict(total))
    beyond = [max(0.0, own - room) for own, room in zip(found, most, strict=True)]
    if max(beyond) <= NEAR_MM:
        return None
    said = " and ".join(f"{plain(by)} mm in {axis}" for axis, by in zip("xyz", beyond, strict=True) if by > NEAR_MM)
    return Miss("box_max_mm", max(beyond), f"is {sizes(found)} mm, {said} more than {sizes(most)}")


def bed_over(total: Mapping, bed: list[float], _density: float | None) -> Miss | None:
    """Tests whether a part fits a printer in any of its six turns by right angles, 5 mm from the bed's edges."""
    found = size(dict(total))
    room = [max(0.0, bed[0] - 2 * BED_MARGIN_MM), max(0.0, bed[1] - 2 * BED_MARGIN_MM), bed[2]]
    by = min(max(a - b for a, b in zip(turned, room, strict=True)) for turned in permutations(found))
    if by <= NEAR_MM:
        return None
    said = f"is {sizes(found)} mm, {plain(by)} mm too large for a bed of {sizes(bed)} however it is turned"
    return Miss("fits_bed_mm", by, f"{said} ({plain(BED_MARGIN_MM)} mm stay free at each edge)")


def mass_over(total: Mapping, most: float, density: float | None) -> Miss | None:
    """Tests the mass of a part made solid."""
    return _weighed("mass_max_g", total, density, lambda grams: over("mass_max_g", grams, most, "weighs", "g"))


def mass_under(total: Mapping, least: float, density: float | None) -> Miss | None:
    """Tests the mass of a part made solid."""
    return _weighed("mass_min_g", total, density, lambda grams: under("mass_min_g", grams, least, "weighs", "g"))


def _weighed(limit: str, total: Mapping, density: float | None, test: Callable[[float], Miss | None]) -> Miss | None:
    if density is None:
        return Miss(limit, math.inf, "has no known mass: the check needs a density in g/cm³, or a material it knows")
    return test(mass(dict(total), density))


def solids_other(total: Mapping, count: int, _density: float | None) -> Miss | None:
    """Tests how many solids a part has."""
    by = abs(total["solids"] - count)
    return Miss("solids", by, f"has {total['solids']} solids instead of {count}") if by else None


def valid_other(total: Mapping, wanted: bool, _density: float | None) -> Miss | None:
    """Tests that a part is a valid shape; `valid = false` asks for nothing."""
    return Miss("valid", 1.0, "is not a valid shape") if wanted and not total["valid"] else None


TERMS = {
    "mass_max_g": Term(read_number, mass_over),
    "mass_min_g": Term(read_number, mass_under),
    "volume_max_mm3": Term(
        read_number,
        lambda total, most, _: over("volume_max_mm3", total["volume_mm3"], most, "has", "mm³"),
    ),
    "box_max_mm": Term(read_sizes, box_over),
    "fits_bed_mm": Term(read_sizes, bed_over),
    "solids": Term(read_count, solids_other),
    "valid": Term(read_truth, valid_other),
}


def read_limits(table: Mapping) -> dict[str, object]:
    """Returns the limits of one `[checks.NAME]` table with its `density` (g/cm³) if it has one.

    Raises Invalid with a clause that says what is wrong.
    """
    read: dict[str, object] = {}
    for key, value in table.items():
        try:
            if key == "material":
                read["density"] = known_density(value)
            elif key == "density":
                read["density"] = read_number(value)
            elif key in TERMS:
                read[key] = TERMS[key].read(value)
            elif key != "part":
                raise Invalid(f"is not known; known are {', '.join(TERMS)}, part, density and material")
        except Invalid as refusal:
            raise Invalid(f"“{str(key)[:40]}” {refusal.message}") from refusal
    if not read.keys() & TERMS.keys():
        raise Invalid(f"it limits nothing; give it one of {', '.join(TERMS)}")
    return read


def known_density(material: object) -> float:
    """Returns the density of a material, g/cm³. Raises Invalid for one that is not known."""
    found = density(material) if isinstance(material, str) else None
    if found is None:
        raise Invalid("is no material whose density is known; give a density in g/cm³")
    return found


def limit_misses(limits: Mapping, total: Mapping, density: float | None) -> list[Miss]:
    """Returns the limits that a part with this total measurement misses; `density` is used where they say none."""
    weight = limits.get("density", density)
    found = (TERMS[key].miss(total, value, weight) for key, value in limits.items() if key in TERMS)
    return [miss for miss in found if miss is not None]


def sizes(values: object) -> str:
    """Returns lengths as one says them, “20 × 10 × 5”."""
    return " × ".join(plain(value) for value in values)  # type: ignore[attr-defined]


def plain(value: float) -> str:
    """Returns a number with at most two decimals, or two digits where it is smaller than that."""
    if 0 < abs(value) < 0.1:
        return f"{value:.2g}"
    return f"{value:.2f}".rstrip("0").rstrip(".")
