"""An engine for as long as one command runs, beside the one that may serve the service."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opendesign.cad.engine import Engine
from opendesign.cad.options import EngineOptions
from opendesign.cad.serving import Server

READY_SECONDS = 90


@contextmanager
def own_engine(options: EngineOptions) -> Iterator[tuple[Engine, dict]]:
    """Yields an engine and its status once it has tried its jail."""
    with tempfile.TemporaryDirectory() as folder:
        address = Path(folder) / "engine.sock"
        server = Server(address, options)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            engine = Engine(address)
            yield engine, await_verdict(engine)
        finally:
            server.stop()
            thread.join(10)


def await_verdict(engine: Engine) -> dict:
    """Returns the engine's status once its self-test is over."""
    end = time.monotonic() + READY_SECONDS
    while True:
        status = engine.status()
        if status["state"] in ("open", "closed") or time.monotonic() > end:
            return status
        time.sleep(0.1)
