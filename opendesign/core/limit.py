"""Limits of a named check in `okh.toml`: how each is read, and by how much a part misses it. Lengths in mm."""

import math
from collections.abc import Callable, Mapping
from itertools import permutations
from typing import NamedTuple

from opendesign.core.errors import Invalid
from opendesign.core.fit import NEAR_MM as NEAR_GAP_MM
from opendesign.core.fit import called, contacts, is_known
from opendesign.core.measurement import mass, size
from opendesign.core.misfit import Figure
from opendesign.core.printing import density
from opendesign.core.shapes import NEAR_MM
from opendesign.core.text import plain

BED_MARGIN_MM = 5.0  # on each side of a printer's bed; nothing over the part
LARGEST, LONGEST_NAME = 1e9, 200
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
    miss: Callable[..., Miss | list[Miss] | None]


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


def read_gap(value: object) -> float:
    """Returns a gap in mm that builds are looked at for. Raises Invalid."""
    if (gap := read_number(value)) > NEAR_GAP_MM:
        raise Invalid(f"must be at most {plain(NEAR_GAP_MM)} mm; wider gaps are not measured")
    return gap


def read_pair(value: object) -> list[str]:
    """Returns the names of two components. Raises Invalid."""
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(each, str) and each for each in value):
        raise Invalid('must name two components, such as ["lid", "base"]')
    return [each[:LONGEST_NAME] for each in value]


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


def unseen(limit: str, total: Mapping) -> list[Miss]:
    """Returns why nothing can be said about the components of a part; empty where something can."""
    fit, between = total.get("fit"), total.get("between") or []
    if total["solids"] > 1 and not is_known(fit, between):
        return [Miss(limit, math.inf, "has components of which not all could be looked at")]
    names = (fit or {}).get("names", [])
    lacking = [name for name in between if not called(names, name)]
    return [Miss(f"{limit} {name}", math.inf, f"has no component called “{name}”") for name in lacking]


def too_near(total: Mapping, least: float, _density: float | None) -> list[Miss]:
    """Tests that components which do not touch are so far apart; those that interfere are not at all."""
    found = unseen("clearance", total)
    for each in contacts(total.get("fit"), total.get("between") or ()):
        limit = f"clearance {each.between}"
        if each.common:
            said = f"has no gap between {each.words}: they have {plain(each.common)} mm³ in common"
            found.append(Miss(limit, least + each.common, said))
        elif each.gap is None:
            found.append(Miss(limit, math.inf, f"has a gap between {each.words} that could not be measured"))
        elif least - each.gap > NEAR_MM:
            said = (
                f"has {plain(each.gap)} mm between {each.words}, {plain(least - each.gap)} mm less than {plain(least)}"
            )
            found.append(Miss(limit, least - each.gap, said))
    return found


def interfering(total: Mapping, allowed: bool, _density: float | None) -> list[Miss]:
    """Tests that no components have anything in common; `interference = true` asks for nothing."""
    if allowed:
        return []
    return unseen("interference", total) + [
        Miss(
            f"interference {each.between}", each.common, f"has {plain(each.common)} mm³ in which {each.words} interfere"
        )
        for each in contacts(total.get("fit"), total.get("between") or ())
        if each.common
    ]


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
    "clearance": Term(read_gap, too_near),
    "interference": Term(read_truth, interfering),
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
            elif key == "between":
                read["between"] = read_pair(value)
            elif key in TERMS:
                read[key] = TERMS[key].read(value)
            elif key != "part":
                raise Invalid(f"is not known; known are {', '.join(TERMS)}, part, between, density and material")
        except Invalid as refusal:
            raise Invalid(f"“{str(key)[:40]}” {refusal.message}") from refusal
    if not read.keys() & TERMS.keys():
        raise Invalid(f"it limits nothing; give it one of {', '.join(TERMS)}")
    if "between" in read and not ("part" in table and asks_fit(read)):
        raise Invalid("“between” needs the “part” that has these components, and clearance or interference")
    return read


def known_density(material: object) -> float:
    """Returns the density of a material, g/cm³. Raises Invalid for one that is not known."""
    found = density(material) if isinstance(material, str) else None
    if found is None:
        raise Invalid("is no material whose density is known; give a density in g/cm³")
    return found


def limit_misses(limits: Mapping, total: Mapping, density: float | None) -> list[Miss]:
    """Returns the limits that a part with this total measurement misses; `density` is used where they say none."""
    weight, facts = limits.get("density", density), {**total, "between": limits.get("between")}
    found: list[Miss] = []
    for key, value in limits.items():
        miss = TERMS[key].miss(facts, value, weight) if key in TERMS else None
        found += miss if isinstance(miss, list) else [miss] if miss else []
    return found


def asks_fit(limits: Mapping) -> bool:
    """Says whether limits are about how the components of a part fit."""
    return "clearance" in limits or "interference" in limits


def sizes(values: object) -> str:
    """Returns lengths as one says them, “20 × 10 × 5”."""
    return " × ".join(plain(value) for value in values)  # type: ignore[attr-defined]
