"""Crowds: what three other families had before is common and has no origin, so lineage hangs on who else has it."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

COMMON = 3  # other families that had something before: then it is a starter's, or everybody's, and has no origin


def is_common(families: int) -> bool:
    """Says whether what so many other families had before is everybody's."""
    return families >= COMMON


class Sighting(NamedTuple):
    """That a family received something: `public` where all may see it, `asked` where it is asked what hangs on that."""

    name: str
    family: int
    at: datetime
    public: bool
    asked: bool


def swayed(seen: Iterable[Sighting]) -> set[int]:
    """Returns the families in which something is common with what is asked about in public, and is not without."""
    by_name: dict[str, list[Sighting]] = {}
    for each in seen:
        by_name.setdefault(each.name, []).append(each)
    found: set[int] = set()
    for some in by_name.values():
        having = _Firsts(each for each in some if each.public or each.asked)
        lacking = _Firsts(each for each in some if each.public and not each.asked)
        found |= {each.family for each in some if having.make_common(each) != lacking.make_common(each)}
    return found


class _Firsts:
    """When each family had something first."""

    def __init__(self, seen: Iterable[Sighting]):
        self.of: dict[int, datetime] = {}
        for each in sorted(seen, key=lambda each: each.at):
            self.of.setdefault(each.family, each.at)
        self.moments = sorted(self.of.values())

    def make_common(self, sighting: Sighting) -> bool:
        """Says whether three other families had something before a family received it."""
        own = self.of.get(sighting.family)
        return is_common(bisect_left(self.moments, sighting.at) - (own is not None and own < sighting.at))
