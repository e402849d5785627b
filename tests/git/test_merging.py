"""Merging in bare repositories."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from opendesign.core.errors import Conflict, Invalid
from opendesign.git.merging import commit_merge, try_merge
from opendesign.git.writing import create_branch
from tests.git.conftest import ANA, BEN
from tests.git.test_writing import fsck


@pytest.fixture
def sides(store, design, commit):
    """A function that commits on main and on a branch from the same start and returns both tips."""

    def part(ours, theirs):
        with store.open(design) as repo:
            create_branch(repo, "side", repo.resolve("main"))
        left = commit(design, ours, "Ours") if ours else None
        right = commit(design, theirs, "Theirs", branch="side") if theirs else None
        with store.open(design) as repo:
            return left or repo.resolve("main"), right or repo.resolve("side")

    return part


def test_changes_in_different_places_merge(store, design, sides):
    ours, theirs = sides({"parts/base.py": b"HEIGHT = 6\n"}, {"README.md": b"# Two\n", "new": b"1"})
    with store.open(design) as repo:
        trial = try_merge(repo, ours, theirs)
        assert (trial.conflicts, trial.fast_forward, trial.already) == ([], False, False)
        assert trial.base == repo.merge_base(ours, theirs)
        assert repo.read(trial.tree, "parts/base.py") == b"HEIGHT = 6\n"
        assert repo.resolve("main") == ours
        sha = commit_merge(repo, "main", ours, trial, (ours, theirs), "Merge side", BEN, ANA)
        made = repo.commit(sha)
        assert (made.parents, made.tree) == ((ours, theirs), trial.tree)
        assert (made.author, made.committer) == (BEN, ANA)
        assert repo.resolve("main") == sha
    fsck(store.path(design))


def test_a_squash_has_one_parent(store, design, sides):
    ours, theirs = sides({"a": b"1"}, {"b": b"1"})
    with store.open(design) as repo:
        trial = try_merge(repo, ours, theirs)
        sha = commit_merge(repo, "main", ours, trial.tree, (ours,), "Squash side", BEN, ANA)
        assert repo.commit(sha).parents == (ours,)
        assert repo.read(sha, "b") == b"1"


def test_conflicts_are_listed_with_their_kind_and_sides(store, design, sides):
    ours, theirs = sides(
        {"parts/lid.py": b"WIDTH = 11\n", "parts/base.py": None, "both": b"1", "é": b"1"},
        {"parts/lid.py": b"WIDTH = 12\n", "parts/base.py": b"HEIGHT = 9\n", "both": b"2", "README.md": b"ok"},
    )
    with store.open(design) as repo:
        trial = try_merge(repo, ours, theirs)
        found = {one.path: one for one in trial.conflicts}
        assert trial.tree is None
        assert {path: one.kind for path, one in found.items()} == {
            "parts/lid.py": "contents",
            "parts/base.py": "modify/delete",
            "both": "add/add",
        }
        lid, base, both = found["parts/lid.py"], found["parts/base.py"], found["both"]
        assert repo.read_blobs([lid.ours])[lid.ours] == b"WIDTH = 11\n"
        assert repo.read_blobs([lid.base, lid.theirs])[lid.theirs] == b"WIDTH = 12\n"
        assert base.ours is None and base.theirs and base.base and both.base is None
        with pytest.raises(Conflict, match="Solve"):
            commit_merge(repo, "main", ours, trial, (ours, theirs), "Merge", ANA, ANA)


def test_a_file_against_a_folder_is_a_conflict(store, design, sides):
    ours, theirs = sides({"case": b"a file"}, {"case/lid.py": b"in a folder"})
    with store.open(design) as repo:
        assert {one.kind for one in try_merge(repo, ours, theirs).conflicts} == {"file/directory"}


def test_fast_forward_and_already(store, design, sides):
    ours, theirs = sides({}, {"b": b"1"})
    with store.open(design) as repo:
        forward = try_merge(repo, ours, theirs)
        assert forward.fast_forward and forward.tree == repo.tree_id(theirs)
        already = try_merge(repo, theirs, ours)
        assert already.already and already.tree == repo.tree_id(theirs)


def test_strangers_do_not_merge(store, design, commit):
    ours = commit(design, {"x": b"1"})
    theirs = commit(design, {"y": b"1"}, branch="alone")
    with store.open(design) as repo, pytest.raises(Invalid, match="no history"):
        try_merge(repo, ours, theirs)


def test_a_stale_merge_is_refused_and_one_of_sixteen_wins(store, design, sides):
    ours, theirs = sides({"a": b"1"}, {"b": b"1"})
    with store.open(design) as repo:
        trial = try_merge(repo, ours, theirs)

    def race(number: int) -> str | None:
        with store.open(design) as repo:
            try:
                return commit_merge(repo, "main", ours, trial, (ours, theirs), f"Merge {number}", ANA, ANA)
            except Conflict:
                return None

    with ThreadPoolExecutor(16) as pool:
        winners = [sha for sha in pool.map(race, range(16)) if sha]
    with store.open(design) as repo:
        assert winners == [repo.resolve("main")]


def test_a_merge_across_designs_needs_the_other_side_brought(store, design, commit):
    store.copy("1", "2")
    theirs = commit("2", {"b": b"only there"}, "Theirs")
    ours = commit("1", {"a": b"1"}, "Ours")
    with store.open("1", also=["2"]) as repo:
        trial = try_merge(repo, ours, theirs)
        assert trial.tree
        for parents in ((ours, theirs), (ours,)):
            with pytest.raises(Invalid, match="not in this design"):
                commit_merge(repo, "main", ours, trial, parents, "Merge", ANA, ANA)
    store.bring("2", "1", theirs, "refs/proposals/1/head")
    with store.open("1") as repo:
        sha = commit_merge(repo, "main", ours, trial, (ours,), "Squash", ANA, ANA)
        assert repo.read(sha, "b") == b"only there"
    fsck(store.path("1"))
