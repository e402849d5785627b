"""What a design promises to others is held to the millimetre, side by side."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.checks import Outcome
from opendesign.core.contract import contract_misses
from opendesign.core.demand import judge_demands, read_demands
from opendesign.core.errors import Invalid
from opendesign.core.hole import check

ROOM = "[contracts.london-base]\npart = 'lid.py'\nkind = 'envelope'\nbox_mm = [[0, 0, 0], [230, 150, 12]]\n"
FACES = "[contracts.seat]\nkind = 'box'\nbox_mm = [[0, 0, 0], [230, 150, 12]]\ntolerance_mm = 0.2\n"
COORDINATES = st.lists(st.floats(-500, 500).map(lambda value: round(value, 2)), min_size=3, max_size=3)


def lid(low=(0, 0, 0), high=(230, 150, 12)) -> Outcome:
    return Outcome(
        "lid.py", "made", {"bbox_mm": [list(low), list(high)], "volume_mm3": 1.0, "solids": 1, "valid": True}
    )


def one(manifest, after, before=()):
    demands = read_demands(manifest)
    (check,) = judge_demands(demands, demands, [after], list(before))
    assert check.kind == "contract"
    return check.state, check.detail


def test_a_lid_that_outgrows_the_base_says_where_and_by_how_much():
    assert one(ROOM, lid()) == ("passed", "The contract “london-base” holds for lid.py.")
    state, detail = one(ROOM, lid((0, 0, -0.5), (232, 150, 12)), [lid()])
    assert state == "failed"
    assert detail == ("The contract “london-base” fails: lid.py sticks out 2 mm at +x; lid.py sticks out 0.5 mm at −z.")
    assert one(ROOM, lid(high=(231, 150, 12)), [lid(high=(232, 150, 12))])[0] == "passed", "it was worse before"
    assert one(ROOM, lid(high=(231, 151, 12)), [lid(high=(232, 150, 12))])[0] == "failed", "on another side"


def test_what_must_reach_is_missed_when_it_ends_too_early():
    reach = ROOM.replace("box_mm", "reach_mm")
    assert one(reach, lid(high=(240, 150, 12)))[0] == "passed"
    assert "lid.py ends 1.5 mm too early at +z" in one(reach, lid(high=(230, 150, 10.5)))[1]


def test_faces_stand_where_they_are_promised():
    assert one(FACES, lid((-0.15, 0, 0), (230.2, 149.9, 12)))[0] == "passed"
    state, detail = one(FACES, lid((0, 0.25, 0), (230.5, 150, 12)))
    assert state == "failed" and "ends 0.5 mm too far out at +x, where 0.2 mm are allowed" in detail
    assert "ends 0.25 mm too far in at −y" in detail


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("box_mm = 3", "“kind” must be one of envelope, holes, mates, box"),
        ("kind = ['box']", "“kind” must be one of"),
        ("kind = 'box'", "it promises nothing; give it box_mm"),
        ("kind = 'box'\nbox_mm = [[0, 0], [1, 1]]", "“box_mm” must be two corners in mm"),
        ("kind = 'box'\nbox_mm = [[0, 0, 'a'], [1, 1, 1]]", "“box_mm” must be two corners of numbers"),
        ("kind = 'box'\nbox_mm = [[0, 0, nan], [1, 1, 1]]", "“box_mm” must be two corners of numbers"),
        ("kind = 'box'\nbox_mm = [[0, 0, 2], [1, 1, 1]]", "“box_mm” must have its lowest corner first"),
        ("kind = 'envelope'\nbox_mm = [[0, 0, 0], [1, 1, 1]]\ntolerance_mm = 1", "“tolerance_mm” is not known"),
    ],
)
def test_a_wrong_contract_fails_and_says_where(terms, said):
    state, detail = judge(f"[contracts.x]\n{terms}\n")
    assert state == "failed" and said in detail and detail.startswith("The contract “x” cannot be used: ")


PATTERN = (
    "[contracts.m3]\nkind = 'holes'\nholes = [{at = [10, 0, 0], diameter = 3.2}, "
    "{at = [0, 5, 2], diameter = 5, axis = 'x', tolerance = 0.05}]\n"
)
ACROSS = {"shape": "lid", "ends": [[9, 5, 2], [-9, 5, 2]], "diameter": 5.0}


def upright(x=10.0, y=0.0, diameter=3.2, low=-6.0, high=0.0):
    return {"shape": "lid", "ends": [[x, y, low], [x, y, high]], "diameter": diameter}


@pytest.mark.parametrize(
    ("hole", "said"),
    [
        (upright(x=10.6), "has the hole ⌀ 3.2 mm at (10, 0, 0) 0.6 mm off its place"),
        (upright(y=-20), "has no hole ⌀ 3.2 mm at (10, 0, 0): the nearest is 20 mm away"),
        (upright(diameter=3.5), "has 3.5 mm for the hole ⌀ 3.2 mm at (10, 0, 0)"),
        (upright(low=-6, high=-1), "has the hole ⌀ 3.2 mm at (10, 0, 0) 1 mm off its place"),
        (ACROSS, "has no hole along z for ⌀ 3.2 mm at (10, 0, 0)"),
        (None, "has too many faces or holes to look for these"),
    ],
)
def test_holes_are_where_and_as_wide_as_promised(hole, said):
    fits = lid()._replace(holes=[upright(x=10.15, diameter=3.1), upright(y=40), ACROSS])
    assert one(PATTERN, fits)[0] == "passed"
    state, detail = one(PATTERN, lid()._replace(holes=[hole, ACROSS] if hole else None))
    assert state == "failed" and said in detail


@pytest.mark.parametrize(
    "holes", ["3", "[]", "[{}]", "[{at = [1, 2], diameter = 3}]", "[{at = [1, 2, 3], diameter = 3, axis = 'w'}]"]
)
def test_a_wrong_pattern_says_so(holes):
    state, detail = judge(f"[contracts.x]\nkind = 'holes'\nholes = {holes}\n")
    assert state == "failed" and "cannot be used: “holes” must" in detail


@pytest.mark.parametrize(
    "hostile",
    [
        *(3, [3], [{}], [upright(diameter=0)], [upright(diameter=float("nan"))], [upright()] * 501),
        *([upright() | {"ends": [[1, 2], [3, 4]]}], [upright() | {"shape": 3}]),
    ],
)
def test_holes_from_the_jail_are_not_believed(hostile):
    with pytest.raises(Invalid):
        check(hostile)
    assert check(None) is None and check([upright() | {"more": 1}]) == [upright()]


def judge(manifest):
    (check,) = judge_demands(read_demands(manifest), read_demands(""), [lid()], [lid()])
    return check.state, check.detail


@given(COORDINATES, COORDINATES, COORDINATES, COORDINATES)
def test_a_part_fits_its_room_exactly_when_no_side_sticks_out(a, b, c, d):
    own = [[min(pair) for pair in zip(a, b, strict=True)], [max(pair) for pair in zip(a, b, strict=True)]]
    room = [[min(pair) for pair in zip(c, d, strict=True)], [max(pair) for pair in zip(c, d, strict=True)]]
    inside = all(
        r[0] <= o[0] and o[1] <= r[1] for o, r in zip(zip(*own, strict=True), zip(*room, strict=True), strict=True)
    )
    total = {"bbox_mm": own}
    assert bool(contract_misses({"kind": "envelope", "box_mm": room}, total, None)) == (not inside)
    assert bool(contract_misses({"kind": "envelope", "reach_mm": own}, {"bbox_mm": room}, None)) == (not inside)
    assert not contract_misses({"kind": "box", "box_mm": own, "tolerance_mm": 0.1}, total, None)


def drawn(manifest, after):
    demands = read_demands(manifest)
    return judge_demands(demands, demands, [after], [])[0].misfits


def test_a_side_that_is_missed_is_drawn_as_the_room_between_both():
    (out,) = drawn(ROOM, lid(high=(232, 150, 12)))
    assert (out.figure.kind, out.figure.name, out.by_mm, out.part) == ("side", "+x", 2, "lid.py")
    assert out.figure.between == [[230, 0, 0], [232, 150, 12]] and out.figure.line == ([230, 75, 6], [232, 75, 6])
    (short,) = drawn(ROOM.replace("box_mm", "reach_mm"), lid((1.5, 0, 0)))
    assert short.figure.name == "−x" and short.figure.between == [[0, 0, 0], [1.5, 150, 12]]


@given(st.floats(-2, 2), st.floats(-2, 2))
def test_a_hole_beside_its_place_is_drawn_beside_it(x, y):
    there = [upright(10 + x, y), ACROSS]
    for misfit in drawn(PATTERN, lid()._replace(holes=there)):
        promised, found = misfit.figure.promised, misfit.figure.found
        assert (misfit.figure.kind, misfit.figure.name) == ("round", "1")
        assert promised.ends == ((10, 0, -6), (10, 0, 0)) and list(found.ends) == there[0]["ends"]
        assert misfit.by_mm == pytest.approx(math.hypot(x, y)) == math.dist(*misfit.figure.line)


def test_a_hole_that_is_not_there_is_drawn_where_it_is_promised_alone():
    gone, _ = drawn(PATTERN, lid()._replace(holes=[upright(y=-40)]))
    assert (
        gone.figure.found is None
        and gone.figure.line is None
        and gone.figure.promised.ends == ((10, 0, -1.6), (10, 0, 1.6))
    )
    assert drawn(PATTERN, lid()) == (), "nobody looked"
