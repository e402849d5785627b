"""Repositories come, are forked and copied, and go."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest

from opendesign.core.errors import Conflict, Invalid, NotFound
from opendesign.git import command, locks, skeleton
from opendesign.git.writing import create_branch
from tests.git.packs import fill
from tests.git.served import eventually
from tests.git.test_writing import fsck


def objects_in(store, key):
    """Every object in reach of a design."""
    said = command.run(store.path(key), "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    return set(said.decode().split())


def inodes(folder):
    return {file.stat().st_ino for file in folder.rglob("*") if file.is_file()}


def test_an_empty_design_points_at_its_branch(store):
    store.create("5", "trunk")
    with store.open("5") as repo:
        assert (repo.head_branch(), repo.refs()) == ("trunk", {})
    with pytest.raises(Conflict):
        store.create("5")
    with pytest.raises(NotFound):
        store.open("6")
    for key in ("../5", "", "a/b", "-x", "5.git", "."):
        with pytest.raises(Invalid):
            store.path(key)


def test_a_fork_has_branches_tags_and_head_but_nothing_internal(store, design, commit):
    with store.open(design) as repo:
        tip = repo.resolve("main")
        create_branch(repo, "side/ways", tip)
        repo.set_head("side/ways")
        command.run(repo.path, "tag", "v1", tip)
        command.run(repo.path, "update-ref", "refs/proposals/1/head", tip)
        refs = repo.refs()
    store.fork(design, "2")
    with store.open("2") as repo:
        assert (repo.refs(), repo.head_branch()) == (refs, "side/ways")
        assert repo.read(tip, "README.md") == b"# A box\n"
    assert skeleton.lines_of_refs(store.path("2"), "refs/proposals") == []
    assert b"remote" not in (store.path("2") / "config").read_bytes()
    assert not list((store.path("2") / "objects").glob("??/*"))
    commit("2", {"README.md": b"# A fork\n"})
    with store.open(design) as repo:
        assert repo.resolve("main") == tip
    with pytest.raises(Conflict):
        store.fork(design, "2")
    with pytest.raises(NotFound):
        store.fork("99", "3")


def test_forks_outlive_their_parent(store, design, commit):
    store.fork("1", "2")
    late = commit("1", {"late": b"1"}, "After the first fork")
    store.fork("1", "3")
    store.fork("3", "4")
    for key in ("1", "2", "3"):
        store.gc(key)
    store.gc_pools()
    store.gc("1")
    store.delete("1")
    store.gc_pools()
    for key in ("2", "3", "4"):
        fsck(store.path(key))
        assert "/1.git" not in (store.path(key) / skeleton.ALTERNATES).read_text()
    with store.open("4") as repo:
        assert repo.resolve("main") == late
    for key in ("2", "3", "4"):
        store.delete(key)
    store.gc_pools()
    assert store.pools.names() == []


def test_the_pool_waits_for_whoever_is_set_aside(store, design, commit):
    store.fork("1", "2")
    commit("2", {"x": b"1"})
    for _ in range(2):
        store.gc_pools()
        store.gc("1")
        store.gc("2")
    store.delete("1")
    store.set_aside("2")
    store.gc_pools()
    assert store.put_back("2")
    fsck(store.path("2"))
    store.set_aside("2")
    store.forget("2")
    store.gc_pools()
    assert store.pools.names() == []


def test_a_copy_shares_nothing(store, design, commit):
    store.fork("1", "2")
    secret = commit("2", {"secret": b"s"}, branch="gone")
    with store.open("2") as repo:
        command.run(repo.path, "update-ref", "-d", "refs/heads/gone")
    store.copy("2", "3")
    assert store.pools.of(store.path("3")) is None
    assert not inodes(store.path("3")) & (inodes(store.path("2")) | inodes(store.pools.folder))
    assert secret in objects_in(store, "2") and secret not in objects_in(store, "3")
    hidden = commit("3", {"private": b"p"})
    store.delete("2")
    store.delete("1")
    store.gc_pools()
    fsck(store.path("3"))
    with store.open("3") as repo:
        assert repo.resolve("main") == hidden


def test_leaving_the_pool_takes_everything_along(store, design, commit):
    store.fork("1", "2")
    commit("2", {"x": b"1"})
    store.gc_pools()
    store.gc("2")
    other = commit("1", {"only in the parent": b"1"})
    store.fork("1", "3")
    store.leave_pool("2")
    private = commit("2", {"private": b"1"})
    assert not inodes(store.path("2") / "objects") & inodes(store.pools.folder)
    store.gc_pools()
    assert other in objects_in(store, "3") and other not in objects_in(store, "2")
    assert private not in objects_in(store, "3")
    store.leave_pool("2")
    store.delete("1")
    store.delete("3")
    store.gc_pools()
    assert store.pools.names() == []
    fsck(store.path("2"))
    store.fork("2", "4")
    fsck(store.path("4"))


def test_separate_designs_reach_nothing_of_one_that_left(store, design, commit):
    store.fork("1", "2")
    store.fork("2", "3")
    own = commit("3", {"own": b"1"})
    withdrawn = commit("1", {"not mine to publish": b"1"})
    store.gc_pools()
    store.gc("3")
    store.leave_pool("1")
    assert withdrawn in objects_in(store, "2") and withdrawn in objects_in(store, "3")
    assert store.separate(["1", "3"]) == 2 and store.pools.names() == []
    for key in ("2", "3"):
        fsck(store.path(key))
        assert withdrawn not in objects_in(store, key)
    assert own in objects_in(store, "3") and withdrawn in objects_in(store, "1")
    assert store.separate(["1", "2", "3"]) == 0


def test_leaving_waits_for_writers(store, design, monkeypatch):
    monkeypatch.setattr("opendesign.git.store.LEAVING_SECONDS", 0.05)
    store.fork("1", "2")
    with locks.together(store.path("2")), pytest.raises(Conflict, match="still being written"):
        store.leave_pool("2")
    store.leave_pool("2")


def test_who_leaves_waits_while_the_pool_takes_in_what_its_members_have(store, design):
    store.fork("1", "2")
    name = store.pools.of(store.path("2"))
    lock = store.pools.folder / f"{name}.lock"
    leaving = Thread(target=store.leave_pool, args=("2",))
    with locks.family(lock):  # upkeep has read who its members are: what one commits from here on would be absorbed
        leaving.start()
        eventually(lambda: is_awaited(lock) or not leaving.is_alive())
        assert store.pools.of(store.path("2")) == name
    leaving.join()
    assert store.pools.of(store.path("2")) is None


def is_awaited(lock):
    """Whether somebody waits for the lock of this file, as the kernel has it."""
    lines = Path("/proc/locks").read_text().splitlines()
    return any(" -> " in line and f":{lock.stat().st_ino} " in line for line in lines)


def test_a_commit_is_brought_from_another_design_under_an_internal_ref(store, design, commit):
    store.fork("1", "2")
    store.copy("1", "3")
    for number, source in enumerate(("2", "3")):
        sha = commit(source, {"new": source.encode()}, "Proposed")
        store.bring(source, "1", sha, f"refs/proposals/{number}/head")
        with store.open("1") as repo:
            assert repo.read(sha, "new") == source.encode()
            assert list(repo.refs()) == ["refs/heads/main"]
        with pytest.raises(Invalid):
            store.bring(source, "1", sha, "refs/heads/evil")
        with pytest.raises(NotFound):
            store.bring(source, "1", "0" * 40, "refs/proposals/9/head")
        store.delete(source)
    fsck(store.path("1"))
    assert not (store.path("1") / "FETCH_HEAD").exists()


def test_upkeep_packs_and_sweeps(store, design, commit):
    store.create("2")
    store.gc("2")
    for number in range(5):
        commit("1", {"n": str(number).encode()})
    objects = store.path("1") / "objects"
    stale = objects / "incoming-x1"
    fresh = objects / "incoming-x2"
    for folder in (stale, fresh):
        folder.mkdir()
    os.utime(stale, (time.time() - 3 * 86400,) * 2)
    for _ in range(2):
        store.gc("1")
    assert not list(objects.glob("??/*")) and list((objects / "pack").glob("*.bitmap"))
    assert fresh.exists() and not stale.exists()
    fsck(store.path("1"))


@pytest.mark.slow
def test_forking_costs_the_same_for_100_mb(store, capsys):
    store.create("1")
    fill(store.path("1"), megabytes=100)
    times = []
    for child in ("2", "3", "4"):
        start = time.perf_counter()
        store.fork("1", child)
        times.append(1000 * (time.perf_counter() - start))
    with capsys.disabled():
        print(f"\n100 MB: first fork {times[0]:.0f} ms, then {times[1]:.0f} and {times[2]:.0f} ms")
    assert max(times) < 1000
    blocks = sum(file.stat().st_size for file in store.path("2").rglob("*") if file.is_file())
    assert blocks < 16 << 10


@pytest.mark.slow
def test_forks_stay_whole_while_others_push_collect_and_delete(store, design, commit):
    def grow(number: int) -> None:
        for step in range(6):
            commit("1", {f"f{number}": f"{number}.{step}".encode()}, branch=f"b{number}")

    def fork(number: int) -> str:
        key = f"9{number}"
        store.fork("1", key)
        fsck(store.path(key))
        return key

    def collect(_: int) -> None:
        store.gc_pools()
        store.gc("1")

    with ThreadPoolExecutor(6) as pool:
        jobs = []
        for number in range(12):
            jobs += [pool.submit(grow, number), pool.submit(fork, number)]
            jobs += [pool.submit(collect, number)] if number % 4 == 0 else []
        for job in jobs:
            job.result()
    store.delete("1")
    store.gc_pools()
    for number in range(12):
        fsck(store.path(f"9{number}"))


def test_a_surrounding_hook_does_not_aim_us_elsewhere(tmp_path, monkeypatch, store, design):
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "outer")], check=True)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "outer"))
    again = type(store)(store.root)
    with again.open(design) as repo:
        assert repo.read(repo.resolve("main"), "README.md") == b"# A box\n"


def test_locks_are_on_a_file_open_for_writing_as_a_shared_disk_asks(store, design):
    path = store.path("1")
    with locks.alone(path, 1):
        (handle,) = [each for each in Path("/proc/self/fd").iterdir() if each.resolve() == path / locks.HELD]
        flags = int(Path("/proc/self/fdinfo", handle.name).read_text().split("flags:")[1].split()[0], 8)
        assert flags & os.O_ACCMODE == os.O_RDWR
        with pytest.raises(Conflict), locks.alone(path, 0):
            pass
    store.gc("1")
    assert (path / locks.HELD).is_file(), "upkeep leaves it: whoever holds it would no longer be alone"
