"""Whatever is killed at whatever moment: what the service has acknowledged is there, and all of it agrees."""

import os
import random
import subprocess
import threading
import time
from pathlib import Path

import pytest
from apart import Apart, Worker, answered
from service import BOX, Visitor

from opendesign.records.build import unfinished
from opendesign.records.design import all_designs, design_by_id, known_refs
from opendesign.records.proposal import Proposal
from opendesign.records.revision import Revision
from opendesign.records.turn import KINDS

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("OPENDESIGN_KILLS", "12"))
KILLING_SECONDS = float("inf") if "OPENDESIGN_KILLS" in os.environ else 20.0  # a slow machine sees fewer of them
SETTLING_SECONDS = 60 + KILLS
STARTING_SECONDS = 240  # of a web that was killed, where two dozen others want the processor
PIECES = ["web", "web", "web", "worker", "worker", "engine"]


class Crowd:
    """Ulla pushes, edits, changes parameters, merges, starts and deletes designs, all at once."""

    def __init__(self, service: Apart, folder: Path):
        self.ulla: Visitor = service.join("ulla")
        self.over = threading.Event()
        self.doubted: set[str] = set()
        self.clone = self.ulla.start_design("pushed", {"NOTES.md": "0\n"}, folder / "clone")
        self.ulla.start_design("edited", {"box.py": BOX}, folder / "edited")
        self.ulla.start_design("merged", {"NOTES.md": "0\n"}, folder / "merged")
        acts = (self.pushes, self.edits, self.merges, self.starts)
        self.workers = [Worker(self.over, act) for act in acts]

    def done(self, act: str) -> list:
        """What was acknowledged of one act."""
        return next(worker.acknowledged for worker in self.workers if worker.name == act)

    def count(self) -> int:
        """How much was acknowledged in all."""
        return sum(len(worker.acknowledged) for worker in self.workers)

    def trouble(self) -> list[str]:
        """What went wrong that a kill does not explain."""
        return [word for worker in self.workers for word in worker.trouble]

    def pushes(self, number: int) -> str | None:
        """Commits, and pushes all that has not arrived yet."""
        (self.clone / "NOTES.md").write_text(f"{number}\n")
        self.ulla.git("commit", "-q", "-a", "-m", f"Note {number}", folder=self.clone)
        sha = self.ulla.git("rev-parse", "HEAD", folder=self.clone).stdout.strip()
        pushed = self.ulla.git("push", "-q", "origin", "HEAD:main", folder=self.clone, check=False)
        if pushed.returncode:
            self.over.wait(0.1)
            return None
        return sha

    def edits(self, number: int) -> str | None:
        """Edits a file, and now and then a parameter, which has a part built."""
        if number % 8 == 0:
            body = {"branch": "main", "values": {"WIDTH": 20 + number % 60}, "message": f"Width {number}"}
            made = answered(self.ulla, "PUT", "/designs/ulla/edited/parts/box.py/parameters", body)
        else:
            body = {"content": f"{number}\n", "message": f"Edit {number}"}
            made = answered(self.ulla, "PUT", f"/designs/ulla/edited/files/main/{number % 5}.md", body)
        return made["commit"] if made else None

    def merges(self, number: int) -> tuple[int, str] | None:
        """Proposes a branch and merges it."""
        design = "/designs/ulla/merged"
        answered(self.ulla, "POST", f"{design}/branches", {"name": f"side-{number}", "start": "main"})
        body = {"content": f"{number}\n", "message": f"Say {number}"}
        answered(self.ulla, "PUT", f"{design}/files/side-{number}/{number}.md", body)
        words = {"title": f"Say {number}", "source": "ulla/merged", "target_branch": "main"}
        row = answered(self.ulla, "POST", f"{design}/proposals", words | {"source_branch": f"side-{number}"})
        made = row and answered(self.ulla, "POST", f"{design}/proposals/{row['number']}/merge", {})
        return (row["number"], made["commit"]) if row and made else None

    def starts(self, number: int) -> tuple[str, bool] | None:
        """Starts a design, or deletes the one before."""
        if number % 3 == 0 and (standing := self.done("starts")) and standing[-1][1]:
            self.doubted.add(standing[-1][0])  # should the answer be lost, it may be gone or not
            gone = answered(self.ulla, "DELETE", f"/designs/ulla/{standing[-1][0]}")
            return None if gone is None else (standing[-1][0], False)
        fields = {"name": f"d{number}", "title": "D", "licence": "CERN-OHL-W-2.0"}
        made = answered(self.ulla, "POST", "/designs", fields, good=(201,))
        assert made, "a name nobody has was refused"
        forked = answered(self.ulla, "POST", "/designs/ulla/merged/forks", {"name": f"f{number}"}, good=(201,))
        assert forked, "a fork was refused"
        return made["name"], True


