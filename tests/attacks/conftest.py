"""What the attacks run against, and what they are after."""

import socket
from collections.abc import Iterator
from pathlib import Path

import engine_fixture
import pytest
from attacks.honest import Honest, measured

from opendesign.cad.engine import Engine, Job


@pytest.fixture(scope="session", params=["namespaces", "plain"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An open engine with each kind of jail."""
    return engine_fixture.shared(request, request.param)


@pytest.fixture(scope="session")
def honest(engine: Engine) -> Honest:
    """The honest build before any attack."""
    return measured(engine)


@pytest.fixture(scope="session")
def listener() -> Iterator[socket.socket]:
    """A TCP server of the host that nobody may reach."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(scope="session")
def secret(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the host with models beside it, all readable by everybody."""
    place = tmp_path_factory.mktemp("host") / "secret"
    place.write_text("the-secret-of-the-host")
    built = engine.build(Job("box.py", {"box.py": engine_fixture.BOX}, formats=("step", "brep")))
    for name, content in built.files.items():
        place.with_name(f"secret.{name}").write_bytes(content)
    for folder in place.parents[:4]:  # each of two processes side by side has a folder of its own
        if folder.stat().st_uid == place.stat().st_uid:
            folder.chmod(folder.stat().st_mode | 0o055)
    return place
