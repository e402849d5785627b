"""London and Brazil compete, and use each other's improvements: their numbers are those worked out by hand."""

from datetime import timedelta

import pytest
from families import ADA, BIA, CAIO, RIBS, SLIT, commit, three_cases
from houses import BOX

from opendesign.actions.change_design import change_design, give_role
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.fork import fork
from opendesign.actions.house import Visitor
from opendesign.actions.pull import pull
from opendesign.actions.try_pair import want_weighing, weigh_job
from opendesign.actions.weigh_family import weigh_designs, weigh_whole
from opendesign.actions.weigh_pair import weigh_pair
from opendesign.actions.weigh_pairs import open_scales, weigh_pairs
from opendesign.core.errors import NotFound
from opendesign.core.lineage.unit import unit
from opendesign.records.build import Build
from opendesign.records.design import design_by_id
from opendesign.records.person import person_by_name
from opendesign.records.weighing import waiting_weighings

LATER = timedelta(days=40)
RIBS_WORTH, SLIT_WORTH = (unit("box.py", [], text.splitlines()).value for text in (RIBS, SLIT))
HEIGHT_WORTH = unit("box.py", ["HEIGHT = 4.0"], ["HEIGHT = 6.0"]).value
ADA_BOX = BOX.replace("HEIGHT = 4.0", "HEIGHT = 8.0")
BIA_BOX = BOX.replace("HEIGHT = 4.0", "HEIGHT = 6.0")


@pytest.fixture
def family(house):
    made = three_cases(house)
    lineage_job(house, str(made[0]))
    return made


def look(house, focus, relative=None, who=None, later=LATER):
    """The pairs of a design, or the one with a relative, as they are some days later."""
    with house.reading(who or Visitor()) as work:
        work.began += later
        design = design_by_id(work.session, focus)
        if relative is None:
            return {pair.relative.id: pair for pair in weigh_pairs(work, design)}
        return weigh_pair(work, design, design_by_id(work.session, relative))


def try_them(house, one, other, who=2):
    with house.writing(Visitor(who)) as work:
        want_weighing(work, *(design_by_id(work.session, each) for each in (one, other)))
    low, high = sorted((one, other))
    weigh_job(house, f"{low}-{high}")


def make_builds(house, state="made", valid=True):
    """What the engine would have made of all that is wanted."""
    with house.writing() as work:
        for build in work.session.query(Build):
            build.state, build.result = state, {"total": {"volume_mm3": 320.0, "valid": valid}}


def test_a_fork_that_changed_nothing_is_apart_and_alike(house, family):
    london, brazil, _ = family
    pair = look(house, london)[brazil]
    assert (pair.coop, pair.competition, pair.word) == (0, 0, "apart")
    assert (pair.code.value, pair.parameters.value, pair.back.debt.count, pair.there.debt.count) == (0, 0, 0, 0)
    assert pair.there.offered.value == 0, "what Brazil began with is derived"


def test_the_numbers_of_london_and_brazil_are_those_worked_out_by_hand(house, family):
    london, brazil, other = family
    begun = sum(each.value for each in born_in(house, london))
    ribs = commit(house, brazil, {"box.py": BIA_BOX + RIBS}, "Ribs", BIA)
    commit(house, london, {"slit.py": SLIT}, "Slit", ADA)
    commit(house, london, {"box.py": ADA_BOX + RIBS}, f"Ribs\n\n(cherry picked from commit {ribs})", ADA)
    pair = look(house, london)[brazil]
    # Brazil's improvement is its ribs and its height, of which London took the ribs; London's are its height and slit.
    theirs, ours = RIBS_WORTH + HEIGHT_WORTH, SLIT_WORTH + HEIGHT_WORTH
    [taken] = pair.back.flow.events
    assert (taken.sha, taken.name, taken.design) == (ribs, "Ribs", brazil)
    assert (pair.back.flow.value, pair.there.flow.value) == (near(RIBS_WORTH), 0)
    assert (pair.back.offered.value, pair.there.offered.value) == (near(theirs), near(ours))
    assert pair.coop == near(RIBS_WORTH / (theirs + ours) / 2), "it went one way, which is half of what could be"
    # Changed: the height, each in its own way; the result and the loop's x, alike; London's slit.
    assert [each.name for each in pair.competing.events] == ["box.py · HEIGHT"]
    assert (pair.competition, pair.word) == (near(1 / 4), "coopetitors")
    assert pair.parameters.value == near((2 / 8) / 2), "HEIGHT is a quarter apart, WIDTH is not"
    assert pair.code.value == near(1 - (begun + RIBS_WORTH) / (begun + theirs + ours))
    owed = pair.there.debt
    assert [each.subject for each in owed.open] == ["Ribs"], "Brazil has no slit.py"
    assert owed.number.value == near(HEIGHT_WORTH * 40 / 365)
    assert (pair.back.debt.count, pair.back.latency.median.value) == (0, near(0))
    assert look(house, brazil)[london].coop == pair.coop and look(house, london)[other].coop == 0


