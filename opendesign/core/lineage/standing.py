"""Standing: how many improvements each design of a family has that another lacks, counted as sets."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple


class Member(NamedTuple):
    """A design of a family: what it was forked from, None for the first one, and when."""

    id: int
    parent: int | None
    made_at: datetime


class Receipt(NamedTuple):
    """That a design has an improvement, and since when."""

    design: int
    improvement: str
    at: datetime


class Standing:
    """What lives in each design of a family: what its parent had when it was forked, and what it has received since.

    `lapsed` are (design, improvement) that no longer live there. Each improvement is one bit of a whole number, so two
    designs are compared in one step however long they are.
    """

    def __init__(
        self, members: Collection[Member], receipts: Iterable[Receipt], lapsed: Iterable[tuple[int, str]] = ()
    ):
        self._bits: dict[str, int] = {}
        self._received: dict[int, list[tuple[datetime, int]]] = {}
        for each in receipts:
            bit = self._bits.setdefault(each.improvement, 1 << len(self._bits))
            self._received.setdefault(each.design, []).append((each.at, bit))
        self._has: dict[int, int] = {}
        self._inherit(members)
        for design, improvement in lapsed:
            self._has[design] = self._has.get(design, 0) & ~self._bits.get(improvement, 0)

    def ahead(self, one: int, other: int) -> int:
        """Returns how many improvements one design has that the other lacks; 0 for designs that are not known."""
        return (self._has.get(one, 0) & ~self._has.get(other, 0)).bit_count()

    def _inherit(self, members: Collection[Member]) -> None:
        forks: dict[int | None, list[Member]] = {}
        known = {each.id for each in members}
        for each in sorted(members, key=lambda each: (each.made_at, each.id)):
            forks.setdefault(each.parent if each.parent in known else None, []).append(each)
        waiting = [(each, 0) for each in forks.get(None, [])]
        while waiting:
            member, begun = waiting.pop()
            waiting += self._grow(member.id, begun, forks.get(member.id, []))

    def _grow(self, design: int, has: int, forks: list[Member]) -> Iterator[tuple[Member, int]]:
        """Adds what a design received, in order, and yields each of its forks with what it began with."""
        received = sorted(self._received.get(design, []))
        next_one = 0
        for fork in forks:
            while next_one < len(received) and received[next_one][0] <= fork.made_at:
                has |= received[next_one][1]
                next_one += 1
            yield fork, has
        for _at, bit in received[next_one:]:
            has |= bit
        self._has[design] = has
