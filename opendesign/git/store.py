"""Where the repositories of all designs lie, and how they come, are forked and go."""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from opendesign.core.errors import Conflict, Invalid, NotFound
from opendesign.git import command, locks, names, skeleton, upkeep
from opendesign.git.config import write_config
from opendesign.git.guarding import write_hook
from opendesign.git.lfs import LargeFiles
from opendesign.git.limits import GitLimits
from opendesign.git.pools import Pools
from opendesign.git.repository import Repository
from opendesign.git.scratch import Scratch

KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
LEAVING_SECONDS = 30


class Store:
    """The bare repositories below `root`: `<key>.git` for a design, `pools/` for what families of forks
    share.
    """

    def __init__(self, root: Path, limits: GitLimits | None = None, lfs: LargeFiles | None = None):
        self.root = Path(root).resolve()
        self.limits = limits or GitLimits()
        self.pools = Pools(self.root / "pools")
        self.lfs = lfs or LargeFiles(self.root / "lfs")
        command.forget_outer_repository()
        for folder in (self.root, self.pools.folder):
            write_config(folder, self.limits)
        write_hook(self.root)

    def path(self, key: str) -> Path:
        """The folder of the design's repository, whether it exists or not; raises Invalid for a key with a
        path.
        """
        if not KEY.fullmatch(key):
            raise Invalid(f"“{key[:80]}” cannot name a repository.")
        return self.root / f"{key}.git"

    def create(self, key: str, branch: str = "main") -> None:
        """An empty repository whose HEAD points at `branch`; raises Conflict if there is one already."""
        names.check_branch(branch)
        with self._arriving(key) as new:
            skeleton.lay_out(new, {"config": skeleton.CONFIG, "HEAD": skeleton.head_of(branch)})

    def fork(self, parent: str, child: str) -> None:
        """A repository with the branches, tags and HEAD of `parent` that shares its objects through their
        pool.

        The cost does not grow with the size of `parent`. Raises NotFound and Conflict.
        """
        with self._source(parent) as source:
            refs = skeleton.lines_of_refs(source, *skeleton.VISIBLE)
            with self.pools.joined(source, child) as pool, self._arriving(child) as new:
                same = {"config": pool / "config", "HEAD": source / "HEAD"}
                same[skeleton.ALTERNATES] = source / skeleton.ALTERNATES
                skeleton.lay_out(new, {"packed-refs": skeleton.packed(refs)}, same)

    def copy(self, parent: str, child: str) -> None:
        """A repository with the branches, tags and HEAD of `parent` and its own copy of every object they
        need.

        For private designs: nothing is shared with the pool or with `parent`. Raises NotFound and Conflict.
        """
        with self._source(parent) as source, self._arriving(child) as new:
            refs = skeleton.lines_of_refs(source, *skeleton.VISIBLE)
            texts = {"config": skeleton.CONFIG, "HEAD": (source / "HEAD").read_text()}
            skeleton.lay_out(new, texts | {"packed-refs": skeleton.packed(refs)})
            borrowed = command.environment(new, also=[source / "objects"])
            whole = ("repack", "-a", "-d", "-q", "--no-write-bitmap-index")
            command.run(new, *whole, env=borrowed, seconds=command.UPKEEP_SECONDS)

    def leave_pool(self, key: str) -> None:
        """Make the design independent of its pool, for turning private: it gets its own copy of what it
        needs.

        Raises NotFound, and Conflict while somebody pushes.
        """
        path = self._existing(key)
        with locks.alone(path, LEAVING_SECONDS):
            if self.pools.of(path) is None:
                return
            command.run(path, "repack", "-a", "-d", "-k", "-q", seconds=command.UPKEEP_SECONDS)
            self.pools.let_go(path)

    def separate(self, keys: Iterable[str]) -> int:
        """Give all designs that share objects with any of these a copy of their own; returns how many there were.

        What only a design had that has left their pool is in nobody's reach from then on. Raises Conflict while
        somebody pushes; those that are separate by then stay so.
        """
        pools = {pool for key in keys if (pool := self.pools.of(self.path(key)))}
        members = [member for pool in sorted(pools) for member in self.pools.members(pool)]
        for member in members:
            self.leave_pool(member.stem)
        self.gc_pools()
        return len(members)

    def delete(self, key: str) -> None:
        """Take the repository and the kept answers away; forks keep what they need in the pool. Raises
        NotFound.
        """
        skeleton.remove(self._existing(key))
        shutil.rmtree(self.root / "answers" / f"{key}.git", ignore_errors=True)

    def clear(self, key: str) -> None:
        """Takes away what a killed process left of a repository under a key that no design has yet."""
        if self.path(key).is_dir():
            self.delete(key)

    def set_aside(self, key: str) -> None:
        """Take the repository out of use until `forget` or `put_back`; without either, upkeep frees its space in time.

        Raises NotFound.
        """
        skeleton.set_aside(self._existing(key))

    def put_back(self, key: str) -> bool:
        """Brings back what was set aside last, if the key has no repository; says whether it did."""
        path = self.path(key)
        found = sorted(self.root.glob(f".{key}.git.*.gone"), key=lambda each: each.stat().st_mtime_ns)
        if path.exists() or not found:
            return False
        found[-1].rename(path)
        skeleton.settle(self.root)
        return True

    def forget(self, key: str) -> None:
        """Frees the space of what was set aside, and takes the kept answers away."""
        for gone in self.root.glob(f".{key}.git.*.gone"):
            shutil.rmtree(gone, ignore_errors=True)
        shutil.rmtree(self.root / "answers" / f"{key}.git", ignore_errors=True)

    def open(self, key: str, also: Iterable[str] = ()) -> Repository:
        """The repository, to be used as a context manager; objects of the designs `also` can be read through
        it too.

        Raises NotFound if it or one of `also` does not exist.
        """
        others = [self._existing(other) / "objects" for other in also]
        return Repository(self._existing(key), self.limits, others)

    def scratch(self, key: str, also: Iterable[str] = ()) -> Scratch:
        """As `open`, but what git writes through it goes into a folder of its own and is gone when it is closed."""
        others = [self._existing(other) / "objects" for other in also]
        return Scratch(self._existing(key), self.limits, others)

    def bring(self, source: str, target: str, sha: str, ref: str) -> None:
        """Make the commit `sha` of `source` part of `target`, held by the internal `ref`
        ("refs/proposals/3/head").

        Raises NotFound if `source` does not have it, Invalid for a ref that is not internal.
        """
        names.check_internal(ref)
        origin, path = self._existing(source), self._existing(target)
        with Repository(origin, self.limits) as repo:
            repo.commit(sha)
        quiet = (
            "-q",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-auto-maintenance",
            "--no-recurse-submodules",
        )
        with locks.together(path):
            fetch = ("fetch", *quiet, "--", str(origin), f"+{sha}:{ref}")
            command.run(path, *fetch, seconds=command.UPKEEP_SECONDS)

    def let_go(self, key: str, ref: str) -> None:
        """Take away the internal `ref`, if it is there; what nothing else holds goes with the next sweep.

        Raises NotFound, Invalid for a ref that is not internal.
        """
        names.check_internal(ref)
        path = self._existing(key)
        with locks.together(path):
            command.run(path, "update-ref", "-d", "--", ref, seconds=self.limits.git_seconds)

    def touched(self, key: str) -> datetime:
        """When a branch or tag of the design was last moved, made, deleted or packed; long ago without a repository.

        Git replaces the file of a ref, so that the folder it lies in tells.
        """
        path, times = self.path(key), [0.0]
        folders = [Path(where) for kind in skeleton.VISIBLE for where, _, _ in os.walk(path / kind)]
        for place in (path / "packed-refs", *folders):
            with suppress(FileNotFoundError):
                times.append(place.stat().st_mtime)
        return datetime.fromtimestamp(max(times), UTC)

    def size(self, key: str) -> int:
        """The bytes of the files of a repository; not of the objects it borrows from its family's pool."""
        sizes = 0
        for folder, _, files in os.walk(self.path(key)):
            for name in files:
                with suppress(FileNotFoundError):
                    sizes += os.lstat(os.path.join(folder, name)).st_size
        return sizes

    def gc(self, key: str) -> None:
        """Sweep what killed pushes left behind and repack; safe beside pushes, fetches and forks."""
        path = self._existing(key)
        upkeep.sweep(path)
        upkeep.repack(path, pooled=self.pools.of(path) is not None)

    def gc_pools(self) -> None:
        """Absorb what members of each family gained, repack the pools, and remove those that nobody uses."""
        upkeep.sweep_gone(self.root)
        upkeep.sweep_gone(self.pools.folder)
        for name in self.pools.names():
            self.pools.keep_up(name)

    def _existing(self, key: str) -> Path:
        path = self.path(key)
        if not path.is_dir():
            raise NotFound("This design has no repository.")
        return path

    @contextmanager
    def _source(self, key: str) -> Iterator[Path]:
        """The repository to fork or copy, which stays in its pool meanwhile; raises NotFound if it is deleted."""
        path = self._existing(key)
        try:
            with locks.together(path):
                yield path
        except FileNotFoundError as gone:
            if path.is_dir():
                raise
            raise NotFound("This design was deleted just now.") from gone

    @contextmanager
    def _arriving(self, key: str) -> Iterator[Path]:
        """A folder to build the repository `key` in; it takes its name in one step, or is removed."""
        path = self.path(key)
        if path.exists():
            raise Conflict(f"There is a repository {key} already.")
        new = self.root / f".{key}.git.{uuid4().hex}.new"
        try:
            yield new
            new.rename(path)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        skeleton.settle(self.root)
