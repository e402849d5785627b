"""Plots: everything lies within the drawing, the ticks are round and hold all values, gaps stay gaps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.plot import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, plot, ticks

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)


@given(st.lists(st.none() | NUMBERS, max_size=60))
def test_everything_lies_within_the_drawing(values):
    drawn = plot(values)
    assert [mark.number for mark in drawn.marks] == [n for n, value in enumerate(values) if value is not None]
    for mark in drawn.marks:
        assert LEFT <= mark.x <= WIDTH - RIGHT and TOP - 0.01 <= mark.y <= HEIGHT - BOTTOM + 0.01
    for y, _value in drawn.ticks:
        assert TOP - 0.01 <= y <= HEIGHT - BOTTOM + 0.01


@given(NUMBERS, NUMBERS)
def test_ticks_hold_the_values_between_them(a, b):
    low, high = sorted((a, b))
    found = ticks(low, high)
    slack = 1e-6 * max(1.0, abs(low), abs(high))
    assert 2 <= len(found) <= 8 and found[0] <= low + slack and found[-1] >= high - slack
    assert found == sorted(found)


def test_ticks_are_round():
    assert ticks(0, 100) == [0, 25, 50, 75, 100]
    assert ticks(787.4, 1180) == [700, 800, 900, 1000, 1100, 1200]


def test_higher_values_lie_higher_and_gaps_stay_gaps():
    drawn = plot([1.0, 3.0, None, 2.0])
    ys = [mark.y for mark in drawn.marks]
    assert ys[1] < ys[2] < ys[0]
    assert drawn.path.count("M") == 2 and drawn.path.count("V") == 1


@pytest.mark.parametrize("values", [[], [None, None]])
def test_nothing_known_draws_nothing(values):
    assert plot(values).marks == [] and plot(values).path == ""
