"""A large family for the bench: forks with own commits, picks, values taken over and merges, written by one process."""

import random
import subprocess

from houses import settle_in, start

from opendesign.actions.fork import fork
from opendesign.actions.house import House
from opendesign.actions.sync import sync
from opendesign.git.commits import Signature
from opendesign.git.writing import write_files
from opendesign.records.design import design_by_id

LINES = 36  # as many parameters as the largest of 407 real scripts has
BEGAN = 1_700_000_000
# Of a hundred commits: features of one's own, siblings' features picked, their values taken over, features given up;
# the others change one to three parameters.
BUILT, PICKED, COPIED, LEFT = 6, 5, 8, 4
MERGING = 5  # of so many forks one merges a sibling, once


def script(values: list[int]) -> str:
    """A part of many dimensions."""
    lines = (f"SIZE_{place} = {value}  # Size of edge {place}, mm\n" for place, value in enumerate(values))
    return "import cadquery as cq\n\n" + "".join(lines) + "result = cq.Workplane().box(SIZE_0, SIZE_1, SIZE_2)\n"


def feature(owner: int, number: int) -> str:
    """A file that one fork makes, and that nobody makes like it by chance."""
    lines = (f"rib_{owner}_{number}_{line} = rib({owner}, {number} * PITCH, {line} + GAP)\n" for line in range(8))
    return "".join(lines)


class Fork:
    """A fork's repository, the dimensions its part has now, and the features beside it, by path with their maker."""

    def __init__(self, house: House, key: int, seed: int):
        self.house, self.key, self.seed = house, key, seed
        self.random = random.Random(seed)
        self.values = [10] * LINES
        self.set: list[tuple[int, int]] = []
        self.built: list[tuple[str, str]] = []
        self.there: dict[str, str] = {}
        self.commits, self.mark = 0, ""
        self.tips: list[str] = []
        self.path = house.store.path(str(key))

    def commit(self, mark: int, others: list["Fork"]) -> str:
        """Returns one more commit for `git fast-import`."""
        self.commits += 1
        other, draw, author = self.random.choice(others), self.random.randrange(100), self
        before = f"from {self.mark}\n"
        if draw < BUILT:
            wanted = self.there_with(f"feature_{self.seed}_{self.commits}.py", feature(self.seed, self.commits))
            self.built.append(next(iter(wanted.items())))
        elif draw < BUILT + PICKED and other.built:
            wanted, author = self.there_with(*self.random.choice(other.built)), other
        elif draw < BUILT + PICKED + LEFT and self.there:
            wanted = {self.random.choice(list(self.there)): ""}
            del self.there[next(iter(wanted))]
        else:
            taken = other.set if draw >= 100 - COPIED else []
            for _ in range(self.random.randint(1, 3)):
                place, value = self.random.choice(taken) if taken else (self.random.randrange(LINES), self.number())
                self.values[place] = value
                self.set.append((place, value))
            wanted = {"part.py": script(self.values)}
        return self._told(mark, author, f"Change {self.commits}", before, wanted)

    def merge(self, mark: int, other: "Fork") -> str:
        """Returns the merge of what a sibling has now: its features come, the dimensions stay."""
        new = {path: text for path, text in other.there.items() if path not in self.there}
        self.there |= new
        return self._told(mark, self, f"Merge {other.seed}", f"from {self.mark}\nmerge {other.mark}\n", new)

    def there_with(self, path: str, text: str) -> dict[str, str]:
        """Puts a feature in, and returns it."""
        self.there[path] = text
        return {path: text}

    def number(self) -> int:
        """Returns a size nobody else takes by chance."""
        return self.random.randrange(1000, 10_000_000)

    def _told(self, mark: int, author: "Fork", told: str, before: str, files: dict[str, str]) -> str:
        names = [f"fork{each.seed} <fork{each.seed}@example.org> {BEGAN + mark} +0000" for each in (author, self)]
        self.mark = f":{mark}"
        who = f"mark :{mark}\nauthor {names[0]}\ncommitter {names[1]}\ndata {len(told)}\n{told}\n"
        lines = (
            f"M 100644 inline {path}\ndata {len(text)}\n{text}\n" if text else f"D {path}\n"
            for path, text in files.items()
        )
        return f"commit refs/members/{self.key}/heads/main\n{who}{before}{''.join(lines)}"


def grown(house: House, forks: int, commits: int, pushes: int) -> list[Fork]:
    """Returns a family whose forks have so many commits of their own each, which no job has looked at.

    Git has all objects in one pack, as after upkeep; the refs move, and are recorded, push by push.
    """
    (ada,) = settle_in(house, "ada")
    first = start(house, ada, "case", {"part.py": script([10] * LINES)})
    members = [Fork(house, first, 0)]
    for number in range(1, forks):
        with house.writing(ada) as work:
            members.append(Fork(house, fork(work, design_by_id(work.session, first)).id, number))
    _import(house, members, commits, pushes)
    for number in range(pushes):
        for each in members:
            subprocess.run(["git", "update-ref", "refs/heads/main", each.tips[number]], cwd=each.path, check=True)
            with house.writing() as work:
                sync(work, design_by_id(work.session, each.key))
    return members


def _import(house: House, members: list[Fork], commits: int, pushes: int) -> None:
    """Writes all commits, where the family keeps what it shares, and remembers the tip of each push."""
    with house.store.open(str(members[0].key)) as repository:
        root = repository.refs()["refs/heads/main"]
    pool = house.store.pools.of(members[0].path)
    place = house.store.pools.folder / f"{pool}.git" if pool else members[0].path
    for each in members:
        each.mark = root
    told, tips, mark = list[str](), list[list[str]](), 0
    for number in range(pushes):
        for each in members:
            for _ in range(commits // pushes):
                told.append(each.commit(mark := mark + 1, members))
        if number == 0:
            some = members[MERGING::MERGING]
            told += [each.merge(mark := mark + 1, other) for each, other in zip(some, members, strict=False)]
        tips.append([each.mark for each in members])
    marks = place / "marks"
    words = ["git", "fast-import", "--quiet", f"--export-marks={marks}"]
    subprocess.run(words, input="".join(told), cwd=place, check=True, text=True)
    shas = dict(line.split() for line in marks.read_text().splitlines())
    marks.unlink()
    for at in tips:
        for each, tip in zip(members, at, strict=True):
            each.tips.append(shas[tip])


def push_one(house: House, each: Fork) -> None:
    """Adds one commit to a branch, as a push leaves it before it is recorded."""
    each.values[0] = each.number()
    with house.store.open(str(each.key)) as repository:
        tip = repository.refs()["refs/heads/main"]
        files = {"part.py": script(each.values).encode()}
        write_files(repository, "main", files, "One more", Signature("Ada", "ada@example.org"), tip)
