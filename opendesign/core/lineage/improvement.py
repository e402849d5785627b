"""Improvements: what a change brought into its family that nobody there had before."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from opendesign.core.lineage.unit import Unit

MOST_PATHS = 20  # of one improvement that are kept


@dataclass(frozen=True)
class Improvement:
    """What is new in a change: its units, what they are worth together, and the files they are in."""

    units: tuple[str, ...]
    value: float
    tokens: int
    paths: tuple[str, ...]


def improvement(units: Iterable[Unit], had: Collection[str], common: Collection[str]) -> Improvement | None:
    """Returns what a change's units are worth without those the family had before and those that are common.

    None where nothing of value is left: a pick, a squash of what was there, a slip of the pen.
    """
    new = {each.id: each for each in units if each.value and each.id not in had and each.id not in common}
    if not new:
        return None
    value = sum(each.value for each in new.values())
    tokens = sum(each.tokens for each in new.values())
    paths = tuple(dict.fromkeys(each.path for each in new.values()))[:MOST_PATHS]
    return Improvement(tuple(new), round(value, 4), tokens, paths)
