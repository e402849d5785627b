"""Many builds at once: jobs a second, waiting times, memory."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from service import Service, Visitor

from bench.building import publish, wider, widths
from bench.models import BOX, ENCLOSURE
from bench.row import Row, median, milliseconds
from bench.spent import settled, total_memory, tree
from opendesign.cad.engine import Engine, Job

SLOTS, JOBS = 2, 12
CLIENTS, EACH = 8, 6
EXPORTED = ("viewer", "step", "stl", "3mf", "glb", "brep")
# What somebody without a service would run: the same model and the same files, but for the viewer's.
SCRIPT = """
for ending in ("step", "stl", "3mf"):
    cq.exporters.export(result, f"part.{ending}")
result.val().exportBrep("part.brep")
cq.Assembly(result).export("part.glb")
"""


def at_once(acts: list[Callable[[], object]]) -> float:
    """Runs acts side by side and returns the milliseconds until the last has ended."""
    threads = [threading.Thread(target=act) for act in acts]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.perf_counter() - start) * 1000


def engine_of(service: Service) -> Engine:
    """Returns a way to the service's engine."""
    return Engine(service.data / "var" / "engine.sock")


def throughput(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """Boxes a second with two slots beside two cold processes at a time, which export the same."""
    engine = engine_of(service)

    def warm() -> None:
        for _ in range(JOBS // SLOTS):
            made = engine.build(Job("part.py", {"part.py": wider(BOX, 60).encode()}, EXPORTED))
            assert made.ok and len(made.files) == len(EXPORTED), made.error

    def cold() -> None:
        with tempfile.TemporaryDirectory() as place:
            source = wider(BOX, 60).replace("show_object(", "dict(shown=")
            Path(place, "part.py").write_text(source + SCRIPT)
            subprocess.run([sys.executable, "part.py"], cwd=place, check=True, stdout=subprocess.DEVNULL)
            assert len(list(Path(place).iterdir())) == len(EXPORTED)

    cold()
    ours, theirs = [], []
    for _ in range(3):
        ours.append(JOBS * 1000 / at_once([warm] * SLOTS))
        theirs.append(SLOTS * 1000 / at_once([cold] * SLOTS))
    note = f"{median(ours):.1f} a second beside {median(theirs):.2f}"
    yield Row("build-throughput", median(ours) / median(theirs), 20, note=note, at_least=True)


def clients(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """How long the unlucky of eight clients wait for a box, beside the median."""
    publish(person, "box", BOX, folder)
    taken: list[float] = []

    def client() -> None:
        for _ in range(EACH):
            wanted = {"part": "part.py", "parameters": {"WIDTH": 60 + next(widths) / 100}}
            taken.append(milliseconds(lambda: person.built("/designs/bench/box", wanted)))  # noqa: B023 - called at once

    at_once([client] * CLIENTS)
    p50, p95 = median(taken), sorted(taken)[round(len(taken) * 0.95) - 1]
    yield Row("build-8-clients", p95 / p50, 4, note=f"p95 {p95:.0f} ms beside p50 {p50:.0f} ms")


def memory(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """What a running build takes over its warm parent, and what the whole service takes at rest."""
    settled(service.process.pid)
    everything = tree(service.process.pid)
    yield Row("service-memory", total_memory(everything), 900, "MB", "PSS of all processes at rest")
    jailed = warm_tree(everything)
    if not total_memory(jailed[1:]):
        yield Row("engine-memory", None, 80, "MB", "only root may look at jailed processes")
        return
    alone = total_memory(jailed) - total_memory(jailed[1:], "Private_Dirty")
    engine = engine_of(service)
    peaks = []
    for source in (BOX, ENCLOSURE):

        def build(source: str = source) -> None:
            for _ in range(3):
                assert engine.build(Job("part.py", {"part.py": wider(source, 160).encode()}, EXPORTED)).ok

        builds = threading.Thread(target=at_once, args=([build] * SLOTS,))
        builds.start()
        seen = [0.0]
        while builds.is_alive():
            seen.append(total_memory(tree(jailed[0])))
        peaks.append((max(seen) - alone) / SLOTS)
    note = f"enclosure; box {peaks[0]:.0f} MB; idle children among them"
    yield Row("engine-memory", peaks[1], 80, "MB", note)


def warm_tree(pids: list[int]) -> list[int]:
    """Returns the warm parent among processes, and its children."""
    for pid in pids:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"jail import warm" in words and b"jail import launch" not in words:
            return tree(pid)
    return []
