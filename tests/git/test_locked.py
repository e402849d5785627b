"""Files that somebody has locked: a push and a branch that is moved here leave them as they are."""

import shlex

import pytest

from opendesign.core.errors import Forbidden
from opendesign.git import command
from opendesign.git.guarding import guarded
from opendesign.git.writing import create_branch, move_branch
from tests.git.served import git, save

LOCKED = {"README.md": "ada", "motor.step": "cleo"}
WORD = "README.md is locked by ada, on every branch."


@pytest.fixture
def clone(store, design, tmp_path):
    """A work tree of the design."""
    git("clone", "-q", str(store.path(design)), str(tmp_path / "work"))
    return tmp_path / "work"


@pytest.fixture
def push(store, design, clone):
    """Pushes as a client does to a server that knows of locks."""

    def pushed(*words: str, good: bool = True, locked=LOCKED) -> str:
        path = store.path(design)
        with guarded(path, locked) as (options, names):
            server = shlex.join(["env", *(f"{key}={value}" for key, value in names.items()), "git", *options])
            env = {"GIT_CONFIG_GLOBAL": str(path.parent / command.CONFIG)}
            words = (f"--receive-pack={server} receive-pack", str(path), *words)
            return git("push", *words, cwd=clone, good=good, **env)

    return pushed


def test_a_push_that_changes_a_locked_file_is_refused_and_moves_nothing(store, push, clone):
    before = save(clone, "lid.py", b"DEPTH = 1\n")
    assert push("HEAD:main") and git("rev-parse", "HEAD", cwd=clone).strip() == before
    save(clone, "README.md", b"# Mine\n")
    for ref in ("main", "other", "refs/heads/a/b"):
        said = push(f"HEAD:{ref}", "HEAD~1:refs/heads/beside", good=False)
        assert WORD in said and "remote:" in said and "pre-receive hook declined" in said
    assert "motor" not in said
    with store.open("1") as repo:
        assert repo.refs() == {"refs/heads/main": before}
        assert "is locked" not in push("HEAD:refs/tags/mine"), "a tag changes no branch"
    assert "is locked" not in push("HEAD:main", locked={"lid.py": "ada"})


@pytest.mark.parametrize("change", ["remove", "rename", "make", "become a link"])
def test_whatever_becomes_of_a_locked_file_is_a_change(push, clone, change):
    if change == "make":
        save(clone, "motor.step", b"x")
    elif change == "rename":
        git("mv", "README.md", "READ.md", cwd=clone)
    else:
        (clone / "README.md").unlink()
    if change == "become a link":
        (clone / "README.md").symlink_to("parts")
    git("add", "-A", cwd=clone)
    git("commit", "-qm", "Change", "--allow-empty", cwd=clone)
    assert "is locked by" in push("HEAD:main", good=False)


def test_what_a_branch_takes_over_from_the_default_one_is_no_change(store, push, clone, commit):
    git("checkout", "-qb", "side", cwd=clone)
    save(clone, "lid.py", b"DEPTH = 1\n")
    push("side")
    with store.open("1") as repo:  # whoever has locked it changes it
        old = repo.refs()["refs/heads/main"]
    commit("1", {"README.md": b"# By ada\n"})
    git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main", cwd=clone)
    push("side", f"{old}:refs/heads/older")
    git("checkout", "-q", old, "--", "README.md", cwd=clone)
    git("commit", "-qm", "Take ada's change back", cwd=clone)
    assert WORD in push("side", good=False)


def test_undoing_by_force_what_the_lock_was_for_is_a_change(store, push, clone, commit):
    with store.open("1") as repo:
        create_branch(repo, "work", repo.refs()["refs/heads/main"])
    commit("1", {"README.md": b"# By ada\n"}, branch="work")
    assert WORD in push("--force", "HEAD:work", good=False)
    git("fetch", "-q", "origin", "work", cwd=clone)
    assert WORD in push("FETCH_HEAD:refs/heads/main", good=False), "a merge of it is hers, too"
    push(":work")


def test_a_branch_moved_here_leaves_it_as_it_is_too(store, design, commit):
    with store.open(design) as repo:
        old = repo.refs()["refs/heads/main"]
        new = commit(design, {"README.md": b"# By ada\n"}, branch="made")
        repo.locked = LOCKED
        with pytest.raises(Forbidden, match="is locked by ada"):
            move_branch(repo, "main", new, old)
        with pytest.raises(Forbidden, match="is locked"):
            create_branch(repo, "copy", new)
        create_branch(repo, "older", repo.commit(old).parents[0])
        assert repo.refs()["refs/heads/main"] == old
        repo.locked = {}
        move_branch(repo, "main", new, old)


def test_where_git_would_not_run_the_guard_nothing_is_pushed(store, design):
    (store.root / "hooks" / "pre-receive").chmod(0o644)
    with pytest.raises(Forbidden, match="cannot be run"), guarded(store.path(design), LOCKED):
        pass


def test_a_guard_that_cannot_find_out_refuses(store, push, clone, monkeypatch):
    save(clone, "lid.py", b"DEPTH = 1\n")
    monkeypatch.setattr("opendesign.git.guarding.json.dump", lambda said, file: file.write("{"))
    assert "could not be compared" in push("HEAD:main", good=False)
