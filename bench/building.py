"""Builds: what the jail, the queue and the shelf cost beside the geometry itself."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
from service import Service, Visitor

from bench.models import ASSEMBLY, BOX, ENCLOSURE
from bench.row import Row, interleaved, median, milliseconds
from bench.spent import processor, settled
from opendesign.cad.parent import ENVIRONMENT

ALL = ["viewer", "step", "stl", "3mf", "glb", "brep", "png"]
FIXED_MS = 40
widths = itertools.count(1)


class Floor:
    """A warm process that builds without any of our rings."""

    def __init__(self) -> None:
        environment = os.environ | ENVIRONMENT
        command = [sys.executable, "-m", "bench.floor"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def build(self, source: str, formats: list[str]) -> float:
        """Builds and returns the milliseconds its own clock took."""
        return self.took({"source": source, "formats": formats})

    def compare(self, before: Path, after: Path) -> float:
        """Compares two BREP files exactly and returns the milliseconds its own clock took."""
        return self.took({"before": str(before), "after": str(after)})

    def took(self, order: dict) -> float:
        """Has something done and returns its milliseconds."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert answer["ok"], answer
        return answer["ms"]

    def close(self) -> None:
        """Ends the process."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(20)


def wider(source: str, width: float) -> str:
    """Returns the model with a width nobody has built yet."""
    step = next(widths) / 100
    head, _, tail = source.partition("WIDTH = ")
    _, _, rest = tail.partition("  #")
    return f"{head}WIDTH = {width + step}  #{rest}"


def publish(person: Visitor, name: str, source: str, folder: Path) -> None:
    """Makes a design of one part, once."""
    if person.ask("GET", f"/designs/bench/{name}").status_code == 404:
        person.start_design(name, {"part.py": source}, folder / name)
        person.built(f"/designs/bench/{name}", {"part": "part.py"})


def compared(name: str, source: str, width: float, goal: float, rounds: int, args: tuple) -> Iterator[Row]:
    """Yields rows: request to all files on the shelf, beside the floor, in processor time and as the client waits.

    The service's time counts until its engine has a new child ready and rests.
    """
    service, person, folder = args
    publish(person, name, source, folder)
    floor = Floor()

    def ours() -> None:
        value = width + next(widths) / 100
        build = person.built(f"/designs/bench/{name}", {"part": "part.py", "parameters": {"WIDTH": value}})
        assert build["state"] == "made", build

    floor.build(wider(source, width), ALL)
    ours()
    waited: tuple[list[float], list[float]] = ([], [])
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        rest = settled(service.process.pid)
        waited[0].append(milliseconds(ours))
        spent[0].append(settled(service.process.pid) - rest)
        begin = processor([floor.process.pid])
        waited[1].append(floor.build(wider(source, width), ALL))
        spent[1].append(processor([floor.process.pid]) - begin)
    floor.close()
    a, b = (median(times) for times in spent)
    yield Row(f"build-{name}", a / b, goal, note=f"processor: {a:.0f} ms beside {b:.0f} ms in process")
    a, b = (median(times) for times in waited)
    yield Row(f"build-{name}-wall", a / b, goal, note=f"{a:.0f} ms beside {b:.0f} ms in process")
    if name == "box":
        extra = [shelf - bare for shelf, bare in zip(*waited, strict=True)]
        note = f"wall minus in process, pair by pair; of the least {min(waited[0]) - min(waited[1]):.0f} ms"
        yield Row("build-fixed", median(extra), FIXED_MS, "ms", note)


def build_box(*args) -> Iterator[Row]:
    """All files of the box model."""
    yield from compared("box", BOX, 60, 1.35, 25, args)


def build_enclosure(*args) -> Iterator[Row]:
    """All files of the enclosure."""
    yield from compared("enclosure", ENCLOSURE, 160, 1.05, 5, args)


def build_assembly(*args) -> Iterator[Row]:
    """All files of an assembly of 31 parts."""
    yield from compared("assembly", ASSEMBLY, 120, 1.05, 5, args)


def cached(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """A made file beside a static file of the same server."""
    publish(person, "box", BOX, folder)
    build = person.built("/designs/bench/box", {"part": "part.py"})
    static = httpx.get(service.url + "/").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    with httpx.Client(base_url=service.url, timeout=20) as client:
        made = f"/builds/{build['key']}/files/viewer"
        assert client.get(made).status_code == 200 == client.get(static).status_code
        a, b = interleaved(80, lambda: client.get(made), lambda: client.get(static))
    yield Row("build-cached", median(a) / median(b), 1.5, note=f"{median(a):.1f} ms beside {median(b):.1f} ms")
