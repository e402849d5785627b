"""Two webs and three workers on two machines, with PostgreSQL, Redis and an S3 store: whatever dies, all goes on."""

import os
import re
import shutil
import signal
import threading
import time
from dataclasses import replace

import httpx
import pytest
from machines import Machines
from service import BOX, PASSWORD

from opendesign.records.build import unfinished
from opendesign.records.turn import KINDS
from tests.stories.test_core_loop import (
    ada_sees_the_difference_and_merges,
    bia_forks_changes_and_proposes,
    its_part_regenerates,
)
from tests.stories.test_nothing_lost import Crowd, agreeing

pytestmark = [pytest.mark.slow, pytest.mark.postgresql, pytest.mark.timeout(900)]  # eight processes start, on two cores
SETTLING_SECONDS = 90


@pytest.fixture(scope="module")
def machines(tmp_path_factory, redis_server, postgres, store_of_files):
    """Two machines with a web, an engine and a worker each; the second has one worker more."""
    folder = tmp_path_factory.mktemp("machines")
    made = Machines(
        folder / "data",
        ["one", "two"],
        OPENDESIGN_DATABASE_URL=postgres.database("many_machines"),
        OPENDESIGN_QUEUE_URL=redis_server.database(),
        OPENDESIGN_SHELF_URL=store_of_files,
        OPENDESIGN_BUILD_SECONDS="20",
        **store_of_files.environ,
    )
    one, two = made.machines
    try:
        two.start("web").answers("/healthz")
        one.start("web", "engine", "worker")
        two.start("engine", "worker")
        two.running["other worker"] = two.running.pop("worker")
        two.start("worker")
        one.answers("/healthz")
        yield made
    finally:
        made.end()


def test_the_whole_way_over_both_machines_while_pieces_are_killed(machines, tmp_path):
    one, two = machines.machines
    one.answers("/readyz")
    two.answers("/readyz")
    crowd = Crowd(machines, tmp_path)
    ada, bia = machines.join("ada"), machines.join("bia")
    at_one = replace(ada, service=one)
    clone = ada.start_design("case", {"box.py": BOX, "README.md": "# Case\n"}, tmp_path / "ada")
    at_one.push(clone, {"NOTES.md": "Through the other web.\n"}, "Notes", f"{one.url}/ada/case.git", "HEAD:main")
    its_part_regenerates(ada)
    for worker in crowd.workers:
        worker.start()
    gets_on(crowd)

    one.kill("web")
    number = bia_forks_changes_and_proposes(bia)
    gets_on(crowd)
    one.start("web")
    two.kill("worker", "engine")
    gets_on(crowd)
    two.start("engine", "worker")
    merged = ada_sees_the_difference_and_merges(ada, number)

    one.answers("/readyz")
    for web in (one, two):
        at_web = replace(ada, service=web)
        assert at_web.git("ls-remote", f"{web.url}/ada/case.git", "main").stdout.startswith(merged)
    crowd.over.set()
    for worker in crowd.workers:
        worker.join()
    assert not crowd.trouble(), f"{crowd.trouble()}: {machines.log.read_text()[-3000:]}"
    settled(machines)
    nothing_is_lost(machines, crowd)


def gets_on(crowd: Crowd) -> None:
    """Each of those who do something has more of it acknowledged than before."""
    before = [len(worker.acknowledged) for worker in crowd.workers]
    end = time.monotonic() + 60
    while not all(len(worker.acknowledged) > had for worker, had in zip(crowd.workers, before, strict=True)):
        assert time.monotonic() < end and not crowd.trouble(), crowd.trouble()
        time.sleep(0.02)


def settled(machines: Machines) -> None:
    """What is wanted is made, by whoever is there, and no job is left."""
    house, end = machines.house(), time.monotonic() + SETTLING_SECONDS
    while True:
        with house.reading() as work:
            left = [(kind.__name__, key) for kind in KINDS for key in unfinished(work.session, kind)]
        if not left and not house.queue.waiting():
            break
        assert time.monotonic() < end, f"{left}, {house.queue.waiting()} jobs:\n{machines.log.read_text()[-3000:]}"
        time.sleep(0.1)
    house.database.close()


