"""The tree of forks and the origin of commits."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.family import Node, road, taken, tree

T0 = datetime(2025, 1, 1, tzinfo=UTC)


def at(hours: int) -> datetime:
    return T0 + timedelta(hours=hours)


def test_forks_stand_below_their_parents_in_order():
    nodes = [
        *(Node(4, "zoe", "case", 1), Node(3, "bia", "case", 2), Node(1, "ada", "case"), Node(2, "bia", "a", 1)),
        Node(9, "new", "case", 77),
    ]
    assert [(depth, node.id) for depth, node in tree(nodes)] == [(0, 1), (1, 2), (2, 3), (1, 4), (0, 9)]


@given(st.dictionaries(st.integers(0, 12), st.none() | st.integers(0, 15), max_size=12))
def test_every_design_is_listed_once_whatever_the_parents_say(parents):
    nodes = [Node(id, "o", str(id), parent) for id, parent in parents.items()]
    listed = tree(nodes)
    assert sorted(node.id for _, node in listed) == sorted(parents)
    depths = {node.id: depth for depth, node in listed}
    for depth, node in listed:
        assert depth == 0 or depths[node.parent] == depth - 1


def test_a_long_chain_and_a_long_cycle_are_listed():
    chain = [Node(n, "o", f"{n:05}", n - 1 if n else None) for n in range(5000)]
    assert tree(chain)[-1] == (4999, chain[-1])
    cycle = [Node(n, "o", f"{n:05}", (n - 1) % 5000) for n in range(5000)]
    assert [depth for depth, _ in tree(cycle)] == list(range(5000))


def test_a_commit_belongs_to_whoever_received_it_first():
    seen = {
        "a": [(2, at(1)), (1, at(5))],
        "b": [(3, at(3)), (2, at(2)), (1, at(5))],
        "c": [(1, at(5))],
        "e": [(3, at(1)), (2, at(1))],
    }
    assert taken(["b", "a", "c", "d", "e", "a"], seen, target=1) == {2: ["b", "a", "e"]}
    assert taken([], seen) == {} and taken(["c"], seen) == {1: ["c"]}


def test_a_relay_credits_the_origin():
    seen = {"a": [(1, at(1)), (2, at(2)), (3, at(3))]}
    assert taken(["a"], seen, target=3) == {1: ["a"]}


def test_the_road_is_who_had_all_of_it_where_the_source_had_not():
    moment = at(0)
    seen = {"a": [(1, moment), (2, moment)], "b": [(2, moment)], "own": []}
    assert road(seen, 1) == 2 and road(seen, 2) is None
    assert road({"a": [(1, moment)], "b": [(2, moment)]}, 1) is None and road({}, 1) is None
