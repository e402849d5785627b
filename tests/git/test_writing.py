"""New commits and moved branches."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from opendesign.core.errors import Conflict, Invalid, NotFound, TooLarge
from opendesign.git import command
from opendesign.git.commits import Signature
from opendesign.git.limits import GitLimits
from opendesign.git.store import Store
from opendesign.git.writing import create_branch, delete_branch, move_branch, write_files
from tests.git.conftest import ANA, BEN

KILLED = """
import sys
from pathlib import Path
from opendesign.git.store import Store
from opendesign.git.writing import write_files
from opendesign.git.commits import Signature
store = Store(Path(sys.argv[1]))
with store.open("1") as repo:
    tip = repo.resolve("main")
    print("go", flush=True)
    while True:
        tip = write_files(repo, "main", {"n": tip.encode()}, "Count", Signature("A", "a@b"), tip)
"""


def fsck(path):
    said = command.run(path, "fsck", "--strict", "--no-dangling", "--connectivity-only")
    assert said.strip() == b""


def test_files_are_written_changed_and_deleted(store, design, commit):
    at = datetime(2019, 3, 4, 5, 6, 7, tzinfo=timezone(-timedelta(hours=3)))
    with store.open(design) as repo:
        before = repo.resolve("main")
        changes = {"parts/lid.py": None, "parts/base.py": None, "a/b/c": b"deep", "README.md": b"new"}
        author = Signature("João <x>", "j@x.br", at)
        sha = write_files(repo, "main", changes, "Tidy\r\n\r\nAll of it \n", author, before, BEN)
        found = {entry.path: repo.read(sha, entry.path) for entry in repo.files(sha)}
        assert found == {"README.md": b"new", "a/b/c": b"deep"}
        made = repo.commit(sha)
        assert (made.parents, made.subject, made.body) == ((before,), "Tidy", "All of it")
        assert (made.author.name, made.author.at) == ("João x", at)
        assert made.author.at.utcoffset() == at.utcoffset()
        assert made.committer == BEN
        assert repo.refs()["refs/heads/main"] == sha
    fsck(store.path(design))


def test_a_branch_can_start_from_a_commit_or_from_nothing(store, design):
    with store.open(design) as repo:
        tip = repo.resolve("main")
        sha = write_files(repo, "side", {"x": b"1"}, "Side", ANA, expected=None, parent=tip)
        assert repo.commit(sha).parents == (tip,)
        alone = write_files(repo, "alone", {}, "An empty start", ANA, expected=None)
        assert repo.commit(alone).parents == () and repo.files(alone) == []
        with pytest.raises(Conflict, match="cannot be made"):
            write_files(repo, "side/lid", {"x": b"1"}, "Below a branch", ANA, expected=None)


def test_modes_of_programs_stay_and_git_sorts_as_we_do(store, design, tmp_path, commit):
    work = tmp_path / "work"
    env = os.environ | {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a"}
    env |= {"GIT_COMMITTER_EMAIL": "a@b"}
    commit("1", {"lib/x": b"1", "lib.py": b"1", "lib-a": b"1", "run.sh": b"1", "ß": b"1", "lib0": b"1"})
    for words in (
        ["clone", "-q", str(store.path("1")), str(work)],
        ["-C", str(work), "update-index", "--chmod=+x", "run.sh"],
        ["-C", str(work), "commit", "-qm", "Make it run"],
        ["-C", str(work), "push", "-q"],
    ):
        subprocess.run(["git", *words], check=True, env=env)
    sha = commit("1", {"run.sh": b"2"})
    with store.open("1") as repo:
        assert {entry.name: entry.mode for entry in repo.tree(sha)}["run.sh"] == 0o100755
    fsck(store.path("1"))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"../x": b""}, Invalid),
        ({".git/config": b""}, Invalid),
        ({"README.md": b"# A box\n"}, Invalid),
        ({"parts": b"a file"}, Invalid),
        ({"README.md/x": b"below a file"}, Invalid),
        ({"absent": None}, NotFound),
        ({"parts/absent": None}, NotFound),
        ({"x": b"y" * 2000}, TooLarge),
        ({".gitmodules": b'[submodule "a"]\n\tpath = a\n\turl = --upload-pack=x\n'}, Invalid),
    ],
)
def test_what_cannot_be_written_is_refused_and_changes_nothing(tmp_path, design, changes, refusal):
    small = Store(tmp_path / "repos", replace(GitLimits(), file_bytes=1000))
    with small.open(design) as repo:
        tip = repo.resolve("main")
        with pytest.raises(refusal):
            write_files(repo, "main", changes, "Bad", ANA, tip)
        assert repo.resolve("main") == tip


@pytest.mark.parametrize("message", ["", " \n", "a\0b"])
def test_a_change_needs_a_message(store, design, message):
    with store.open(design) as repo, pytest.raises(Invalid):
        write_files(repo, "main", {"x": b"1"}, message, ANA, repo.resolve("main"))


def test_a_moved_branch_is_a_conflict_that_names_both(store, design, commit):
    with store.open(design) as repo:
        old = repo.resolve("main")
        new = commit(design, {"x": b"1"})
        with pytest.raises(Conflict) as refusal:
            write_files(repo, "main", {"y": b"1"}, "Late", ANA, old)
        assert old in refusal.value.message and new in refusal.value.message
        with pytest.raises(Conflict):
            write_files(repo, "main", {"y": b"1"}, "First?", ANA, None)
        with pytest.raises(Conflict, match="does not exist"):
            write_files(repo, "absent", {"y": b"1"}, "Second?", ANA, old)


def test_sixteen_racers_have_one_winner(store, design):
    with store.open(design) as repo:
        tip = repo.resolve("main")

    def race(number: int) -> str | None:
        with store.open(design) as repo:
            try:
                return write_files(repo, "main", {"n": str(number).encode()}, "Race", ANA, tip)
            except Conflict:
                return None

    with ThreadPoolExecutor(16) as pool:
        winners = [sha for sha in pool.map(race, range(16)) if sha]
    with store.open(design) as repo:
        assert winners == [repo.resolve("main")]


def test_branches_are_made_moved_and_deleted(store, design):
    with store.open(design) as repo:
        last, middle, _ = (one.sha for one in repo.log(repo.resolve("main")))
        create_branch(repo, "side", middle)
        with pytest.raises(Conflict):
            create_branch(repo, "side", last)
        move_branch(repo, "side", last, middle)
        with pytest.raises(Conflict):
            move_branch(repo, "side", middle, middle)
        with pytest.raises(NotFound):
            move_branch(repo, "side", repo.tree_id(last), last)
        with pytest.raises(Conflict):
            delete_branch(repo, "side", middle)
        delete_branch(repo, "side", last)
        assert list(repo.refs()) == ["refs/heads/main"]
        with pytest.raises(Invalid, match="default"):
            delete_branch(repo, "main", last)
        with pytest.raises(Invalid):
            create_branch(repo, "a..b", last)


def test_a_lock_left_by_a_killed_process_is_overcome(store, design, commit):
    lock = store.path(design) / "refs/heads/main.lock"
    lock.write_text("")
    with pytest.raises(Conflict, match="Try again"):
        commit(design, {"x": b"1"})
    os.utime(lock, (time.time() - 3600,) * 2)
    commit(design, {"x": b"1"})


def test_kill_9_leaves_the_old_or_the_new_state(store, design):
    for delay in (0.0, 0.004, 0.009, 0.013, 0.021):
        words = [sys.executable, "-c", KILLED, str(store.root)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True)
        process.stdout.readline()
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        fsck(store.path(design))
        with store.open(design) as repo:
            tip = repo.resolve("main")
            assert all(repo.read(one.sha, "n").decode() == one.parents[0] for one in repo.log(tip)[:-3])


SWEPT = """#!/bin/sh
case "$*" in *unpack-objects*) [ -e {told} ] || {{
    touch {told}
    echo "error: unable to create temporary file: No such file or directory" >&2
    exit 128
}} ;; esac
exec {git} "$@"
"""


def test_a_folder_swept_away_beside_a_write_is_made_again(store, design, commit, tmp_path, monkeypatch):
    told, git = tmp_path / "told", tmp_path / "git"
    git.write_text(SWEPT.format(told=told, git=command.GIT))
    git.chmod(0o755)
    monkeypatch.setattr(command, "GIT", str(git))
    tip = commit(design, {"f": b"1"})
    assert told.exists()
    with store.open(design) as repo:
        assert repo.read(tip, "f") == b"1"
