"""A house on either database: SQLite in a file, PostgreSQL in a server started here."""

import pytest
from houses import new_house

from opendesign.records.database import Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.slow])])
def house(request, tmp_path):
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").database(f"db_{abs(hash(request.node.name)) % 10**8}")
    made = new_house(tmp_path, database_url=url)
    yield made
    made.database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql])])
def database(request, tmp_path):
    """An empty database of either kind, without any schema."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").database(f"old_{abs(hash(request.node.name)) % 10**8}")
    made = Database(url)
    yield made
    made.close()
