"""Pages, forks and the start, as a visitor waits for them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
from crowd import crowd
from houses import new_house
from service import BOX, Service, Visitor

from bench.row import Row, interleaved, median, milliseconds
from opendesign.records.design import design_by_path

LARGE_FILES, LARGE_BYTES = 12, 25 << 20  # about 300 MB that does not compress


def large_design(person: Visitor, folder: Path) -> None:
    """Makes a design of 300 MB, once."""
    if person.ask("GET", "/designs/bench/large").status_code == 200:
        return
    clone = person.start_design("large", {"box.py": BOX}, folder / "large")
    for number in range(LARGE_FILES):
        (clone / f"scan-{number}.stl").write_bytes(os.urandom(LARGE_BYTES))
    person.git("-c", "core.compression=0", "add", "-A", folder=clone)
    person.git("commit", "-q", "-m", "Scans", folder=clone)
    person.git("-c", "pack.compression=0", "push", "-q", "origin", "HEAD", folder=clone)


def fork_large(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """Forks of 300 MB and of a small design, each by somebody new; the very first one too."""
    large_design(person, folder)
    if person.ask("GET", "/designs/bench/small").status_code == 404:
        person.start_design("small", {"box.py": BOX}, folder / "small")
    number = iter(range(1000))

    def forked(name: str) -> float:
        return milliseconds(lambda: person.post(f"/designs/bench/{name}/forks", {"name": f"{name}-{next(number)}"}))

    first = forked("large")
    forked("small")
    large, small = interleaved(12, lambda: forked("large"), lambda: forked("small"))
    yield Row("fork-large", median(large), 100, "ms", f"the first one, which makes the pool, {first:.0f} ms")
    yield Row("fork-large/small", median(large) / median(small), 1.2, note=f"small {median(small):.0f} ms")


def served(service: Service, path: str, rounds: int = 30) -> tuple[float, float]:
    """Returns the median ms of a page and of the smallest answer of the same server."""
    with httpx.Client(base_url=service.url, timeout=30) as client:
        assert client.get(path).status_code == 200
        for _ in range(3):
            client.get(path)
        page, floor = interleaved(rounds, lambda: client.get(path), lambda: client.get("/healthz"))
    return median(page), median(floor)


def design_page(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """The page of a design, whole request at the client."""
    if person.ask("GET", "/designs/bench/page").status_code == 404:
        parts = {f"part{number}.py": BOX.replace("WIDTH = 40.0", f"WIDTH = {40 + number}.0") for number in range(6)}
        person.start_design("page", parts | {"README.md": "# Page\n\nSome words.\n"}, folder / "page")
    page, floor = served(service, "/bench/page")
    yield Row("page-design", page, 40, "ms", f"healthz of the same server {floor:.1f} ms")


def explore_page(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """The first page."""
    page, floor = served(service, "/")
    yield Row("page-explore", page, 60, "ms", f"healthz of the same server {floor:.1f} ms")


def family_page(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """The page of a family of 50 and of 500 designs, made of records alone; whole request at the client."""
    house = new_house(service.data)
    for size in (50, 500):
        if person.ask("GET", f"/designs/bench/family-{size}").status_code == 404:
            person.start_design(f"family-{size}", {"README.md": "# Family\n"}, folder / f"family-{size}")
            with house.database.writing() as session:
                crowd(session, design_by_path(session, "bench", f"family-{size}"), size)
    house.database.close()
    small, _floor = served(service, "/bench/family-50/lineage")
    large, floor = served(service, "/bench/family-500/lineage")
    yield Row("page-family-500", large, 80, "ms", f"50 designs {small:.0f} ms, healthz {floor:.1f} ms")


def second_start(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """From the command to the first page, over data that is there already."""
    other = folder / "started"
    Service(other, "--no-demo").wait(building=False).stop()

    def start() -> None:
        running.append(Service(other, "--no-demo").wait(building=False))

    running: list[Service] = []
    ours = milliseconds(start)
    running[0].stop()
    floor = milliseconds(lambda: subprocess.run([sys.executable, "-c", "import flask"], check=True))
    yield Row("start", ours / 1000, 5, "s", f"python -c 'import flask' {floor / 1000:.2f} s")
