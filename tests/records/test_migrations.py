"""The migrations make exactly the tables that the records describe."""

from importlib import import_module
from pkgutil import iter_modules

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from opendesign import records
from opendesign.records.base import Record
from opendesign.records.database import Database

for each in iter_modules(records.__path__, "opendesign.records."):
    if not each.ispkg:
        import_module(each.name)


def test_the_newest_schema_is_what_the_records_describe(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    database.migrate()
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Record.metadata) == []
    database.close()
