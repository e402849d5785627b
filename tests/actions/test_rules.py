"""Every way that moves a branch asks its rule: nobody gets around it by another button."""

import ast
from pathlib import Path

import pytest
from houses import BOX, new_house, settle_in, start

from opendesign.actions.change_design import give_role
from opendesign.actions.edit import add_branch, drop_branch, edit_files, set_parameters
from opendesign.actions.keep_preset import drop_preset, keep_preset, rename_preset
from opendesign.actions.own_fork import own_place
from opendesign.actions.propose import comment, propose
from opendesign.actions.pull import pull
from opendesign.actions.revert import revert, update
from opendesign.actions.say_part import say_part
from opendesign.actions.set_rule import end_rule, set_rule
from opendesign.actions.suggest import readings, take_suggestion
from opendesign.core.errors import Forbidden, Invalid
from opendesign.records.design import design_by_id, known_refs
from opendesign.records.person import person_by_name
from opendesign.records.proposal import comment_of, proposal_of
from opendesign.records.verdict import BranchRule

ACTIONS = Path(__file__).parents[2] / "opendesign" / "actions"
MOVERS = {"write_files", "create_branch", "move_branch", "delete_branch", "commit_merge", "point"}
FREE = {
    "create_design.py",  # the first commit of a new design
    "tell.py",  # the story of the demo
    "merge.py",  # the way that a rule leaves open
}
FILES = {
    "box.py": BOX,
    "README.md": "# Case\n",
    "presets.json": '{"box.py": {"Wide": {"WIDTH": 20}, "Odd": {"WIDTH": 7}}}\n',
}


def proposal(work, number: int):
    return proposal_of(work.session, design_by_id(work.session, 1), number)


WAYS = {
    "a file": lambda work, case: edit_files(work, case, "main", {"mine.md": b"Mine\n"}, "Mine"),
    "a slider": lambda work, case: set_parameters(work, case, "main", "box.py", {"WIDTH": 12}),
    "a new preset": lambda work, case: keep_preset(work, case, "main", "box.py", "Thin", {"WIDTH": 6}),
    "a preset's name": lambda work, case: rename_preset(work, case, "main", "box.py", "Wide", "Broad"),
    "a preset that goes": lambda work, case: drop_preset(work, case, "main", "box.py", "Odd"),
    "a part's title": lambda work, case: say_part(work, case, "main", "box.py", True, "Mine"),
    "a pull": lambda work, case: pull(work, case, "main", case, "side"),
    "an update": lambda work, case: update(work, proposal(work, 2)),
    "a suggestion": lambda work, case: take_suggestion(work, comment_of(work.session, proposal(work, 2), 1)),
    "a branch made anew": lambda work, case: add_branch(work, case, "gone", "main"),
    "a revert": lambda work, case: revert(work, proposal(work, 3)),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = new_house(tmp_path_factory.mktemp("house"))
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def settled(house):
    """Ada, and Bob, who may write to her case; two branches that are not there have a rule.

    Proposal 1 is to `main`, 2 from it, with a suggestion, and 3 has been merged into `next`.
    """
    _, ada, bob = settle_in(house, "operator", "ada", "bob")
    start(house, ada, "case", FILES)
    with house.writing(ada) as work:
        case = design_by_id(work.session, 1)
        give_role(work, case, person_by_name(work.session, "bob"), "writer")
        for name in ("next", "note", "side", "spare"):
            add_branch(work, case, name, "main")
            edit_files(work, case, name, {f"{name}.md": b"Text\n"}, name)
        edit_files(work, case, "main", {"main.md": b"Text\n"}, "main")
        for source, target in (("next", "main"), ("main", "next"), ("note", "next")):
            propose(work, case, case, source, target)
        comment(work, proposal(work, 2), "", "README.md", 1, suggestion="# Yours")
        pull(work, case, "next", case, "note")
        for name in ("gone", "revert-3"):
            work.session.add(BranchRule(design_id=1, branch=name, approvals=0))
    return ada, bob


@pytest.fixture
def people(house, settled):
    """The same two, when `main` takes proposals only."""
    with house.writing(settled[0]) as work:
        set_rule(work, design_by_id(work.session, 1), "main")
    return settled


def test_a_ruled_branch_is_moved_by_no_other_way(house, people):
    with house.store.open("1") as repository:
        before = repository.refs()
    for way in WAYS:
        for person in people:
            with pytest.raises(Forbidden, match="takes proposals only"), house.writing(person) as work:
                WAYS[way](work, design_by_id(work.session, 1))
    with house.store.open("1") as repository:
        assert repository.refs() == before
    with house.writing(people[0]) as work:
        for name in ("main", "gone", "revert-3"):
            end_rule(work, design_by_id(work.session, 1), name)
    for way in WAYS:
        with house.store.open("1") as repository:
            before = repository.refs()
        with house.writing(people[1]) as work:
            WAYS[way](work, design_by_id(work.session, 1))
        with house.store.open("1") as repository:
            assert repository.refs() != before, f"without the rule {way} moves it"


def test_a_rule_exempts_owners_when_it_says_so(house, people):
    ada, bob = people
    with house.writing(ada) as work:
        set_rule(work, design_by_id(work.session, 1), "main", owners_exempt=True)
    with pytest.raises(Forbidden), house.writing(bob) as work:
        set_parameters(work, design_by_id(work.session, 1), "main", "box.py", {"HEIGHT": 5})
    with house.reading(bob) as work:
        assert not readings(work, proposal(work, 2)).may_take
    with house.reading(ada) as work:
        assert readings(work, proposal(work, 2)).may_take
    with house.writing(ada) as work:
        set_parameters(work, design_by_id(work.session, 1), "main", "box.py", {"HEIGHT": 6})


def test_a_ruled_branch_is_not_deleted_before_its_rule_ends(house, people):
    ada, _ = people
    with house.writing(ada) as work:
        case = design_by_id(work.session, 1)
        set_rule(work, case, "spare", owners_exempt=True)
        tip = known_refs(work.session, case)["refs/heads/spare"]
        with pytest.raises(Invalid, match="spare has a rule"):
            drop_branch(work, case, "spare", tip)
        end_rule(work, case, "spare")
        drop_branch(work, case, "spare", tip)


def test_what_is_saved_beside_a_ruled_branch_gets_a_branch_of_its_own(house, people):
    _, bob = people
    with house.writing(bob) as work:
        case = design_by_id(work.session, 1)
        tip = known_refs(work.session, case)["refs/heads/main"]
        assert own_place(work, case, "next", tip) == (case, "next")
        for _ in range(2):
            assert own_place(work, case, "main", tip) == (case, "bob-main"), "the same one while it stands there"
        edit_files(work, case, "bob-main", {"bob.md": b"Mine\n"}, "Mine")
        assert own_place(work, case, "main", tip) == (case, "bob-main-2")
        assert known_refs(work.session, case)["refs/heads/main"] == tip


def test_each_action_that_moves_a_branch_asks_its_rule():
    asked = []
    for path in sorted(ACTIONS.glob("*.py")):
        tree = ast.parse(path.read_text())
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        if names & MOVERS and path.name not in FREE:
            for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
                words = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
                if words & MOVERS:
                    asks = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
                    assert "need_move" in asks, f"{path.name} {function.name} moves a branch without asking its rule"
                    asked.append(function.name)
    assert sorted(asked) == ["add_branch", "drop_branch", "edit_files", "pull", "revert"]
