"""Asks the engine: the one way in which the rest of the house has models built and compared."""

import contextlib
import fcntl
import json
import os
import socket
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from opendesign.cad import address as addresses
from opendesign.cad import outcome
from opendesign.cad.inside.jail import parcel, work
from opendesign.cad.outcome import Outcome
from opendesign.cad.progress import Progress

CONNECT_SECONDS = 5
# A living engine says every few seconds that the job still waits or runs.
SILENCE_SECONDS = 20
NOT_RUNNING = (
    "The CAD engine is not running. Start it with “opendesign engine”, or with everything else: “opendesign run”."
)
LONGEST_PATH = 1000
MOST_FILES = work.MOST_REQUESTED - 1
SHAPES = "model.brep"
DESIGN = "design/"  # where an inspection's job has the design's own files, beside the shapes
# What our own STL files begin with: a shape that comes as one is known by its triangles alone.
TRIANGLES = b"OpenDesign binary STL"


@dataclass(frozen=True)
class Job:
    """A part to build: its script or model file, all files the script may read (by repository path), what to make.

    A newer job of the same owner in the same lane cancels this one; owners (any text) share the slots and take turns.
    seconds: how long it may run, at most the engine's own limit (and that by default); patience: how long it may wait
    for its turn. name: what `progress` and `stop` call it by; sight: whoever follows it wants to see something before
    all is done. stamp: what its files are to say of their origin.
    """

    part: str
    files: Mapping[str, bytes]
    formats: tuple[str, ...] = ("viewer",)
    background: bool = False
    lane: str = ""
    seconds: float | None = None
    patience: float = 120
    owner: str = ""
    name: str = ""
    sight: bool = False
    stamp: Mapping[str, str] = field(default_factory=dict)


def strange_name(files: Mapping[str, bytes]) -> str | None:
    """Returns the first name that is not a path below a repository's top, None if all are."""
    for name in files:
        steps = name.split("/")
        if not name or "\0" in name or len(name) > LONGEST_PATH or any(step in ("", ".", "..") for step in steps):
            return name
    return None


def ending(shape: bytes) -> str:
    """Returns what kind of file a shape comes in."""
    return "stl" if shape.startswith(TRIANGLES) else "brep"


