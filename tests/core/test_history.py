"""Which revision did this: the search finds a passing with few builds, whatever fails on the way."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.core.history import Step, known_property, search, value_of

VALUES = st.none() | st.integers(0, 20).map(float)  # None: that revision does not build


def follow(values, limit=None):
    """Builds what the search asks for until it is sure; returns its verdict and how many builds it took."""
    known: set[int] = set()
    while True:
        steps = [Step(value, value is None) if n in known else Step() for n, value in enumerate(values)]
        verdict = search(steps, limit)
        if not verdict.unknown:
            return verdict, len(known)
        assert not known & set(verdict.unknown)
        known |= set(verdict.unknown)


@given(st.lists(VALUES, max_size=40), st.none() | st.integers(0, 20))
def test_what_is_found_passes_the_limit_and_what_was_before_does_not(values, limit):
    verdict, _ = follow(values, limit)
    if verdict.found is None:
        assert not verdict.crossed
        return
    there = [n for n, value in enumerate(values) if value is not None]
    edge = (values[there[0]] + values[there[-1]]) / 2 if limit is None else limit
    before = min([verdict.found, *verdict.skipped]) - 1
    assert (values[before] > edge) != (values[verdict.found] > edge)
    assert all(values[number] is None for number in verdict.skipped)


@given(st.integers(2, 300), st.data())
def test_few_builds_are_needed(count, data):
    turn = data.draw(st.integers(1, count - 1))
    verdict, builds = follow([1.0] * turn + [2.0] * (count - turn))
    assert verdict.found == turn and verdict.skipped == []
    assert builds <= 2 + math.ceil(math.log2(count))


def test_what_does_not_build_is_said():
    verdict, _ = follow([1.0, None, None, 5.0, 5.0])
    assert verdict.found == 3 and verdict.skipped == [1, 2]


@pytest.mark.parametrize("values", [[], [1.0], [None, 2.0], [3.0, 9.0, 3.0], [None, None]])
def test_nothing_to_find(values):
    verdict, _ = follow(values)
    assert verdict.found is None and not verdict.crossed


def test_properties_of_a_build():
    total = {"volume_mm3": 2000.0, "area_mm2": 70.0, "bbox_mm": [[0, -1, 2], [10, 4, 3]]}
    found = {name: value_of(name, total, 0.5, 1.25) for name in ("volume", "mass", "area", "x", "y", "z", "seconds")}
    assert found == {"volume": 2000.0, "mass": 2.5, "area": 70.0, "x": 10, "y": 5, "z": 1, "seconds": 0.5}
    assert value_of("x", {}, None, 1) is None is value_of("mass", None, None, 1)
    assert known_property("volume") == "mm³"
    with pytest.raises(Invalid):
        known_property("beauty")
