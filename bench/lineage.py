"""Lineage: what it costs to find who took what in a family of 50 forks with 200 commits each."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from houses import new_house
from service import Service, Visitor

from bench.family import Fork, grown, push_one
from bench.row import Row, median
from bench.spent import Spent, spent
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.heal import reindex
from opendesign.actions.house import House
from opendesign.actions.sync import sync
from opendesign.records.design import design_by_id

FORKS, COMMITS, PUSHES = 50, 200, 4
SECONDS = 60


def pushed(house: House, each: Fork) -> Spent:
    """Returns what it takes to record a push of one commit, as the pusher waits."""
    push_one(house, each)

    def record() -> None:
        with house.writing() as work:
            sync(work, design_by_id(work.session, each.key))

    return spent(record)


def followed(house: House, each: Fork) -> Spent:
    """Returns what the job takes to find what a push of one commit brings and has taken."""
    pushed(house, each)
    return spent(lambda: lineage_job(house, str(each.key)))


def index(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """Everything of a large family from nothing, beside what git takes to print it; then one push more."""
    (folder / "large").mkdir()
    (folder / "alone").mkdir()
    house, alone = new_house(folder / "large"), new_house(folder / "alone")
    try:
        members, lonely = grown(house, FORKS, COMMITS, PUSHES), grown(alone, 1, COMMITS, PUSHES)

        def log() -> None:
            for each in members:
                words = ["git", "log", "-p", f"--max-count={COMMITS}", "main"]
                subprocess.run(words, cwd=each.path, stdout=subprocess.DEVNULL, check=True)

        before = spent(log)
        taken = spent(lambda: reindex(house))
        after = spent(log)
        reindex(alone)
        floor = Spent(*((one + other) / 2 for one, other in zip(before, after, strict=True)))
        note = f"processor; by the clock {taken.wall / 1000:.1f} s beside {floor.wall / 1000:.1f} s of git log -p"
        yield Row("lineage-index", taken.processor / floor.processor, 4, note=note)
        note = f"{FORKS} designs of {COMMITS} commits; processor {taken.processor / 1000:.1f} s"
        yield Row("lineage-index-seconds", taken.wall / 1000, SECONDS, "s", note)
        yield from _rows("sync-push", 1.3, *_in_turn(pushed, (house, members[1]), (alone, lonely[0]), 15))
        yield from _rows("lineage-push", 3, *_in_turn(followed, (house, members[1]), (alone, lonely[0]), 5))
    finally:
        house.database.close()
        alone.database.close()


def _in_turn(act, large: tuple[House, Fork], small: tuple[House, Fork], rounds: int) -> tuple[list[Spent], list[Spent]]:
    """Measures an act in both families, A B A B, after a first round that nobody counts."""
    found = [(act(*large), act(*small)) for _ in range(rounds + 1)][1:]
    return [one for one, _ in found], [other for _, other in found]


def _rows(name: str, goal: float, large: list[Spent], small: list[Spent]) -> Iterator[Row]:
    """Yields a ratio by the clock, and of processor time."""
    for place, kind in enumerate(Spent._fields):
        one, other = (median([each[place] for each in some]) for some in (large, small))
        yield Row(f"{name}, {kind}", one / other, goal, note=f"{one:.0f} ms, {other:.0f} alone")
