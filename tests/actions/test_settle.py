"""A proposal is merged when its commits arrive, and what arrived with it is told apart from it."""

import pytest
from houses import new_house, settle_in, start

from opendesign.actions.edit import add_branch, edit_files
from opendesign.actions.merge import merge
from opendesign.actions.propose import propose
from opendesign.actions.revert import revert
from opendesign.actions.sync import sync
from opendesign.records.design import design_by_id
from opendesign.records.proposal import proposal_by_id

ADA = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")


class Case:
    """Ada's design with a branch `side` that is proposed to `main`."""

    def __init__(self, folder):
        self.house = new_house(folder)
        (self.ada,) = settle_in(self.house, "ada")
        self.key = start(self.house, self.ada, "case", {"NOTES.md": "one\n"})
        self.base = self.tips()["refs/heads/main"]
        self.branch("side", "main")
        self.say("side", "more.md")
        with self.house.writing(self.ada) as work:
            design = design_by_id(work.session, self.key)
            propose(work, design, design, "side", "main", "More")

    def say(self, branch: str, path: str, text: str = "more\n") -> str:
        """Ada edits a file; returns the new tip of the branch."""
        with self.house.writing(self.ada) as work:
            edit_files(work, design_by_id(work.session, self.key), branch, {path: text.encode()}, f"Say {path}")
        return self.tips()[f"refs/heads/{branch}"]

    def tips(self) -> dict[str, str]:
        """Where the branches stand."""
        with self.house.store.open(str(self.key)) as repository:
            return repository.refs()

    def git(self, *words: str) -> str:
        """Asks git in the design's repository."""
        with self.house.store.open(str(self.key)) as repository:
            return repository.run(*ADA, *words).decode().strip()

    def push(self, **tips: str) -> None:
        """Branches are moved, all by one push."""
        for branch, tip in tips.items():
            self.git("update-ref", f"refs/heads/{branch}", tip)
        with self.house.writing(self.ada) as work:
            sync(work, design_by_id(work.session, self.key))

    def branch(self, name: str, start: str) -> None:
        """Ada makes a branch."""
        with self.house.writing(self.ada) as work:
            add_branch(work, design_by_id(work.session, self.key), name, start)

    def merged(self, ours: str, theirs: str) -> str:
        """The commit that merges a branch into another, which does not move."""
        tree = self.git("merge-tree", "--write-tree", ours, theirs)
        return self.git("commit-tree", "-p", ours, "-p", theirs, "-m", f"Merge {theirs}", tree)

    def taken_back(self) -> set[str]:
        """The proposal was merged; returns the files that stay when it is taken back."""
        assert self.state() == "merged"
        with self.house.writing(self.ada) as work:
            revert(work, proposal_by_id(work.session, 1))
        return set(self.git("ls-tree", "--name-only", "revert-1").split())

    def state(self) -> str:
        """How the proposal stands."""
        with self.house.reading(self.ada) as work:
            return proposal_by_id(work.session, 1).state


@pytest.fixture
def case(tmp_path):
    made = Case(tmp_path)
    yield made
    made.house.database.close()


def test_a_source_set_back_is_not_merged_by_what_comes_next(case):
    side = case.tips()["refs/heads/side"]
    case.push(side=case.base)
    case.say("main", "other.md")
    assert case.state() == "open"
    case.push(side=side)
    case.push(main=side)
    assert case.state() == "merged"


def test_a_source_that_moves_with_its_target_has_arrived(case):
    more = case.git("commit-tree", "-p", "side", "-m", "Even more", "side^{tree}")
    case.push(side=more, main=more)
    assert case.state() == "merged"


def test_a_target_made_anew_with_the_source_has_it(case):
    case.git("symbolic-ref", "HEAD", "refs/heads/side")
    case.git("update-ref", "-d", "refs/heads/main")
    case.push()
    assert case.state() == "open"
    case.push(main=case.tips()["refs/heads/side"])
    assert case.state() == "merged"


def test_taking_back_leaves_what_a_push_brought_beside_the_proposal(case):
    case.say("main", "early.md")
    case.push(side=case.merged("side", "main"))  # the source takes in its target, and goes on
    case.say("side", "last.md")
    case.say("main", "late.md")
    case.branch("mine", "main")
    case.say("mine", "beside.md")
    case.push(main=case.merged("mine", "side"))
    assert case.taken_back() == {"NOTES.md", "early.md", "late.md", "beside.md"}


def test_taking_back_a_pushed_merge_takes_back_what_was_decided_in_it(case):
    case.say("side", "NOTES.md", "two\n")
    case.branch("decided", "main")
    tree = case.say("decided", "NOTES.md", "four\n") + "^{tree}"
    case.say("main", "NOTES.md", "three\n")
    case.push(main=case.git("commit-tree", "-p", "main", "-p", "side", "-m", "Decided", tree))
    assert case.taken_back() == {"NOTES.md"}
    assert case.git("show", "revert-1:NOTES.md") == "three"


def test_a_squash_credits_whoever_suggested_once_and_not_the_squasher(case):
    said = "Wider\n\nCo-authored-by: Bia <bia@example.org>\nco-authored-by: Ada <ada@example.org>"
    first = case.git("commit-tree", "-p", "side", "-m", said, "side^{tree}")
    again = "Longer\n\nCo-authored-by: Bia <Bia@example.org>\nCo-authored-by: Cleo <cleo@example.org>"
    case.push(side=case.git("commit-tree", "-p", first, "-m", again, "side^{tree}"))
    with case.house.writing(case.ada) as work:
        merge(work, proposal_by_id(work.session, 1), strategy="squash")
    said = case.git("log", "-1", "--format=%(trailers:key=co-authored-by,valueonly)", "main")
    assert said.split("\n") == ["Bia <bia@example.org>", "Cleo <cleo@example.org>"]


def test_a_stranger_cannot_say_that_a_proposal_is_merged(case):
    said = f"Hello\n\nProposal: 1\nProposal-Head: {case.tips()['refs/heads/side']}"
    case.push(mallory=case.git("commit-tree", "-p", "main", "-m", said, "main^{tree}"))
    case.push(main=case.merged("main", "mallory"))
    assert case.state() == "open"
    case.push(main=case.git("commit-tree", "-p", "main", "-m", said, "main^{tree}"))
    assert case.state() == "merged", "on the branch itself it is the word of who may merge"
