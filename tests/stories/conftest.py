"""One running service for all stories of a session."""

import pytest
from service import Service


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """The whole service: web, worker and engine, without the demo."""
    running = Service(tmp_path_factory.mktemp("service"), "--no-demo")
    yield running.wait()
    assert running.stop() == 0, running.log.read_text()[-3000:]
