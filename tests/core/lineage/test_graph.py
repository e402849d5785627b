"""The graph of a family: everybody is drawn or folded, once, no two names share a place, and all is within."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.family import Node, tree
from opendesign.core.lineage.graph import DRAWN, GROUPS, NEAR, ROW, SPAN, THICK, THIN, Flow, Sibling, graph

START = datetime(2026, 1, 1, tzinfo=UTC)


def sibling(key: int, parent: int | None = 1, depth: int = 1, moved: int = 9, active: bool = True) -> Sibling:
    return Sibling(key, parent, depth, START, START + timedelta(days=moved), active)


@st.composite
def families(draw):
    """Siblings in the order of their tree, and flows between them."""
    size = draw(st.sampled_from([1, 2, 5, 39, 41, 90]))
    parents = [None, *(draw(st.integers(0, number)) for number in range(size - 1))]
    days = st.integers(0, 900).map(lambda number: START + timedelta(days=number))
    nodes = tree(Node(key, "x", f"{key:03}", parent) for key, parent in enumerate(parents))
    found = [Sibling(node.id, node.parent, depth, draw(days), draw(days), draw(st.booleans())) for depth, node in nodes]
    keys = st.integers(0, size - 1)
    return found, draw(st.lists(st.builds(Flow, keys, keys, days, st.integers(1, 50)), max_size=30))


@given(families())
def test_everybody_is_drawn_or_folded_once_and_nothing_covers_a_name(family):
    siblings, flows = family
    drawn = graph(siblings, flows, 0)
    shown = [lane.key for lane in drawn.lanes if lane.key is not None]
    told = [*shown, *(key for lane in drawn.lanes for key in lane.folded)]
    assert sorted(told) == sorted(each.key for each in siblings)
    assert 0 in shown and len(shown) <= DRAWN and len(drawn.lanes) <= DRAWN + GROUPS
    assert [lane.y for lane in drawn.lanes] == [ROW / 2 + ROW * number for number in range(len(drawn.lanes))]
    assert all(0 <= lane.start <= lane.moved <= SPAN for lane in drawn.lanes)
    assert all(THIN < each.thickness <= THICK and each.begin[0] >= 0 for each in drawn.ribbons)
    assert drawn == graph(siblings, flows, 0)


@given(families())
def test_every_flow_between_lanes_is_a_point_and_part_of_a_ribbon(family):
    siblings, flows = family
    drawn = graph(siblings, flows, 0)
    lanes = {lane.key for lane in drawn.lanes}
    shown = [each for each in flows if each.source in lanes and each.target in lanes]
    for told in (drawn.points, drawn.ribbons):
        assert sorted(map(repr, (flow for each in told for flow in each.flows))) == sorted(map(repr, shown))
    beside = [(one.x, other.x) for one, other in zip(drawn.points, drawn.points[1:], strict=False) if one.y == other.y]
    assert all(right - left >= NEAR for left, right in beside)


def test_of_five_hundred_who_gave_took_or_changed_something_is_drawn():
    quiet = [sibling(key, active=False) for key in range(10, 500)]
    family = [sibling(1, None, 0), sibling(2), sibling(3, active=False), *quiet]
    drawn = graph(family, [Flow(3, 1, START + timedelta(days=3), 2)], 10)
    assert [lane.key for lane in drawn.lanes] == [1, None, 2, 3, 10]
    assert len(drawn.lanes[1].folded) == 489 and drawn.lanes[1].depth == 1


def test_whoever_gave_most_is_drawn_when_all_have_changed_something():
    family = [sibling(1, None, 0), *(sibling(key, moved=key) for key in range(2, 200))]
    drawn = graph(family, [Flow(7, 8, START, 3)], 1)
    keys = [lane.key for lane in drawn.lanes if lane.key]
    assert len(keys) == DRAWN and {1, 7, 8, 199, 198} <= set(keys) and 9 not in keys


def test_more_is_thicker():
    family = [sibling(1, None, 0), sibling(2), sibling(3)]
    day = START + timedelta(days=2)
    flows = [Flow(2, 1, day, 8), Flow(3, 1, day, 1), Flow(2, 1, START, 1)]
    thick, thin = graph(family, flows, 1).ribbons
    assert (thick.source, thin.source) == (2, 3) and thick.thickness == THICK > thin.thickness
    assert [len(each.flows) for each in (thick, thin)] == [2, 1]
    assert graph(family, flows[1:], 1).ribbons[0].thickness < THICK, "one change is not much"


def test_nothing_leaves_a_design_before_it_began():
    late = replace(sibling(2), begun=START + timedelta(days=8))
    drawn = graph([sibling(1, None, 0), late], [Flow(2, 1, START + timedelta(days=8))], 1)
    assert drawn.ribbons[0].begin[0] == drawn.lanes[1].start


def test_a_family_of_nobody_is_nothing():
    assert graph([], [], 1).lanes == []
