"""A proposal is merged when its commits arrive, and what arrived with it is told apart from it."""

import pytest
from houses import new_house, settle_in, start

from opendesign.actions.edit import add_branch, edit_files
from opendesign.actions.propose import propose
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
        with self.house.writing(self.ada) as work:
            add_branch(work, design_by_id(work.session, self.key), "side", "main")
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