class Engine:
    """A way to the engine that listens at an address; any number of threads and processes may share one.

    `off` is where a file keeps it closed; engines of several machines may share one.
    """

    def __init__(self, address: Path, token: str = "", off: Path | None = None):
        self.address = address
        self.token = token
        self.off = off or addresses.off_file(address)

    def build(self, job: Job) -> Outcome:
        """Builds a part and returns how that ended; blocks until then, and never longer than its patience and limit."""
        return ended(self.follow(job))

    def follow(self, job: Job) -> Iterator[Progress | Outcome]:
        """Builds a part and yields how far that is, when it changes and every few seconds; last, how it ended.

        Nothing is told of a job that is done within 0.3 s. Closing the iterator withdraws the job.
        """
        order = {"kind": "build", "part": job.part, "formats": list(job.formats), "sight": job.sight}
        order["stamp"] = dict(job.stamp)
        with contextlib.closing(self.perform(order, job.files, job)) as heard:
            for news in heard:
                if isinstance(news, Outcome) and not job.part.endswith(".py"):
                    news = outcome.about(news, job.part)
                yield news

    def remake(self, shapes: bytes, model: Mapping[str, object], job: Job) -> Outcome:
        """Makes the formats of a job from a build's own BREP file; no script runs.

        model: "title", "stamp" (fact by name), "parts" ([{"path": [names], "colour": 4 numbers or None}], in the order
        of the build's measurements) and "careful" (true to draw by triangles alone).
        """
        order = {"kind": "remake", "formats": list(job.formats), **model}
        return ended(self.perform(order, {SHAPES: shapes}, job))

    def inspect(
        self, checks: Sequence[str], parts: Mapping[str, bytes | str], job: Job
    ) -> Iterator[Progress | Outcome]:
        """Runs a design's own checks, named functions of its `checks.py`, and yields as `follow` does.

        parts: by path the BREP text of each that they are given, or a clause that says why there is none.
        """
        shapes = {path: f"shapes/{number}.brep" for number, path in enumerate(parts)}
        given = {
            path: {"fault": part} if isinstance(part, str) else {"shape": shapes[path]} for path, part in parts.items()
        }
        files = {f"{DESIGN}{name}": content for name, content in job.files.items()}
        files |= {shapes[path]: part for path, part in parts.items() if isinstance(part, bytes)}
        return self.perform({"kind": "inspect", "checks": list(checks), "parts": given}, files, job)

    def fit(self, shapes: bytes, parts: Sequence[Mapping[str, object]], job: Job) -> Outcome:
        """Finds which components of a build's own BREP file interfere or are near; no script runs.

        parts: as in the model of `remake`.
        """
        return ended(self.perform({"kind": "fit", "parts": list(parts)}, {SHAPES: shapes}, job))

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
        """Compares two shapes, of which one may be missing, and returns how that ended.

        Each is a BREP text of the kernel or, for a mesh, a binary STL file of our own.
        method: "exact" (booleans, meshes where they fail) or "mesh" (never slow, volumes within 0.01 %).
        """
        given = (("before", before), ("after", after))
        shapes = {f"{state}.{ending(shape)}": shape for state, shape in given if shape is not None}
        job = Job("", shapes, formats, background, lane, seconds, patience, owner)
        order = {"kind": "difference", "formats": list(formats), "method": method}
        return ended(self.perform(order, shapes, job))

    def nearby(self, shapes: bytes, names: Sequence[str], point: Sequence[float], job: Job) -> Outcome:
        """Finds the faces nearest to a point (mm) in a build's own BREP file, whose parts have these names in order."""
        order = {"kind": "nearby", "formats": [], "names": list(names), "point": list(point)}
        return ended(self.perform(order, {SHAPES: shapes}, job))

    def overlap(self, one: bytes, other: bytes, job: Job) -> Outcome:
        """Finds how far two shapes (BREP text) are the same wherever they lie, as "overlap", 0 to 1."""
        return ended(self.perform({"kind": "overlap"}, {"one.brep": one, "other.brep": other}, job))

    def perform(self, order: dict, files: Mapping[str, bytes], job: Job) -> Generator[Progress | Outcome, None, None]:
        """Sends a job of any kind and follows it to its end."""
        asked = {
            "ask": "run",
            "owner": job.owner,
            "name": job.name,
            "lane": job.lane,
            "background": job.background,
            "seconds": job.seconds,
            "patience": job.patience,
            "token": self.token,
        }
        strange = strange_name(files)
        if strange is not None:
            yield outcome.failed("invalid", f"A file is called {strange[:200]!r}, which is no path in a repository.")
            return
        if len(files) > MOST_FILES:
            yield outcome.failed("invalid", f"The script may read {MOST_FILES} files, not {len(files)}.")
            return
        request = os.memfd_create("request", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            parcel.pack(request, [("", json.dumps(order).encode()), *files.items()])
            fcntl.fcntl(request, outcome.F_ADD_SEALS, outcome.ALL_SEALS)
            yield from self.exchange(asked, [request])
        finally:
            os.close(request)

    def exchange(self, asked: dict, descriptors: list[int]) -> Iterator[Progress | Outcome]:
        """Asks and reads the answers."""
        try:
            with addresses.connect(self.address, CONNECT_SECONDS) as connection:
                socket.send_fds(connection, [json.dumps(asked).encode()], descriptors)
                connection.settimeout(SILENCE_SECONDS)
                news: Progress | Outcome | None = None
                while not isinstance(news, Outcome):
                    message, left, _, _ = socket.recv_fds(connection, addresses.LARGEST_MESSAGE, 2)
                    with contextlib.ExitStack() as closing:
                        for descriptor in left:
                            closing.callback(os.close, descriptor)
                        news = self.understood(message, left)
                    yield news
        except TimeoutError:
            yield outcome.failed("off", f"The CAD engine has not answered for {SILENCE_SECONDS} s.")
        except OSError as trouble:
            yield outcome.failed("off", f"{NOT_RUNNING} ({self.address}: {trouble.strerror or trouble})")

    def understood(self, message: bytes, left: list[int]) -> Progress | Outcome:
        """Turns the engine's answer into progress or an outcome."""
        if not message:
            return outcome.failed("off", "The CAD engine stopped before the job was done.")
        answer = json.loads(message)
        if answer["answer"] == "still":
            found = outcome.sight(left[0]) if left else None
            return Progress(answer["stage"], answer["seconds"], answer["before"], *(found or ()))
        if answer["answer"] == "done" and len(left) == 2:
            return outcome.read(answer, *left)
        if answer["answer"] in outcome.WITHDRAWN:
            return outcome.failed(answer["answer"], outcome.WITHDRAWN[answer["answer"]])
        return outcome.failed(answer["answer"], answer["reason"])

    def status(self) -> dict:
        """Returns {"open", "state", "reason", "mode", "layers", "slots", "running", "queued", "served"}."""
        none = {"open": False, "state": "closed", "reason": NOT_RUNNING, "layers": {}}
        counts = {"mode": "", "slots": 0, "running": 0, "queued": 0, "served": 0}
        try:
            return counts | (self.ask({"ask": "status"}) or none)
        except OSError as trouble:
            return counts | none | {"reason": f"{NOT_RUNNING} ({self.address}: {trouble.strerror or trouble})"}

    def progress(self, name: str) -> Progress | None:
        """Returns how far the job of this name is; None if there is none, or no engine."""
        with contextlib.suppress(OSError):
            found = self.ask({"ask": "progress", "name": name})
            if found.get("stage"):
                return Progress(found["stage"], found["seconds"], found["before"], log=found["log"])
        return None

    def stop(self, name: str) -> int:
        """Ends all jobs of this name, waiting or running, and returns how many there were."""
        with contextlib.suppress(OSError):
            return self.ask({"ask": "stop", "name": name}).get("stopped", 0)
        return 0

    def switch_off(self, reason: str) -> None:
        """Keeps the engine closed, also one that starts later, until `switch_on`."""
        draft = self.off.with_suffix(".new")
        draft.write_text(reason)
        draft.replace(self.off)

    def switch_on(self) -> None:
        """Lets the engine open again, once it has tried its jail."""
        self.off.unlink(missing_ok=True)

    def try_again(self) -> None:
        """Has the engine try its jail again."""
        with contextlib.suppress(OSError):
            self.ask({"ask": "try"})

    def ask(self, question: dict) -> dict:
        """Returns the engine's answer to a question that is no job, {} if it says nothing. Raises OSError."""
        with addresses.connect(self.address, CONNECT_SECONDS) as connection:
            connection.send(json.dumps(question).encode())
            return json.loads(connection.recv(addresses.LARGEST_MESSAGE) or b"{}")


def ended(following: Iterator[Progress | Outcome]) -> Outcome:
    """Returns how a job ended that is followed."""
    for news in following:
        if isinstance(news, Outcome):
            return news
    raise AssertionError("a job that is followed ends with an outcome")
