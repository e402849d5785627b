"""A flood of one person's builds through the real queue, worker and engine: the next person's are not behind it."""

import os
import subprocess
import sys
import time
from dataclasses import replace

import engine_fixture
import pytest
from houses import BOX, new_house, settle_in, start

from opendesign.actions.create_design import create_design
from opendesign.actions.heal import heal
from opendesign.actions.make_wanted import make_wanted
from opendesign.core.asker import asker
from opendesign.records.build import Build, unfinished

SHOWS_NOTHING = "import cadquery as cq\n\nWIDTH = {0}.0\nresult = cq.Workplane()\n"


@pytest.fixture
def house(tmp_path, request):
    """A house whose engine is the shared one."""
    made = new_house(tmp_path)
    made.settings.engine_socket.symlink_to(engine_fixture.shared(request, "namespaces").address)
    yield made
    made.database.close()


@pytest.fixture
def worker(house):
    """A worker in a process of its own."""
    environment = os.environ | {"OPENDESIGN_DATA": str(house.settings.root)}
    command = [sys.executable, "-m", "opendesign", "worker", "--parent", str(os.getpid())]
    process = subprocess.Popen(command, env=environment)
    yield process
    process.terminate()
    process.wait(20)


def builds(house, design: int) -> list[Build]:
    """The builds of a design."""
    with house.reading() as work:
        return list(work.session.query(Build).filter_by(design_id=design))


def ended(house, design: int) -> list[Build]:
    """Those of them that have ended."""
    return [build for build in builds(house, design) if build.finished_at]


def until(condition, seconds: float = 60) -> None:
    """Waits for the worker."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.mark.slow
def test_two_hundred_builds_of_one_person_delay_nobody_else(house, worker) -> None:
    mallory, ada = settle_in(house, "mallory", "ada")
    flood = start(house, mallory, "flood", {f"part{n}.py": SHOWS_NOTHING.format(n + 1) for n in range(200)})
    until(lambda: len(ended(house, flood)) >= 3)
    mine = start(house, ada, "case", {"box.py": BOX})
    until(lambda: ended(house, mine))
    (build,) = builds(house, mine)
    assert (build.state, build.error, build.asker) == ("made", None, asker(ada.person_id))
    rows = builds(house, flood)
    assert len(rows) == 200 and {row.asker for row in rows} == {asker(mallory.person_id)}
    passed = [row for row in rows if row.finished_at and build.wanted_at < row.finished_at < build.finished_at]
    begun = [row for row in passed if row.started_at < build.started_at]
    assert len(begun) <= 4, len(begun)  # two that were being made, two that were taken while hers was written down
    assert len(ended(house, flood)) < 190, "the flood was over too soon to say anything"


def test_a_design_that_cannot_even_be_tried_does_not_stand_first_for_ever(house) -> None:
    house = replace(house, limits=replace(house.limits, closure_bytes=1000))
    (mallory,) = settle_in(house, "mallory")
    reads = "import cadquery as cq\n\nopen('scan.stl').read()\nresult = cq.Workplane().box(1, 1, 1)\n"
    with house.writing(mallory) as work:
        files = {"big.py": reads.encode(), "scan.stl": bytes(2000), "box.py": BOX.encode()}
        create_design(work, "big", "Big", files=files)
    assert sorted(make_wanted(house) for _ in range(3)) == ["failed", "made", "nothing"]


def test_wishes_that_lost_their_job_are_made_after_healing(house) -> None:
    (ada,) = settle_in(house, "ada")
    mine = start(house, ada, "case", {"box.py": BOX})
    house.queue.huey.flush()
    assert heal(house) == 1 and house.queue.waiting() == 2, "the build, and the lineage"
    assert [make_wanted(house), make_wanted(house)] == ["made", "nothing"]
    (build,) = builds(house, mine)
    assert build.priority is None and build.exported_at
    with house.reading() as work:
        assert unfinished(work.session, Build) == []
