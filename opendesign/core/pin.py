"""A comment pinned to a point of a part: which face holds it, and where that face is in another build.

A face comes from the jail (cad/inside/nearby.py), which may say anything: `check` cleans it. Lengths in mm.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from opendesign.core.errors import Invalid
from opendesign.core.measurement import clean_name, number, numbers
from opendesign.core.value import LARGEST

MOST_FACES = 48
MOST_PINS = 200  # of a proposal: each is looked for again on every newer build
KINDS = ("plane", "cylinder", "cone", "sphere", "torus", "other")
ON = 0.5  # a click hits the triangles of a picture, which stand off the exact face
SAME = 0.01
ALIKE = 0.001  # share of an area
PARALLEL = math.cos(math.radians(1))
RESIZED = 3.0  # a face whose area grew or shrank more than so many times is another one
FAR, NEARER = 5.0, 2.0  # diagonals of a face by which it may move when it keeps its size, and when it does not

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Face:
    """A face near a point: its surface, its size, its point nearest to that point and how it looks there.

    direction: a plane's outward normal, else the axis; middle and size: of its box; away: from the point to `near`.
    """

    shape: str
    kind: str
    direction: Vector
    place: Vector
    radii: tuple[float, float]
    area_mm2: float
    middle: Vector
    size: Vector
    near: Vector
    normal: Vector
    away: float

    @property
    def hollow(self) -> bool:
        """True for a round face around no material, such as a hole's."""
        arm = minus(self.near, self.place)
        return self.kind in ("cylinder", "sphere") and dot(self.normal, arm) < dot(self.normal, self.direction) * dot(
            self.direction, arm
        )


class Place(NamedTuple):
    """Where a pin is in another build: `here`, `moved` so far with its face, or `outdated` where the face is gone."""

    state: str
    point: Vector
    normal: Vector | None = None
    moved: float = 0.0


def check(faces: object) -> list[dict]:
    """Returns faces from hostile JSON, cleaned, the nearest first. Raises Invalid."""
    if not isinstance(faces, list) or len(faces) > MOST_FACES or not all(isinstance(each, dict) for each in faces):
        raise Invalid(f"The faces are not a list of at most {MOST_FACES} tables.")
    return [asdict(each) for each in sorted(map(_check_one, faces), key=lambda face: face.away)]


def faces_of(stored: Iterable[dict]) -> list[Face]:
    """Returns faces that were checked and kept."""
    return [_kept(each) for each in stored]


def is_point(value: Sequence[float]) -> bool:
    """Tells whether a value is three finite numbers, none so large that nothing can be there."""
    return len(value) == 3 and all(type(each) in (int, float) and abs(each) <= LARGEST for each in value)


def clean_point(value: Sequence[float]) -> Vector:
    """Returns a point or direction as three finite numbers, to a thousandth. Raises Invalid."""
    if not is_point(value):
        raise Invalid("A point is three numbers in millimetres, such as 10, 0, 2.5.", [{"name": "point"}])
    x, y, z = (round(float(each), 3) + 0.0 for each in value)
    return x, y, z


def pinned(faces: Sequence[Face], normal: Sequence[float] | None = None) -> Face | None:
    """Returns the face a point lies on, of several the one that looks the way of `normal`; None when it hangs free."""
    on = [face for face in faces if face.away <= ON]
    return min(on, key=lambda face: face.away + (ON * (1 - dot(face.normal, normal)) if normal else 0), default=None)


def follow(
    before: Sequence[Face], after: Sequence[Face], point: Vector, normal: Sequence[float] | None = None
) -> Place:
    """Returns where a point of one build is in another; both lists are the faces nearest to the point.

    It stays where its surface goes on, and goes with a face that was only moved. Else it goes with the face that
    differs least from its own, if that one resembles no other face of the first build more: what was beside a boss
    is not taken for the boss.
    """
    gone = Place("outdated", point)
    own = pinned(before, normal)
    if own is None:
        return gone
    stays = [face for face in after if same_surface(own, face) and face.away <= own.away + SAME]
    twin = min(stays, key=lambda face: gap(own, face), default=None) or _twin(own, before, after)
    if twin is None:
        return gone
    if congruent(own, twin):
        to = plus(point, minus(twin.middle, own.middle))
    else:
        to = point if twin in stays else twin.near
    moved = math.dist(point, to)
    return Place("moved" if moved > SAME else "here", to, twin.normal, round(moved, 3))


