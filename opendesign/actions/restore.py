"""The operator restores a backup where nothing is: all of it or nothing, and then everything is put in step."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from opendesign.actions.heal import catch_up
from opendesign.actions.house import House
from opendesign.actions.pieces import Backup, open_backup
from opendesign.actions.want_lacking import want_lacking
from opendesign.cad.engine import Engine
from opendesign.cad.shelves import open_shelf
from opendesign.core.backup import KEPT, Manifest
from opendesign.core.errors import Conflict, Invalid
from opendesign.core.settings import Settings
from opendesign.git.copying import aside, land, stored
from opendesign.git.store import Store
from opendesign.records.database import Database, is_schema
from opendesign.records.design import all_designs
from opendesign.records.dumping import abandon, is_empty, load, vacate
from opendesign.records.person import people_count


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
        store = Store(settings.repos)
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
    placed: list[Path] = []
    laid: list[str] = []
    (folder / "repos").mkdir(exist_ok=True)
    try:
        for kept in KEPT:
            placed += _moved(folder / kept, settings.root / kept)
        _shelve(settings, folder / "shelf", laid)
        land(store, folder / "repos")
        vacate(database)
        load(database, schema, folder / "records")
        database.migrate()
    except BaseException:
        abandon(database)
        for path in [store.path(key) for key in stored(store)] + placed:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.rmtree(store.pools.folder)
        for key in laid:
            open_shelf(settings).delete(key)
        raise


def _shelve(settings: Settings, folder: Path, laid: list[str]) -> None:
    """Puts made files on the shelf and adds to `laid` the keys under which there was nothing before."""
    if not folder.is_dir():
        return
    shelf = open_shelf(settings)
    for made_files in sorted(folder.glob("*/*")):
        if not shelf.names(made_files.name):
            laid.append(made_files.name)
        shelf.lay(made_files.name, {file.name: file.read_bytes() for file in made_files.iterdir()})
        shutil.rmtree(made_files)


def _moved(source: Path, target: Path) -> list[Path]:
    """Moves a file or folder, if it is there, and returns what was not there before."""
    new = [] if target.exists() or not source.exists() else [target]
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
