"""Hostile scripts against a real engine: each must fail, and the next honest build must be as right and as fast."""

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from attacks.attack import GROUPS, PRELUDE, SCRIPTS, Attack, attacks
from attacks.honest import Honest
from engine_fixture import BOX

from opendesign.actions.build import believed
from opendesign.cad.engine import Engine, Job
from opendesign.cad.inside.jail import linux, syscalls

EVERY = {f"{group}-{attack.name}": attack for group in GROUPS for attack in attacks(group)}


def suffered(engine: Engine, attack: Attack, secret: Path, listener: socket.socket) -> None:
    """Runs an attack and checks that it failed."""
    mode = engine.status()["mode"]
    if mode not in attack.promises.get("modes", mode):
        pytest.skip("tried in namespaces only: it is slow and stopped alike, or harmless in a container without them")
    outcome = attack.run(engine, attack.files(secret, listener.getsockname()[1], engine))
    end = outcome.error["kind"] if outcome.error else "ok"
    assert [line for line in outcome.log.splitlines() if "BREACH" in line] == []
    assert end in attack.ends, f"{end}: {outcome.error} {outcome.log[-2000:]}"
    assert secret.read_text() not in outcome.log + str(outcome.result)
    assert secret.read_text() == "the-secret-of-the-host"
    if "says" in attack.promises:
        assert attack.promises["says"] in outcome.error["message"]
    if attack.line:
        assert (outcome.error["file"], outcome.error["line"]) == ("model.py", attack.line)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_the_suite_is_whole() -> None:
    assert len(EVERY) >= 60
    assert {path.name for path in SCRIPTS.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(GROUPS)
    assert min(len(attacks(group)) for group in GROUPS) >= 4


@pytest.mark.parametrize("name", EVERY)
def test_it_fails_and_the_next_build_is_as_right_and_as_fast(
    engine: Engine, name: str, secret: Path, listener: socket.socket, honest: Honest
) -> None:
    suffered(engine, EVERY[name], secret, listener)
    honest.check(engine)


def test_a_forged_success_is_not_believed(engine: Engine, honest: Honest) -> None:
    forged = EVERY["result_channel-forged_facts"]
    outcome = forged.run(engine, {"model.py": forged.path.read_bytes()})
    assert set(outcome.files) == {"viewer"}
    refused = believed(outcome)
    assert not refused.ok and refused.files == {}
    honest.check(engine)


@pytest.mark.parametrize("name", [name for name in syscalls.KILLED if name in syscalls.table(linux.MACHINE)])
def test_hostile_calls_end_the_job(engine: Engine, name: str) -> None:
    number = syscalls.table(linux.MACHINE)[name]
    script = f"import ctypes\nctypes.CDLL(None).syscall({number}, 0, 0, 0, 0, 0, 0)\nprint('BREACH')\n"
    outcome = engine.build(Job("model.py", {"model.py": script.encode() + BOX}, formats=()))
    assert outcome.error["kind"] == "crash"
    assert "SIGSYS" in outcome.error["message"]
    assert outcome.log == ""


@pytest.mark.parametrize("name", [name for name in EVERY if name.startswith("persistence-")])
def test_nothing_stays_for_the_next_jobs(engine: Engine, name: str, secret: Path, listener: socket.socket) -> None:
    suffered(engine, EVERY[name], secret, listener)
    for _ in range(4):
        suffered(engine, EVERY["persistence-look"], secret, listener)


def test_a_syntax_error_is_shown_where_it_is(engine: Engine, honest: Honest) -> None:
    outcome = engine.build(Job("parts/lid.py", {"parts/lid.py": b"length = 10\nresult = (\n"}))
    assert (outcome.error["kind"], outcome.error["file"], outcome.error["line"]) == ("syntax", "parts/lid.py", 2)
    honest.check(engine)


@pytest.mark.parametrize(
    "source", [b"length = 1\0\n", b"\xff\xfe\xff", b"# coding: rot13\n", b"(" * 5000, b"x = " + b"-" * 100_000 + b"1"]
)
def test_source_that_is_no_python(engine: Engine, source: bytes, honest: Honest) -> None:
    outcome = engine.build(Job("model.py", {"model.py": source}))
    assert outcome.error["kind"] in ("syntax", "script", "memory", "empty", "crash"), outcome
    honest.check(engine)


@pytest.mark.parametrize("name", ["../x.py", "/etc/x.py", "a//b.py", "a/./b.py", "", "a\0b.py", "x" * 1001])
def test_files_with_strange_names_are_refused(engine: Engine, name: str) -> None:
    outcome = engine.build(Job("model.py", {"model.py": BOX, name: b""}))
    assert outcome.error["kind"] == "invalid"
    assert "no path in a repository" in outcome.error["message"]


def test_files_with_odd_but_possible_names_are_no_trouble(engine: Engine) -> None:
    odd = [
        "a b.py",
        "ü/\u202e.txt",
        "-rf",
        "a\nb.txt",
        "<script>.md",
        "\udcff.bin",
        "con",
        "$(id).py",
        "deep/" * 50 + "x",
    ]
    outcome = engine.build(Job("model.py", {"model.py": BOX} | dict.fromkeys(odd, b"1"), formats=()))
    assert outcome.ok, outcome.error


BUSY = """
import time

import cadquery

with open("mine", "w") as mine:
    mine.write("the-secret-of-a-neighbour")
print("busy", flush=True)
end = time.monotonic() + 1.5
while time.monotonic() < end:
    with open("mine") as mine:
        assert mine.read() == "the-secret-of-a-neighbour"
result = cadquery.Workplane().box(1, 2, 3)
"""
NEIGHBOUR = """
import os
import signal

from prelude import attempt

# Its own folder is two above; in the one above that, all jobs' folders would lie.
for above in ("../../..", "../../../.."):
    try:
        if set(os.listdir(above)) - {"work"}:
            print("BREACH: listed", os.listdir(above))
    except OSError:
        pass
for name in ("../mine", "../../mine", "../../../mine", "/model/work/home/design/mine", "/model/work/mine"):
    attempt(name, open, name)
for pid in range(1, 5000):
    if pid != os.getpid():
        for path in (f"/proc/{pid}/environ", f"/proc/{pid}/cwd/mine", f"/proc/{pid}/mem", f"/proc/{pid}/fd/4"):
            try:
                print("BREACH: opened", os.open(path, os.O_RDONLY), path)
            except OSError:
                pass
        for number in (0, signal.SIGSTOP, signal.SIGKILL):
            try:
                os.kill(pid, number)
                print("BREACH: signalled", pid)
            except OSError:
                pass
if os.path.exists("mine"):
    print("BREACH: a shared folder")
open("mine", "w").write("overwritten")
"""


def test_a_job_cannot_reach_the_one_beside_it(engine: Engine, honest: Honest) -> None:
    files = {"model.py": NEIGHBOUR.encode() + BOX, "prelude.py": PRELUDE.encode()}
    with ThreadPoolExecutor() as pool:
        busy = pool.submit(engine.build, Job("box.py", {"box.py": BUSY.encode()}, formats=()))
        while engine.status()["running"] == 0:
            assert not busy.done()
        outcome = engine.build(Job("model.py", files, formats=()))
        assert not busy.done(), "they did not run at the same time"
        assert busy.result().ok, busy.result().error
    assert outcome.ok, outcome.error
    assert [line for line in outcome.log.splitlines() if "BREACH" in line] == []
    honest.check(engine)