def killed_amid(service: Apart, crowd: Crowd) -> list[str]:
    """Kills pieces while the crowd works, each time after it got on; returns which."""
    killed, begun = [], time.monotonic()
    while len(killed) < KILLS and time.monotonic() < begun + KILLING_SECONDS and not crowd.trouble():
        before, wanted = crowd.count(), random.randint(1, 6)
        end = time.monotonic() + STARTING_SECONDS
        while crowd.count() < before + wanted and not crowd.trouble():
            assert time.monotonic() < end, f"nothing more was acknowledged:\n{service.log.read_text()[-3000:]}"
            time.sleep(0.005)
        killed.append(random.choice(PIECES))
        service.kill(killed[-1])
        service.start(killed[-1])
    return killed


def settled(service: Apart) -> None:
    """All pieces are killed and start again; what is wanted gets made."""
    service.kill("web", "worker", "engine")
    service.start("web", "engine").answers("/readyz").start("worker")
    house = service.house()
    end = time.monotonic() + SETTLING_SECONDS
    while True:
        with house.reading() as work:
            left = [(kind.__name__, key) for kind in KINDS for key in unfinished(work.session, kind)]
        if not left and not house.queue.waiting():
            break
        assert time.monotonic() < end, f"{left} and {house.queue.waiting()} jobs:\n{service.log.read_text()[-3000:]}"
        time.sleep(0.1)
    house.database.close()


def agreeing(service: Apart) -> dict[str, set[str]]:
    """Repositories are whole and agree with the records; returns all commits of each design's main, by its name."""
    house, found = service.house(), {}
    for path in (*house.store.root.glob("*.git"), *house.store.pools.folder.glob("*.git")):
        checked = subprocess.run(["git", f"--git-dir={path}", "fsck", "--full", "--strict"], capture_output=True)
        assert checked.returncode == 0, f"{path}: {checked.stderr.decode()}"
    with house.reading() as work:
        for key in all_designs(work.session):
            design = design_by_id(work.session, key)
            with house.store.open(design.key) as repository:
                refs = repository.refs()
                assert known_refs(work.session, design) == refs, design.name
                reached = repository.history(*refs.values())
                found[design.name] = repository.history(refs["refs/heads/main"]) if refs else set()
            recorded = {sha for (sha,) in work.session.query(Revision.sha).filter_by(design_id=key)}
            assert reached <= recorded or design.parent_id, design.name
        found["proposals"] = {f"{row.number} {row.merge.sha}" for row in work.session.query(Proposal) if row.merge}
    house.database.close()
    return found


def test_what_was_acknowledged_outlives_kills(tmp_path):
    random.seed(os.environ.get("OPENDESIGN_SEED", ""))
    service = Apart(tmp_path / "data", OPENDESIGN_BUILD_SECONDS="20").start("web").answers("/healthz")
    try:
        crowd = Crowd(service, tmp_path)
        service.start("engine", "worker")
        for worker in crowd.workers:
            worker.start()
        killed = killed_amid(service, crowd)
        service.answers("/healthz")
        crowd.over.set()
        for worker in crowd.workers:
            worker.join()
        assert killed and not crowd.trouble(), f"{crowd.trouble()}: {service.log.read_text()[-3000:]}"
        settled(service)
        there = agreeing(service)
    finally:
        service.kill(*service.running)
    assert set(crowd.done("pushes")) <= there["pushed"] and set(crowd.done("edits")) <= there["edited"]
    merged = crowd.done("merges")
    assert {sha for _, sha in merged} <= there["merged"]
    assert {f"{number} {sha}" for number, sha in merged} <= there["proposals"]
    last = dict(crowd.done("starts"))
    assert {name for name, standing in last.items() if standing} - crowd.doubted <= there.keys()
    assert not {name for name, standing in last.items() if not standing} & there.keys()
    print({worker.name: len(worker.acknowledged) for worker in crowd.workers}, killed)
