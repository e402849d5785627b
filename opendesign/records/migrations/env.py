"""Alembic's entry: runs the migrations over the engine it is given."""

from importlib import import_module
from pkgutil import iter_modules

from alembic import context

from opendesign import records
from opendesign.records.base import Record

for each in iter_modules(records.__path__, "opendesign.records."):
    if not each.ispkg:
        import_module(each.name)  # fills the metadata


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