def near(value):
    """What a number is but for the moment the test takes, and for shares that are kept to four digits."""
    return pytest.approx(value, abs=0.001)


def born_in(house, design):
    with house.reading() as work:
        return open_scales(work, design_by_id(work.session, design)).ledger.born[design]


def test_what_was_taken_lately_is_shown_and_counts_after_thirty_days(house, family):
    london, brazil, _ = family
    commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    with house.writing(Visitor(1)) as work:
        pull(work, *(x for key in (london, brazil) for x in (design_by_id(work.session, key), "main")))
    lineage_job(house, str(london))
    soon, late = (look(house, london, later=timedelta(days=days))[brazil] for days in (29, 31))
    assert soon.back.young.value == near(RIBS_WORTH) and soon.back.flow.value == 0
    assert late.back.flow.value == near(RIBS_WORTH) and late.back.young.value == 0
    assert (soon.coop, late.coop) == (0, 0.5)


def test_what_was_taken_back_has_not_flowed_and_is_owed_again(house, family):
    london, brazil, _ = family
    ribs = commit(house, brazil, {"box.py": BOX + RIBS}, "Ribs", BIA)
    commit(house, london, {"box.py": BOX + RIBS}, f"Ribs\n\n(cherry picked from commit {ribs})", ADA)
    assert look(house, london)[brazil].back.flow.value == near(RIBS_WORTH)
    commit(house, london, {"box.py": BOX}, "No ribs after all", ADA)
    back = look(house, london)[brazil].back
    assert back.flow.value == 0 and [each.sha for each in back.debt.open] == [ribs]


def test_one_hand_does_not_cooperate_with_the_other(house, family):
    london, brazil, _ = family
    with house.writing(Visitor(2)) as work:
        second = fork(work, design_by_id(work.session, brazil), "second").id
    ribs = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    commit(house, second, {"ribs.py": RIBS}, f"Ribs\n\n(cherry picked from commit {ribs})", BIA)
    pair = look(house, brazil)[second]
    assert pair.one_team and (pair.coop, pair.there.flow.value, pair.word) == (0, 0, "")
    with house.writing(Visitor(1)) as work:
        given = design_by_id(work.session, london)
        give_role(work, given, person_by_name(work.session, "bia"), "owner")
    assert not look(house, london)[brazil].one_team, "Ada is an owner of one of the two only"


def test_what_is_private_counts_in_no_number_of_a_stranger(house, family):
    london, brazil, other = family
    bia = Visitor(2)
    ribs = commit(house, london, {"ribs.py": RIBS}, "Ribs", ADA)
    commit(house, brazil, {"ribs.py": RIBS}, f"Ribs\n\n(cherry picked from commit {ribs})", BIA)
    with house.writing(bia) as work:
        change_design(work, design_by_id(work.session, brazil), visibility="private")
    lineage_job(house, str(london))
    commit(house, brazil, {"slit.py": SLIT}, "A secret slit", BIA)
    assert set(look(house, london)) == {other}
    assert set(look(house, london, who=bia)) == {brazil, other}
    for who, gave in ((Visitor(), 0), (bia, RIBS_WORTH)):
        with house.reading(who) as work:
            scales = open_scales(work, design_by_id(work.session, london))
            weight = weigh_designs(scales)[0]
            assert weight.gave.value == near(gave)
            assert "A secret slit" not in {each.subject for each in scales.known.values()}
            assert weigh_whole(scales).teams == (2 if gave == 0 else 3)
    with pytest.raises(NotFound):
        look(house, london, brazil)


