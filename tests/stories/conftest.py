"""One running service for all stories of a session."""

import pytest
from service import Service


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """The whole service: web, worker and engine, without the demo."""
    limits = {"OPENDESIGN_BUILD_SECONDS": "10", "OPENDESIGN_PUSH_BYTES": str(8 << 20)}
    limits["OPENDESIGN_BODY_BYTES"] = str(1 << 20)
    limits["OPENDESIGN_PRIVATE_HOSTS"] = "127.0.0.1"  # so that it can import from itself
    running = Service(tmp_path_factory.mktemp("service"), "--no-demo", **limits)
    running.wait().join("operator")  # the first to join may do everything, so it is none of the people in stories
    yield running
    assert running.stop() == 0, running.log.read_text()[-3000:]
