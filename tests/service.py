"""The whole service as `opendesign run` starts it, for stories and browsers; and people who use it."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

PASSWORD = "correct horse battery"
READY_SECONDS = 240
BOX = '''"""A box with a hole."""

import cadquery as cq

# --- Size ---
WIDTH = 40.0  # [20:5:80] Width of the box, mm
HEIGHT = 12.0  # [5:1:30] Height of the box, mm
HOLE = 6.0  # [2:0.5:10] Diameter of the hole, mm

result = cq.Workplane().box(WIDTH, 30, HEIGHT).faces(">Z").workplane().hole(HOLE)
show_object(result, name="box")
'''


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Service:
    """One running service over a folder of its own."""

    def __init__(self, data: Path, *words: str, python: str = sys.executable, cwd: Path | None = None, **settings: str):
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data / "service.log"
        # One client for all requests: each new one reads the certificates of the whole world, for 15 ms.
        self.http = httpx.Client(base_url=self.url, timeout=60)
        data.mkdir(parents=True, exist_ok=True)
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("OPENDESIGN_", "PYTHONPATH"))
        }
        environment |= {"DATA": str(data), "PORT": str(self.port), "OPENDESIGN_ENTER_ATTEMPTS": "5", **settings}
        with self.log.open("w") as log:
            command = [python, "-m", "opendesign", "run", *words]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=cwd)

    def wait(self, building: bool = True) -> "Service":
        """Waits until pages answer, and until parts can be built."""
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                ready = httpx.get(self.url + "/readyz", timeout=5)
                if ready.status_code == 200 or (ready.status_code == 503 and not building):
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"The service did not start:\n{self.log.read_text()[-4000:]}")

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stops it as Ctrl-C does and returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.http.close()
        return self.process.wait(40)

    def join(self, name: str) -> "Visitor":
        """Somebody joins through the API and makes a token."""
        fields = {"name": name, "email": f"{name}@example.org", "password": PASSWORD}
        answer = httpx.post(self.url + "/api/v1/people", json=fields, timeout=20)
        assert answer.status_code == 201, answer.text
        made = httpx.post(
            self.url + "/api/v1/tokens",
            json={"label": "story", "scopes": ["read", "write", "admin"]},
            auth=(name, PASSWORD),
            timeout=20,
        )
        assert made.status_code == 201, made.text
        return Visitor(self, name, made.json()["token"])


@dataclass
class Visitor:
    """A person with a token, a name for git, and a client for the API."""

    service: Service
    name: str
    token: str

    def ask(self, method: str, path: str, **more) -> httpx.Response:
        """Asks the API."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.service.http.request(method, f"/api/v1{path}", headers=headers, **more)

    def get(self, path: str, **params) -> dict:
        """Reads; the answer must be 200."""
        answer = self.ask("GET", path, params=params)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json()

    def post(self, path: str, body: dict | None = None, status: int = 201) -> dict:
        """Writes; the answer must have the status."""
        answer = self.ask("POST", path, json=body or {})
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json()

    def built(self, path: str, body: dict) -> dict:
        """Wants a build and waits until it has ended."""
        answer = self.ask("POST", f"{path}/builds", params={"wait": 10}, json=body)
        assert answer.status_code in (200, 202), answer.text
        build, end = answer.json(), time.monotonic() + 60
        while build["state"] in ("wanted", "making"):
            assert time.monotonic() < end, build
            build = self.get(f"/builds/{build['key']}", wait=10)
        return build

    def until(self, path: str, done, seconds: float = 60) -> dict:
        """Reads until what is read satisfies `done`."""
        end = time.monotonic() + seconds
        while not done(answer := self.get(path)):
            assert time.monotonic() < end, answer
            time.sleep(0.1)
        return answer

    def git(self, *words: str, folder: Path | None = None, check: bool = True) -> subprocess.CompletedProcess:
        """Runs git as this person, with the token in a header; returns what it printed."""
        secret = base64.b64encode(f"{self.name}:{self.token}".encode()).decode()
        settings = {
            f"http.{self.service.url}/.extraHeader": f"Authorization: Basic {secret}",
            "user.name": self.name.title(),
            "user.email": f"{self.name}@example.org",
            "init.defaultBranch": "main",
            "protocol.version": "2",
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        environment = os.environ | {
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_TERMINAL_PROMPT": "0",
        }
        done = subprocess.run(
            ["git", *options, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def start_design(self, name: str, files: dict[str, str], folder: Path, **fields) -> Path:
        """Creates a design and pushes its first commit; returns the clone."""
        self.post("/designs", {"name": name, "title": name.title(), "licence": "CERN-OHL-W-2.0", **fields})
        self.git("clone", "-q", f"{self.service.url}/{self.name}/{name}.git", str(folder))
        return self.push(folder, files, "Start")

    def push(self, folder: Path, files: dict[str, str], message: str, *words: str) -> Path:
        """Writes files, commits and pushes them."""
        for path, text in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        self.git("add", "-A", folder=folder)
        self.git("commit", "-q", "-m", message, folder=folder)
        self.said = self.git("push", *(words or ("origin", "HEAD")), folder=folder).stderr
        return folder
