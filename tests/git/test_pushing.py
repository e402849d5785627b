"""Pushes by real clients to a live server."""

import os
import signal
import subprocess

import pytest

from opendesign.git.writing import create_branch
from tests.git.conftest import MEGABYTE
from tests.git.served import PEOPLE, eventually, git, processes_in, save
from tests.git.test_writing import fsck


@pytest.fixture
def work(url, tmp_path):
    """A clone of the design."""
    git("clone", "-q", url, str(tmp_path / "work"))
    return tmp_path / "work"


def tip(store, branch="main", key="1"):
    with store.open(key) as repo:
        return repo.refs().get(f"refs/heads/{branch}")


def calls(store):
    trace = store.path("1") / "after"
    return len(trace.read_text().split()) if trace.exists() else 0


def test_a_push_arrives_and_is_answered(store, work):
    sha = save(work, "new.py", b"1")
    said = git("push", cwd=work)
    assert tip(store) == sha and calls(store) == 1
    assert "remote: Look at https://example.org/designs/1" in said and "remote: Three parts" in said
    assert "Everything up-to-date" in git("push", cwd=work)
    assert calls(store) == 1
    git("push", "-q", "origin", "HEAD:refs/heads/a/b", "HEAD:refs/tags/v1", cwd=work)
    git("push", "-q", "origin", "--delete", "a/b", cwd=work)
    assert calls(store) == 3
    with store.open("1") as repo:
        assert set(repo.refs()) == {"refs/heads/main", "refs/tags/v1"}
    assert "Ana <ana@example.org>" in (store.path("1") / "logs/refs/heads/main").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("buffer", ["1", "500m"])
def test_a_large_push_in_chunks_and_in_one_piece(store, work, buffer):
    sha = save(work, "mesh.stl", os.urandom(12 * MEGABYTE))
    git("-c", f"http.postBuffer={buffer}", "push", "-q", cwd=work)
    assert tip(store) == sha
    assert not list((store.path("1") / "objects").glob("*incoming*"))
    fsck(store.path("1"))


def test_the_first_push_fills_an_empty_design(store, work, url):
    store.create("2", "trunk")
    git("push", "-q", url.replace("1.git", "2.git"), "HEAD:trunk", cwd=work)
    assert tip(store, "trunk", "2") == tip(store)


def test_the_default_branch_moves_only_forward(store, work):
    before = tip(store)
    git("push", "-q", "origin", "HEAD:side", cwd=work)
    git("commit", "-q", "--amend", "-m", "Another", cwd=work)
    said = git("push", "--force", cwd=work, good=False)
    assert "remote: main only moves forward" in said and "non-fast-forward" in said
    assert tip(store) == before
    said = git("push", "origin", ":main", cwd=work, good=False)
    assert "it cannot be deleted" in said and tip(store) == before
    git("push", "-q", "--force", "origin", "HEAD:side", cwd=work)
    assert tip(store, "side") != before
    save(work, "x", b"1")
    git("reset", "-q", "--soft", "HEAD~2", cwd=work)
    save(work, "y", b"1")
    said = git("push", "--force", "origin", "HEAD:side", "HEAD:main", cwd=work, good=False)
    assert "refs/heads/side: beside a branch that only moves forward" in said


def test_a_held_branch_stays_and_the_others_of_the_push_go(store, work):
    with store.open("1") as repo:
        create_branch(repo, "ruled", tip(store))
        create_branch(repo, "old", tip(store))
    before, sha = tip(store, "ruled"), save(work, "x", os.urandom(3 * MEGABYTE))
    said = git("push", "origin", "HEAD:ruled", cwd=work, good=False)
    assert said.count("ruled takes proposals only") == 1 and calls(store) == 0
    said = git("push", "origin", "HEAD:ruled", "HEAD:side", "HEAD:main", cwd=work, good=False)
    assert "[remote rejected] HEAD -> ruled (ruled takes proposals only)" in said and "[new branch]" in said
    assert (tip(store, "ruled"), tip(store, "side"), tip(store)) == (before, sha, sha) and calls(store) == 1
    said = git("push", "--force", "origin", "HEAD:ruled", ":old", cwd=work, good=False)
    assert "[deleted]" in said and said.count("ruled takes proposals only") == 1, "no pack is read for deletions alone"
    assert tip(store, "old") is None and tip(store, "ruled") == before
    said = git("push", "origin", ":ruled", cwd=work, good=False)
    assert "ruled takes proposals only" in said and tip(store, "ruled") == before


def test_an_atomic_push_with_a_held_branch_moves_nothing(store, work):
    before = tip(store)
    save(work, "x", b"1")
    said = git("push", "--atomic", "origin", "HEAD:main", "HEAD:ruled", cwd=work, good=False)
    assert "ruled takes proposals only" in said and "another ref of this push was refused" in said
    assert tip(store) == before and tip(store, "ruled") is None and calls(store) == 0


