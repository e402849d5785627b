"""A design with more parts than are built of a push can be merged into: what a merge leaves as it is needs no build."""

import pytest
from houses import BOX, new_house, settle_in, start
from sqlalchemy import event

from opendesign.actions.edit import add_branch, edit_files
from opendesign.actions.merge import merge, review, want_review
from opendesign.actions.propose import propose
from opendesign.actions.rebuild_merged import rebuild_merged
from opendesign.core.errors import Unbuildable
from opendesign.records.base import now
from opendesign.records.build import Build, Comparison
from opendesign.records.design import design_by_id
from opendesign.records.proposal import proposal_by_id

MADE = {"total": {"solids": 1, "valid": True, "volume_mm3": 320.0, "bbox_mm": [[0, 0, 0], [10, 8, 4]]}}
NAMES = "abcdef"
DEMAND = '[checks.small]\npart = "*.py"\nbox_max_mm = [90, 90, 90]\n'


@pytest.fixture
def house(tmp_path):
    """A house without an engine, of which a push has two parts built."""
    made = new_house(tmp_path, push_builds=2)
    yield made
    made.database.close()


@pytest.fixture
def ada(house):
    """Ada, who has a design with six parts and a check, and proposes to change the last and add a seventh."""
    (ada,) = settle_in(house, "ada")
    boxes = {f"{name}.py": f"{BOX}# {name}\n" for name in NAMES}
    number = start(house, ada, "case", {**boxes, "okh.toml": DEMAND})
    with house.writing(ada) as work:
        design = design_by_id(work.session, number)
        add_branch(work, design, "wide", "main")
        wider = BOX.replace("10.0", "20.0").encode()
        edit_files(work, design, "wide", {"f.py": wider, "g.py": b"# new\n" + wider}, "Wider")
        propose(work, design, design, "wide", title="Wider")
    return ada


def wanted(house) -> set[str]:
    """The parts of which somebody wants a build."""
    with house.reading() as work:
        return {build.part for build in work.session.query(Build)}


def test_a_merge_has_what_differs_built_and_leaves_the_rest(house, ada):
    assert wanted(house) == {"a.py", "b.py"}
    with pytest.raises(Unbuildable):  # no engine
        rebuild_merged(house, ada, 1)
    assert wanted(house) == {"a.py", "b.py", "f.py", "g.py"}
    with house.noting() as work:
        assert work.session.query(Build).count() == 5, "the last one before, too"
        for build in work.session.query(Build):
            build.state, build.result, build.exported_at = "made", MADE, now()
    with house.writing(ada) as work:
        proposal = proposal_by_id(work.session, 1)
        checks = {check.name: (check.state, check.detail) for check in want_review(work, proposal).checks}
        assert {state for state, _ in checks.values()} == {"passed"}
        assert checks["c.py"][1] == "c.py is as it was before." and checks["f.py"][1] == "f.py builds and is valid."
        assert checks["small"][1] == "The check “small” holds for 4 parts. 3 more are as they were before."
        assert merge(work, proposal).sha


def test_a_proposal_s_page_has_what_differs_built_first(house, ada):
    with house.writing(ada) as work:
        want_review(work, proposal_by_id(work.session, 1))
    assert wanted(house) == {"a.py", "b.py", "f.py", "g.py"}


def made(house) -> None:
    """The worker makes what is wanted."""
    with house.noting() as work:
        for row in [*work.session.query(Build), *work.session.query(Comparison)]:
            row.state, row.result = "made", MADE
            if isinstance(row, Build):
                row.exported_at = now()


def test_of_more_parts_that_differ_than_are_built_of_a_push_some_are_shown_and_nothing_waits_for_ever(house, ada):
    with house.writing(ada) as work:
        proposal = proposal_by_id(work.session, 1)
        wider = {f"{name}.py": f"{BOX}# wider {name}\n".encode() for name in NAMES}
        edit_files(work, proposal.design, "wide", wider, "All of them")
        found = want_review(work, proposal)
        assert [part.path for part in found.change.shown] == ["a.py", "b.py"] and found.change.rest == 5
        assert found.change.waiting and found.coming
    made(house)
    with house.writing(ada) as work:
        found = review(work, proposal_by_id(work.session, 1))
        assert not found.lacking and not found.change.waiting and not found.coming
        assert found.waiting, "the merge has the rest built"
        (rest,) = {check.detail for check in found.checks if check.name == "f.py"}
        assert rest == "f.py is built before anything moves."
        then = want_review(work, proposal_by_id(work.session, 1), 4).change
        assert [part.path for part in then.shown] == ["e.py", "f.py"] and then.rest == 1 and then.waiting
    assert wanted(house) == {"a.py", "b.py", "e.py", "f.py"}


def test_parts_that_another_design_has_built_are_taken_in_without_asking_about_each(house, ada):
    (cleo,) = settle_in(house, "cleo")
    asked = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *words: asked.append(words[2]))
    counts = []
    for many in (5, 40):
        object.__setattr__(house.settings, "push_builds", many)
        files = {f"p{number}.py": f"{BOX}# {many} {number}\n" for number in range(many)}
        start(house, ada, f"whole{many}", files)
        asked.clear()
        start(house, cleo, f"same{many}", files)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 2, counts
