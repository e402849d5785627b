"""Lineage: what it costs to find who took what in a family of 50 forks with 200 commits each."""

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

from houses import new_house, settle_in, start
from service import Service, Visitor

from bench.row import Row, median, milliseconds
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.fork import fork
from opendesign.actions.house import House
from opendesign.actions.sync import sync
from opendesign.git.commits import Signature
from opendesign.git.writing import write_files
from opendesign.records.design import design_by_id

FORKS, COMMITS, PUSHES = 50, 200, 10
LINES = 36  # as many parameters as the largest of 407 real scripts has
SECONDS = 60


def script(values: list[int]) -> str:
    """A part of many dimensions."""
    lines = (f"SIZE_{place} = {value}  # Size of edge {place}, mm\n" for place, value in enumerate(values))
    return "import cadquery as cq\n\n" + "".join(lines) + "result = cq.Workplane().box(SIZE_0, SIZE_1, SIZE_2)\n"


class Fork:
    """A fork's repository, and the dimensions its part has now; some of its changes are its siblings'."""

    def __init__(self, house: House, key: int, seed: int):
        self.house, self.key = house, key
        self.random = random.Random(seed)
        self.values = [10] * LINES
        self.made: list[tuple[int, int]] = []
        with house.store.open(str(key)) as repository:
            self.path = repository.path

    def commit(self, others: list["Fork"]) -> str:
        """Returns one more commit for `git fast-import`; one in ten takes what a sibling did."""
        taken = self.random.choice(others).made if self.random.random() < 0.1 else []
        for _ in range(3):
            place, value = self.random.choice(taken) if taken else (self.random.randrange(LINES), self.number())
            self.values[place] = value
            self.made.append((place, value))
        text, told = script(self.values), f"Change {len(self.made)}"
        who = f"fork{self.key} <fork{self.key}@example.org> {1_700_000_000 + len(self.made)} +0000"
        head = f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata {len(told)}\n{told}\n"
        return f"{head}M 100644 inline part.py\ndata {len(text)}\n{text}\n"

    def number(self) -> int:
        """Returns a size nobody else takes by chance."""
        return self.random.randrange(1000, 10_000_000)

    def push(self, others: list["Fork"], commits: int) -> None:
        """Adds commits to the branch, and the records that a push leaves."""
        told = [self.commit(others) for _ in range(commits)]
        tip = subprocess.run(
            ["git", "rev-parse", "refs/heads/main"], cwd=self.path, capture_output=True, check=True, text=True
        ).stdout.strip()
        told[0] = told[0].replace("M 100644", f"from {tip}\nM 100644", 1)
        subprocess.run(["git", "fast-import", "--quiet"], input="".join(told), cwd=self.path, check=True, text=True)
        with self.house.writing() as work:
            sync(work, design_by_id(work.session, self.key))


def grown(house: House, forks: int, commits: int) -> list[Fork]:
    """Returns a family whose forks have so many commits of their own each, which no job has looked at."""
    (ada,) = settle_in(house, "ada")
    first = start(house, ada, "case", {"part.py": script([10] * LINES)})
    members = [Fork(house, first, 0)]
    for number in range(1, forks):
        with house.writing(ada) as work:
            members.append(Fork(house, fork(work, design_by_id(work.session, first)).id, number))
    for _ in range(PUSHES):
        for each in members:
            each.push(members, commits // PUSHES)
    return members


def pushed(house: House, each: Fork) -> float:
    """Returns the ms until a push of one commit is recorded, as the pusher waits."""
    each.values[0] = each.number()
    with house.store.open(str(each.key)) as repository:
        tip = repository.refs()["refs/heads/main"]
        files = {"part.py": script(each.values).encode()}
        write_files(repository, "main", files, "One more", Signature("Ada", "ada@example.org"), tip)

    def record() -> None:
        with house.writing() as work:
            sync(work, design_by_id(work.session, each.key))

    return milliseconds(record)


def followed(house: House, each: Fork) -> float:
    """Returns the ms until the job has found what a push of one commit brings and has taken."""
    taken = pushed(house, each)
    return taken + milliseconds(lambda: lineage_job(house, str(each.key)))


def index(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """Everything of a large family from nothing, beside what git takes to print it; then one push more."""
    (folder / "large").mkdir()
    (folder / "alone").mkdir()
    house, alone = new_house(folder / "large"), new_house(folder / "alone")
    try:
        members, lonely = grown(house, FORKS, COMMITS), grown(alone, 1, COMMITS)

        def log() -> None:
            for each in members:
                subprocess.run(
                    ["git", "log", "-p", f"--max-count={COMMITS}", "main"],
                    cwd=each.path,
                    stdout=subprocess.DEVNULL,
                    check=True,
                )

        floor = milliseconds(log)
        taken = milliseconds(lambda: lineage_job(house, str(members[0].key)))
        lineage_job(alone, str(lonely[0].key))
        note = f"{taken / 1000:.1f} s beside {floor / 1000:.1f} s of git log -p"
        yield Row("lineage-index", taken / floor, 4, note=note)
        yield Row("lineage-index-seconds", taken / 1000, SECONDS, "s", f"{FORKS} designs of {COMMITS} commits")
        large, small = ([pushed(*each) for _ in range(9)] for each in ((house, members[1]), (alone, lonely[0])))
        yield Row(
            "sync-push", median(large) / median(small), 1.3, note=f"{median(large):.0f} ms, {median(small):.0f} alone"
        )
        large, small = ([followed(*each) for _ in range(5)] for each in ((house, members[1]), (alone, lonely[0])))
        note = f"with what the job finds, {median(large):.0f} ms, {median(small):.0f} alone"
        yield Row("lineage-push", median(large) / median(small), 3, note=note)
    finally:
        house.database.close()
        alone.database.close()
