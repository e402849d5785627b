"""Follows a part back along a branch: each revision that gave it another build, and what that build measures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_snapshot, read_tree, with_large_files
from opendesign.actions.want_build import BACKGROUND, part_key, want_measured
from opendesign.cad.version import engine_version
from opendesign.core.comparison import pair_parts
from opendesign.core.errors import NotFound
from opendesign.core.history import Step, value_of
from opendesign.core.remembered import Remembered
from opendesign.core.snapshot import Snapshot
from opendesign.git.commits import Commit
from opendesign.git.repository import Repository
from opendesign.records.build import Build, builds_by_key
from opendesign.records.design import Design

LOOKED = 300  # commits; one that may have changed the part costs two git processes, about 10 ms
MOST = 50  # builds wanted at once, the newest first
KEPT = 200  # walks; commits never change, so each is done once per process
_walks: Remembered[tuple[str, str, str], "Walk"] = Remembered(KEPT)


@dataclass(frozen=True)
class Walk:
    """Where a part's build changed, oldest first: (commit, the part's path then, key); `whole`: to its beginning."""

    turns: list[tuple[Commit, str, str]]
    whole: bool


@dataclass(frozen=True)
class Point:
    """A revision that gave the part another build, None while nobody wants it."""

    commit: Commit
    path: str
    key: str
    build: Build | None

    @property
    def state(self) -> str:
        """The state of its build: lacking, wanted, making, made or failed."""
        return "lacking" if self.build is None or self.build.stopped else self.build.state

    def value(self, name: str, density: float) -> float | None:
        """Returns a property (core/history.py) of what was made; density in g/cm³."""
        made = self.build if self.build and self.build.state == "made" else None
        return value_of(name, made.total, made.seconds, density) if made else None

    def step(self, name: str, density: float) -> Step:
        """Returns what a search knows of it; what was made without this property will not have it later."""
        value = self.value(name, density)
        return Step(value, failed=value is None and self.state in ("made", "failed"))


@dataclass(frozen=True)
class History:
    """A part along the first parents of a branch, oldest first; `whole` is False when older revisions are left out."""

    points: list[Point]
    whole: bool

    @property
    def lacking(self) -> int:
        """How many of the newest builds nobody has wanted yet."""
        return sum(point.state == "lacking" for point in self.points[-MOST:])

    @property
    def waiting(self) -> int:
        """How many builds are wanted or being made."""
        return sum(point.state in ("wanted", "making") for point in self.points)


def follow_part(work: Work, design: Design, sha: str, path: str) -> History:
    """Returns the history of a part up to a commit, through renames; raises NotFound for no such part. Reads only.

    Of a merge the result counts: who made each commit on the other side stands in that branch's history.
    """
    path = read_tree(work, design, sha).part(path).path
    name = (design.key, sha, path)
    walk = _walks.get(name)
    if walk is None:
        with work.house.store.open(design.key) as repository:
            walk = _walk(
                repository, lambda at: with_large_files(work, design, read_snapshot(repository, at)), sha, path
            )
        _walks.keep(name, walk)
    builds = builds_by_key(work.session, [key for _commit, _path, key in walk.turns])
    return History([Point(*turn, builds.get(turn[2])) for turn in walk.turns], walk.whole)


def want_points(work: Work, design: Design, points: Sequence[Point], priority: int = BACKGROUND) -> None:
    """Wants the builds of these points that nobody has wanted, the newest first."""
    for point in reversed(points):
        if point.state == "lacking":
            want_measured(work, design, read_tree(work, design, point.commit.sha), point.path, priority)


def want_history(work: Work, design: Design, history: History) -> None:
    """Wants the newest `MOST` builds of a history, in the background."""
    want_points(work, design, history.points[-MOST:])


def _walk(repository: Repository, read: Callable[[str], Snapshot], tip: str, path: str) -> Walk:
    line = repository.first_line(tip, LOOKED)
    snapshot = read(tip)
    key = part_key(snapshot, path)
    turns: list[tuple[str, str, str]] = []
    whole = len(line) < LOOKED
    for number, (sha, changes) in enumerate(line):
        if turns and turns[-1][1:] == (path, key):
            turns.pop()  # of equal builds in a row the oldest is the one that made the change
        turns.append((sha, path, key))
        if number + 1 == len(line) or _leaves(changes, snapshot.inputs(path)):
            continue
        before = read(line[number + 1][0])
        older = _path_in(before, snapshot, path)
        if older is None:
            whole = True
            break
        snapshot, path, key = before, older, part_key(before, older)
    commits = repository.commits([sha for sha, _path, _key in turns])
    return Walk([(commits[sha], *rest) for sha, *rest in reversed(turns)], whole)  # type: ignore[misc]


def _leaves(changes: Mapping[str, str], inputs: Sequence[str]) -> bool:
    """Tells whether changes surely leave a build as it is: other files were written anew, none came or went."""
    return all(status == "M" for status in changes.values()) and not set(inputs) & changes.keys()


def _path_in(before: Snapshot, after: Snapshot, path: str) -> str | None:
    """Returns where a part was before, None when it was not there."""
    try:
        return before.part(path).path
    except NotFound:
        version = engine_version()
        keys = [{p.path: each.source_key(version, p.path) for p in each.parts} for each in (before, after)]
        return next((pair.before for pair in pair_parts(*keys) if pair.after == path), None)
