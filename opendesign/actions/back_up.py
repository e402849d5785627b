"""The operator backs the running service up: records, repositories, and what else cannot be made again.

The records are taken first. A ref moves before it is recorded, so whatever commit they name is in the repositories,
which are copied afterwards; what came in between is recorded when the backup has been restored.
"""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from opendesign import __version__
from opendesign.actions.house import House
from opendesign.actions.pieces import open_backup, pack
from opendesign.core.backup import KEPT, LARGE, Earlier, Manifest, Piece
from opendesign.core.errors import Invalid, NotFound
from opendesign.git.copying import aside, copy_designs
from opendesign.records.base import now
from opendesign.records.dumping import dump

ROUNDS = 5  # a design deleted between the two copies is deleted in neither


@dataclass(frozen=True)
class BackedUp:
    """What was done: the manifest, how many designs it holds, and the keys of those without a whole repository."""

    manifest: Manifest
    designs: int
    lost: list[str]


def back_up(house: House, path: Path, since: Path | None = None, with_builds: bool = False) -> BackedUp:
    """Writes a backup of everything to `path`, or of what the backup `since` beside it lacks; nobody waits for it.

    Raises Invalid and Conflict. A repository that is damaged is left out, and told of.
    """
    path = path.absolute()
    earlier, known = _known(path, since)
    made_at = now().isoformat()
    with aside(house.store) as folder:
        for _ in range(ROUNDS):
            shutil.rmtree(folder / "records", ignore_errors=True)
            schema, designs = dump(house.database, folder / "records")
            lost = copy_designs(house.store, map(str, designs), folder / "repos")
            if not lost:
                break

        def describe(pieces: tuple[Piece, ...]) -> Manifest:
            return Manifest(made_at, __version__, schema, pieces, earlier)

        files = _files(house, folder, known, with_builds)
        return BackedUp(pack(path, files, known, describe), len(designs), lost)


def _known(path: Path, since: Path | None) -> tuple[Earlier | None, set[str]]:
    if since is None:
        return None, set()
    if since.absolute().parent != path.parent:
        raise Invalid(f"A backup lies beside the one it stands on: write it to {since.absolute().parent}.")
    with open_backup(since) as before:
        return Earlier(since.name, before.sha256), set(before.manifest.sizes)


def _files(house: House, folder: Path, known: Collection[str], with_builds: bool) -> Iterator[tuple[str, Path | Piece]]:
    """Yields place and source of each file."""
    for file in _below(folder):
        if file.name != "config":
            yield file.relative_to(folder).as_posix(), file
    yield from _large_files(house, known)
    for kept in set(KEPT) - {LARGE}:
        for file in _below(house.settings.root / kept):
            yield file.relative_to(house.settings.root).as_posix(), file
    for key in house.shelf.everything() if with_builds else ():
        for name in house.shelf.names(key):
            with suppress(NotFound), house.shelf.borrowed(key, name) as path:
                yield f"shelf/{key[:2]}/{key}/{name}", path


def _large_files(house: House, known: Collection[str]) -> Iterator[tuple[str, Path | Piece]]:
    """Yields the files of Git LFS; those that are known by their names are not read again, or fetched from a bucket."""
    for each in house.store.lfs.everything():
        place = f"{LARGE}/{each.oid[:2]}/{each.oid}"
        if each.oid in known:
            yield place, Piece(place, each.size, each.oid)
            continue
        with suppress(NotFound), house.store.lfs.borrowed(each) as path:
            yield place, path


def _below(place: Path) -> Iterator[Path]:
    """Yields a file itself, or the files below a folder."""
    if place.is_file():
        yield place
    for where, folders, names in os.walk(place):
        folders.sort()
        yield from (Path(where, name) for name in sorted(names) if not name.startswith("."))
