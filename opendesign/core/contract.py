"""Interface contracts of `okh.toml`: room, faces and holes that a design promises to others, the misfit in mm."""

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from opendesign.core.errors import Invalid
from opendesign.core.hole import AXES, nearest
from opendesign.core.limit import Miss, read_number
from opendesign.core.mate import is_length, mate_misses, read_mates
from opendesign.core.misfit import of_round, of_side
from opendesign.core.shapes import NEAR_MM
from opendesign.core.text import plain

MOST_HOLES, HOLE_TOLERANCE_MM = 100, 0.2
TOLERANCE_MM = 0.1  # how far the faces of a "box" may be off, where nothing is said
Box = list[list[float]]
SIDES = [(sign, axis) for axis in range(3) for sign in (-1, 1)]


def read_box(value: object) -> Box:
    """Returns a box's lowest and highest corner. Raises Invalid."""
    corners = value if isinstance(value, list) and len(value) == 2 else []
    if len(corners) != 2 or not all(isinstance(corner, list) and len(corner) == 3 for corner in corners):
        raise Invalid("must be two corners in mm, [[x, y, z], [x, y, z]]")
    if not all(is_length(each) for corner in corners for each in corner):
        raise Invalid("must be two corners of numbers")
    if any(low > high for low, high in zip(*corners, strict=True)):
        raise Invalid("must have its lowest corner first")
    return [[float(each) for each in corner] for corner in corners]


def beyond(own: Box, room: Box) -> dict[str, float]:
    """Returns how far a box sticks out of another on each side where it does, mm, by words such as “+x”."""
    far = {}
    for sign, axis in SIDES:
        end = 0 if sign < 0 else 1
        by = sign * (own[end][axis] - room[end][axis])
        if by > NEAR_MM:
            far[("−" if sign < 0 else "+") + "xyz"[axis]] = by
    return far


def envelope_misses(terms: Mapping, total: Mapping) -> list[Miss]:
    """Tests that a part stays within `box_mm`, and that it fills the room's length, width and height of `reach_mm`."""
    own, found = total["bbox_mm"], []
    if "box_mm" in terms and (far := beyond(own, terms["box_mm"])):
        found += [
            Miss(f"box_mm {side}", by, f"sticks out {plain(by)} mm at {side}", of_side(side, terms["box_mm"], own, own))
            for side, by in far.items()
        ]
    if "reach_mm" in terms and (short := beyond(terms["reach_mm"], own)):
        room = terms["reach_mm"]
        found += [
            Miss(f"reach_mm {side}", by, f"ends {plain(by)} mm too early at {side}", of_side(side, room, own, room))
            for side, by in short.items()
        ]
    return found


def box_misses(terms: Mapping, total: Mapping) -> list[Miss]:
    """Tests that the outer faces of a part stand where `box_mm` promises, to within `tolerance_mm`."""
    own, wanted, tolerance = total["bbox_mm"], terms["box_mm"], terms.get("tolerance_mm", TOLERANCE_MM)
    found = []
    for word, far in (("too far out", beyond(own, wanted)), ("too far in", beyond(wanted, own))):
        for side, by in far.items():
            if by > tolerance + NEAR_MM:
                said = f"ends {plain(by)} mm {word} at {side}, where {plain(tolerance)} mm are allowed"
                figure = of_side(side, wanted, own, own if word == "too far out" else wanted)
                found.append(Miss(f"box_mm {side} {word}", by, said, figure))
    return found


