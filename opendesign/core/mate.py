"""Mates of a contract: faces a script has named with `tag`, promised to stay where they are, or where it is said.

A flat one promises its plane, and that there is something of it at the promised point; a round one its middle line and
diameter. Without a place in the manifest the place is that of whoever demands it: the target of a merge, or the design
that a fork comes from. Lengths in mm.
"""

import math
from collections.abc import Mapping, Sequence

from opendesign.core.errors import Invalid
from opendesign.core.hole import AXES, nearest
from opendesign.core.limit import LARGEST, Miss, plain, read_number
from opendesign.core.misfit import Figure, Point, Shape, add, dot, less, middle, of_round
from opendesign.core.shapes import NEAR_MM

MOST_MATES, MATE_TOLERANCE_MM = 100, 0.1
MOST_FACES = 20  # of one tag: each promised one is compared with each that is there
LONGEST_TAG = 100
KEYS = {"tag", "at", "normal", "axis", "diameter", "tolerance"}
SIDEWAYS = math.cos(math.radians(10))  # more, and it is another face than the one promised
WAYS = AXES | {f"-{name}": (-x, -y, -z) for name, (x, y, z) in AXES.items()}


def is_length(value: object) -> bool:
    """Says whether a value is a number that a coordinate can be."""
    return type(value) in (int, float) and abs(value) <= LARGEST  # type: ignore[arg-type]


def read_mates(value: object) -> list[dict]:
    """Returns promised faces: `tag`, `tolerance`, and the `place` where one is said. Raises Invalid."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_MATES:
        raise Invalid(f'must be a list of up to {MOST_MATES} tables such as {{tag = "seat"}}')
    read = [_read_mate(each) for each in value]
    compared = [each["tag"] for each in read if each["place"] is None]
    if len(compared) > len(set(compared)):
        raise Invalid("must name a tag once where it says no place: all faces of that tag are meant")
    return read


def _read_mate(value: object) -> dict:
    if not isinstance(value, dict) or value.keys() - KEYS:
        raise Invalid(f"must hold tables of {', '.join(sorted(KEYS))}")
    tag = value.get("tag")
    if not isinstance(tag, str) or not 0 < len(tag) <= LONGEST_TAG:
        raise Invalid('must name the tag of a face, tag = "seat"')
    read = {"tag": tag, "tolerance": read_number(value.get("tolerance", MATE_TOLERANCE_MM)), "place": None}
    if "at" in value:
        read["place"] = _read_place(value)
    elif value.keys() & {"normal", "axis", "diameter"}:
        raise Invalid("must say where the face is too, at = [x, y, z], or nothing about its place at all")
    return read


def _read_place(value: Mapping) -> dict:
    at = value["at"]
    if not isinstance(at, list) or len(at) != 3 or not all(map(is_length, at)):
        raise Invalid("must say where each face is, at = [x, y, z]")
    if ("normal" in value) == ("diameter" in value):
        raise Invalid("must give a flat face a normal, or a round one a diameter")
    if "normal" in value:
        return {"at": at, "way": _read_way(value["normal"])}
    return {"at": at, "way": _read_way(value.get("axis", "z")), "diameter": read_number(value["diameter"])}


def _read_way(value: object) -> tuple[float, ...]:
    if isinstance(value, str) and value in WAYS:
        return WAYS[value]
    if not isinstance(value, list) or len(value) != 3 or not all(map(is_length, value)) or not any(value):
        raise Invalid(f"must give a direction: {', '.join(WAYS)}, or [x, y, z]")
    length = math.hypot(*value)
    return tuple(each / length for each in value)


def is_compared(terms: Mapping) -> bool:
    """Says whether any mate of a contract's terms is where it is with whoever demands it."""
    return any(each["place"] is None for each in terms.get("mates", ()))


def mate_misses(terms: Mapping, total: Mapping) -> list[Miss]:
    """Tests that a part has each promised face at its place: its `tags` beside the `promised_tags`."""
    found: list[Miss] = []
    for mate in terms["mates"]:
        own = [each for each in total.get("tags", ()) if each["tag"] == mate["tag"]]
        places = [mate["place"]] if mate["place"] else _places(mate["tag"], total.get("promised_tags", ()))
        if not own and not places:
            found.append(Miss(f"mate {mate['tag']}", math.inf, f"has no flat or round face tagged “{mate['tag']}”"))
        if (many := max(len(own), len(places))) > MOST_FACES:
            said = f"has {many} faces tagged “{mate['tag']}”, which cannot be told apart: at most {MOST_FACES} can"
            found.append(Miss(f"mates {mate['tag']}", math.inf, said))
            continue
        for number, place in enumerate(places):
            miss = _round_miss(mate, place, own) if "diameter" in place else _flat_miss(mate, place, own)
            found += [miss._replace(limit=f"{miss.limit} {number}")] if miss else []
    return found