@pytest.mark.parametrize(
    ("ref", "reason"),
    [
        ("refs/proposals/1/head", "only branches"),
        ("refs/remotes/origin/x", "only branches"),
        ("refs/heads/HEAD", "cannot be a branch"),
        ("refs/heads/" + "f" * 40, "cannot be a branch"),
    ],
)
def test_other_refs_are_refused_and_nothing_of_the_push_is_done(store, work, ref, reason):
    before = tip(store)
    save(work, "x", os.urandom(3 * MEGABYTE))
    said = git("push", "origin", "HEAD:main", f"HEAD:{ref}", cwd=work, good=False)
    assert reason in said and "another ref of this push was refused" in said
    assert tip(store) == before and calls(store) == 0
    git("push", "-q", cwd=work)


def test_too_many_refs_are_refused(store, work):
    def push(first: int, count: int, good: bool) -> str:
        refs = [f"HEAD:refs/heads/b{number}" for number in range(first, first + count)]
        return git("push", "origin", *refs, cwd=work, good=good)

    assert "OPENDESIGN_PUSH_REFS" in push(0, 21, good=False)
    push(0, 20, good=True)
    assert "OPENDESIGN_REFS" in push(20, 10, good=False)
    push(20, 9, good=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "setting"),
    [(b"\0" * (50 * MEGABYTE), "OPENDESIGN_FILE_BYTES"), (None, "OPENDESIGN_PUSH_BYTES")],
)
def test_what_is_too_large_is_refused_with_a_sentence(store, work, content, setting):
    before = tip(store)
    if content is None:
        for name in ("a", "b"):
            (work / name).write_bytes(os.urandom(10 * MEGABYTE))
    said_by = save(work, "c", content or b"small")
    said = git("push", cwd=work, good=False)
    assert f"remote: {'A file of 50 MiB in this push' if content else 'This push'} passes the limit" in said
    assert setting in said and tip(store) == before and said_by not in said
    git("reset", "-q", "--hard", "HEAD~1", cwd=work)
    save(work, "fine", b"1")
    git("push", "-q", cwd=work)
    assert not processes_in(store.path("1"))


@pytest.mark.parametrize("name", ["..", ".git", ".GIT", "git~1", ".gi\u200ct"])
def test_evil_trees_are_refused(store, work, name):
    before = tip(store)
    blob = git("hash-object", "-w", "README.md", cwd=work).strip()
    content = f"100644 {name}\0".encode() + bytes.fromhex(blob)
    make = ["git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin"]
    tree = subprocess.run(make, cwd=work, input=content, capture_output=True, check=True).stdout.decode().strip()
    commit = git("commit-tree", "-m", "evil", "-p", "HEAD", tree, cwd=work).strip()
    said = git("push", "origin", f"{commit}:main", cwd=work, good=False)
    assert "unpack" in said and tip(store) == before and calls(store) == 0


@pytest.mark.slow
def test_a_killed_push_leaves_nothing_behind(store, work):
    before = tip(store)
    save(work, "mesh.stl", os.urandom(15 * MEGABYTE))
    env = os.environ | PEOPLE
    push = ["git", "-c", "http.postBuffer=1", "push", "-q"]
    client = subprocess.Popen(push, cwd=work, env=env, start_new_session=True, stderr=subprocess.DEVNULL)
    eventually(lambda: any("receive-pack" in words for words in processes_in(store.path("1"))))
    os.killpg(client.pid, signal.SIGKILL)
    client.wait()
    eventually(lambda: not processes_in(store.path("1")))
    assert tip(store) == before or calls(store) == 1
    eventually(lambda: not list((store.path("1") / "objects").glob("*incoming*")))
    git("push", cwd=work)
    fsck(store.path("1"))


def test_two_pushers_from_the_same_start_have_one_winner(store, work, url, tmp_path):
    other = tmp_path / "other"
    git("clone", "-q", url, str(other))
    shas = [save(work, "a", b"1"), save(other, "b", b"1")]
    pushes = [
        subprocess.Popen(["git", "push", "-q"], cwd=place, env=os.environ | PEOPLE, stderr=subprocess.DEVNULL)
        for place in (work, other)
    ]
    codes = [push.wait() for push in pushes]
    assert sorted(codes) == [0, 1] and tip(store) == shas[codes.index(0)]


def test_a_push_to_a_fork_sends_only_what_is_new_and_survives_the_parent(store, work, url):
    store.fork("1", "2")
    fork = url.replace("1.git", "2.git")
    sha = save(work, "x", b"1")
    git("push", "-q", fork, "HEAD:main", cwd=work)
    store.delete("1")
    fsck(store.path("2"))
    assert tip(store, key="2") == sha
    assert len(list((store.path("2") / "objects/pack").glob("*.pack"))) == 1


@pytest.mark.slow
def test_leaving_a_pool_waits_for_the_push_under_way(store, work, url):
    store.fork("1", "2")
    with store.open("2") as repo:
        create_branch(repo, "side", repo.resolve("main"))
    save(work, "mesh.stl", os.urandom(15 * MEGABYTE))
    push = ["git", "-c", "http.postBuffer=1", "push", "-q", url.replace("1.git", "2.git"), "HEAD:main"]
    client = subprocess.Popen(push, cwd=work, env=os.environ | PEOPLE)
    eventually(lambda: any("receive-pack" in words for words in processes_in(store.path("2"))))
    store.leave_pool("2")
    assert client.wait() == 0
    fsck(store.path("2"))
