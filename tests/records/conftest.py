"""A house on either database: SQLite in a file, PostgreSQL in a server started here."""

import pytest
from houses import new_house


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.slow])])
def house(request, tmp_path):
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").database(f"db_{abs(hash(request.node.name)) % 10**8}")
    made = new_house(tmp_path, database_url=url)
    yield made
    made.database.close()
