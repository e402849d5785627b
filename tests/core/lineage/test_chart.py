"""Charts of two properties: who is equal is one dot, the front is marked and drawn as steps."""

from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.chart import Entry, chart
from opendesign.core.lineage.pareto import dominates


def test_the_front_is_marked_and_equal_forks_are_one_dot():
    light, cheap, dear = Entry(1, "ada/case", 10, 9), Entry(2, "bia/case", 20, 3), Entry(3, "caio/case", 30, 8)
    drawn = chart([light, cheap, dear, Entry(4, "davi/case", 10, 9)], 4)
    assert [(group.label, group.best) for group in drawn.groups] == [
        ("davi/case +1", True),
        ("bia/case", True),
        ("caio/case", False),
    ]
    left, right = drawn.dots[0], drawn.dots[1]
    assert drawn.line == f"M{left.x:g} {left.y:g}H{right.x:g}V{right.y:g}"
    assert all(dot.label for dot in drawn.dots)


def test_nobody_is_an_empty_chart():
    assert chart([], 1).dots == [] and chart([], 1).line == ""


ENTRIES = st.builds(Entry, st.integers(1, 50), st.just("x/y"), st.integers(0, 9), st.integers(0, 9))


@given(st.lists(ENTRIES, max_size=30))
def test_everybody_is_in_one_group_and_only_the_best_are_on_the_front(entries):
    drawn = chart(entries, 1)
    told = [entry for group in drawn.groups for entry in group.entries]
    assert sorted(map(repr, told)) == sorted(map(repr, entries))
    for group in drawn.groups:
        better = [each for each in entries if dominates((each.x, each.y), (group.first.x, group.first.y))]
        assert group.best == (not better)
