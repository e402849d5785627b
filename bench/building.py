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

from bench.models import BOX, ENCLOSURE
from bench.row import Row, interleaved, median

ALL = ["viewer", "step", "stl", "3mf", "glb", "brep", "png"]
SLIDER_BOX_MS, SLIDER_ENCLOSURE = 150, 1.25  # the goals of issue 2
widths = itertools.count(1)


class Floor:
    """A warm process that builds without any of our rings."""

    def __init__(self) -> None:
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "bench.floor"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def build(self, source: str, formats: list[str]) -> float:
        """Builds and returns the milliseconds its own clock took."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"source": source, "formats": formats}) + "\n")
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
    """Yields a row: request to all files on the shelf, beside the floor."""
    _, person, folder = args
    publish(person, name, source, folder)
    floor = Floor()

    def ours() -> None:
        value = width + next(widths) / 100
        build = person.built(f"/designs/bench/{name}", {"part": "part.py", "parameters": {"WIDTH": value}})
        assert build["state"] == "made", build

    floor.build(wider(source, width), ALL)
    ours()
    a, b = interleaved(rounds, ours, lambda: floor.build(wider(source, width), ALL))
    floor.close()
    yield Row(
        f"build-{name}", median(a) / median(b), goal, note=f"{median(a):.0f} ms beside {median(b):.0f} ms in process"
    )


def build_box(*args) -> Iterator[Row]:
    """All files of the box model."""
    yield from compared("box", BOX, 60, 1.35, 15, args)


def build_enclosure(*args) -> Iterator[Row]:
    """All files of the enclosure."""
    yield from compared("enclosure", ENCLOSURE, 160, 1.05, 5, args)


def slid(name: str, source: str, width: float, rounds: int, args: tuple) -> tuple[list[float], list[float]]:
    """Returns ms from a moved slider to the viewer's file in the client's hands, and of the floor."""
    service, person, folder = args
    publish(person, name, source, folder)
    floor = Floor()
    with httpx.Client(base_url=service.url, timeout=60) as client:

        def ours() -> None:
            value = f"{width + next(widths) / 100:.2f}"
            asked = client.get(f"/bench/{name}/previews/part.py", params={"p.WIDTH": value, "lane": "bench"})
            assert asked.json()["state"] == "made", asked.text
            assert client.get(asked.json()["viewer"]).content[:4] == b"glTF"

        ours()
        floor.build(wider(source, width), ["viewer"])
        taken = interleaved(rounds, ours, lambda: floor.build(wider(source, width), ["viewer"]))
    floor.close()
    return taken[0], taken[1]


def slider_box(*args) -> Iterator[Row]:
    """A slider of the box model, end to end."""
    ours, floor = slid("box", BOX, 60, 25, args)
    yield Row("slider-box", median(ours), SLIDER_BOX_MS, "ms", f"{median(floor):.0f} ms in process")


def slider_enclosure(*args) -> Iterator[Row]:
    """A slider of the enclosure beside its geometry and viewer file in process."""
    ours, floor = slid("enclosure", ENCLOSURE, 160, 6, args)
    note = f"{median(ours):.0f} ms beside {median(floor):.0f} ms in process"
    yield Row("slider-enclosure", median(ours) / median(floor), SLIDER_ENCLOSURE, note=note)


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
