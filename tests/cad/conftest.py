"""The engine that tests of this folder share."""

import engine_fixture
import pytest

from opendesign.cad.engine import Engine


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> Engine:
    """An open engine with the best jail this machine allows."""
    return engine_fixture.shared(request, "namespaces")
