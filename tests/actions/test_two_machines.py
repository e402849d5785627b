"""Two machines over one folder of data: each has its own engine or none, and nobody sees which they ask."""

import threading
import time
from dataclasses import replace

import engine_fixture
import pytest
from houses import BOX, new_house, settle_in, start

from opendesign.actions.house import Visitor
from opendesign.actions.make_wanted import make_wanted
from opendesign.actions.pace import pace
from opendesign.actions.read_tree import read_tree
from opendesign.actions.stop_build import standing_of, stop_build
from opendesign.actions.want_build import want_build
from opendesign.core.errors import TooMany
from opendesign.records.build import Build
from opendesign.records.design import design_by_id, known_refs

ENDLESS = BOX.replace("result =", 'import time\nprint("thinking")\ntime.sleep(60)\nresult =')


@pytest.fixture
def machines(tmp_path, request):
    """Two houses over one folder; the first has the shared engine, the second none."""
    made = [new_house(tmp_path / "data", run=str(tmp_path / name)) for name in ("one", "two")]
    place = made[0].settings.engine_socket
    place.parent.mkdir()
    place.symlink_to(engine_fixture.shared(request, "namespaces").address)
    yield made
    for house in made:
        house.database.close()


def test_wishes_are_counted_wherever_they_are_asked_for(machines):
    one, two = (replace(each, settings=replace(each.settings, builds_per_address_a_minute=3)) for each in machines)
    stranger, other = Visitor(address="192.0.2.1"), Visitor(address="192.0.2.2")
    for house in (one, two, one):
        pace(house, stranger)
    for house in (one, two):
        with pytest.raises(TooMany, match=r"wait [1-9]"):
            pace(house, stranger)
    pace(two, other, weight=6)
    with pytest.raises(TooMany):
        pace(one, other)


def test_a_build_is_followed_and_stopped_from_the_machine_that_does_not_make_it(machines):
    one, two = machines
    (ada,) = settle_in(one, "ada")
    number = start(one, ada, "case", {"box.py": ENDLESS})
    with two.writing(ada) as work:
        design = design_by_id(work.session, number)
        snapshot = read_tree(work, design, known_refs(work.session, design)["refs/heads/main"])
        key = want_build(work, design, snapshot, "box.py").key
    ended: list[str] = []
    maker = threading.Thread(target=lambda: ended.append(make_wanted(one)))
    maker.start()
    while (seen := standing(two, ada, key)).stage == "waiting" or "thinking" not in seen.log:
        assert maker.is_alive()
        time.sleep(0.05)
    assert (seen.stage, seen.stoppable) == ("script", True)
    with two.writing(ada) as work:
        stop_build(work, key)
    maker.join(20)
    assert ended == ["failed"]
    with two.reading(ada) as work:
        build = work.session.get(Build, key)
        assert build.error["kind"] == "stopped" and standing_of(work, build) is None
    assert two.queue.huey.storage.result_items() == {}


def standing(house, visitor, key):
    """How far a build is, as a page of this machine shows it."""
    with house.reading(visitor) as work:
        return standing_of(work, work.session.get(Build, key))
