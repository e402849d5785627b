"""The engine's own life: start, recycling, trouble, and an end that leaves nothing."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import engine_fixture
import pytest
from engine_fixture import BOX

from opendesign.cad.engine import Engine, Job
from opendesign.cad.options import EngineOptions
from opendesign.cad.serving import Server, selftest
from opendesign.core.errors import Conflict

SLEEP = b"import time\ntime.sleep(1)\n" + BOX
pytestmark = pytest.mark.slow
Start = Callable[..., tuple[Engine, subprocess.Popen]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A way to start engines that end with the test."""
    processes = []

    def started(**options: object) -> tuple[Engine, subprocess.Popen]:
        address = tmp_path / ("a-long-folder-name-" * 9) / "engine"
        processes.append(engine_fixture.start(address, jobs_folder=tmp_path / "jobs", **options))
        engine = Engine(address)
        engine_fixture.settled(engine, processes[-1])
        return engine, processes[-1]

    yield started
    for process in processes:
        process.send_signal(signal.SIGCONT)
        engine_fixture.end(process)


@pytest.fixture
def healing(request: pytest.FixtureRequest) -> tuple[Engine, subprocess.Popen]:
    """The engine that all tests share, as what is killed of it comes back."""
    return engine_fixture.running(request, "namespaces")


def descendants(pid: int) -> list[int]:
    """Returns the processes below one."""
    try:
        below = [
            int(word) for path in Path(f"/proc/{pid}/task").glob("*/children") for word in path.read_text().split()
        ]
    except FileNotFoundError:
        return []
    return below + [deeper for child in below for deeper in descendants(child)]


def alive(pids: list[int]) -> list[int]:
    """Returns those processes that still run; one that only waits to be reaped does not."""
    found = []
    for pid in pids:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def until(condition: Callable[[], object], seconds: float = 90) -> None:
    """Waits for a condition of another process."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("mode", "number"),
    [
        ("namespaces", signal.SIGTERM),
        ("namespaces", signal.SIGKILL),
        ("plain", signal.SIGINT),
        ("plain", signal.SIGKILL),
    ],
)
def test_nothing_outlives_the_engine(start: Start, mode: str, number: int) -> None:
    engine, process = start(mode=mode)
    with ThreadPoolExecutor() as pool:
        busy = pool.submit(engine.build, Job("lid.py", {"lid.py": b"while True:\n    pass\n"}))
        # The warm parent, the child at work and the next one, which is born a moment later.
        until(lambda: engine.status()["running"] and len(descendants(process.pid)) >= 3)
        pids = descendants(process.pid)
        process.send_signal(number)
        assert busy.result().error["kind"] == "off"
    process.wait(10)
    until(lambda: not alive(pids), 5)
    if number != signal.SIGKILL:
        assert process.returncode == 0
        assert not engine.address.exists()


def test_an_operators_word_closes_the_engine_and_the_jail_is_tried_before_it_opens_again(start: Start) -> None:
    engine, _process = start()
    engine.switch_off("We look at a strange script.")
    until(lambda: not engine.status()["open"])
    assert engine.status()["reason"] == "We look at a strange script."
    refused = engine.build(Job("lid.py", {"lid.py": BOX}))
    assert refused.kind == "off" and "strange script" in refused.error["message"]
    engine.switch_on()
    until(lambda: engine.status()["open"])
    assert engine.build(Job("lid.py", {"lid.py": BOX})).ok
    engine.try_again()
    assert engine.status()["state"] in ("starting", "trying")
    until(lambda: engine.status()["open"])


def test_a_second_engine_is_refused_and_a_dead_ones_place_is_taken(start: Start) -> None:
    engine, process = start()
    with pytest.raises(Conflict, match="already running"):
        Server(engine.address, EngineOptions())
    assert oct(engine.address.stat().st_mode)[-3:] == "600"
    process.kill()
    process.wait(10)
    assert engine.address.exists()
    again, _ = start()
    assert again.build(Job("lid.py", {"lid.py": BOX})).ok


def test_a_worn_parent_is_replaced_without_losing_jobs(start: Start) -> None:
    engine, process = start(recycle=20, slots=2)
    first = descendants(process.pid)
    with ThreadPoolExecutor(max_workers=6) as pool:
        outcomes = list(pool.map(lambda _: engine.build(Job("lid.py", {"lid.py": BOX}, formats=())), range(45)))
        assert [outcome.error for outcome in outcomes if not outcome.ok] == []
        assert len(os.listdir(f"/proc/{process.pid}/fd")) < 60
        until(lambda: not alive(first) or engine.build(Job("lid.py", {"lid.py": BOX})).error)
    assert engine.status()["open"]


def test_jobs_survive_the_death_of_their_parent(healing: tuple[Engine, subprocess.Popen]) -> None:
    engine, process = healing
    with ThreadPoolExecutor() as pool:
        jobs = [pool.submit(engine.build, Job("lid.py", {"lid.py": SLEEP})) for _ in range(4)]
        until(lambda: engine.status()["running"] == 2)
        for pid in descendants(process.pid):
            os.kill(pid, signal.SIGKILL)
        assert [job.result().error for job in jobs] == [None] * 4
    assert engine.status()["open"]


def test_a_silent_parent_is_replaced(healing: tuple[Engine, subprocess.Popen]) -> None:
    engine, process = healing
    with ThreadPoolExecutor() as pool:
        endless = pool.submit(engine.build, Job("lid.py", {"lid.py": b"while True:\n    pass\n"}, seconds=1))
        until(lambda: engine.status()["running"] == 1)
        silent = descendants(process.pid)
        for pid in silent:
            os.kill(pid, signal.SIGSTOP)
        assert endless.result().error["kind"] == "time"
    until(lambda: not alive(silent))
    assert engine.build(Job("lid.py", {"lid.py": BOX})).ok


def test_without_a_layer_nothing_runs_unless_one_insists(start: Start) -> None:
    engine, _ = start(mode="namespaces", without=("seccomp",))
    status = engine.status()
    assert not status["open"]
    assert "hostile system calls kill" in status["reason"]
    outcome = engine.build(Job("lid.py", {"lid.py": BOX}))
    assert outcome.error["kind"] == "off"
    assert "hostile system calls kill" in outcome.error["message"]


def test_whoever_insists_is_warned_in_every_log(start: Start) -> None:
    engine, _ = start(mode="namespaces", without=("landlock",), insecure=True)
    assert engine.status()["open"]
    for _ in range(2):
        outcome = engine.build(Job("lid.py", {"lid.py": BOX}))
        assert outcome.ok, outcome.error
        assert outcome.log.startswith("WARNING") and "unlistable" in outcome.log


@pytest.mark.parametrize("mode", ["namespaces", "plain"])
def test_the_doctor_can_ask_alone(mode: str) -> None:
    threads, processes = threading.active_count(), descendants(os.getpid())
    report = selftest(EngineOptions(mode=mode, slots=1))
    assert report.ok, report.reason
    assert report.mode == mode
    assert report.layers["own process list"] is (mode == "namespaces")
    assert threading.active_count() == threads
    assert not alive(list(set(descendants(os.getpid())) - set(processes)))
