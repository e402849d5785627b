"""A run of a design's own checks says nothing it does not know: of builds that were stopped or may yet be made."""

import pytest
from houses import BOX, settle_in, start

from opendesign.actions.fork import fork
from opendesign.actions.heal import heal
from opendesign.actions.house import Visitor
from opendesign.actions.inspect_design import inspect_design, inspected, is_uninspected
from opendesign.actions.read_tree import read_tree
from opendesign.actions.stop_inspection import run_again, run_of, stop_inspection
from opendesign.actions.want_build import want_again
from opendesign.core.errors import Forbidden
from opendesign.core.inspection import judge_inspected
from opendesign.records.base import now
from opendesign.records.build import Build, unfinished
from opendesign.records.design import design_by_id, known_refs
from opendesign.records.inspection import Inspection, Needed

FILES = {"box.py": BOX, "lid.py": f"{BOX}# a lid\n", "checks.py": "def check_box(parts):\n    parts['box.py']\n"}


@pytest.fixture
def case(house):
    """The number of ada's design, and the key of the run of its checks."""
    (ada,) = settle_in(house, "ada")
    number = start(house, ada, "case", FILES)
    with house.reading() as work:
        (key,) = unfinished(work.session, Inspection)
    return number, key


def end(house, **fields) -> None:
    """Every build has ended so."""
    with house.noting() as work:
        for row in work.session.query(Build):
            row.finished_at = now()
            for field, value in fields.items():
                setattr(row, field, value)


def row(house, key: str) -> Inspection | None:
    with house.reading() as work:
        return work.session.get(Inspection, key)


def test_a_push_wants_a_run_that_waits_for_the_parts_it_names(house, case):
    _, key = case
    with house.reading() as work:
        (needed,) = work.session.query(Needed)
        assert work.session.get(Build, needed.build_key).part == "box.py"
    assert inspect_design(house, key) == "waiting" and row(house, key).state == "wanted"
    assert heal(house) == 3


def test_a_build_that_was_stopped_leaves_the_checks_unknown(house, case):
    _, key = case
    end(house, state="failed", error={"kind": "stopped", "message": "Stopped."})
    assert inspect_design(house, key) == "failed" and row(house, key).stopped


def test_what_was_found_is_forgotten_when_a_part_that_failed_is_made_again(house, case):
    _, key = case
    end(house, state="failed", error={"kind": "time", "message": "Too slow."})
    with house.noting() as work:
        found = work.session.get(Inspection, key)
        found.state, found.result = "made", {"checks": []}
    with house.noting() as work:
        want_again(work, next(build for build in work.session.query(Build) if build.part == "lid.py"))
    assert row(house, key).state == "made"
    with house.noting() as work:
        want_again(work, next(build for build in work.session.query(Build) if build.part == "box.py"))
    assert row(house, key) is None
    with house.reading() as work:
        assert work.session.query(Needed).all() == []


def test_the_run_of_a_design_that_is_gone_is_left_to_whoever_has_it_still(house, case):
    number, key = case
    end(house, state="failed", error={"kind": "script", "message": "Broken."})
    with house.writing() as work:
        work.session.delete(design_by_id(work.session, number))
    assert inspect_design(house, key) == "gone" and row(house, key) is None


def test_a_run_is_stopped_by_its_own_people_not_by_a_forks_and_is_wanted_again(house, case):
    number, key = case
    (mallory,) = settle_in(house, "mallory")
    with house.writing(mallory) as work:
        copy = fork(work, design_by_id(work.session, number)).id
    with house.writing(mallory) as work:
        design = design_by_id(work.session, copy)
        snapshot = read_tree(work, design, known_refs(work.session, design)["refs/heads/main"])
        with pytest.raises(Forbidden):
            stop_inspection(work, snapshot)
    assert row(house, key).state == "wanted"
    with house.noting() as work:
        owner = Visitor(design_by_id(work.session, number).owner_id)
    with house.writing(owner) as work:
        assert run_of(work, design_by_id(work.session, number), snapshot).stoppable
        assert stop_inspection(work, snapshot).key == key
        assert not is_uninspected(work, snapshot), "a page that asks again does not undo what somebody stopped"
        run = run_of(work, design_by_id(work.session, number), snapshot)
        assert run.stopped and run.again and not run.stoppable
        assert run_again(work, design_by_id(work.session, number), snapshot).state == "wanted"


def test_a_merge_says_that_it_changes_a_file_the_checks_read(house):
    (ada,) = settle_in(house, "ada")
    reading = "import json\n\n\ndef check_box(parts):\n    json.load(open('limits.json'))\n"
    number = start(house, ada, "case", FILES | {"checks.py": reading, "limits.json": "4\n"})
    with house.writing(ada) as work:
        design = design_by_id(work.session, number)
        before = read_tree(work, design, known_refs(work.session, design)["refs/heads/main"])
        after = before.changed({"limits.json": "9\n"})
        said = [each.detail for each in judge_inspected(inspected(work, after), inspected(work, before))]
        same = [each.detail for each in judge_inspected(inspected(work, before), inspected(work, before))]
    assert said[-1] == "The merge changes files that the checks can read: limits.json." and said[:-1] == same
