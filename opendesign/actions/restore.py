"""The operator restores a backup where nothing is: all of it or nothing, and then everything is put in step."""

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from opendesign.actions.heal import catch_up
from opendesign.actions.house import House
from opendesign.actions.open_store import open_store
from opendesign.actions.pieces import Backup, open_backup
from opendesign.actions.want_lacking import want_lacking
from opendesign.cad.engine import Engine
from opendesign.cad.shelves import open_shelf
from opendesign.core.backup import KEPT, LARGE, Manifest
from opendesign.core.errors import Conflict, Invalid
from opendesign.core.settings import Settings
from opendesign.git.copying import aside, land, stored
from opendesign.git.store import Store
from opendesign.records.database import Database, is_schema
from opendesign.records.design import all_designs
from opendesign.records.dumping import abandon, is_empty, load, vacate
from opendesign.records.person import people_count

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Revived:
    """What there is after a restore: how many designs and people, how many had moved on, and what is made again."""

    designs: int
    people: int
    moved: int
    wanted: int


def check_backup(path: Path) -> Manifest:
    """Reads all of a backup and writes nothing; raises Invalid when it is damaged or this version cannot restore it."""
    with open_backup(path) as backup:
        _check(backup)
        return backup.manifest


def restore(settings: Settings, path: Path) -> Manifest:
    """Puts everything in a backup to its place and brings the records' schema up to date.

    Raises Conflict where there is something already and Invalid for a damaged backup; then nothing was written.
    """
    with open_backup(path) as backup:
        _refuse_inhabited(settings)
        database = Database(settings.database)
        if not is_empty(database):
            raise Conflict("The database is not empty; a backup is restored only where nothing is.")
        _check(backup)
        store = open_store(settings)
        with aside(store) as folder:
            backup.unpack(folder / "backup")
            _settle(settings, database, store, folder / "backup", backup.manifest.schema)
        os.sync()
        database.close()
        return backup.manifest


def _check(backup: Backup) -> None:
    if not is_schema(backup.manifest.schema):
        version = backup.manifest.version
        raise Invalid(f"The backup was made by OpenDesign {version}, which is newer: install that first.")
    backup.check()


def _refuse_inhabited(settings: Settings) -> None:
    if Engine(settings.engine_socket).status()["state"] != "closed":
        raise Conflict(f"OpenDesign is running over {settings.root}; stop it first.")
    for folder in (settings.repos, settings.repos / "pools"):
        if found := next(folder.glob("*.git"), None):
            raise Conflict(f"There is {found} already; a backup is restored only where nothing is.")


def _settle(settings: Settings, database: Database, store: Store, folder: Path, schema: str) -> None:
    """Moves what was unpacked to its place, the records last; takes all of it back when that fails."""
    with Reversible() as placed:
        for kept in KEPT:
            if kept != LARGE and _moved(folder / kept, settings.root / kept):
                placed.undo(partial(_erase, settings.root / kept))
        _keep_large(store, folder / LARGE, placed)
        _shelve(settings, folder / "shelf", placed)
        placed.undo(partial(_clear, store))
        (folder / "repos").mkdir(exist_ok=True)
        land(store, folder / "repos")
        placed.undo(partial(abandon, database))
        vacate(database)
        load(database, schema, folder / "records")
        database.migrate()


class Reversible:
    """What was done so far: taken back, last first, when the rest fails, and whatever fails then hides no cause."""

    def __init__(self) -> None:
        self.undoing: list[Callable[[], object]] = []

    def undo(self, act: Callable[[], object]) -> None:
        """Says how to take back what is done now."""
        self.undoing.append(act)

    def __enter__(self) -> "Reversible":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_) -> None:
        for act in reversed(self.undoing) if kind else ():
            try:
                act()
            except Exception:
                log.exception("Something that was restored is left; the restore itself failed before")


def _erase(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def _clear(store: Store) -> None:
    for key in stored(store):
        shutil.rmtree(store.path(key))
    shutil.rmtree(store.pools.folder)


def _keep_large(store: Store, folder: Path, placed: Reversible) -> None:
    """Puts files of Git LFS where the service keeps them: on the disk, or in its bucket."""
    for path in sorted(folder.glob("*/*")):
        if store.lfs.land(path):
            placed.undo(partial(store.lfs.remove, path.name))


def _shelve(settings: Settings, folder: Path, placed: Reversible) -> None:
    """Puts made files on the shelf."""
    if not folder.is_dir():
        return
    shelf = open_shelf(settings)
    for made_files in sorted(folder.glob("*/*")):
        if not shelf.names(made_files.name):
            placed.undo(partial(shelf.delete, made_files.name))
        shelf.lay(made_files.name, {file.name: file.read_bytes() for file in made_files.iterdir()})
        shutil.rmtree(made_files)


def _moved(source: Path, target: Path) -> bool:
    """Moves a file or folder, if it is there; says whether there was nothing before."""
    new = source.exists() and not target.exists()
    if source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir() and target.exists():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.move(source, target)
    return new


def revive(house: House) -> Revived:
    """Records what was pushed while the backup was made, and wants again what was made and is not on the shelf."""
    moved, wanted = catch_up(house), want_lacking(house)
    with house.reading() as work:
        return Revived(len(all_designs(work.session)), people_count(work.session), moved, wanted)
