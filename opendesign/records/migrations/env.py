"""Alembic's entry: runs the migrations over the engine it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import iter_modules

from alembic import context
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from opendesign import records
from opendesign.records.base import Record

for each in iter_modules(records.__path__, "opendesign.records."):
    if not each.ispkg:
        import_module(each.name)  # fills the metadata


@contextmanager
def references_rest(connection: Connection) -> Iterator[None]:
    """Lets SQLite change a table by making it anew: dropping the old one would delete every row that refers to it.

    As in https://www.sqlite.org/lang_altertable.html#otheralter: what refers to what is looked at in the end.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection  # the statement does nothing in a transaction
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        assert not (lost := driver.execute("PRAGMA foreign_key_check").fetchall()), lost
    finally:
        connection.rollback()  # of a transaction that only looked: the statement would do nothing in it
        driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Runs every missing migration in one transaction each; where none is missing, nothing is looked at."""
    engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_heads() == (context.get_revision_argument(),):
            return
    with engine.connect() as connection, references_rest(connection):
        context.configure(
            connection=connection,
            target_metadata=Record.metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
