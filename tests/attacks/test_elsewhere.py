"""The jail where other people run it: as an ordinary user, and inside an ordinary container without more rights."""

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import engine_fixture
import pytest
from attacks.attack import GROUPS, attacks
from attacks.honest import measured

from opendesign.cad.engine import Engine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else for a test"),
]
# The slow ones are tried where tests run; what stops them is the same everywhere.
QUICK = [attack for group in GROUPS if group != "resources" for attack in attacks(group)]
QUICK = [attack for attack in QUICK if "modes" not in attack.promises]
PLACES = {"user": "namespaces", "container": "plain", "container-user": "plain"}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that others may enter; pytest closes its own whenever another session of it starts."""
    with tempfile.TemporaryDirectory(prefix="elsewhere-") as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[str, Engine]]:
    """An engine at each place, which takes the best jail it can get there."""
    address = folder / "engine" / "socket"
    address.parent.mkdir()
    address.parent.chmod(0o777)
    process = engine_fixture.start(address, request.param, mode="auto")
    engine = Engine(address)
    engine_fixture.settled(engine, process)
    yield request.param, engine
    engine_fixture.end(process)


def test_the_jail_holds_and_attacks_fail(place: tuple[str, Engine], folder: Path) -> None:
    name, engine = place
    status = engine.status()
    assert status["open"], status["reason"]
    assert status["mode"] == PLACES[name]
    missing = {sentence for sentence, holds in status["layers"].items() if not holds}
    assert missing == (set() if status["mode"] == "namespaces" else {"own process list"})
    honest = measured(engine)
    secret = folder / "secret"
    secret.write_text("the-secret-of-the-host")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        for attack in QUICK:
            outcome = attack.run(engine, attack.files(secret, listener.getsockname()[1], engine))
            assert [line for line in outcome.log.splitlines() if "BREACH" in line] == [], attack.name
            end = outcome.error["kind"] if outcome.error else "ok"
            assert end in attack.ends, f"{attack.name}: {end}: {outcome.error} {outcome.log[-1000:]}"
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert secret.read_text() == "the-secret-of-the-host"
    assert engine.status()["open"]
    honest.check(engine)
