"""Pins: which face holds a point, and where that face is in another build."""

import math
from dataclasses import asdict, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.core.pin import MOST_FACES, Face, check, clean_point, faces_of, follow, pinned

AXES = "xyz"
lengths = st.integers(4, 80).map(float)
sizes = st.tuples(lengths, lengths, lengths)
shifts = st.tuples(*[st.integers(-6, 6).map(float)] * 3)
sides = st.sampled_from([(axis, sign) for axis in range(3) for sign in (-1, 1)])
shares = st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95))


def plane(side, size, at, point, shape="lid"):
    """Returns one face of a block, of this size and with its middle there, as seen from a point."""
    axis, sign = side
    normal = tuple(float(sign * (each == axis)) for each in range(3))
    middle = tuple(at[each] + normal[each] * size[each] / 2 for each in range(3))
    flat = tuple(0.0 if each == axis else size[each] for each in range(3))
    near = tuple(min(max(p, m - s / 2), m + s / 2) for p, m, s in zip(point, middle, flat, strict=True))
    place = tuple(normal[each] ** 2 * middle[each] for each in range(3))
    area = math.prod(size) / size[axis]
    away = math.dist(near, point)
    return Face(shape, "plane", normal, place, (0.0, 0.0), area, middle, flat, near, normal, away)


def block(size, at, point, shape="lid"):
    """Returns the faces of a block, the nearest to a point first."""
    every = [plane((axis, sign), size, at, point, shape) for axis in range(3) for sign in (-1, 1)]
    return sorted(every, key=lambda face: face.away)


def on(side, size, share):
    """Returns a point on a face of a block that stands at the origin."""
    axis, sign = side
    rest = iter(share)
    return tuple(sign * size[each] / 2 if each == axis else (next(rest) - 0.5) * size[each] for each in range(3))


def round_face(kind, radius, at, point, hollow=False, height=6.0):
    """Returns the side of an upright cylinder, as seen from a point at its height."""
    arm = (point[0] - at[0], point[1] - at[1])
    far = math.hypot(*arm) or 1.0
    way = (arm[0] / far, arm[1] / far, 0.0)
    near = (at[0] + way[0] * radius, at[1] + way[1] * radius, point[2])
    normal = tuple(-each for each in way) if hollow else way
    place = (at[0], at[1], 0.0)
    area, size = 2 * math.pi * radius * height, (2 * radius, 2 * radius, height)
    away = math.dist(near, point)
    return Face("lid", kind, (0.0, 0.0, 1.0), place, (radius, 0.0), area, at, size, near, normal, away)


@given(sizes, sides, shares)
def test_in_the_same_build_a_pin_stays(size, side, share):
    point = on(side, size, share)
    faces = block(size, (0, 0, 0), point)
    found = follow(faces, faces, point, pinned(faces).normal)
    assert (found.state, found.point, found.moved) == ("here", point, 0)


@given(sizes, sides, shares, shifts)
def test_a_pin_goes_with_a_part_that_is_moved(size, side, share, shift):
    assume(sum(map(abs, shift)) < min(size) / 2)
    point = on(side, size, share)
    normal = plane(side, size, (0, 0, 0), point).normal
    found = follow(block(size, (0, 0, 0), point), block(size, shift, point), point, normal)
    assert found.point == pytest.approx([p + s for p, s in zip(point, shift, strict=True)])
    assert found.state == ("moved" if any(shift) else "here") and found.normal == normal
    assert found.moved == pytest.approx(math.hypot(*shift), abs=2e-3)


@given(sizes, sides, shares, st.tuples(*[st.floats(0.85, 1.2)] * 3))
def test_on_a_part_that_is_resized_a_pin_lies_on_the_same_side(size, side, share, factors):
    axis, sign = side
    point = on(side, size, share)
    after = tuple(length * factor for length, factor in zip(size, factors, strict=True))
    normal = plane(side, size, (0, 0, 0), point).normal
    found = follow(block(size, (0, 0, 0), point), block(after, (0, 0, 0), point), point, normal)
    assert found.state in ("here", "moved") and found.normal == normal
    assert found.point[axis] == pytest.approx(sign * after[axis] / 2, abs=0.02)
    assert all(abs(place) <= length / 2 + 0.02 for place, length in zip(found.point, after, strict=True))
    assert found.moved == pytest.approx(math.dist(point, found.point), abs=2e-3)


@given(sizes, sides, shares, shifts)
def test_without_a_face_of_its_kind_a_pin_is_outdated(size, side, share, shift):
    point = on(side, size, share)
    before = block(size, (0, 0, 0), point)
    own = pinned(before)
    after = [face for face in block(size, shift, point) if face.direction != own.direction]
    assert follow(before, after, point, own.normal).state == "outdated"
    assert follow(before, [], point, own.normal).state == "outdated"


def lid(point, width=80.0, thick=4.0, boss=True):
    """Returns the faces of a lid with a boss, whose underside stays at 0."""
    faces = block((width, 50.0, thick), (0.0, 0.0, thick / 2), point)
    if boss:
        top = plane((2, 1), (10.0, 10.0, 6.0), (0.0, 0.0, thick + 3), point)
        side = round_face("cylinder", 5.0, (0.0, 0.0, thick + 3), point)
        faces += [replace(top, area_mm2=78.5), side]
    holes = [round_face("cylinder", 1.5, (x, y, thick / 2), point, True, thick) for x in (-30, 30) for y in (-15, 15)]
    return sorted([*faces, *holes], key=lambda face: face.away)


