"""Flow, cooperation, latency and debt of two designs, and what no improvement can do to them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.complementarity import alone, complementarity
from opendesign.core.lineage.debt import debt
from opendesign.core.lineage.divergence import code
from opendesign.core.lineage.factor import bus_factor
from opendesign.core.lineage.flow import Born, Living, cooperation, flow, offered, young
from opendesign.core.lineage.latency import latency
from opendesign.core.lineage.pair import WORDS, is_churn, word

NOW = datetime(2026, 11, 27, tzinfo=UTC)
LONDON, BRAZIL = 1, 2


def born(sha, days_ago, value=3.0, design=LONDON, paths=("lid.py",)):
    return Born(sha, design, NOW - timedelta(days=days_ago), value, f"Change {sha}", paths)


def since(days_ago, share=1.0):
    return Living(share, NOW - timedelta(days=days_ago))


SHAS = [f"{number:02}" for number in range(8)]
IMPROVEMENTS = st.lists(
    st.builds(born, st.sampled_from(SHAS), st.integers(0, 500), st.floats(0.1, 5)), unique_by=lambda each: each.sha
)
LIVES = st.dictionaries(
    st.sampled_from(SHAS), st.builds(since, st.integers(0, 500), st.floats(0.6, 1)) | st.just(Living())
)


def coop(one, other, lives_there, lives_back, one_team=False):
    return cooperation(
        flow(one, lives_there, NOW),
        flow(other, lives_back, NOW),
        offered(one, lives_there, NOW),
        offered(other, lives_back, NOW),
        one_team,
    )


@given(IMPROVEMENTS, IMPROVEMENTS, LIVES, LIVES)
def test_cooperation_is_mutual_and_between_nothing_and_all(one, other, there, back):
    found = coop(one, other, there, back)
    assert 0 <= found.value <= 1
    assert found.value == coop(other, one, back, there).value
    assert coop(one, other, there, back, one_team=True).value == 0


@given(IMPROVEMENTS, LIVES, st.randoms())
def test_order_does_not_matter(improvements, lives, random):
    turned = random.sample(improvements, len(improvements))
    for number in (flow, young, offered):
        assert number(improvements, lives, NOW) == number(turned, lives, NOW)
    assert latency(improvements, lives, NOW) == latency(turned, lives, NOW)
    assert debt(improvements, lives, ["lid.py"], {}, NOW) == debt(turned, lives, ["lid.py"], {}, NOW)


@given(IMPROVEMENTS, LIVES)
def test_what_flows_was_offered_and_each_number_is_the_sum_of_its_events(improvements, lives):
    found, whole = flow(improvements, lives, NOW), offered(improvements, lives, NOW)
    assert found.value + young(improvements, lives, NOW).value <= whole.value + 1e-5
    for number in (found, whole):
        assert number.value == pytest.approx(sum(each.value for each in number.events), abs=1e-5)


@given(IMPROVEMENTS, LIVES)
def test_taking_one_more_gives_more_flow_and_less_debt(improvements, lives):
    for each in improvements:
        more = {**lives, each.sha: since(31)} if each.sha not in lives else lives
        assert flow(improvements, more, NOW).value >= flow(improvements, lives, NOW).value
        owed = [debt(improvements, have, ["lid.py"], {}, NOW).number.value for have in (more, lives)]
        assert owed[0] <= owed[1]


def test_nothing_that_could_flow_is_no_cooperation():
    assert coop([], [], {}, {}).value == 0


def test_all_that_flows_both_ways_is_the_most_and_one_way_is_half():
    one, other = [born("a", 60)], [born("b", 60, design=BRAZIL)]
    assert coop(one, other, {"a": since(40)}, {"b": since(40)}).value == 1
    assert coop(one, [], {"a": since(40)}, {}).value == 0.5


@pytest.mark.parametrize(
    ("age", "taken", "flowing", "fresh", "offers"),
    [(60, 40, 3, 0, 3), (60, 30, 3, 0, 3), (60, 29, 0, 3, 3), (366, 40, 0, 0, 0)],
)
def test_a_year_and_thirty_days_are_the_borders(age, taken, flowing, fresh, offers):
    improvements, lives = [born("a", age)], {"a": since(taken)}
    found = [each(improvements, lives, NOW).value for each in (flow, young, offered)]
    assert found == [flowing, fresh, offers]


def test_what_a_fork_began_with_is_neither_offered_nor_taken():
    improvements, lives = [born("a", 60)], {"a": Living()}
    assert [each(improvements, lives, NOW).value for each in (flow, young, offered)] == [0, 0, 0]
    assert latency(improvements, lives, NOW).left.value is None


def test_a_part_of_an_improvement_counts_as_a_part():
    assert flow([born("a", 60)], {"a": since(40, 0.8)}, NOW).value == pytest.approx(2.4)


def test_latency_is_told_in_days_and_says_what_was_left():
    improvements = [born(sha, 200) for sha in "abcd"]
    lives = {"a": since(190), "b": since(180), "c": since(100)}
    found = latency(improvements, lives, NOW)
    assert (found.median.value, found.slow.value) == (20, 100)
    assert found.left.value == 0.5, "c came after 100 days, d never"
    assert {each.sha for each in found.left.events} == {"c", "d"}
    assert latency([born("a", 10)], {}, NOW).median.value is None


def test_debt_grows_with_age_and_is_owed_for_parts_that_are_there():
    improvements = [born("a", 365), born("b", 73), born("c", 365, paths=("base.py",)), born("d", 365)]
    found = debt(improvements, {"d": since(3)}, {"lid.py"}, {"a": True, "b": False}, NOW)
    assert found.number.value == pytest.approx(3 + 3 / 5)
    assert (found.count, found.clean, found.oldest) == (2, 1, improvements[0].at)
    assert debt(improvements, {}, {"lid.py"}, {"a": True}, NOW).clean is None, "not all were tried"


@given(IMPROVEMENTS, LIVES, LIVES)
def test_code_is_apart_as_much_either_way(improvements, one, other):
    known = {each.sha: each for each in improvements}
    found = code(known, one, other)
    assert found.value == code(known, other, one).value and 0 <= found.value <= 1
    assert code(known, one, one).value == 0


def test_code_is_apart_by_the_value_of_what_only_one_has():
    known = {each.sha: each for each in (born("a", 9, 2.0), born("b", 9, 3.0), born("c", 9, 5.0))}
    found = code(known, {"a": Living(), "b": Living()}, {"a": Living(), "c": since(3, 0.6)})
    assert found.value == pytest.approx(1 - 2 / (2 + 3 + 5 * 0.6))
    assert [each.sha for each in found.events] == ["b", "c"]


def test_complementarity_needs_a_trial_and_every_rebuild():
    known = {each.sha: each for each in (born("a", 9, 2.0), born("b", 9, 3.0), born("c", 9, 5.0))}
    single = alone(known, {"a": Living(), "b": Living()}, {"b": Living(), "c": Living()})
    assert [each.sha for each in single] == ["a", "c"]
    assert complementarity(single, None).value is None
    assert complementarity(single, {"a": True, "c": None}).value is None
    assert complementarity(single, {"a": True, "c": False}).value == pytest.approx(2 / 7)
    assert complementarity([], {}).value == 0


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 10**6)))
def test_the_bus_factor_is_the_fewest_who_hold_more_than_half(shares):
    held = sorted(shares.values(), reverse=True)
    count = int(bus_factor(shares).value)
    assert 2 * sum(held[:count]) > sum(held) or sum(held) == 0 == count
    assert count == 0 or 2 * sum(held[: count - 1]) <= sum(held)


@pytest.mark.parametrize(
    ("cooperates", "competes", "named"),
    [(0, 0, "apart"), (0.1, 0.24, "allies"), (0.09, 0.25, "rivals"), (1, 1, "coopetitors"), (0.5, None, "")],
)
def test_a_pair_has_a_word(cooperates, competes, named):
    assert word(cooperates, competes) == named and named in ("", *WORDS)


def test_churn_is_text_that_moved_while_the_thing_did_not():
    assert is_churn(0.6, 0.0005) and not is_churn(0.5, 0.0) and not is_churn(0.9, 0.01)
    assert not is_churn(0.9, None)
