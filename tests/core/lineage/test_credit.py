"""Shares of a revision: exact, the same in any order, and nobody's for nothing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.credit import POOLS, WHOLE, Event, bare, pool_of, pool_weights, rounded, share, tokens

PEOPLE = st.frozensets(st.sampled_from(["ada", "bia", "caio", "davi", "eva"]), min_size=1)
EVENTS = st.lists(
    st.builds(
        Event,
        pool=st.sampled_from(list(POOLS)),
        kind=st.just("lines"),
        people=PEOPLE,
        weight=st.integers(0, 10**6),
        place=st.sampled_from(["a", "b"]),
    ),
    max_size=20,
)


def ppm(credit) -> dict[str, int]:
    return {each.who: each.ppm for each in credit.shares}


@given(EVENTS, st.randoms())
def test_shares_sum_to_the_whole_in_any_order(events, chance):
    found = share(events)
    mixed = list(events)
    chance.shuffle(mixed)
    assert share(mixed) == found
    counting = [each for each in events if each.weight]
    assert sum(each.ppm for each in found.shares) == (WHOLE if counting else 0)
    assert {each.who for each in found.shares} == {who for each in counting for who in each.people}
    assert all(abs(each.ppm - each.exact * WHOLE) < 1 for each in found.shares)
    assert sum(each.exact for each in found.shares) == (1 if counting else 0)


@given(EVENTS)
def test_every_share_follows_from_its_events(events):
    found = share(events)
    for each in found.shares:
        parts = [found.weights[e.pool] * Fraction(e.weight, found.totals[e.pool] * len(e.people)) for e in each.events]
        assert sum(parts) == each.exact and all(each.who in e.people for e in each.events)


@given(EVENTS)
def test_whoever_does_more_never_loses_by_it(events):
    more = [*events, Event("design", "lines", frozenset({"ada"}), 5)]
    if any(each.pool == "design" and each.weight for each in events):
        assert ppm(share(more)).get("ada", 0) >= ppm(share(events)).get("ada", 0) - 1


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=30))
def test_largest_remainder_is_within_one_and_equal_parts_go_by_name(weights):
    exact = {f"p{place:02}": Fraction(weight, sum(weights)) for place, weight in enumerate(weights)}
    found = rounded(exact)
    assert sum(found.values()) == WHOLE
    for who, other in zip(sorted(exact), sorted(exact)[1:], strict=False):
        if exact[who] == exact[other]:
            assert 0 <= found[who] - found[other] <= 1


def test_an_empty_pool_is_shared_by_the_others_in_proportion():
    assert pool_weights(["design", "docs"]) == {
        "design": Fraction(4, 5),
        "docs": Fraction(1, 5),
        "verification": 0,
        "care": 0,
    }
    found = share([Event("design", "lines", frozenset({"ada"}), 7), Event("docs", "lines", frozenset({"bia"}), 1)])
    assert ppm(found) == {"ada": 800_000, "bia": 200_000}
    assert pool_weights(POOLS) == POOLS


def test_three_share_equally_and_the_first_by_name_has_one_more():
    found = share([Event("design", "lines", frozenset({"eva", "ada", "bia"}), 7)])
    assert ppm(found) == {"ada": 333_334, "bia": 333_333, "eva": 333_333}
    assert share([]).shares == ()


@pytest.mark.parametrize(
    ("path", "pool"),
    [("box.py", "design"), ("README.md", "docs"), ("docs/a.csv", "docs"), ("bom.csv", "design"), ("x.RST", "docs")],
)
def test_what_is_read_is_docs(path, pool):
    assert pool_of(path) == pool


def test_a_line_counts_twelve_tokens_at_most_and_remarks_none():
    assert tokens("x = 1") == 3 and tokens("a + " * 40) == 12
    assert bare("box.py", "  a  = b # c ") == "a=b#c" and bare("box.py", " # c") == bare("box.py", "  ") == ""
    assert bare("README.md", "# Box") == "#Box"
