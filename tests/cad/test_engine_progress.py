"""How far a job is, seen from outside while it runs; and a way to stop it that other processes have too."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from engine_fixture import BOX

from opendesign.cad.engine import Engine, Job
from opendesign.cad.inside.jail import board
from opendesign.cad.outcome import Outcome
from opendesign.cad.progress import Progress
from opendesign.core import glb

pytestmark = pytest.mark.slow
SLOW = b"import time\nprint('first words')\ntime.sleep(%d)\n" + BOX
BALLS = b"""import cadquery as cq
balls = [cq.Solid.makeSphere(5 + n / 100).moved(cq.Location((n * 12, 0, 0))) for n in range(150)]
result = cq.Workplane(obj=cq.Compound.makeCompound(balls))
"""


def job(script: bytes, **options: object) -> Job:
    return Job("lid.py", {"lid.py": script}, **options)


def told(engine: Engine, wanted: Job) -> tuple[list[Progress], Outcome]:
    *news, outcome = engine.follow(wanted)
    assert isinstance(outcome, Outcome) and all(isinstance(one, Progress) for one in news)
    return news, outcome


def until(condition, seconds: float = 20):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
    return found


def test_a_quick_job_is_not_talked_about(engine: Engine) -> None:
    engine.build(job(BOX))
    news, outcome = told(engine, job(BOX))
    assert outcome.ok and len(news) <= 1


def test_a_slow_job_says_what_it_does_and_for_how_long(engine: Engine) -> None:
    news, outcome = told(engine, job(SLOW % 2, formats=("viewer",)))
    assert outcome.ok
    scripts = [one for one in news if one.stage == "script"]
    assert len(scripts) >= 2 and scripts[0].seconds < 1 < scripts[-1].seconds < 3
    assert list(outcome.result["seconds"]) == ["files", "script", "measure", "mesh", "viewer"]


def test_others_can_ask_how_far_a_job_is_and_what_it_has_printed(engine: Engine) -> None:
    with ThreadPoolExecutor() as pool:
        running = pool.submit(engine.build, job(SLOW % 2, name="a lid"))
        found = until(lambda: (seen := engine.progress("a lid")) and seen.log and seen)
        assert (found.stage, found.log) == ("script", "first words\n")
        assert running.result().ok
    assert engine.progress("a lid") is None and engine.progress("") is None


def test_a_job_is_stopped_by_its_name_running_or_waiting(engine: Engine) -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        many = [pool.submit(engine.build, job(SLOW % 30, name="a lid")) for _ in range(3)]
        until(lambda: (status := engine.status())["running"] == 2 and status["queued"] == 1)
        assert engine.stop("another lid") == 0 and engine.stop("") == 0
        assert engine.stop("a lid") == 3
        outcomes = [one.result(timeout=25) for one in many]
    assert {outcome.error["kind"] for outcome in outcomes} == {"stopped"}
    until(lambda: engine.status()["running"] == 0)
    assert engine.build(job(BOX)).ok


def test_who_waits_hears_how_many_come_first(engine: Engine) -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        busy = [pool.submit(engine.build, job(SLOW % 2, name="first")) for _ in range(2)]
        until(lambda: engine.status()["running"] == 2)
        waiting = [pool.submit(told, engine, job(BOX)) for _ in range(2)]
        news = [one.result()[0] for one in waiting]
        assert all(one.result().ok for one in busy)
    assert sorted(each[0].before for each in news) == [0, 1] and {each[0].stage for each in news} == {"waiting"}


def test_closing_withdraws_the_job(engine: Engine) -> None:
    following = engine.follow(job(SLOW % 30))
    assert next(following).stage in board.STAGES
    following.close()
    until(lambda: engine.status()["running"] == 0)


def test_a_newer_value_ends_the_older_job_in_both_of_two_tabs(engine: Engine) -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        old = {tab: pool.submit(engine.build, job(SLOW % 30, lane=tab)) for tab in ("one", "other")}
        until(lambda: engine.status()["running"] == 2)
        assert engine.build(job(BOX, lane="one")).ok
        assert old["one"].result(25).error["kind"] == "cancelled" and engine.status()["running"] == 1
        assert engine.build(job(BOX, lane="other")).ok
        assert old["other"].result(25).error["kind"] == "cancelled"


def test_a_job_that_lies_and_floods_is_told_of_at_the_same_pace(engine: Engine) -> None:
    lies = b"""import os, time
end = time.monotonic() + 2
while time.monotonic() < end:
    os.pwrite(6, os.urandom(2), 0)
for attempt in (lambda: os.ftruncate(6, 1 << 20), lambda: os.pwrite(6, b"x", 5), lambda: os.ftruncate(6, 0)):
    try:
        attempt()
        print("no end to the board")
    except OSError:
        pass
"""
    news, outcome = told(engine, job(lies + BOX))
    assert outcome.ok and outcome.log == ""
    assert len(news) <= 25 and {one.stage for one in news} <= set(board.STAGES)
    assert not any(one.sight for one in news), "nothing lay in the output"


@pytest.mark.parametrize("content", [b"\xff" * 40, b"\x06\0\0\0\xff\xff\xff\xff\xff\xff\xff\x7fcoarse", b"", b"\x06"])
def test_a_false_sight_is_no_sight(engine: Engine, content: bytes) -> None:
    lies = b"import os, time\nos.write(4, %r)\nos.pwrite(6, bytes([2, 2]), 0)\ntime.sleep(1)\n"
    lies += b"os.ftruncate(4, 0)\nos.lseek(4, 0, 0)\n"
    news, outcome = told(engine, job(lies % content + BOX, sight=True))
    assert outcome.ok and news and not any(one.sight for one in news)


def test_a_heavy_part_is_seen_coarsely_before_it_is_done(engine: Engine) -> None:
    news, outcome = told(engine, job(BALLS, sight=True))
    assert outcome.ok, outcome.error
    [seen] = [one for one in news if one.sight]
    glb.check(seen.content)
    assert seen.sight == "coarse" and len(seen.content) < len(outcome.files["viewer"]) / 3
    plain = engine.build(job(BALLS))
    assert plain.files["viewer"] == outcome.files["viewer"] and "coarse" not in plain.result["seconds"]


def test_what_is_printed_before_a_job_is_killed_is_kept_and_a_long_log_keeps_its_end(engine: Engine) -> None:
    killed = engine.build(job(b"print('so far')\nwhile True:\n    pass\n", seconds=1))
    assert (killed.error["kind"], killed.log) == ("time", "so far\n")
    long = engine.build(job(b"for n in range(30000):\n    print('line', n)\n" + BOX))
    assert long.log.startswith("line 0\n") and long.log.endswith("line 29999\n")
    assert "bytes of" in long.log and 60_000 < len(long.log) < (64 << 10) + 100


def test_a_board_is_two_bytes_for_ever() -> None:
    shown = board.made()
    try:
        board.write(shown, "mesh", "coarse")
        assert board.read(shown) == ("mesh", "coarse")
        board.write(shown, "obj")
        assert board.read(shown) == ("writing", "coarse")
        os.pwrite(shown, b"\xff\xff", 0)
        assert board.read(shown) == ("starting", "")
        with pytest.raises(OSError):
            os.ftruncate(shown, 3)
    finally:
        os.close(shown)
    board.write(shown, "mesh")
