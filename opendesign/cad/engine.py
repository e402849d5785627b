"""Asks the engine: the one way in which the rest of the house has models built and compared."""

import contextlib
import fcntl
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from opendesign.cad import address as addresses
from opendesign.cad import outcome
from opendesign.cad.inside.jail import parcel, work
from opendesign.cad.outcome import Outcome

CONNECT_SECONDS = 5
# A living engine says every few seconds that the job still waits or runs.
SILENCE_SECONDS = 20
NOTHING: list[int] = []
STILL = b'{"answer": "still"}'
NOT_RUNNING = (
    "The CAD engine is not running. Start it with `opendesign engine`, or with everything else: `opendesign run`."
)
LONGEST_PATH = 1000
MOST_FILES = work.MOST_REQUESTED - 1
BEFORE, AFTER = "before.brep", "after.brep"
SHAPES = "model.brep"


@dataclass(frozen=True)
class Job:
    """A part to build: the file with its script, all files the script may read (by repository path), what to make.

    A newer job of the same owner in the same lane cancels this one; owners (any text) share the slots and take turns.
    seconds: how long it may run, at most the engine's own limit (and
    that by default); patience: how long it may wait for its turn.
    """

    part: str
    files: Mapping[str, bytes]
    formats: tuple[str, ...] = ("viewer",)
    background: bool = False
    lane: str = ""
    seconds: float | None = None
    patience: float = 120
    owner: str = ""


def strange_name(files: Mapping[str, bytes]) -> str | None:
    """Returns the first name that is not a path below a repository's top, None if all are."""
    for name in files:
        steps = name.split("/")
        if not name or "\0" in name or len(name) > LONGEST_PATH or any(step in ("", ".", "..") for step in steps):
            return name
    return None


class Engine:
    """A way to the engine that listens at an address; any number of threads and processes may share one."""

    def __init__(self, address: Path, token: str = ""):
        self.address = address
        self.token = token

    def build(self, job: Job) -> Outcome:
        """Builds a part and returns how that ended; blocks until then, and never longer than its patience and limit."""
        order = {"kind": "build", "part": job.part, "formats": list(job.formats)}
        return self.perform(order, job.files, job)

    def remake(self, shapes: bytes, model: Mapping[str, object], job: Job) -> Outcome:
        """Makes the formats of a job from a build's own BREP file; no script runs.

        model: "title", "stamp" (fact by name), "parts" ([{"path": [names], "colour": 4 numbers or None}], in the order
        of the build's measurements) and "careful" (true to draw by triangles alone).
        """
        return self.perform({"kind": "remake", "formats": list(job.formats), **model}, {SHAPES: shapes}, job)

    def difference(
        self,
        before: bytes | None,
        after: bytes | None,
        formats: tuple[str, ...] = ("overlay",),
        method: str = "exact",
        background: bool = False,
        lane: str = "",
        seconds: float | None = None,
        patience: float = 120,
        owner: str = "",
    ) -> Outcome:
        """Compares two shapes in OCCT's BREP format, of which one may be missing, and returns how that ended.

        method: "exact" (booleans, meshes where they fail) or "mesh" (never slow, volumes within 0.01 %).
        """
        shapes = {name: shape for name, shape in ((BEFORE, before), (AFTER, after)) if shape is not None}
        job = Job("", shapes, formats, background, lane, seconds, patience, owner)
        order = {"kind": "difference", "formats": list(formats), "method": method}
        return self.perform(order, shapes, job)

    def perform(self, order: dict, files: Mapping[str, bytes], job: Job) -> Outcome:
        """Sends a job of any kind and waits for its end."""
        asked = {
            "ask": "run",
            "owner": job.owner,
            "lane": job.lane,
            "background": job.background,
            "seconds": job.seconds,
            "patience": job.patience,
            "token": self.token,
        }
        strange = strange_name(files)
        if strange is not None:
            return outcome.failed("invalid", f"A file is called {strange[:200]!r}, which is no path in a repository.")
        if len(files) > MOST_FILES:
            return outcome.failed("invalid", f"The script may read {MOST_FILES} files, not {len(files)}.")
        request = os.memfd_create("request", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            parcel.pack(request, [("", json.dumps(order).encode()), *files.items()])
            fcntl.fcntl(request, outcome.F_ADD_SEALS, outcome.ALL_SEALS)
            return self.exchange(asked, [request])
        finally:
            os.close(request)

    def exchange(self, asked: dict, descriptors: list[int]) -> Outcome:
        """Asks and reads the answer as an outcome."""
        try:
            with addresses.connect(self.address, CONNECT_SECONDS) as connection:
                socket.send_fds(connection, [json.dumps(asked).encode()], descriptors)
                connection.settimeout(SILENCE_SECONDS)
                message, left = STILL, NOTHING
                while message == STILL:
                    message, left, _, _ = socket.recv_fds(connection, addresses.LARGEST_MESSAGE, 2)
        except TimeoutError:
            return outcome.failed("off", f"The CAD engine has not answered for {SILENCE_SECONDS} s.")
        except OSError as trouble:
            return outcome.failed("off", f"{NOT_RUNNING} ({self.address}: {trouble.strerror or trouble})")
        with contextlib.ExitStack() as closing:
            for descriptor in left:
                closing.callback(os.close, descriptor)
            return self.understood(message, left)

    def understood(self, message: bytes, left: list[int]) -> Outcome:
        """Turns the engine's answer into an outcome."""
        if not message:
            return outcome.failed("off", "The CAD engine stopped before the job was done.")
        answer = json.loads(message)
        if answer["answer"] == "done" and len(left) == 2:
            return outcome.read(answer, *left)
        if answer["answer"] == "cancelled":
            return outcome.failed("cancelled", "A newer job took the place of this one.")
        return outcome.failed(answer["answer"], answer["reason"])

    def status(self) -> dict:
        """Returns {"open", "state", "reason", "mode", "layers", "slots", "running", "queued", "served"}."""
        try:
            with addresses.connect(self.address, CONNECT_SECONDS) as connection:
                connection.send(json.dumps({"ask": "status"}).encode())
                message = connection.recv(addresses.LARGEST_MESSAGE)
        except OSError as trouble:
            reason = f"{NOT_RUNNING} ({self.address}: {trouble.strerror or trouble})"
            message = json.dumps({"open": False, "state": "closed", "reason": reason, "layers": {}}).encode()
        still = {"open": False, "state": "closed", "reason": NOT_RUNNING, "layers": {}}
        counts = {"mode": "", "slots": 0, "running": 0, "queued": 0, "served": 0}
        return counts | (json.loads(message) if message else still)
