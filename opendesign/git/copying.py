"""A copy of repositories and their pools by hard links, made while they are in use; nobody waits for it.

Git never writes into an object file it has written, so a link keeps the object whatever upkeep removes afterwards.
What is named is read before what holds it: refs, then the objects, then those of the pool, which only gains.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from opendesign.core.errors import Invalid
from opendesign.git import command, skeleton
from opendesign.git.pools import MEMBERS, link_objects
from opendesign.git.store import Store

ALTERNATES = re.compile(r"\.\./\.\./pools/([0-9A-Za-z][0-9A-Za-z_-]*)\.git/objects\n")
POOLS = "pools"


@contextmanager
def aside(store: Store) -> Iterator[Path]:
    """A folder beside the repositories that nobody else reads and that is gone afterwards."""
    folder = store.root / f".aside.{uuid4().hex}.new"  # swept like unfinished repositories if this process dies
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_designs(store: Store, keys: Iterable[str], target: Path) -> list[str]:
    """Copies the repositories of these designs, and the pools they draw on, into the new folder `target`.

    Returns the keys of those of which there is no whole copy: they, or their pool, are gone by now or are damaged.
    """
    shutil.rmtree(target, ignore_errors=True)
    (target / POOLS).mkdir(parents=True)
    gone = []
    for key in keys:
        try:
            _copy_design(store, store.path(key), target)
        except (FileNotFoundError, command.Failed):
            shutil.rmtree(target / f"{key}.git", ignore_errors=True)
            gone.append(key)
    for pool in sorted((target / POOLS).iterdir()):
        if not _copy_pool(store.pools.folder / pool.name, pool):
            gone += [member.name for member in (pool / MEMBERS).iterdir()]
    return gone


def _copy_design(store: Store, source: Path, target: Path) -> None:
    copy = target / source.name
    if not source.is_dir():
        raise FileNotFoundError(source)
    skeleton.lay_out_quickly(copy)
    (copy / "packed-refs").write_bytes(os.fsencode(skeleton.packed(skeleton.lines_of_refs(source))))
    (copy / "HEAD").write_bytes((source / "HEAD").read_bytes())
    _copy_logs(source / "logs", copy / "logs")
    pool = store.pools.of(source)
    while True:  # a design that joins a pool meanwhile may leave objects to it
        if pool is not None:
            _await_pool(store, pool, target, source.name.removesuffix(".git"))
        link_objects(source / "objects", copy / "objects")
        if (later := store.pools.of(source)) == pool:
            break
        pool = later
    if pool is not None:
        (copy / skeleton.ALTERNATES).write_text(f"../../pools/{pool}.git/objects\n")


def _await_pool(store: Store, name: str, target: Path, member: str) -> None:
    """Notes that the pool is to be copied, and which it is: its configuration is written once and never replaced."""
    copy = target / POOLS / f"{name}.git"
    if not copy.exists():
        skeleton.lay_out_quickly(copy)
        (copy / MEMBERS).mkdir()
        os.link(store.pools.folder / copy.name / "config", copy / "config")
    (copy / MEMBERS / member).touch()


def _copy_pool(source: Path, copy: Path) -> bool:
    """Links the objects of a pool; says whether it has been the same pool all the time."""
    try:
        (copy / "HEAD").write_bytes((source / "HEAD").read_bytes())
        link_objects(source / "objects", copy / "objects")
        return (source / "config").samefile(copy / "config")
    except FileNotFoundError:
        return False


def _copy_logs(source: Path, copy: Path) -> None:
    for where, _, files in os.walk(source):
        folder = copy / Path(where).relative_to(source)
        folder.mkdir(parents=True, exist_ok=True)
        for name in files:
            with suppress(FileNotFoundError):  # of a branch that is deleted at this moment
                (folder / name).write_bytes((Path(where) / name).read_bytes())


def land(store: Store, folder: Path) -> list[Path]:
    """Gives a copy in `folder` its place in a store without repositories; returns what is there now.

    Raises Invalid for a copy that draws on objects outside of it.
    """
    pools = sorted((folder / POOLS).glob("*.git"))
    designs = sorted(folder.glob("*.git"))
    for each in (*pools, *designs):
        skeleton.lay_out_quickly(each)
        (each / "config").write_text(skeleton.CONFIG)
    for pool in pools:
        (pool / MEMBERS).mkdir(exist_ok=True)
        if (pool / skeleton.ALTERNATES).exists():
            raise Invalid(f"The pool {pool.name} draws on objects elsewhere.")
    for design in designs:
        _check_alternates(design, {pool.name for pool in pools})
    return [*_moved(pools, store.pools.folder), *_moved(designs, store.root)]


def _check_alternates(design: Path, pools: set[str]) -> None:
    path = design / skeleton.ALTERNATES
    if path.exists():
        told = ALTERNATES.fullmatch(path.read_text())
        if told is None or f"{told[1]}.git" not in pools:
            raise Invalid(f"The repository {design.name} draws on objects outside of the backup.")


def _moved(folders: list[Path], target: Path) -> list[Path]:
    for folder in folders:
        folder.rename(target / folder.name)
    return [target / folder.name for folder in folders]


def stored(store: Store) -> list[str]:
    """The keys of all repositories in the store."""
    return sorted(path.name.removesuffix(".git") for path in store.root.glob("*.git"))
