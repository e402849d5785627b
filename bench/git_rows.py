"""The figures of git: forks, fetches and pushes against git's own server, merges."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path

from bench.git_clients import Client, fetch_body, peak_growth
from bench.git_data import history, many_files
from bench.git_servers import Opening, ring, rival, rival_programs
from bench.row import Row, interleaved, median, milliseconds
from opendesign.git import command
from opendesign.git.command import CONFIG
from opendesign.git.merging import try_merge
from opendesign.git.store import Store
from tests.git.packs import fill
from tests.git.served import git

SIZES = (3, 25, 300)
TIMES = {3: 7, 25: 5, 300: 3}
DEFAULTS = "a commit to a new branch; the rival, with git's defaults, checks no objects and syncs no refs to disk"
SAME = "a commit to a new branch; both check objects and sync them and refs to disk"
ABSENT = "skipped: nginx, fcgiwrap or git http-backend is not installed"


class Ground:
    """A store with the repositories that are measured, made when first asked for."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.store = Store(folder / "repos")
        self.fresh = count(1000)

    def large(self, megabytes: int) -> str:
        """The key of a design of about so many megabytes."""
        key = f"{megabytes}mb"
        if not self.store.path(key).exists():
            self.store.create(key)
            fill(self.store.path(key), megabytes) if megabytes >= 100 else history(self.store.path(key), megabytes)
        return key

    def forked(self, megabytes: int) -> Callable[[], None]:
        """Fork that design once more."""
        key = self.large(megabytes)
        return lambda: self.store.fork(key, str(next(self.fresh)))


def rows(only: str | None = None, ours: Opening | None = None) -> Iterable[Row]:
    """Measure and yield the rows whose name starts with `only`; `ours` starts another server than the ring's."""
    folder = Path(tempfile.mkdtemp(prefix="git-bench-"))
    try:
        ground = Ground(folder)
        for names, measure in GROUPS.items():
            if not only or any(name.startswith(only) or only.startswith(name) for name in names):
                yield from (row for row in measure(ground, ours or ring()) if not only or row.name.startswith(only))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fork_rows(ground: Ground, _: Opening) -> Iterator[Row]:
    """Forks: the cost must not grow with the design."""
    large, small = ground.forked(300), ground.forked(1)
    first = milliseconds(large), milliseconds(small)
    yield Row("git-fork-first", first[0], 100, "ms", f"300 MB, which makes the pool; 1 MB: {first[1]:.0f} ms")
    yield against("git-fork-large", 1.2, 15, large, small, "300 MB against 1 MB")
    source = ground.store.path(ground.large(300))

    def clone() -> None:
        target = ground.folder / "shared" / str(next(ground.fresh))
        subprocess.run(["git", "clone", "-q", "--bare", "--shared", str(source), str(target)], check=True)

    yield against("git-fork-vs-clone", 2, 9, large, clone, "against git clone --bare --shared")


def merge_rows(ground: Ground, _: Opening) -> Iterator[Row]:
    """Trying a merge of 2,000 files."""
    ground.store.create("files")
    ours, theirs = many_files(ground.store.path("files"), 2000)

    def trial() -> None:
        with ground.store.open("files") as repo:
            assert try_merge(repo, ours, theirs).tree

    def floor() -> None:
        command.run(ground.store.path("files"), "merge-tree", "--write-tree", ours, theirs)

    yield against("git-merge-try", 3, 15, trial, floor, "2,000 files, 20 changed on each side")


def transfer_rows(ground: Ground, opening: Opening) -> Iterator[Row]:
    """Clones, fetches and pushes against git's own server on the same repositories."""
    keys = [ground.large(size) for size in SIZES]
    with ExitStack() as held:
        a = held.enter_context(opening(ground.store.root))
        if rival_programs() is None:
            yield Row("git-clone", None, 1, note=ABSENT)
            return
        b = held.enter_context(rival(ground.store.root, ground.folder / "rival"))
        clients = Client(a, ground.folder), Client(b, ground.folder)
        for size, key in zip(SIZES, keys, strict=True):
            yield from _fetches(clients, size, key)
        for size in SIZES[:2]:
            yield _push(ground, clients, f"git-push-{size}mb", size, DEFAULTS)
        config = ground.store.root / CONFIG
        c = held.enter_context(rival(ground.store.root, ground.folder / "strict", config))
        yield _push(ground, (clients[0], Client(c, ground.folder)), "git-push-same-rules", 3, SAME)


def memory_rows(ground: Ground, opening: Opening) -> Iterator[Row]:
    """What the server's own processes need while much passes through them."""
    key, empty = ground.large(SIZES[-1]), "empty"
    ground.store.create(empty)
    with opening(ground.store.root) as server:
        clone = partial(Client(server, ground.folder).clone, key)
        push = partial(git, "push", "-q", server.url(empty), "refs/heads/main", cwd=ground.store.path(key))
        for name, act in (("clone", clone), ("push", push)):
            note = f"{name} of 300 MB: peak of the server's own processes over idle"
            yield Row(f"git-memory-{name}", peak_growth(server.pid, act), 50, "MB", note)


def _fetches(clients: tuple[Client, Client], size: int, key: str) -> Iterator[Row]:
    clones = [partial(client.clone, key) for client in clients]
    yield against(f"git-clone-{size}mb", 1.0, TIMES[size], *clones, "whole time of the client")
    body = fetch_body(clients[0].url(key))
    transfers = [partial(client.transfer, key, body) for client in clients]
    yield against(f"git-transfer-{size}mb", 0.2, 5, *transfers, "the server's part of a repeated clone")
    for client in clients:
        client.prepare(key)
    fetches = [partial(client.fetch, key) for client in clients]
    yield against(f"git-noop-fetch-{size}mb", 0.6, 9, *fetches)


def _push(ground: Ground, clients: tuple[Client, Client], name: str, size: int, note: str) -> Row:
    acts = []
    for client in clients:
        key = f"push{next(ground.fresh)}"
        ground.store.create(key)
        command.run(ground.store.path(key), "config", "http.receivepack", "true")
        acts.append(client.pushing(key, ground.store.path(ground.large(size))))
    return against(name, 1.0, 9, *acts, note)


def against(
    name: str, goal: float, rounds: int, a: Callable[[], object], b: Callable[[], object], note: str = ""
) -> Row:
    """The row of the medians A/B, with both beside it."""
    ours, theirs = (median(times) for times in interleaved(rounds, a, b))
    shown = f"{ours:.1f} against {theirs:.1f} ms"
    return Row(name, ours / theirs, goal, note=f"{shown}; {note}" if note else shown)


GROUPS = {
    ("git-fork",): fork_rows,
    ("git-merge",): merge_rows,
    ("git-memory",): memory_rows,
    ("git-clone", "git-transfer", "git-noop", "git-push"): transfer_rows,
}

if __name__ == "__main__":
    import sys

    for row in rows(sys.argv[1] if len(sys.argv) > 1 else None):
        figure = "–" if row.figure is None else f"{row.figure:.2f} {row.unit}"
        print(f"{row.name:24} {row.goal:6g} {figure:>10}  {row.verdict:8} {row.note}", flush=True)