def test_two_are_merged_for_a_try_when_somebody_asks(house, family):
    london, brazil, _ = family
    commit(house, brazil, {"box.py": BIA_BOX, "NOTES.md": "Holes are drilled from below, by hand\n"}, "High", BIA)
    commit(house, london, {"box.py": BOX.replace("WIDTH = 10.0", "WIDTH = 20.0")}, "Wide", ADA)
    close = look(house, london, brazil)
    assert (close.complementarity.value, close.state, close.pair.there.debt.clean) == (None, "", None)
    assert close.geometry.value is None and close.geometry.note == "not compared yet"
    try_them(house, london, brazil)
    close = look(house, london, brazil)
    assert (close.state, close.conflicts, close.refusal) == ("building", (), ""), (
        "lines that touch, parameters that do not"
    )
    assert close.complementarity.note == "not rebuilt yet"
    assert (close.pair.there.debt.clean, close.pair.back.debt.clean) == (1, 1)
    make_builds(house)
    close = look(house, brazil, london)
    assert (close.state, close.complementarity.value) == ("made", 1)
    make_builds(house, valid=False)
    assert look(house, london, brazil).complementarity.value == 0
    commit(house, london, {"slit.py": SLIT}, "Slit", ADA)
    close = look(house, london, brazil)
    assert close.moved and (close.state, close.complementarity.value) == ("", None)


def test_a_try_of_somebody_who_may_no_longer_see_both_ends(house, family):
    london, brazil, _ = family
    with house.writing(Visitor(3)) as work:
        want_weighing(work, *(design_by_id(work.session, each) for each in (london, brazil)))
    with house.writing(Visitor(2)) as work:
        change_design(work, design_by_id(work.session, brazil), visibility="private")
    weigh_job(house, f"{london}-{brazil}")
    close = look(house, london, brazil, who=Visitor(2))
    assert close.state == "refused" and "may not see both" in close.refusal
    with house.reading() as work:
        assert waiting_weighings(work.session) == []


def test_what_is_in_conflict_does_not_stand(house, family):
    london, brazil, _ = family
    commit(house, brazil, {"box.py": BIA_BOX, "ribs.py": RIBS}, "Wide", BIA)
    commit(house, brazil, {"slit.py": SLIT}, "Slit", BIA)
    commit(house, london, {"box.py": ADA_BOX}, "Wider", ADA)
    try_them(house, london, brazil)
    make_builds(house)
    close = look(house, london, brazil)
    assert close.conflicts == ("box.py",) and close.state == "made"
    assert [each.name for each in close.complementarity.events] == ["Slit"]
    assert close.pair.back.debt.clean == 0


def test_a_family_as_a_whole(house, family):
    london, brazil, other = family
    ribs = commit(house, brazil, {"ribs.py": RIBS}, "Ribs", BIA)
    commit(house, london, {"ribs.py": RIBS}, f"Ribs\n\n(cherry picked from commit {ribs})", ADA)
    commit(house, other, {"slit.py": SLIT}, "Slit", CAIO)
    with house.reading() as work:
        scales = open_scales(work, design_by_id(work.session, london))
        designs, whole = weigh_designs(scales), weigh_whole(scales)
    assert [each.gave.value > 0 for each in designs] == [False, True, False]
    assert [each.took.value > 0 for each in designs] == [True, False, False]
    assert (whole.teams, whole.builds.value, whole.builds.events) == (3, 0.0, ())
    assert whole.latency.median.value is not None and whole.bus.value >= 1
