"""Starts engines for tests in processes of their own, as `opendesign engine` would: one per kind of jail."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from opendesign.cad.engine import Engine

MIB = 1 << 20
BOX = b"import cadquery\nresult = cadquery.Workplane().box(1, 2, 3)\n"
START = """
import sys
from pathlib import Path, PosixPath
from opendesign.cad.options import EngineOptions
from opendesign.cad.serving import serve
serve(Path(sys.argv[1]), EngineOptions(**eval(sys.argv[2])))
"""
OPTIONS = {"seconds": 60, "memory": 512 * MIB, "output": 32 * MIB, "work": 64 * MIB, "slots": 2}
STARTED: dict[str, tuple[Engine, subprocess.Popen]] = {}


def start(address: Path, place: str = "", **options: object) -> subprocess.Popen:
    """Starts an engine, here or at a place of elsewhere.py; the caller ends it."""
    there = elsewhere(place) if place else []
    return subprocess.Popen([*there, sys.executable, "-c", START, str(address), repr(OPTIONS | options)])


def elsewhere(place: str) -> list[str]:
    """Returns the words before a command that is to run elsewhere."""
    return [sys.executable, str(Path(__file__).with_name("elsewhere.py")), place]


def settled(engine: Engine, process: subprocess.Popen, seconds: float = 60) -> dict:
    """Waits until an engine has tried its jail, and returns its status."""
    end_of_wait = time.monotonic() + seconds
    while time.monotonic() < end_of_wait and process.poll() is None:
        status = engine.status()
        if status["layers"]:
            return status
        time.sleep(0.02)
    raise AssertionError(f"no engine within {seconds} s, but {engine.status()}")


def end(process: subprocess.Popen) -> None:
    """Ends an engine as Ctrl-C does."""
    process.terminate()
    process.wait(20)


def shared(request: pytest.FixtureRequest, mode: str) -> Engine:
    """Returns the session's engine with this kind of jail."""
    return running(request, mode)[0]


def running(request: pytest.FixtureRequest, mode: str) -> tuple[Engine, subprocess.Popen]:
    """Returns the session's engine with this kind of jail, and its process."""
    if mode not in STARTED:
        folder = tempfile.TemporaryDirectory(prefix="engine-")
        address = Path(folder.name, "engine")
        process = start(address, mode=mode)
        request.config.add_cleanup(folder.cleanup)
        request.config.add_cleanup(lambda: end(process))
        STARTED[mode] = Engine(address), process
        status = settled(*STARTED[mode])
        assert status["open"], status["reason"]
    return STARTED[mode]
