"""The migrations make exactly the tables that the records describe, from every older schema, and keep what is in it."""

import base64
import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, DateTime, Float, Integer, LargeBinary, MetaData, Table, func, insert, select
from sqlalchemy.orm import Session

from opendesign.records.base import Record
from opendesign.records.database import Database
from opendesign.records.dumping import load

MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)
# Found out again from git, or from what there is, after an upgrade.
READ_ANEW = {"change", "unit", "setting", "blob", "trait", "form", "lapse", "sight", "numbering"}


def revisions(database: Database) -> list[str]:
    """Every schema there ever was, the oldest first."""
    return [each.revision for each in ScriptDirectory.from_config(database._alembic()).walk_revisions()][::-1]


def tables_of(database: Database) -> list[Table]:
    """The tables there are now, those that others refer to first."""
    found = MetaData()
    found.reflect(database.engine)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def value(column, number: int, known: set[tuple[str, int]]):
    """Something that a column may hold in the row of this number, in words of its own."""
    for key in column.foreign_keys:
        if (key.column.table.name, number) not in known and column.nullable:
            return None  # what it refers to comes later, or is this row itself
    if isinstance(column.type, DateTime):
        return MOMENT
    if isinstance(column.type, Boolean):
        return number % 2 == 0
    if isinstance(column.type, JSON):
        return {"number": number}
    if isinstance(column.type, LargeBinary):
        return bytes([number])
    return number if isinstance(column.type, Integer | Float) else text_of(column, number)


def text_of(column, number: int) -> str:
    """A text that only the row of this number has, and those that refer to it."""
    for key in column.foreign_keys:
        return text_of(key.column, number)
    return f"{column.name}-{number}"


def rows(tables: list[Table], number: int) -> dict[str, dict]:
    """One row for each table, by its name; they refer to one another."""
    known: set[tuple[str, int]] = set()
    made = {}
    for table in tables:
        made[table.name] = {column.name: value(column, number, known) for column in table.columns}
        known.add((table.name, number))
    return made


def counts(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        return {table.name: connection.scalar(select(func.count()).select_from(table)) for table in tables_of(database)}


def differences(database: Database) -> list:
    with database.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), Record.metadata)


def test_what_was_kept_in_each_older_schema_is_there_in_the_newest(database):
    added: Counter[str] = Counter()
    for number, revision in enumerate(revisions(database), 1):
        database.migrate(revision)
        tables = tables_of(database)
        with database.engine.begin() as connection:
            made = rows(tables, number)
            for name, row in made.items():
                connection.execute(insert(next(table for table in tables if table.name == name)), row)
                added[name] += 1
            added["address"] += "address" not in made and "proven_at" in made["person"]  # made of what was confirmed
    assert differences(database) == []
    with Session(database.engine) as session:
        for mapper in Record.registry.mappers:
            found = session.scalars(select(mapper.class_)).unique().all()
            assert mapper.local_table.name in READ_ANEW or len(found) == added[mapper.local_table.name]


def test_processes_that_start_together_migrate_once(database):
    address = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", f"from opendesign.records.database import *; Database({address!r}).migrate()"]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(each.communicate(timeout=120)[1][-500:], each.returncode) for each in started] == [("", 0)] * 3
    assert differences(database) == []


def told(value):
    """A value as a backup tells it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return json.dumps(value) if isinstance(value, dict) else value


@pytest.mark.parametrize("which", [0, -2], ids=["first", "last but one"])
def test_records_told_in_an_older_schema_are_read_in_it(database, tmp_path, which):
    revision = revisions(database)[which]
    database.migrate(revision)
    folder = Path(tmp_path / "told")
    folder.mkdir()
    for name, row in rows(tables_of(database), 1).items():
        shown = [told(value) for value in row.values()]
        (folder / f"{name}.jsonl").write_text(f"{json.dumps(list(row))}\n{json.dumps(shown)}\n")
    load(database, revision, folder)
    assert set(counts(database).values()) == {1}
    database.migrate()
    assert differences(database) == [] and counts(database)["design"] == 1


def test_after_a_migration_what_refers_to_a_row_still_goes_with_it(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'records.db'}")
    for _ in range(2):  # the second has nothing to do
        database.migrate()
        with database.engine.connect() as connection:  # the one that has migrated, from the pool
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.close()