def nothing_is_lost(machines: Machines, crowd: Crowd) -> None:
    """Repositories are whole and agree with the records, and hold all that was acknowledged."""
    there = agreeing(machines)
    assert set(crowd.done("pushes")) <= there["pushed"] and set(crowd.done("edits")) <= there["edited"]
    assert {f"{number} {sha}" for number, sha in crowd.done("merges")} <= there["proposals"]
    last = dict(crowd.done("starts"))
    assert {name for name, standing in last.items() if standing} - crowd.doubted <= there.keys()
    assert not {name for name, standing in last.items() if not standing} & there.keys()


def test_who_entered_at_one_web_is_known_at_the_other(machines):
    one, two = machines.machines
    machines.join("cleo")
    with one.http as first, two.http as second:
        token = re.search(r'name="csrf-token" content="([^"]+)"', first.get("/enter").text)[1]
        fields = {"csrf_token": token, "name": "cleo", "password": PASSWORD}
        assert first.post("/enter", data=fields).status_code == 303
        assert first.cookies and second.get("/settings").is_redirect
        seen = second.get("/settings", cookies=dict(first.cookies))
        assert seen.status_code == 200 and "cleo" in seen.text


@pytest.mark.skipif(not shutil.which("git-lfs"), reason="git-lfs is not installed (apt install git-lfs).")
def test_large_files_are_had_at_either_machine_and_sent_again_once_the_store_is_back(
    machines, store_of_files, tmp_path
):
    one, two = machines.machines
    pilar = machines.join("pilar")
    clone = pilar.start_design("mould", {"README.md": "# Mould\n"}, tmp_path / "clone")
    at_one, at_two = replace(pilar, service=one), replace(pilar, service=two)
    for words in (("install", "--local"), ("track", "*.bin")):
        pilar.git("lfs", *words, folder=clone)
    pilar.git("remote", "set-url", "origin", f"{one.url}/pilar/mould.git", folder=clone)
    (clone / "large.bin").write_bytes(large := os.urandom(1 << 20) * 9)
    at_one.push(clone, {}, "Add what is large")

    os.kill(store_of_files.process.pid, signal.SIGSTOP)
    try:
        told = len(one.log.read_text())
        (clone / "late.bin").write_bytes(b"late" * 100)
        pushing = threading.Thread(target=at_one.push, args=(clone, {}, "Add what comes late"))
        pushing.start()
        while "objects/<oid> status=503" not in one.log.read_text()[told:]:
            assert pushing.is_alive(), "it gave up before the store was back"
            time.sleep(0.05)
    finally:
        os.kill(store_of_files.process.pid, signal.SIGCONT)
    pushing.join(60)

    other = tmp_path / "other"
    at_two.git("clone", "-q", f"{two.url}/pilar/mould.git", str(other))
    at_two.git("lfs", "install", "--local", folder=other)
    at_two.git("lfs", "pull", folder=other)
    assert (other / "large.bin").read_bytes() == large and (other / "late.bin").read_bytes() == b"late" * 100
    lfs = machines.data / "repos" / "lfs"
    assert [path.name for path in lfs.rglob("*") if path.is_file()] == ["held"], "nothing lies on the shared disk"


def test_whoever_turns_building_off_turns_it_off_on_both_machines(machines):
    one, two = (machine.house() for machine in machines.machines)
    two.engine.switch_off("We look at something.")
    try:
        for machine in machines.machines:
            end = time.monotonic() + 20
            while (ready := httpx.get(machine.url + "/readyz")).status_code != 503:
                assert time.monotonic() < end
                time.sleep(0.05)
            assert "We look at something." in ready.json()["jail"]
    finally:
        one.engine.switch_on()
        assert not os.path.exists(two.settings.engine_off)