def _twin(own: Face, before: Sequence[Face], after: Sequence[Face]) -> Face | None:
    """Returns what became of a face whose surface does not go on where its point was; None when it is gone."""
    names = {face.shape for face in after} & {own.shape}
    seen = before[-1].away if len(before) == MOST_FACES else math.inf  # what is farther may have been there before
    found = sorted(
        (face for face in after if alike(own, face) and (not names or face.shape in names) and face.away < seen),
        key=lambda face: gap(own, face),
    )
    if not found or gap(own, found[0]) > reach(own, found[0]) or _is_ambiguous(own, found):
        return None
    twin = found[0]
    taken = any(gap(other, twin) < gap(own, twin) for other in before if alike(other, twin))
    return None if taken else twin


def same_surface(one: Face, other: Face) -> bool:
    """Tells whether two faces lie on one surface; of a free form, whether they look the same way where they are."""
    if one.kind != other.kind or one.hollow != other.hollow:
        return False
    if one.kind == "other":
        return dot(one.normal, other.normal) > PARALLEL
    near = math.dist(one.place, other.place) <= SAME and math.dist(one.radii, other.radii) <= SAME
    return near and _is_parallel(one, other)


def alike(one: Face, other: Face) -> bool:
    """Tells whether a face could be another one that was moved or resized."""
    if one.kind != other.kind or one.hollow != other.hollow or not _is_parallel(one, other):
        return False
    return one.area_mm2 <= RESIZED * other.area_mm2 and other.area_mm2 <= RESIZED * one.area_mm2


def congruent(one: Face, other: Face) -> bool:
    """Tells whether two faces have the same size."""
    same = all(abs(a - b) <= SAME for a, b in zip(one.size, other.size, strict=True))
    return same and math.isclose(one.area_mm2, other.area_mm2, rel_tol=ALIKE)


def gap(one: Face, other: Face) -> float:
    """Returns how far the boxes of two faces are apart in place and in size."""
    return math.dist(one.middle, other.middle) + math.dist(one.size, other.size)


def reach(one: Face, other: Face) -> float:
    """Returns the largest gap at which a face may be taken for another one."""
    return math.hypot(*one.size) * (FAR if congruent(one, other) else NEARER)


def _is_ambiguous(own: Face, found: Sequence[Face]) -> bool:
    return len(found) > 1 and gap(own, found[1]) <= gap(own, found[0]) * (1 + ALIKE) + SAME


def _is_parallel(one: Face, other: Face) -> bool:
    if one.kind == "plane":
        return dot(one.direction, other.direction) > PARALLEL
    return one.kind in ("sphere", "other") or abs(dot(one.direction, other.direction)) > PARALLEL


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    """Returns the product of two vectors."""
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


def plus(one: Vector, other: Vector) -> Vector:
    """Returns the sum of two vectors."""
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def minus(one: Vector, other: Vector) -> Vector:
    """Returns the way from the second point to the first."""
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def _check_one(face: dict) -> Face:
    kind = face.get("kind")
    if kind not in KINDS:
        raise Invalid("A face is of no known kind.")
    direction, place, middle, size, near, normal = (
        _vector(face, key) for key in ("direction", "place", "middle", "size", "near", "normal")
    )
    first, second = numbers(face.get("radii"), 2, "radii")
    away, area = number(face, "away"), number(face, "area_mm2")
    if min(away, area, first, second, *size) < 0:
        raise Invalid("A face has a size below 0.")
    shape = clean_name(face.get("shape", "model"))
    return Face(shape, str(kind), direction, place, (first, second), area, middle, size, near, normal, away)


def _vector(face: dict, key: str) -> Vector:
    x, y, z = numbers(face.get(key), 3, key)
    return x, y, z


def _kept(face: dict) -> Face:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in face.items()}
    return Face(**values)