def _places(tag: str, promised: Sequence[Mapping]) -> list[dict]:
    """Returns where the faces of a tag are, as places in the manifest are read."""
    found: list[dict] = []
    for each in promised:
        if each["tag"] != tag:
            continue
        if "normal" in each:
            found.append({"at": middle(each["corners"]), "way": each["normal"], "corners": each["corners"]})
        elif (length := math.dist(*each["ends"])) > 0:
            way = tuple(one / length for one in less(each["ends"][1], each["ends"][0]))
            place = {"at": middle(each["ends"]), "way": way, "diameter": each["diameter"], "hollow": each["hollow"]}
            found.append(place)
    return found


def _flat_miss(mate: Mapping, place: Mapping, own: Sequence[Mapping]) -> Miss | None:
    at, way = place["at"], place["way"]
    faces = [each for each in own if "normal" in each and dot(each["normal"], way) >= SIDEWAYS]
    promised = Shape(corners=place.get("corners") or _square(at, way))
    limit, said = f"mate {mate['tag']}", f"the face “{mate['tag']}”"
    if not faces:
        return Miss(limit, math.inf, f"has not {said} where it is promised", Figure("flat", mate["tag"], promised))
    off, aside, face = min(((*_away(at, way, each["corners"]), each) for each in faces), key=lambda one: max(one[:2]))
    by = max(off, aside)
    if by <= mate["tolerance"] + NEAR_MM:
        return None
    corner = max(face["corners"], key=lambda point: abs(dot(less(point, at), way)))
    line = (along_plane(corner, at, way), corner) if off >= aside else (at, _clipped(at, face["corners"]))
    if "corners" not in place:
        promised = Shape(corners=[along_plane(point, at, way) for point in face["corners"]])
    figure = Figure("flat", mate["tag"], promised, Shape(corners=face["corners"]), line)
    return Miss(limit, by, f"has {said} {plain(by)} mm off its place", figure)


def _away(at: Point, way: Point, corners: Sequence[Point]) -> tuple[float, float]:
    """Returns how far a face's corners are off a plane at most, and how far it ends beside the point, mm."""
    off = max(abs(dot(less(point, at), way)) for point in corners)
    reached = along_plane(_clipped(at, corners), at, way)
    return off, math.dist(at, reached)


def along_plane(point: Point, at: Point, way: Point) -> Point:
    """Returns the point of a plane (through `at`, across `way`) that is nearest to a point."""
    return add(point, way, -dot(less(point, at), way))


def _clipped(point: Point, corners: Sequence[Point]) -> Point:
    """Returns the point of a rectangle that is nearest to a point."""
    start = corners[0]
    reached = tuple(start)
    for end in (corners[1], corners[3]):
        side = less(end, start)
        length = dot(side, side)
        share = dot(less(point, start), side) / length if length else 0.0
        reached = add(reached, side, min(1.0, max(0.0, share)))
    return reached


def _square(at: Point, way: Point, half: float = 5.0) -> list[Point]:
    """Returns a square in a plane, to be shown where no face tells how far it goes."""
    least = min(range(3), key=lambda axis: abs(way[axis]))
    across = along_plane([float(axis == least) for axis in range(3)], (0, 0, 0), way)
    across = tuple(each / math.hypot(*across) for each in across)
    x, y, z = way
    up = (y * across[2] - z * across[1], z * across[0] - x * across[2], x * across[1] - y * across[0])
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return [add(add(at, across, half * one), up, half * other) for one, other in signs]


def _round_miss(mate: Mapping, place: Mapping, own: Sequence[Mapping]) -> Miss | None:
    at, way, wide = place["at"], place["way"], place["diameter"]
    hollow = place.get("hollow")
    rounds = [each for each in own if "ends" in each and hollow in (None, each["hollow"])]
    off = nearest(rounds, at, way, wide)
    limit, said = f"mate {mate['tag']}", f"the round face “{mate['tag']}”"
    figure = of_round(mate["tag"], at, way, wide, (off.ends[0], off.ends[1], off.found) if off else None)
    if off is None:
        return Miss(limit, math.inf, f"has not {said} where it is promised", figure)
    room = mate["tolerance"] + NEAR_MM
    if off.place > room:
        return Miss(limit, off.place, f"has {said} {plain(off.place)} mm off its place", figure)
    if abs(off.diameter) > room:
        clause = f"has {plain(off.found)} mm for {said} of {plain(wide)} mm"
        return Miss(f"{limit} ⌀", abs(off.diameter), clause, figure)
    return None
