"""What git calls a conflict is settled by parameters where it can be, and by people where it cannot."""

import json

import pytest

from opendesign.core.errors import Invalid
from opendesign.core.merging import Rivals
from opendesign.git.merging import commit_merge, try_merge
from opendesign.git.settling import settle, try_settled
from tests.git.conftest import ANA, BEN
from tests.git.test_merging import sides  # noqa: F401
from tests.git.test_writing import fsck

SCRIPT = "WIDTH = 20.0  # mm\nDEPTH = 30.0\nprint(WIDTH)\n"


@pytest.fixture
def parted(store, design, commit, sides):  # noqa: F811
    """A function that commits SCRIPT and then what each side makes of it by replacing."""

    def part(ours, theirs, also=None):
        commit(design, {"box.py": SCRIPT.encode(), "notes.md": b"One\n"}, "Start")
        left, right = (SCRIPT.replace(*change).encode() for change in (ours, theirs))
        return sides({"box.py": left, **(also or {})}, {"box.py": right, "lid.py": b"LID = 1\n"})

    return part


def test_neighbouring_parameters_merge_and_plain_git_holds_the_commit(store, design, parted):
    ours, theirs = parted(("20.0", "25.0"), ("30.0", "31.5"))
    with store.open(design) as repo:
        assert try_merge(repo, ours, theirs).conflicts, "git itself sees a conflict"
        trial = try_settled(repo, ours, theirs)
        assert trial.conflicts == [] and trial.tree
        sha = commit_merge(repo, "main", ours, trial, (ours, theirs), "Merge", BEN, ANA)
        assert repo.commit(sha).parents == (ours, theirs)
        assert repo.read(sha, "box.py").decode() == SCRIPT.replace("20.0", "25.0").replace("30.0", "31.5")
        assert repo.read(sha, "lid.py") == b"LID = 1\n" and repo.read(sha, "notes.md") == b"One\n"
    fsck(store.path(design))


def test_rivals_wait_for_a_decision(store, design, parted):
    ours, theirs = parted(("20.0", "25.0"), ("20.0", "28.0"))
    with store.open(design) as repo:
        trial = try_settled(repo, ours, theirs)
        [conflict] = trial.conflicts
        assert trial.tree is None and conflict.rivals == [Rivals("WIDTH", 20.0, 25.0, 28.0, "mm")]
        for choice, value in (("ours", "25.0"), ("theirs", "28.0"), ("base", "20.0"), (26.5, "26.5")):
            settled = settle(repo, trial, {"box.py": {"WIDTH": choice}})
            assert repo.read(settled.tree, "box.py").decode() == SCRIPT.replace("20.0", value)
        for wrong in ({"lid.py": {"content": ""}}, {"box.py": {"DEPTH": 3}}, {"box.py": {"WIDTH": "wide"}}):
            with pytest.raises(Invalid):
                settle(repo, trial, wrong)


def test_words_are_decided_by_content_and_the_rest_by_parameters(store, design, commit, parted):
    ours, theirs = parted(("20.0", "25.0"), ("30.0", "31.5"), {"lid.py": b"LID = [\n"})
    with store.open(design) as repo:
        trial = try_settled(repo, ours, theirs)
        assert [(each.path, each.rivals) for each in trial.conflicts] == [("lid.py", [])]
        with pytest.raises(Invalid, match="whole content"):
            settle(repo, trial, {"lid.py": {"LID": "ours"}})
        with pytest.raises(Invalid, match="half a character"):
            settle(repo, trial, {"lid.py": {"content": "\ud800"}})
        settled = settle(repo, trial, {"lid.py": {"content": "LID = 3\n"}})
        assert repo.read(settled.tree, "lid.py") == b"LID = 3\n"
        assert b"25.0" in repo.read(settled.tree, "box.py") and b"31.5" in repo.read(settled.tree, "box.py")


def test_a_bill_and_presets_merge_by_their_rows_and_names(store, design, commit, sides):  # noqa: F811
    bill, presets = "ref,quantity\nS1,4\n", '{\n  "box.py": {}\n}\n'
    commit(design, {"bom.csv": bill.encode(), "presets.json": presets.encode()}, "Start")
    named = [json.dumps({"box.py": {name: {"W": 1}}}, indent=2) + "\n" for name in ("A", "B")]
    ours, theirs = sides(
        {"bom.csv": (bill + "S3,1\n").encode(), "presets.json": named[0].encode()},
        {"bom.csv": (bill + "S2,1\n").encode(), "presets.json": named[1].encode()},
    )
    with store.open(design) as repo:
        tree = try_settled(repo, ours, theirs).tree
        assert repo.read(tree, "bom.csv").decode() == bill + "S2,1\nS3,1\n"
        assert json.loads(repo.read(tree, "presets.json")) == {"box.py": {"A": {"W": 1}, "B": {"W": 1}}}
