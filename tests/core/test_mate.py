"""Tagged faces stay where they are promised: where the manifest says, or where the design one comes from has them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.checks import Outcome
from opendesign.core.demand import judge_demands, read_demands
from opendesign.core.errors import Invalid
from opendesign.core.tag import check

SEAT = "[contracts.seat]\npart = 'base.py'\nkind = 'mates'\nmates = [{tag = 'seat', tolerance = 0.1}]\n"
PLACED = SEAT.replace("tag = 'seat'", "tag = 'seat', at = [0, 0, 12], normal = 'z'")
LENGTHS = st.floats(-50, 50).map(lambda value: round(value, 3))


def seat(z=12.0, x=0.0, normal=(0, 0, 1), tag="seat", rise=0.0):
    """A flat face of 40 × 20 mm, tilted so that its right side is higher by `rise`."""
    corners = [[x - 20, -10, z], [x + 20, -10, z + rise], [x + 20, 10, z + rise], [x - 20, 10, z]]
    return {"tag": tag, "shape": "base", "corners": corners, "normal": list(normal)}


def pin(x=5.0, diameter=4.0, hollow=False):
    return {"tag": "seat", "shape": "base", "ends": [[x, 0, 0], [x, 0, 8]], "diameter": diameter, "hollow": hollow}


def base(*tags, state="made", path="base.py", key="aa"):
    total = {"bbox_mm": [[-20, -10, 0], [20, 10, 12]], "volume_mm3": 1.0, "solids": 1, "valid": True}
    return Outcome(path, state, total if state == "made" else None, key=key, tags=tags)


def one(manifest, after, *before, origin=None):
    demands = read_demands(manifest)
    (found,) = judge_demands(demands, demands, [after], list(before), origin)
    return found


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (seat(), seat(12.3), "has the face “seat” 0.3 mm off its place"),
        (seat(), seat(rise=0.5), "has the face “seat” 0.5 mm off its place"),
        (seat(), seat(x=25), "has the face “seat” 5 mm off its place"),
        (seat(), seat(normal=(0, 0, -1)), "has not the face “seat” where it is promised"),
        (seat(), seat(tag="other"), "has not the face “seat” where it is promised"),
        (pin(), pin(5.4), "has the round face “seat” 0.4 mm off its place"),
        (pin(), pin(diameter=4.5), "has 4.5 mm for the round face “seat” of 4 mm"),
        (pin(), pin(hollow=True), "has not the round face “seat” where it is promised"),
        (seat(tag="other"), seat(tag="other"), "has no flat or round face tagged “seat”"),
    ],
)
def test_a_face_stays_where_the_design_one_comes_from_has_it(was, now, said):
    found = one(SEAT, base(now), origin=[base(was)])
    assert found.state == "failed" and found.detail == f"The contract “seat” fails: base.py {said}."
    assert one(SEAT, base(was), origin=[base(was)]).state == ("passed" if was["tag"] == "seat" else "failed")


def test_a_face_is_promised_where_the_manifest_says_whatever_it_was_before():
    assert one(PLACED, base(seat(12.09)), origin=[base(seat(0))]).state == "passed"
    assert "0.2 mm off its place" in one(PLACED, base(seat(11.8))).detail
    assert one(PLACED, base(seat(11.8)), base(seat(11.7))).state == "passed", "it was worse before"
    round_one = PLACED.replace("normal = 'z'", "diameter = 4")
    assert one(round_one.replace("at = [0, 0, 12]", "at = [5, 0, 2]"), base(pin())).state == "passed"


def test_what_one_compares_with_has_to_be_built_and_is_no_promise_where_it_is_not_there():
    assert one(SEAT, base(seat()), origin=[base(state="making")]).state == "waiting"
    assert one(SEAT, base(seat()), origin=[base(state="failed")]).state == "passed"
    assert one(SEAT, base(seat()), origin=[base(seat(0), path="other.py")]).state == "passed"
    assert one(SEAT, base(seat(13)), base(seat())).state == "failed", "a merge is compared with its target"
    assert one(PLACED, base(seat()), origin=[base(state="making")]).state == "passed"


@pytest.mark.parametrize(
    ("mates", "said"),
    [
        ("3", "“mates” must be a list of up to 100"),
        ("[{}]", "“mates” must name the tag of a face"),
        ("[{tag = 'a', colour = 3}]", "“mates” must hold tables of"),
        ("[{tag = 'a', normal = 'z'}]", "“mates” must say where the face is too"),
        ("[{tag = 'a', at = [0, 0]}]", "“mates” must say where each face is"),
        ("[{tag = 'a', at = [0, 0, 0]}]", "“mates” must give a flat face a normal"),
        ("[{tag = 'a', at = [0, 0, 0], normal = [0, 0, 0]}]", "“mates” must give a direction"),
        ("[{tag = 'a', tolerance = 0}]", "“mates” must be a number over 0"),
        ("[{tag = 'a'}, {tag = 'a'}]", "“mates” must name a tag once where it says no place"),
    ],
)
def test_wrong_mates_say_so(mates, said):
    demands = read_demands(f"[contracts.x]\nkind = 'mates'\nmates = {mates}\n")
    (found,) = judge_demands(demands, read_demands(""), [base()], [])
    assert found.state == "failed" and said in found.detail


def test_of_one_tag_at_most_20_faces_are_told_apart():
    few, many = base(*[seat()] * 20), base(*[seat()] * 21)
    for manifest in (SEAT, PLACED):
        assert one(manifest, few, origin=[few]).state == "passed"
        found = one(manifest, many, few, origin=[few])
        assert found.state == "failed" and "21 faces tagged “seat”, which cannot be told apart" in found.detail
        assert one(manifest, many, many, origin=[many]).excused
    assert one(SEAT, few, few, origin=[many]).excused, "it was promised so"


@pytest.mark.parametrize(
    "hostile",
    [
        *(3, [3], [{}], [seat()] * 201, [seat() | {"tag": 3}], [seat(normal=(0, 0, 2))], [pin(diameter=0)]),
        *([seat() | {"corners": [[0, 0, 0]]}], [pin(float("nan"))], [pin() | {"ends": 3}]),
    ],
)
def test_tags_from_the_jail_are_not_believed(hostile):
    with pytest.raises(Invalid):
        check(hostile)
    assert check(None) == [] and check([seat() | {"more": 1}, pin()]) == [seat(), pin()]


@given(LENGTHS, LENGTHS)
def test_a_misfit_is_as_long_as_the_line_that_measures_it(off, aside):
    found = one(SEAT.replace("0.1", "0.000001"), base(seat(12 + off, aside)), origin=[base(seat())])
    by = max(abs(off), abs(aside) - 20)
    assert (found.state == "failed") == (by > 0.0001)
    for misfit in found.misfits:
        assert misfit.by_mm == pytest.approx(by) and math.dist(*misfit.figure.line) == pytest.approx(
            by if abs(off) >= abs(aside) - 20 else math.hypot(off, abs(aside) - 20)
        )
        assert (misfit.part, misfit.build, misfit.figure.name) == ("base.py", "aa", "seat")
