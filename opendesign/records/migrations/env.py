"""Alembic's entry: runs the migrations over the engine it is given."""

from alembic import context

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

KNOWN = (
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
)  # importing them fills the metadata


def run() -> None:
    """Runs every missing migration in one transaction each."""
    engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Record.metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
