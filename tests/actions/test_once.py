"""What is wanted twice is made once: by people at the same time, by web and worker, and by a fork."""

import threading
from collections.abc import Callable

import engine_fixture
import pytest
from houses import BOX, new_house, preview, settle_in, start

from opendesign.actions.build import build
from opendesign.actions.change_design import delete_design
from opendesign.actions.fork import fork
from opendesign.actions.read_tree import read_tree
from opendesign.actions.want_build import want_build, want_parts
from opendesign.records.build import Build
from opendesign.records.design import design_by_id, known_refs

SLOW = BOX.replace("result =", "import time\ntime.sleep(0.5)\nresult =")


@pytest.fixture
def house(tmp_path, request):
    """A house whose engine is the shared one."""
    made = new_house(tmp_path)
    made.settings.engine_socket.symlink_to(engine_fixture.shared(request, "namespaces").address)
    yield made
    made.database.close()


def at_once(*acts: Callable[[], object]) -> list:
    """Runs acts side by side and returns what they returned."""
    found: list = [None] * len(acts)

    def run(place: int) -> None:
        found[place] = acts[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_key_wanted_by_many_is_one_job_and_a_fork_has_it_at_once(house):
    ada, bia = settle_in(house, "ada", "bia")
    number = start(house, ada, "case", {"box.py": SLOW})
    with house.reading(ada) as work:
        design = design_by_id(work.session, number)
        snapshot = read_tree(work, design, known_refs(work.session, design)["refs/heads/main"])

    def looked(values: dict) -> Build:
        return preview(house, bia, design, snapshot, "box.py", values)

    def served() -> int:
        return house.engine.status()["served"]

    before = served()
    rows = at_once(*[lambda: looked({"WIDTH": 11})] * 4)
    assert {row.state for row in rows} == {"made"}
    assert served() == before + 1

    with house.writing(ada) as work:
        key = want_build(work, design, snapshot, "box.py").key
    worker = threading.Thread(target=build, args=(house, key))
    worker.start()
    while not house.engine.status()["running"]:
        assert worker.is_alive()
    rows = at_once(*[lambda: looked({})] * 3, lambda: build(house, key))
    worker.join()
    assert [row if isinstance(row, str) else row.state for row in rows] == ["made", "made", "made", "making"]
    assert all(row.exported_at for row in rows[:3])
    assert served() == before + 2

    with house.writing(bia) as work:
        copy = fork(work, design_by_id(work.session, number))
        (part,) = want_parts(work, copy, snapshot)
        assert (part.key, part.state) == (key, "made")
        assert not work.later
    assert served() == before + 2


def test_a_fork_has_made_what_its_deleted_parent_only_wanted(house):
    ada, bia = settle_in(house, "ada", "bia")
    number = start(house, ada, "case", {"box.py": BOX})
    with house.writing(bia) as work:
        parent = design_by_id(work.session, number)
        copy = fork(work, parent).id
        snapshot = read_tree(work, parent, known_refs(work.session, parent)["refs/heads/main"])
        key = want_parts(work, parent, snapshot)[0].key
    with house.writing(ada) as work:
        delete_design(work, design_by_id(work.session, number), "ada/case")
    assert build(house, key) == "failed"
    with house.writing(bia) as work:
        assert want_build(work, design_by_id(work.session, copy), snapshot, "box.py").state == "wanted"
    assert build(house, key) == "made"
