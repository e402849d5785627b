"""All records as text, one file a table: from either database, into either.

`pg_dump` would need a program of the server's version at both ends and lead into PostgreSQL only.
"""

import base64
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from itertools import islice
from pathlib import Path
from pkgutil import iter_modules

from alembic.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    Text,
    cast,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DataError, IntegrityError, SAWarning

from opendesign import records
from opendesign.core.errors import Conflict, Invalid
from opendesign.records.base import Record
from opendesign.records.database import Database
from opendesign.records.design import Design

for each in iter_modules(records.__path__, "opendesign.records."):
    if not each.ispkg:
        import_module(each.name)  # fills the metadata

BATCH, FEW = 500, 20  # rows at a time; of tables that hold pictures fewer
SCHEMA = "alembic_version"


def dump(database: Database, folder: Path) -> tuple[str, list[int]]:
    """Writes every table as it is at one moment; returns the schema's revision and the numbers of the designs.

    Nobody waits for it: SQLite and PostgreSQL both show a long reader what was there when it began.
    """
    folder.mkdir()
    with _one_moment(database) as connection:
        designs = list(connection.scalars(select(Design.id).order_by(Design.id)))
        revision = MigrationContext.configure(connection).get_current_revision() or ""
        for table in Record.metadata.sorted_tables:
            with (folder / f"{table.name}.jsonl").open("w", encoding="utf-8") as file:
                file.writelines(line + "\n" for line in _lines(connection, table))
    return revision, designs


@contextmanager
def _one_moment(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        if not database.sqlite:
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def _lines(connection: Connection, table: Table) -> Iterator[str]:
    columns = [column for column in table.columns if column.computed is None]
    yield json.dumps([column.name for column in columns])
    # JSON stays as it is written: in Python its null could not be told from nothing.
    asked = [cast(column, Text) if isinstance(column.type, JSON) else column for column in columns]
    query = select(*asked).order_by(*table.primary_key.columns).execution_options(yield_per=_batch(table))
    for row in connection.execute(query):
        yield json.dumps([_told(value) for value in row], ensure_ascii=False)


def _batch(table: Table) -> int:
    return FEW if any(isinstance(column.type, LargeBinary) for column in table.columns) else BATCH


def _told(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def is_empty(database: Database) -> bool:
    """Tells whether no table holds anything; there may be none."""
    tables = [table for table in _reflected(database).sorted_tables if table.name != SCHEMA]
    with database.engine.connect() as connection:
        return not any(connection.execute(select(table).limit(1)).first() for table in tables)


def vacate(database: Database) -> None:
    """Removes every table; raises Conflict when one of them holds something."""
    if not is_empty(database):
        raise Conflict("The database is not empty; a backup is restored only where nothing is.")
    abandon(database)


def abandon(database: Database) -> None:
    """Removes every table with what it holds: what a restore that failed had written."""
    with database.engine.begin() as connection:
        if database.sqlite:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        _reflected(database).drop_all(connection)


def load(database: Database, revision: str, folder: Path) -> None:
    """Fills an empty database with what `dump` wrote, in the schema it was written in: all of it or nothing.

    Raises Invalid for what no dump says.
    """
    database.migrate(revision)
    tables = _reflected(database)
    try:
        with database.engine.begin() as connection, _references_last(database, connection):
            for path in sorted(folder.glob("*.jsonl")):
                _fill(connection, tables.tables[path.stem], path)
            if not database.sqlite:
                _count_on(connection, tables)
    except (IntegrityError, DataError, LookupError, ValueError, TypeError, StopIteration) as error:
        raise Invalid(f"The records in the backup contradict each other or the schema {revision}.") from error


def _reflected(database: Database) -> MetaData:
    tables = MetaData()
    with warnings.catch_warnings():
        # Indexes over expressions are not read on SQLite: rows go in, and tables go, without.
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index", SAWarning)
        tables.reflect(database.engine, resolve_fks=False)
    return tables


@contextmanager
def _references_last(database: Database, connection: Connection) -> Iterator[None]:
    """Has what rows refer to looked for only when all are there: designs refer to one another."""
    if database.sqlite:
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        yield
        return
    keys = [
        f"ALTER TABLE {quote(table)} ALTER CONSTRAINT {quote(key['name'] or '')}"
        for quote in [connection.dialect.identifier_preparer.quote]
        for table in inspect(connection).get_table_names()
        for key in inspect(connection).get_foreign_keys(table)
    ]
    for key in keys:
        connection.execute(text(f"{key} DEFERRABLE INITIALLY DEFERRED"))
    yield
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for key in keys:
        connection.execute(text(f"{key} NOT DEFERRABLE"))


def _fill(connection: Connection, table: Table, path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        columns = [table.columns[name] for name in json.loads(next(file))]
        for column in columns:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=True)
        while lines := list(islice(file, _batch(table))):
            rows = [
                {c.name: _meant(c, value) for c, value in zip(columns, json.loads(line), strict=True)} for line in lines
            ]
            connection.execute(insert(table), rows)


def _meant(column: Column, value: object) -> object:
    """Returns what a column is to be given for what was told of it."""
    if value is None:
        return None
    if isinstance(column.type, JSON):
        return JSON.NULL if value == "null" else json.loads(str(value))
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(str(value))
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(str(value))
    return bool(value) if isinstance(column.type, Boolean) else value


def _count_on(connection: Connection, tables: MetaData) -> None:
    """Has PostgreSQL number new rows after those that are there."""
    for table in tables.sorted_tables:
        if "id" in table.columns and (last := connection.scalar(select(func.max(table.c.id)))):
            sequence = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(sequence, last)))
