"""What a goal may ask for, and who is first."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.challenge import (
    DIRECTIONS,
    MEASURES,
    Standing,
    check_goal,
    cost_of,
    rank,
    stage,
    to_digits,
    value_of,
)
from opendesign.core.errors import Invalid

DAY = datetime(2026, 3, 1, tzinfo=UTC)
LEAF = {"volume_mm3": 2000.0, "area_mm2": 500.0, "level_mm2": 100.0, "bbox_mm": [[0, 0, 0], [40.0, 20.0, 4.0]]}
BILL = "part,quantity,unit_cost,currency\nScrew,4,0.50,EUR\nRod,1,1.20,EUR\nGlue,1,,\n"
standings = st.lists(
    st.builds(
        Standing,
        st.integers(1, 99),
        st.booleans(),
        st.none() | st.sampled_from([1.0, 2.0, 3.5]),
        st.integers(0, 3).map(lambda day: DAY + timedelta(days=day)),
    ),
    unique_by=lambda each: each.key,
)


@given(standings, st.sampled_from(DIRECTIONS))
def test_whoever_passes_is_ranked_by_value_and_of_equals_the_earlier_is_first(entries, direction):
    ranked = rank(entries, direction)
    by_key = {each.key: each for each in entries}
    assert set(ranked) == {each.key for each in entries if each.passed and each.value is not None}
    for one, other in pairwise(ranked):
        first, second = by_key[one], by_key[other]
        better = first.value < second.value if direction == "least" else first.value > second.value
        assert better or (first.value == second.value and first.received_at <= second.received_at)
    assert rank(reversed(entries), direction) == ranked


@given(st.floats(1e-3, 1e9))
def test_a_hair_less_is_no_better(value):
    counted = to_digits(value)
    assert counted == pytest.approx(value, rel=1e-4) and to_digits(counted) == counted


def test_parts_add_up_and_a_shape_that_is_inside_out_has_no_value():
    assert value_of("volume", [(LEAF, ""), (LEAF, "")]) == 4000
    assert value_of("mass", [(LEAF, "PETG")]) == 2.54 and value_of("mass", [(LEAF, "unheard of")]) == 2.48
    assert [value_of(f"size_{axis}", [(LEAF, "")]) for axis in "xyz"] == [40, 20, 4]
    assert value_of("volume", [(LEAF | {"volume_mm3": -9000.0}, "")]) is None
    assert value_of("mass", [(LEAF, ""), (LEAF | {"volume_mm3": 0.0}, "")]) is None
    assert value_of("filament", [(LEAF | {"level_mm2": None}, "")]) is None


def test_a_bill_is_not_cheaper_for_prices_that_it_leaves_out():
    assert cost_of(BILL, BILL) == (3.2, "")
    assert cost_of(BILL.replace("1.20", "0.20"), BILL)[0] == 2.2
    assert "have no price" in cost_of(BILL.replace("1.20", ""), BILL)[1]
    assert "EUR alone" in cost_of(BILL.replace("1.20,EUR", "0.01,BRL"), BILL)[1]
    assert cost_of(None, BILL)[0] is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"measure": "beauty"}, "measure"),
        ({"direction": "some"}, "direction"),
        ({"measure": "cost"}, "part"),
        ({"measure": "size_x", "part": ""}, "part"),
        ({"deadline": DAY}, "deadline"),
        ({"deadline": DAY + timedelta(days=900)}, "deadline"),
    ],
)
def test_a_goal_that_cannot_be_ranked_is_refused(wrong, field):
    good = {"measure": "mass", "direction": "least", "part": "a.py", "opened_at": DAY, "deadline": DAY.replace(day=9)}
    for measure in MEASURES:
        check_goal(**{**good, "measure": measure})
    with pytest.raises(Invalid) as refusal:
        check_goal(**{**good, **wrong})
    assert refusal.value.errors[0]["name"] == field


def test_it_is_open_until_its_deadline_and_decided_when_all_is_judged_after_that():
    second = timedelta(seconds=1)
    assert [stage(DAY, waiting, DAY - second) for waiting in (True, False)] == ["open", "open"]
    assert [stage(DAY, waiting, DAY) for waiting in (True, False)] == ["judging", "decided"]
