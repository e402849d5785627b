"""The operator starts the service, stops it, and starts it again; nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from service import BOX, Service

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def nothing_stays(monkeypatch):
    """Stops what a failed test left running."""
    started: list[Service] = []
    begin = Service.__init__

    def remember(self, *words, **settings):
        started.append(self)
        begin(self, *words, **settings)

    monkeypatch.setattr(Service, "__init__", remember)
    yield
    for service in started:
        service.stop()


def below(pid: int) -> set[int]:
    """A process and everything below it."""
    found, waiting = {pid}, [pid]
    while waiting:
        tasks = Path(f"/proc/{waiting.pop()}/task")
        for path in tasks.glob("*/children") if tasks.exists() else []:
            children = {int(word) for word in path.read_text().split()} - found
            found |= children
            waiting += children
    return found


def gone(pids: set[int], seconds: float = 60) -> set[int]:
    """Waits until processes have ended; returns those that have not."""
    end = time.monotonic() + seconds
    while (left := {pid for pid in pids if Path(f"/proc/{pid}").exists()}) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def test_it_stops_without_orphans_and_starts_again_with_everything(tmp_path):
    first = Service(tmp_path / "data", "--no-demo").wait()
    ada = first.join("ada")
    ada.start_design("case", {"box.py": BOX}, tmp_path / "clone")
    build = ada.built("/designs/ada/case", {"part": "box.py"})
    everything = below(first.process.pid)
    assert len(everything) >= 5
    assert first.stop(signal.SIGINT) == 0
    assert gone(everything) == set()
    second = Service(tmp_path / "data", "--no-demo").wait(building=False)
    ada.service = second
    assert ada.get(f"/builds/{build['key']}")["state"] == "made"
    assert ada.ask("POST", "/designs/ada/case/builds", json={"part": "box.py"}).status_code == 200
    everything = below(second.process.pid)
    os.kill(second.process.pid, signal.SIGKILL)  # the pieces notice that nobody watches them any more
    second.process.wait(30)
    assert gone(everything) == set()


@pytest.mark.parametrize("words", [["--no-demo"], []], ids=["empty", "demo"])
def test_it_can_be_stopped_while_it_starts(tmp_path, words):
    service = Service(tmp_path / "data", *words)
    end = time.monotonic() + 90
    while not (tmp_path / "data" / "var" / "engine.sock").exists() and time.monotonic() < end:
        time.sleep(0.02)
    everything = below(service.process.pid)
    assert service.stop() == 0, service.log.read_text()
    assert gone(everything) == set()


def test_two_do_not_share_an_address(service, tmp_path):
    environment = os.environ | {"DATA": str(tmp_path / "other"), "PORT": str(service.port)}
    command = [sys.executable, "-m", "opendesign", "run", "--no-demo"]
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert second.returncode == 1
    assert "PORT=" in second.stderr and "Traceback" not in second.stderr


def test_the_doctor_finds_this_machine_well(tmp_path):
    environment = os.environ | {"DATA": str(tmp_path)}
    command = [sys.executable, "-m", "opendesign", "doctor", "--json"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    findings = {finding["name"]: finding for finding in json.loads(said.stdout)}
    assert findings["git"]["well"] and findings["database"]["well"] and findings["jail"]["well"], said.stdout
    assert said.returncode == 0


def test_it_runs_from_an_installed_wheel(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, timeout=280)
    (wheel,) = tmp_path.glob("opendesign-*.whl")
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True, timeout=60)
    site = next(venv.glob("lib/python*/site-packages"))
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, timeout=120)
    (site / "locked.pth").write_text(packages + "\n")  # the locked dependencies, not this checkout
    python = venv / "bin" / "python"
    where = subprocess.run(
        [python, "-c", "import opendesign; print(opendesign.__file__)"], capture_output=True, text=True, cwd=tmp_path
    )
    assert str(site) in where.stdout, where
    service = Service(tmp_path / "data", "--no-demo", python=str(python), cwd=tmp_path).wait()
    page = httpx.get(service.url).text
    style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert httpx.get(service.url + style).headers["content-type"].startswith("text/css")
    ada = service.join("ada")
    ada.start_design("case", {"box.py": BOX}, tmp_path / "clone")
    assert ada.built("/designs/ada/case", {"part": "box.py"})["state"] == "made"
    assert service.stop() == 0