def read_holes(value: object) -> list[dict]:
    """Returns promised holes: `at`, `diameter`, `axis` and `tolerance` of each. Raises Invalid."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_HOLES:
        raise Invalid(f"must be a list of up to {MOST_HOLES} tables such as {{at = [x, y, z], diameter = 3.2}}")
    return [_read_hole(each) for each in value]


def _read_hole(value: object) -> dict:
    if not isinstance(value, dict) or value.keys() - {"at", "diameter", "axis", "tolerance"}:
        raise Invalid("must hold tables of at, diameter, axis and tolerance")
    at, axis = value.get("at"), value.get("axis", "z")
    if not isinstance(at, list) or len(at) != 3 or not all(map(is_length, at)):
        raise Invalid("must say where each hole is, at = [x, y, z]")
    if not isinstance(axis, str) or axis not in AXES:
        raise Invalid("must give an axis that is x, y or z")
    diameter, tolerance = value.get("diameter"), value.get("tolerance", HOLE_TOLERANCE_MM)
    return {"at": at, "axis": axis, "diameter": read_number(diameter), "tolerance": read_number(tolerance)}


def hole_misses(terms: Mapping, total: Mapping) -> list[Miss]:
    """Tests that a part has each promised hole: its middle line, its diameter, and material on some of its length."""
    if total.get("holes") is None:
        return [Miss("holes", math.inf, "has too many faces or holes to look for these")]
    found = []
    for number, hole in enumerate(terms["holes"], 1):
        way, wide = AXES[hole["axis"]], hole["diameter"]
        off = nearest(total["holes"], hole["at"], way, wide)
        said = f"⌀ {plain(wide)} mm at ({', '.join(plain(each) for each in hole['at'])})"
        limit = f"hole {hole['at']} {hole['axis']}"
        room = hole["tolerance"] + NEAR_MM
        there = (off.ends[0], off.ends[1], off.found) if off and off.place <= max(room, wide) else None
        figure = of_round(str(number), hole["at"], way, wide, there)
        if off is None:
            found.append(Miss(limit, math.inf, f"has no hole along {hole['axis']} for {said}", figure))
        elif there is None:
            clause = f"has no hole {said}: the nearest is {plain(off.place)} mm away"
            found.append(Miss(limit, off.place, clause, figure))
        elif off.place > room:
            found.append(Miss(limit, off.place, f"has the hole {said} {plain(off.place)} mm off its place", figure))
        elif abs(off.diameter) > room:
            clause = f"has {plain(off.found)} mm for the hole {said}"
            found.append(Miss(f"{limit} ⌀", abs(off.diameter), clause, figure))
    return found


class Form(NamedTuple):
    """One kind of contract: how each of its terms is read, which it needs, and how a part is tested."""

    terms: Mapping[str, Callable[[object], object]]
    needs: tuple[str, ...]
    misses: Callable[[Mapping, Mapping], list[Miss]]


FORMS = {
    "envelope": Form({"box_mm": read_box, "reach_mm": read_box}, ("box_mm", "reach_mm"), envelope_misses),
    "holes": Form({"holes": read_holes}, ("holes",), hole_misses),
    "mates": Form({"mates": read_mates}, ("mates",), mate_misses),
    "box": Form({"box_mm": read_box, "tolerance_mm": read_number}, ("box_mm",), box_misses),
}


def read_contract(table: Mapping) -> dict[str, object]:
    """Returns the terms of one `[contracts.NAME]` table, `kind` among them.

    Raises Invalid with a clause that says what is wrong.
    """
    kind = table.get("kind")
    form = FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        raise Invalid(f"“kind” must be one of {', '.join(FORMS)}")
    read: dict[str, object] = {"kind": kind}
    for key, value in table.items():
        if key in ("kind", "part"):
            continue
        if key not in form.terms:
            raise Invalid(f"“{str(key)[:40]}” is not known; known are {', '.join(form.terms)}, part and kind")
        try:
            read[key] = form.terms[key](value)
        except Invalid as refusal:
            raise Invalid(f"“{key}” {refusal.message}") from refusal
    if not any(key in read for key in form.needs):
        raise Invalid(f"it promises nothing; give it {' or '.join(form.needs)}")
    return read


def contract_misses(terms: Mapping, total: Mapping, _density: float | None) -> list[Miss]:
    """Returns how a part with this total measurement breaks a contract, side by side, mm."""
    return FORMS[terms["kind"]].misses(terms, total)
