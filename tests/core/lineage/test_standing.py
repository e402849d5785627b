"""Ahead and behind: what a fork began with it has, and sets are counted as sets."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.standing import Member, Receipt, Standing

START = datetime(2026, 1, 1, tzinfo=UTC)
LONDON, BRAZIL, LISBON = 1, 2, 3


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def test_a_fork_has_what_its_parent_had_when_it_began():
    members = [Member(LONDON, None, day(0)), Member(BRAZIL, LONDON, day(2)), Member(LISBON, BRAZIL, day(4))]
    receipts = [
        Receipt(LONDON, "lid", day(1)),
        Receipt(LONDON, "vent", day(3)),
        Receipt(BRAZIL, "hinge", day(3)),
        Receipt(BRAZIL, "screw", day(5)),
    ]
    found = Standing(members, receipts)
    assert (found.ahead(BRAZIL, LONDON), found.ahead(LONDON, BRAZIL)) == (2, 1)
    assert (found.ahead(LISBON, LONDON), found.ahead(LONDON, LISBON)) == (1, 1)


def test_what_was_taken_over_is_no_difference():
    members = [Member(LONDON, None, day(0)), Member(BRAZIL, LONDON, day(0))]
    receipts = [Receipt(BRAZIL, "hinge", day(1)), Receipt(LONDON, "hinge", day(2))]
    found = Standing(members, receipts)
    assert (found.ahead(BRAZIL, LONDON), found.ahead(LONDON, BRAZIL)) == (0, 0)


def test_what_no_longer_lives_somewhere_is_lacking_there_and_nowhere_else():
    members = [Member(LONDON, None, day(0)), Member(BRAZIL, LONDON, day(2))]
    found = Standing(members, [Receipt(LONDON, "lid", day(1))], [(LONDON, "lid"), (BRAZIL, "never had")])
    assert (found.ahead(BRAZIL, LONDON), found.ahead(LONDON, BRAZIL)) == (1, 0)


def test_designs_whose_parents_are_a_cycle_or_gone_end():
    found = Standing([Member(1, 2, day(0)), Member(2, 1, day(0)), Member(3, 99, day(0))], [Receipt(3, "a", day(1))])
    assert (found.ahead(3, 1), found.ahead(1, 3), found.ahead(9, 3)) == (1, 0, 0)


@st.composite
def families(draw):
    """A family with receipts; each design is forked from an earlier one."""
    size = draw(st.integers(1, 8))
    members = [Member(0, None, day(0))]
    for number in range(1, size):
        parent = draw(st.integers(0, number - 1))
        began = members[parent].made_at + timedelta(days=draw(st.integers(0, 9)))
        members.append(Member(number, parent, began))
    receipt = st.builds(Receipt, st.integers(0, size - 1), st.sampled_from("abcdefgh"), st.integers(0, 40).map(day))
    return members, draw(st.lists(receipt, max_size=40))


@given(families())
def test_it_is_what_sets_say(family):
    members, receipts = family
    parents = {each.id: each for each in members}

    def has(design: int, until: datetime) -> set[str]:
        own = {each.improvement for each in receipts if each.design == design and each.at <= until}
        parent, began = parents[design].parent, parents[design].made_at
        return own | (has(parent, min(began, until)) if parent is not None else set())

    found = Standing(members, receipts)
    sets = {each.id: has(each.id, day(99)) for each in members}
    for one in sets:
        for other in sets:
            assert found.ahead(one, other) == len(sets[one] - sets[other])
