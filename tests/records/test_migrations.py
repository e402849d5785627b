"""The migrations make exactly the tables that the records describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from opendesign.records import (
    build,
    challenge,
    change,
    design,
    discussion,
    improvement,
    inspection,
    look,
    notice,
    person,
    proposal,
    radar,
    revision,
    spot,
    token,
    trait,
    verdict,
    weighing,
)
from opendesign.records.base import Record
from opendesign.records.database import Database

DESCRIBED = (
    *(build, challenge, change, design, discussion, improvement, inspection, look, notice, person, proposal),
    *(radar, revision, spot, token, trait, verdict, weighing),
)


def test_the_newest_schema_is_what_the_records_describe(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    database.migrate()
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Record.metadata) == []
    database.close()
