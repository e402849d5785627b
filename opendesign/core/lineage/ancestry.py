"""Ancestry: which of some commits each of others contains, found in one walk, and where two forks parted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple


def contained(graph: Sequence[tuple[str, Sequence[str]]], wanted: Iterable[str]) -> dict[str, int]:
    """Returns for each commit which of the wanted ones it contains, itself among them, as bits in their order.

    `graph` has each commit with its parents, children before parents, as `git rev-list --topo-order --parents` prints.
    """
    bits = {sha: 1 << place for place, sha in enumerate(wanted)}
    found: dict[str, int] = {}
    for sha, parents in reversed(graph):
        held = bits.get(sha, 0)
        for parent in parents:
            held |= found.get(parent, 0)
        found[sha] = held
    return found


def among(held: int, wanted: Sequence[str]) -> list[str]:
    """Returns the commits that these bits stand for."""
    found = []
    while held:
        lowest = held & -held
        found.append(wanted[lowest.bit_length() - 1])
        held ^= lowest
    return found


class Forked(NamedTuple):
    """A design in the tree of forks: what it was forked from, at which commit, and when."""

    parent: int | None
    sha: str | None
    at: datetime


def parting(forks: Mapping[int, Forked], one: int, other: int) -> str | None:
    """Returns the commit at which the lines of two designs parted: the earlier fork where both left a third.

    None where they are in no common line, as when what joined them was deleted.
    """
    lines = [_line(forks, each) for each in (one, other)]
    common = next((each for each in lines[0] if each in lines[1]), None)
    if common is None:
        return None
    left = [line[: line.index(common)] for line in lines]
    firsts = [forks[line[-1]] for line in left if line]
    return min(firsts, key=lambda each: each.at).sha if firsts else None


def _line(forks: Mapping[int, Forked], design: int) -> list[int]:
    """Returns a design and all it descends from, the nearest first."""
    line: list[int] = []
    here: int | None = design
    while here is not None and here in forks and here not in line:
        line.append(here)
        here = forks[here].parent
    return line
