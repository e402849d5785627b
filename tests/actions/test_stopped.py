"""A build that was stopped ends what waits for it, and what failed with it is made anew once it is wanted again."""

import pytest
from houses import BOX, settle_in, start

from opendesign.actions.compare import Change3D, compare, want_comparison
from opendesign.actions.make_wanted import make_wanted
from opendesign.actions.read_tree import read_tree
from opendesign.actions.stop_build import stop_build
from opendesign.actions.want_build import want_again, want_build
from opendesign.records.base import now
from opendesign.records.build import Build, Comparison
from opendesign.records.design import design_by_id, known_refs
from opendesign.records.inspection import Inspection, need
from opendesign.records.spot import Spot


@pytest.fixture
def case(house):
    """Ada, and the number of her design, whose box she compares with a wider one."""
    (ada,) = settle_in(house, "ada")
    number = start(house, ada, "case", {"box.py": BOX})
    asked(house, ada, number, want_comparison)
    return ada, number


def asked(house, ada, number: int, how) -> Change3D:
    """Ada looks at the comparison, or wants it."""
    with house.writing(ada) as work:
        design = design_by_id(work.session, number)
        snapshot = read_tree(work, design, known_refs(work.session, design)["refs/heads/main"])
        wider = snapshot.changed({"box.py": BOX.replace("10.0", "20.0")})
        if how is compare:
            return compare(work, snapshot, wider)
        return want_comparison(work, (design, snapshot), (design, wider))


def stop(house, ada, number: int) -> str:
    """Ada stops the build of the wider box; the other one is made. Returns the key of the stopped one."""
    (part,) = asked(house, ada, number, compare).changed
    with house.writing(ada) as work:
        work.session.get(Build, part.before.key).exported_at = now()
        work.session.get(Build, part.before.key).state = "made"
        stop_build(work, part.after.key)
    return part.after.key


def test_a_comparison_whose_build_was_stopped_ends_and_lets_the_next_have_its_turn(house, case):
    stop(house, *case)
    assert [make_wanted(house), make_wanted(house)] == ["failed", "nothing"]
    change = asked(house, *case, compare)
    assert change.parts[0].error["kind"] == "stopped"
    assert not change.lacking, "a page that asks again and again does not undo what somebody stopped"


def test_whoever_wants_the_comparison_again_has_both_made(house, case):
    stop(house, *case)
    make_wanted(house)
    assert asked(house, *case, want_comparison).parts[0].state == "wanted"
    (part,) = asked(house, *case, compare).parts
    assert (part.after.state, part.comparison.state, part.comparison.error) == ("wanted", "wanted", None)
    assert not part.lacking


def test_a_comparison_is_lacking_once_the_stopped_build_is_wanted_again(house, case):
    key = stop(house, *case)
    make_wanted(house)
    with house.writing(case[0]) as work:
        want_again(work, work.session.get(Build, key))
    assert asked(house, *case, compare).lacking
    asked(house, *case, want_comparison)
    with house.reading() as work:
        assert [row.state for row in work.session.query(Comparison)] == ["wanted"]


def fail(house, key: str, kind: str) -> None:
    """A build has failed."""
    with house.noting() as work:
        build = work.session.get(Build, key)
        build.state, build.error, build.finished_at = "failed", {"kind": kind, "message": "Ended."}, now()


@pytest.mark.parametrize(("kind", "again"), [("time", want_again), ("stopped", want_build)])
def test_what_failed_because_a_build_did_is_made_anew_when_it_is_made_again(house, case, kind, again):
    ada, number = case
    (part,) = asked(house, ada, number, compare).changed
    old, new = part.before.key, part.after.key
    fail(house, old, kind)
    with house.noting() as work:
        ended = {"state": "failed", "error": {"kind": "geometry", "message": "No shape."}}
        for row in work.session.query(Comparison):
            row.state, row.error = "failed", ended["error"]
        work.session.add(Spot(key="on it", build_key=old, point=[0, 0, 0], **ended))
        work.session.add(Spot(key="elsewhere", build_key=new, point=[0, 0, 0], **ended))
        work.session.add(Comparison(key="elsewhere", before_key=new, after_key=None, **ended))
    with house.writing(ada) as work:
        if again is want_again:
            want_again(work, work.session.get(Build, old))
        else:
            design = design_by_id(work.session, number)
            tree = read_tree(work, design, known_refs(work.session, design)["refs/heads/main"])
            assert want_build(work, design, tree, "box.py").key == old
    with house.reading() as work:
        assert work.session.get(Build, old).state == "wanted"
        assert [row.key for row in work.session.query(Comparison)] == ["elsewhere"]
        spots = {row.key: (row.state, row.error is None) for row in work.session.query(Spot)}
        assert spots == {"on it": ("wanted", True), "elsewhere": ("failed", False)}
    assert asked(house, ada, number, compare).lacking
    assert asked(house, ada, number, want_comparison).parts[0].state == "wanted"


def test_a_run_of_checks_that_waits_goes_on_waiting_when_a_stopped_build_is_wanted_again(house, case):
    ada, number = case
    key = asked(house, ada, number, compare).changed[0].before.key
    with house.noting() as work:
        for name, state in (("waits", "wanted"), ("ended", "failed")):
            work.session.add(Inspection(key=name, recipe={}, state=state))
            work.session.flush()
            need(work.session, name, [key])
    fail(house, key, "stopped")
    asked(house, ada, number, want_comparison)
    with house.reading() as work:
        assert [row.key for row in work.session.query(Inspection)] == ["waits"]
