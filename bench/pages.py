"""Pages, forks and the start, as a visitor waits for them."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
from crowd import crowd
from houses import new_house
from service import BOX, Service, Visitor
from sqlalchemy import insert, select

from bench.row import Row, interleaved, median, milliseconds
from opendesign.actions.house import House
from opendesign.records.base import now
from opendesign.records.design import Design, design_by_path
from opendesign.records.improvement import Improvement
from opendesign.records.revision import Adoption, Revision

FORKS, IMPROVED = 50, 200
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


def radar_page(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """The radar of a design whose family has 50 forks with 200 improvements each, of which it has none."""
    parts = {f"part{number}.py": BOX.replace("WIDTH = 40.0", f"WIDTH = {60 + number}.0") for number in range(6)}
    person.start_design("watched", parts, folder / "watched")
    grow_family(new_house(service.data), "watched", list(parts))
    for sort in ("new", "adopted"):
        page, floor = served(service, f"/bench/watched/radar?sort={sort}", 12)
        note = f"50 forks of 200 improvements; healthz of the same server {floor:.1f} ms"
        yield Row(f"page-radar, {sort}", page, 150, "ms", note)


def grow_family(house: House, name: str, parts: list[str]) -> None:
    """Gives a design 50 forks with 200 improvements each, of which every tenth was adopted: records, without git."""
    with house.database.writing() as session:
        root = session.scalars(select(Design).where(Design.name == name)).one()
        facts = {"title": "Fork", "parent_id": root.id, "family_id": root.id, "licence": root.licence}
        forks = [
            Design(owner_id=root.owner_id, owner=root.owner, name=f"{name}-{one}", **facts) for one in range(FORKS)
        ]
        session.add_all(forks)
        session.flush()
        born = [_improved(root.id, fork.id, number, parts) for fork in forks for number in range(IMPROVED)]
        session.execute(insert(Improvement), born)
        also = {"authored_at": now(), "traced": True}
        kept = ("design_id", "sha", "subject", "author_name", "author_email")
        session.execute(insert(Revision), [{key: each[key] for key in kept} | also for each in born])
        for number, each in enumerate(born[::10]):
            ends = {"source_id": each["design_id"], "target_id": forks[number % FORKS].id, "source_sha": each["sha"]}
            session.add(Adoption(sha=f"{number:040x}", kind="pick", commits=1, **ends))
    house.database.close()


def _improved(family: int, design: int, number: int, parts: list[str]) -> dict:
    sha = hashlib.sha1(f"{design} {number}".encode()).hexdigest()
    facts = {"author_name": "Bia", "author_email": "bia@example.org", "value": 4.5, "tokens": 30, "units": [sha[:32]]}
    facts |= {"received_at": now(), "subject": f"Improvement {number}", "paths": [parts[number % len(parts)]]}
    return facts | {"family": family, "design_id": design, "sha": sha}


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
