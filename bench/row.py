"""One line of the table: a figure, the goal it is held against, and what was measured beside it."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Row:
    """A ratio of medians measured in one run, or milliseconds where the goal is in milliseconds.

    The goal is the most the figure may be, or the least if it is `at_least`.
    """

    name: str
    figure: float | None
    goal: float
    unit: str = "×"
    note: str = ""
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """`ok`, `short`, or `skipped` when the rival is not on this machine."""
        if self.figure is None:
            return "skipped"
        reached = self.figure >= self.goal if self.at_least else self.figure <= self.goal
        return "ok" if reached else "short"


def milliseconds(act: Callable[[], object]) -> float:
    """Returns how long an act took, in ms of wall time."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def interleaved(rounds: int, *acts: Callable[[], object]) -> list[list[float]]:
    """Measures acts in turn, A B A B, and returns the milliseconds of each."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(rounds):
        for times, act in zip(taken, acts, strict=True):
            times.append(milliseconds(act))
    return taken


def median(times: list[float]) -> float:
    """Returns the median of what was measured."""
    return statistics.median(times)
