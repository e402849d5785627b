"""Families of forks: one pool of objects each, so that a fork costs a few small files.

Three rules keep every fork whole:

1. Alternates point at a pool, never at another design: deleting a design cannot harm its forks.
2. A pool only gains objects: its upkeep keeps what no ref reaches.
3. What a fork names is in the pool before the fork exists: refs are read first, then every object file is
linked.

Private designs never belong to a pool: under protocol v2 whoever may fetch from a repository can have any
object in its reach by id, hidden refs or not.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from opendesign.git import command, locks, skeleton

MEMBERS = "members"
"""Folder in a pool with an empty file for every design that ever joined it."""
PARTS = (".pack", ".rev", ".idx")
"""Order of linking: git sees a pack when its index appears, so the index comes last."""
CHANCES = 200


class Pools:
    """The pools of a store, in `folder`; the designs that belong to them lie in the folder above."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.designs = folder.parent
        folder.mkdir(parents=True, exist_ok=True)

    def of(self, design: Path) -> str | None:
        """The name of the pool that the design in `design` belongs to."""
        try:
            line = (design / skeleton.ALTERNATES).read_text().strip()
        except FileNotFoundError:
            return None
        return Path(line).parent.name.removesuffix(".git")

    @contextmanager
    def joined(self, design: Path, child: str) -> Iterator[Path]:
        """The pool of `design`, which draws on it and has all its objects in it from now on, ready for `child`.

        While this is held nobody else changes the family.
        """
        name = self.of(design) or f"family-{_key(design)}"
        with locks.family(self.folder / f"{name}.lock"):
            pool = self._pool(name)
            if pool.exists():
                link_objects(design / "objects", pool / "objects")
            else:
                self._found(pool, design)
            for key in (_key(design), child):
                (pool / MEMBERS / key).touch()
            if self.of(design) is None:
                skeleton.write(design / skeleton.ALTERNATES, f"../../pools/{name}.git/objects\n")
            yield pool

    def let_go(self, design: Path) -> None:
        """End that `design`, which has all it needs by now, draws on its pool.

        Never while the pool takes in what its members have: it absorbs nothing that comes to the design afterwards.
        """
        with locks.family(self.folder / f"{self.of(design)}.lock"):
            (design / skeleton.ALTERNATES).unlink()
            skeleton.settle(design / "objects" / "info")

    def members(self, name: str) -> list[Path]:
        """The repositories that draw on the pool `name`."""
        listed = sorted((self._pool(name) / MEMBERS).iterdir())
        designs = [self.designs / f"{entry.name}.git" for entry in listed]
        return [design for design in designs if self.of(design) == name]

    def names(self) -> list[str]:
        """The names of all pools."""
        return sorted(folder.name.removesuffix(".git") for folder in self.folder.glob("*.git"))

    def keep_up(self, name: str) -> None:
        """Absorb what the members gained and repack for fast clones; a pool without members is removed."""
        pool = self._pool(name)
        with locks.family(self.folder / f"{name}.lock"):
            members = self.members(name)
            if not members and not self._used(name):
                skeleton.remove(pool)
                return
            refs = [pair for member in members for pair in self._absorbed(member, pool)]
            skeleton.write(pool / "packed-refs", skeleton.packed(refs))
        repack = ("repack", "-a", "-d", "-k", "-q", "--write-bitmap-index")
        command.run(pool, *repack, seconds=command.UPKEEP_SECONDS)
        command.run(pool, "commit-graph", "write", "--reachable", seconds=command.UPKEEP_SECONDS)

    def _used(self, name: str) -> bool:
        """Whether any design at all draws on the pool, be it set aside: it may come back.

        The list of members may have lost lines with the power.
        """
        designs = (*self.designs.glob("*.git"), *self.designs.glob(".*.git.*.gone"))
        return any(self.of(design) == name for design in designs)

    def _pool(self, name: str) -> Path:
        return self.folder / f"{name}.git"

    def _found(self, pool: Path, design: Path) -> None:
        new = pool.with_name(f".{pool.name}.{uuid4().hex}.new")
        try:
            skeleton.lay_out(new, {"config": skeleton.CONFIG}, {"HEAD": design / "HEAD"})
            (new / MEMBERS).mkdir()
            link_objects(design / "objects", new / "objects")
            new.rename(pool)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        skeleton.settle(self.folder)

    def _absorbed(self, member: Path, pool: Path) -> list[tuple[str, str]]:
        refs = skeleton.lines_of_refs(member)
        link_objects(member / "objects", pool / "objects")
        return [(sha, f"refs/members/{_key(member)}/{ref.removeprefix('refs/')}") for sha, ref in refs]


def _key(design: Path) -> str:
    return design.name.removesuffix(".git")


def link_objects(source: Path, target: Path) -> None:
    """Give the object folder `target` every object of `source` by hard links: no byte is copied.

    A repack of `source` at the same time writes the new pack before it removes the old one, so a listing that
    did not change while it was being linked is complete; any other is read again. Raises FileNotFoundError for
    objects that lack a file of theirs for good.
    """
    for _ in range(CHANCES):
        before = _packs(source)
        linked = _link_loose(source, target) and _link_packs(source, target, before)
        if linked and _packs(source) == before:
            return
    raise FileNotFoundError(f"Some pack in {source} is not whole.")


def _packs(objects: Path) -> set[str]:
    return {name.removesuffix(".idx") for name in os.listdir(objects / "pack") if _is_index(name)}


def _is_index(name: str) -> bool:
    return name.startswith("pack-") and name.endswith(".idx")


def _link_packs(source: Path, target: Path, names: set[str]) -> bool:
    new = names - _packs(target)
    for name in new:
        for part in PARTS:
            if not _link(source / "pack" / (name + part), target / "pack" / (name + part)) and part != ".rev":
                return False
    if new:
        skeleton.settle(target / "pack")
    return True


def _link_loose(source: Path, target: Path) -> bool:
    folders = [name for name in os.listdir(source) if len(name) == 2]
    return all(_link_folder(source / name, target / name) for name in folders)


def _link_folder(source: Path, target: Path) -> bool:
    """Link one folder of loose objects; False if upkeep removed it, here or there, on the way."""
    try:
        target.mkdir(exist_ok=True)
        new = [name for name in set(os.listdir(source)) - set(os.listdir(target)) if len(name) == 38]
        linked = [_link(source / name, target / name) for name in new]
        if new:
            skeleton.settle(target)
    except (FileNotFoundError, FileExistsError):
        return False
    return all(linked)


def _link(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except FileExistsError:
        return True
    except FileNotFoundError:
        return False
    return True