@pytest.mark.parametrize("point", [(0.0, 0.0, 10.0), (5.0, 0.0, 7.0)], ids=["top", "side"])
def test_a_pin_on_a_boss_goes_with_it_and_is_outdated_without_it(point):
    before = lid(point)
    assert follow(before, lid(point, width=90.0), point).state == "here"
    thicker = follow(before, lid(point, thick=5.0), point)
    assert (thicker.state, thicker.moved) in [("moved", 1.0), ("here", 0.0)]
    assert follow(before, lid(point, boss=False), point).state == "outdated"


def test_a_pin_on_a_side_wall_is_carried_with_it():
    point = (40.0, 3.0, 2.0)
    found = follow(lid(point), lid(point, width=90.0), point)
    assert found == ("moved", (45.0, 3.0, 2.0), (1.0, 0.0, 0.0), 5.0)


def test_a_hole_that_widens_keeps_its_pin_and_one_of_four_is_not_mistaken_for_another():
    point = (28.5, 15.0, 2.0)
    before = lid(point)
    others = [face for face in before if not (face.hollow and face.away < 1)]
    wider = [*others, round_face("cylinder", 2.0, (30, 15, 2.0), point, True, 4.0)]
    found = follow(before, wider, point)
    assert (found.state, found.moved) == ("moved", 0.5) and found.point == pytest.approx((28.0, 15.0, 2.0))
    assert follow(before, others, point).state == "outdated"
    boss = [*others, round_face("cylinder", 1.5, (30, 15, 2.0), point, False, 4.0)]
    assert follow(before, boss, point).state == "outdated", "a pin is no hole"


def test_two_faces_that_could_both_be_it_are_none():
    point = (0.0, 0.0, 10.0)
    top = plane((2, 1), (10.0, 10.0, 6.0), (0.0, 0.0, 7.0), point)
    twins = [plane((2, 1), (10.0, 10.0, 6.0), (x, 0.0, 7.0), point) for x in (-12.0, 12.0)]
    assert follow([top], twins[:1], point).state == "moved"
    assert follow([top], twins, point).state == "outdated"


def test_a_face_of_another_component_is_not_taken():
    point = (0.0, 0.0, 5.0)
    before = block((10.0, 10.0, 10.0), (0, 0, 0), point, "a")
    other = [replace(face, shape="b") for face in block((10.0, 10.0, 10.0), (0, 0, 1.0), point)]
    moved = block((10.0, 10.0, 10.0), (0, 0, 3.0), point, "a")
    assert follow(before, sorted([*other, *moved], key=lambda face: face.away), point).moved == 3
    assert follow(before, other, point).moved == 1, "it may have been renamed"


def test_of_two_faces_at_an_edge_the_one_that_was_looked_at_holds_the_pin():
    point = (5.0, 0.0, 5.0)
    faces = block((10.0, 10.0, 10.0), (0, 0, 0), point)
    assert pinned(faces, (1, 0, 0)).direction == (1, 0, 0) and pinned(faces, (0, 0, 1)).direction == (0, 0, 1)
    thin = block((10.0, 10.0, 0.4), (0, 0, 0), (0.0, 0.0, 0.21))
    assert pinned(thin, (0, 0, 1)).direction == (0, 0, 1) and pinned(thin).direction == (0, 0, 1)
    assert pinned(block((10.0, 10.0, 10.0), (0, 0, 0), (9.0, 0, 0))) is None


GOOD = asdict(plane((2, 1), (10.0, 10.0, 6.0), (0.0, 0.0, 7.0), (0.0, 0.0, 12.0)))
HOSTILE = {key: list(value) if isinstance(value, tuple) else value for key, value in GOOD.items()}


def test_faces_are_cleaned_and_sorted():
    far = HOSTILE | {"away": 9, "shape": "a\u202eb\n", "more": "x" * 1000}
    first, second = check([far, HOSTILE])
    assert first == GOOD and second["shape"] == "ab" and "more" not in second
    assert faces_of([HOSTILE]) == [Face(**GOOD)] == faces_of([first])


@pytest.mark.parametrize(
    "faces",
    [None, "x", [1], [HOSTILE] * (MOST_FACES + 1)]
    + [
        [HOSTILE | wrong]
        for wrong in (
            {"kind": "blob"},
            {"kind": []},
            {"near": [1, 2]},
            {"near": [1, 2, 1e31]},
            {"normal": [0, True, 1]},
            {"radii": None},
            {"away": -1},
            {"area_mm2": "9"},
            {"size": [0, -1, 0]},
            {"shape": 3},
        )
    ],
)
def test_what_no_jail_of_ours_says_is_refused(faces):
    with pytest.raises(Invalid):
        check(faces)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=5))
def test_a_point_is_three_finite_numbers(values):
    fine = len(values) == 3 and all(abs(each) <= 1e9 for each in values)
    try:
        assert clean_point(values) == pytest.approx(values, abs=6e-4) and fine
    except Invalid:
        assert not fine
