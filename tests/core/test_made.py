"""What people say they made: what may be said, whose word counts, how far off a part came out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.access import Actor, Ground, may_vouch, may_withdraw, need_vouch
from opendesign.core.errors import Forbidden, Invalid, NotFound
from opendesign.core.lineage.factor import Built, build_factor
from opendesign.core.made import Account, Word, compare_readings, counting, number, standing, teams

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PEOPLE = st.integers(1, 8)
CONTROLS = st.lists(st.frozensets(PEOPLE, min_size=1, max_size=4), max_size=6)
SAID = st.lists(
    st.builds(
        Word,
        st.none() | PEOPLE,
        st.sampled_from(["confirmed", "doubted"]),
        st.integers(-9, 9).map(lambda days: NOW + timedelta(days=days)),
    )
)
LENGTHS = st.floats(0.01, 9_999)
BUILT = st.builds(
    Built,
    st.just("lid.py"),
    PEOPLE,
    st.integers(1, 3),
    st.integers(1, 50),
    st.just("a" * 40),
    st.integers(0, 800).map(lambda days: NOW - timedelta(days=days)),
)


@given(st.none() | PEOPLE, SAID, st.frozensets(PEOPLE))
def test_no_word_of_the_maker_of_their_team_or_of_before_the_last_change_counts(maker, words, mates):
    found = counting(maker, NOW, words, mates)
    assert all(each.person not in {None, maker, *mates} and each.at >= NOW for each in found)
    rest = [each for each in words if each not in found]
    assert maker is None or all(each.person in {None, maker, *mates} or each.at < NOW for each in rest)
    assert (standing(found) == "verified") == any(each.word == "confirmed" for each in found)


@given(st.frozensets(PEOPLE), CONTROLS)
def test_teams_are_the_finest_in_which_whoever_controls_a_design_together_is_together(people, controls):
    found = teams(people, controls)
    assert found.keys() == people and all(found[team] == team <= person for person, team in found.items())
    for together in controls:
        assert len({found[each] for each in together & people}) <= 1
    for team in set(found.values()):  # nobody is in one by chance: it cannot be parted without parting a design's
        own, reached = {each for each in people if found[each] == team}, {team}
        for _ in own:
            reached |= set().union(*(some & own for some in controls if some & reached))
        assert reached == own
    assert found == teams(people, controls[::-1])


@given(st.lists(BUILT, max_size=30))
def test_the_build_factor_is_the_number_of_teams_and_its_events_sum_to_it(builds):
    told = build_factor(builds, NOW)
    young = [each for each in builds if NOW - each.at <= timedelta(days=365)]
    assert told.value == len({each.team for each in young}) == sum(each.value for each in told.events)
    assert len(told.events) == len(young) and told == build_factor(builds[::-1], NOW)


@given(st.dictionaries(st.sampled_from("xyz"), LENGTHS), st.tuples(LENGTHS, LENGTHS, LENGTHS))
def test_readings_are_as_far_off_as_they_say(readings, size):
    model = dict(zip("xyz", size, strict=True))
    for each in compare_readings(readings, size):
        assert each.mm == pytest.approx(readings[each.axis] - model[each.axis], abs=1e-3)
        assert each.share == pytest.approx(each.mm / model[each.axis])
    assert all(each.mm is each.share is None for each in compare_readings(readings, None))


@pytest.mark.parametrize(
    ("told", "part", "name"),
    [
        (Account("great"), "lid.py", "result"),
        (Account("failed"), "lid.py", "note"),
        (Account("worked", "magic"), "lid.py", "process"),
        (Account("worked", recycled=101), "lid.py", "recycled"),
        (Account("worked", readings={"x": 10.0}), "", "readings"),
        (Account("worked", readings={"x": 0.0}), "lid.py", "x"),
        (Account("worked", readings={"y": float("nan")}), "lid.py", "y"),
        (Account("worked", readings={"w": 1.0}), "lid.py", "w"),
        (Account("worked", machine="m" * 121), "lid.py", "machine"),
    ],
)
def test_what_cannot_be_kept_is_named(told, part, name):
    with pytest.raises(Invalid) as refused:
        told.cleaned(part)
    assert [each["name"] for each in refused.value.errors] == [name]


def test_an_account_is_kept_clean_and_lengths_are_read_as_people_write_them():
    told = Account("worked", "FDM", " Oficina\nda Bia ", material="PETG\u202e", readings={"z": 2.00049, "x": 1.0})
    kept = told.cleaned("lid.py")
    assert (kept.place, kept.material, kept.readings) == ("Oficina da Bia", "PETG", {"x": 1.0, "z": 2.0})
    assert kept.cleaned("lid.py") == kept
    assert (number("40,1", "x"), number(" 40.1 ", "x"), number("", "x")) == (40.1, 40.1, None)
    for wrong in ("wide", "nan", "inf", "1,2,3"):
        with pytest.raises(Invalid, match="millimetres"):
            number(wrong, "x")


def test_only_who_is_independent_confirms_and_only_the_maker_or_an_operator_takes_back():
    public, private = Ground("public", {1: "owner"}), Ground("private", {1: "owner", 3: "reader"})
    owner, maker, reader, operator = Actor(1), Actor(2), Actor(3), Actor(9, admin=True)
    assert may_vouch(owner, public, 2, set()) and may_vouch(reader, private, 2, set())
    assert not may_vouch(None, public, 2, set()) and not may_vouch(Actor(4), private, 2, set())
    assert not may_vouch(Actor(1, unproven=True), public, 2, set())
    with pytest.raises(Forbidden, match="made themselves"):
        need_vouch(maker, public, 2, set())
    with pytest.raises(Forbidden, match="one team"):
        need_vouch(owner, public, 2, {1})
    with pytest.raises(NotFound):
        need_vouch(maker, private, 3, set())
    assert may_withdraw(maker, public, 2) and may_withdraw(operator, public, 2)
    assert not may_withdraw(owner, public, 2) and not may_withdraw(maker, private, 2)
