"""How far a build is, and a way to stop it, by the API and with a real engine; the worker is another thread."""

import threading
import time

import engine_fixture
import pytest

from opendesign.actions.build import build, make_claimed_build
from opendesign.records.build import Build, claim

pytestmark = pytest.mark.slow
SLOW = """import time
import cadquery as cq

width = %s
print('thinking')
time.sleep(%s)
result = cq.Workplane().box(width, 1, 1)
"""


@pytest.fixture
def house(world, request):
    """The world's house with an open engine behind its socket."""
    world.house.engine.address = engine_fixture.shared(request, "namespaces").address
    return world.house


def until(condition, seconds: float = 15):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


def made_by_worker(house, key: str) -> str:
    """Makes a build as the worker does; returns its state."""
    with house.writing() as work:
        if not claim(work.session, Build, key, 60):
            return work.session.get(Build, key).state
    return make_claimed_build(house, key, background=True)


def wanted(asker, design: str, width: float, seconds: float = 30) -> str:
    asker.made("PUT", f"{design}/files/main/slow.py", {"content": SLOW % (width, seconds)})
    return asker("POST", f"{design}/builds", {"part": "slow.py"}).json["href"].removeprefix("/api/v1")


def key_of(where: str) -> str:
    return where.rpartition("/")[2]


def test_a_build_says_how_far_it_is_until_somebody_stops_it(house, ada, nobody, box):
    first, second = wanted(ada, box, 2), wanted(ada, box, 3)
    waiting = nobody.get(second).json["progress"]
    assert waiting["stage"] == "waiting" and waiting["waiting_before"] >= 1 and waiting["seconds"] == 0
    worker = threading.Thread(target=made_by_worker, args=(house, key_of(first)))
    worker.start()
    seen = until(lambda: (now := nobody.get(first).json["progress"]) and now["log"] and now["seconds"] and now)
    assert (
        (seen["stage"], seen["log"]) == ("script", "thinking\n")
        and seen["seconds"] < 15
        and seen["waiting_before"] == 0
    )
    assert nobody("POST", f"{first}/cancellation").status_code == 403, "who only looks stops nobody's build"
    stopped = ada("POST", f"{first}/cancellation")
    assert stopped.status_code == 200 and stopped.json["error"]["kind"] == "stopped", stopped.text
    worker.join(5)
    assert not worker.is_alive() and house.engine.status()["running"] == 0
    shown = nobody.get(first).json
    assert (shown["state"], shown["error"]["kind"], shown["progress"]) == ("failed", "stopped", None)
    assert ada("POST", f"{first}/cancellation").status_code == 409
    assert ada("POST", f"/builds/{'0' * 64}/cancellation").status_code == 404


def test_one_that_waits_is_stopped_before_it_begins_and_one_about_to_begin_is_withdrawn(house, ada, nobody, box):
    where = wanted(ada, box, 4)
    assert ada("POST", f"{where}/cancellation").status_code == 200
    assert made_by_worker(house, key_of(where)) == "failed"
    where = wanted(ada, box, 20)
    with house.writing() as work:
        assert claim(work.session, Build, key_of(where), 60)
    assert ada("POST", f"{where}/cancellation").status_code == 200
    # The worker had taken it a moment before: its job runs only until it looks.
    with house.writing() as work:
        work.session.get(Build, key_of(where)).state = "wanted"
    before = time.monotonic()
    stopping = threading.Timer(0.2, lambda: mark_stopped(house, key_of(where)))
    stopping.start()
    assert made_by_worker(house, key_of(where)) == "failed" and time.monotonic() - before < 15


def mark_stopped(house, key: str) -> None:
    with house.writing() as work:
        row = work.session.get(Build, key)
        row.state, row.error = "failed", {"kind": "stopped", "message": ""}


def test_a_stopped_build_is_made_for_whoever_wants_it_next(house, ada, bia, nobody, box):
    where = wanted(ada, box, 6, 0)
    assert ada("POST", f"{where}/cancellation").status_code == 200
    fork = bia("POST", f"{box}/forks", {}).json
    design = f"/designs/{fork['owner']}/{fork['name']}"
    again = nobody("POST", f"{design}/builds", {"part": "slow.py"})
    assert again.status_code == 202 and again.json["href"].endswith(where) and again.json["state"] == "wanted"
    assert made_by_worker(house, key_of(where)) == "made"
    assert nobody.get(where).json["error"] is None


def test_a_push_of_the_same_thing_wants_it_again_but_a_merge_is_not_stopped_by_strangers(house, ada, nobody, box):
    where = wanted(ada, box, 7, 0)
    assert ada("POST", f"{where}/cancellation").status_code == 200
    ada.made("PUT", f"{box}/files/main/README.md", {"content": "# More\n"})
    assert nobody.get(where).json["state"] == "wanted"
    slow = wanted(ada, box, 8, 2)
    maker = threading.Thread(target=build, args=(house, key_of(slow)))
    maker.start()
    until(lambda: house.engine.status()["running"] == 1)
    assert ada("POST", f"{slow}/cancellation").status_code == 200
    maker.join()
    assert nobody.get(slow).json["state"] == "made"
