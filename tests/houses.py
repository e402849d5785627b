"""A house in a temporary folder, and people in it, for tests below the web."""

import atexit
import functools
import hashlib
import os
import tempfile
from pathlib import Path

from postgres import Postgres

from opendesign.actions.create_design import create_design
from opendesign.actions.house import House, Visitor
from opendesign.actions.join import add_person
from opendesign.actions.preview import follow_preview
from opendesign.app import open_house
from opendesign.core.settings import Settings
from opendesign.records.database import Database

PASSWORD = "correct horse battery"
BOX = """import cadquery as cq

WIDTH = 10.0  # [5:1:50] Width, mm
HEIGHT = 4.0

result = cq.Workplane().box(WIDTH, 8, HEIGHT)
"""


@functools.cache
def empty_database() -> bytes:
    """A SQLite database of the newest schema: it is migrated once, and each house starts with a copy."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        database = Database(f"sqlite:///{path}")
        database.migrate()
        database.close()
        return path.read_bytes()


@functools.cache
def server() -> Postgres:
    """The PostgreSQL server of this process, with an empty database of the newest schema to be copied."""
    made = Postgres()
    atexit.register(made.stop)
    database = Database(made.database("empty"))
    database.migrate()
    database.close()
    return made


@functools.cache
def database_of(folder: Path) -> str:
    """The URL of the database on PostgreSQL that the house over a folder has."""
    return server().database(f"house_{hashlib.sha256(bytes(folder)).hexdigest()[:24]}", like="empty")


def new_house(folder: Path, **settings) -> House:
    """An empty house over a folder, or the one that is there; nothing runs but what the test calls.

    With OPENDESIGN_TEST_DATABASE=postgresql its database is there, unless the test names one.
    """
    if os.environ.get("OPENDESIGN_TEST_DATABASE") == "postgresql":
        settings.setdefault("database_url", database_of(Path(folder).resolve()))
    chosen = Settings(data=str(folder), **settings)
    path = chosen.var / "opendesign.db"
    if not chosen.database_url and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(empty_database())
    return open_house(chosen)


def settle_in(house: House, *names: str) -> list[Visitor]:
    """People join; returns them as visitors."""
    found = []
    for name in names:
        with house.writing() as work:
            found.append(Visitor(add_person(work, name, f"{name}@example.org", PASSWORD, name.title()).id))
    return found


def start(house: House, owner: Visitor, name: str, files: dict[str, str], **fields) -> int:
    """Somebody creates a design with files; returns its number."""
    with house.writing(owner) as work:
        contents = {path: text.encode() for path, text in files.items()}
        return create_design(work, name, name.title(), files=contents, **fields).id


def preview(house: House, visitor: Visitor, design, snapshot, path: str, values: dict, lane: str = ""):
    """Somebody moves a slider and waits; returns the build."""
    *_, last = follow_preview(house, visitor, design, snapshot, path, values, lane)
    return last
