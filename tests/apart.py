"""A service whose pieces run apart, each of which can be killed at any moment, and people who keep working on it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from service import Service, Visitor, free_port

from opendesign.actions.house import House
from opendesign.app import open_house
from opendesign.core.settings import read_settings

START_SECONDS = 120


class Apart(Service):
    """Web, worker and engine over one folder, as three units of systemd would run them."""

    def __init__(self, data: Path, **settings: str):
        self.data, self.port = data, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        data.mkdir(parents=True, exist_ok=True)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("OPENDESIGN_")}
        self.environment = kept | {"DATA": str(data), "PORT": str(self.port), "OPENDESIGN_DEMO": "off", **settings}
        self.log = data / "service.log"
        self.running: dict[str, subprocess.Popen] = {}

    @property
    def http(self) -> httpx.Client:
        """A client of its own for each who asks: connections to a killed service are of no use."""
        return httpx.Client(base_url=self.url, timeout=60)

    def start(self, *names: str) -> "Apart":
        """Starts pieces in process groups of their own."""
        for name in names:
            with self.log.open("a") as log:
                command = [sys.executable, "-m", "opendesign", name]
                self.running[name] = subprocess.Popen(
                    command, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
                )
        return self

    def kill(self, *names: str) -> None:
        """Ends pieces as the kernel does when memory is short: at once, whatever they do."""
        for name in names:
            os.killpg(self.running[name].pid, signal.SIGKILL)
            self.running[name].wait()

    def house(self) -> House:
        """The house that the pieces open."""
        return open_house(read_settings(self.environment, {})[0])

    def answers(self, path: str) -> "Apart":
        """Waits until a page says that all is well."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                if httpx.get(self.url + path, timeout=5).status_code == 200:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.02)
        raise AssertionError(f"{path} is not well:\n{self.log.read_text()[-4000:]}")


class Worker(threading.Thread):
    """Somebody who does one thing after another until told to stop, and keeps what the service has acknowledged."""

    def __init__(self, over: threading.Event, act: Callable[[int], object]):
        super().__init__(name=act.__name__, daemon=True)
        self.over, self.act = over, act
        self.acknowledged: list = []
        self.trouble: list[str] = []

    def run(self) -> None:
        """Acts; what the service could not answer is nothing to rely on, and no trouble."""
        number = 0
        while not self.over.is_set():
            number += 1
            try:
                if (done := self.act(number)) is not None:
                    self.acknowledged.append(done)
            except (httpx.TransportError, ConnectionError):
                self.over.wait(0.1)
            except Exception as error:
                self.trouble.append(f"{self.name} {number}: {error!r}"[:3000])
                return


def answered(person: Visitor, method: str, path: str, body: dict | None = None, good=(200, 201, 204)) -> dict | None:
    """What the service says to a request of somebody's; None for a refusal, which a retry may well meet."""
    with person.service.http as http:
        headers = {"Authorization": f"Bearer {person.token}"}
        answer = http.request(method, f"/api/v1{path}", headers=headers, json=body)
    assert answer.status_code < 500 or answer.status_code == 503, f"{method} {path}: {answer.text[:2000]}"
    if answer.status_code not in good:
        return None
    return answer.json() if answer.content else {}
