"""The Pareto front: nobody dominates who stands on it, and who does not is dominated by one that does."""

from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.pareto import dominates, front

NUMBERS = st.integers(0, 30).map(float)


def test_light_or_cheap_is_on_it_and_heavy_and_dear_is_not():
    light, cheap, both, dear = (10.0, 9.0), (30.0, 2.0), (15.0, 4.0), (31.0, 4.0)
    assert front([dear, cheap, both, light]) == [3, 2, 1]
    assert front([]) == []


def test_equal_points_are_both_on_it():
    assert front([(1.0, 1.0), (1.0, 1.0), (1.0, 2.0)]) == [0, 1]


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=40))
def test_none_dominates_a_point_of_the_front_and_one_of_it_dominates_each_other(points):
    found = front(points)
    assert len(set(found)) == len(found)
    for number, point in enumerate(points):
        better = [each for each in range(len(points)) if dominates(points[each], point)]
        assert (not better) == (number in found)
        assert not better or set(better) & set(found)
