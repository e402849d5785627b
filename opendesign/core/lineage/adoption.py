"""Adoptions: which of another design's changes a design has taken over, of which kind, and what shows it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from opendesign.core.lineage.unit import Unit

PORTED = 0.6  # share of a change's value that must have arrived for it to have been ported
TELLING_TOKENS = 8  # a unit, or the units of a pick together, that nobody writes twice by chance
WEIGHTY_UNITS, WEIGHTY_TOKENS = 3, 60  # units of a port that together are as telling, however soon they arrive
MOST_ALIKE = 50  # changes with one unit that are looked at: what more have is common
LIVING = ("merge", "pick", "port")  # kinds that live and end with their units; others with values and files
# What counts, in the order of the kinds; a claim waits for the source's word, and what was solved twice is nobody's.
CREDITED = ("merge", "pick", "port", "parameter", "copy", "geometry")
ORDER = (*CREDITED, "declared", "twice")  # of several kinds that fit at one commit, the first
NEVER: Mapping[str, datetime] = MappingProxyType({})
APART = timedelta(days=14)  # the same thing within this time, with nothing that shows a way, is solved twice


class Fetched(NamedTuple):
    """That a person, by number, fetched a design at a moment."""

    person: int
    at: datetime


Fetches = Mapping[int, Sequence[Fetched]]  # by the design that was fetched
NONE_YET: Fetches = MappingProxyType({})


@dataclass(frozen=True)
class Change:
    """A commit as lineage sees it: where and when it was first received, who made it, its units, what it names.

    `people` are the addresses and full names of its author and co-authors, `named` the commits that its trailers say
    it comes from (whole ids or their beginnings), `copies` the later commits that have its patch or a unit of it, with
    where and when each was first received, `by` the person, by number, who brought it in.
    """

    sha: str
    design: int
    received_at: datetime
    people: frozenset[str] = frozenset()
    patch: str = ""
    units: tuple[Unit, ...] = ()
    named: frozenset[str] = frozenset()
    copies: tuple[tuple[str, int, datetime], ...] = ()
    by: int | None = None

    @property
    def tokens(self) -> int:
        """How many tokens its distinct units have together."""
        return sum({each.id: each.tokens for each in self.units}.values())


@dataclass(frozen=True)
class Finding:
    """That a design has a change of another: the kind, the commit it arrived with, and the evidence, in words of ours.

    `road` is the design it came by where that is another.

    `kind` is "pick", "port", "parameter", "copy", "geometry", "declared" or "twice" (solved twice: no credit either
    way). `share` is how much of the change's value has arrived, 0 to 1; `units` those that have.
    """

    kind: str
    change: Change
    arrived: Change
    evidence: tuple[str, ...]
    share: float = 1.0
    units: frozenset[str] = field(default=frozenset())

    @property
    def road(self) -> int | None:
        """The design whose copy of the change the commit names, where that is not where the change was born."""
        if _is_named(self.arrived, self.change.sha):
            return None
        roads = (design for sha, design, _ in _relays(self.arrived, self.change) if _is_named(self.arrived, sha))
        return next((each for each in roads if each not in (self.change.design, self.arrived.design)), None)


def findings(
    ours: Sequence[Change],
    others: Iterable[Change],
    had: Mapping[str, datetime] = NEVER,
    has: Mapping[str, datetime] = NEVER,
    fetches: Fetches = NONE_YET,
) -> Iterator[Finding]:
    """Yields what a design's own commits have taken from changes first received elsewhere before.

    Each change is found once, at the first commit that shows it. `ours` are all of the design's that have something of
    these changes, the old ones too: so it does not matter how many of them somebody looks at at once.

    `had` says since when the design has had a unit by others' commits (a merge, not an adoption of its own), `has`
    since when the very commit of a change; `fetches` who fetched which other design when.
    """
    shelves = Shelves(ours)
    for change in others:
        yield from islice(_fitting(shelves, change, had, has, fetches), 1)


def taken_at_once(
    ours: "Shelves",
    run: Change,
    had: Mapping[str, datetime] = NEVER,
    has: Mapping[str, datetime] = NEVER,
    fetches: Fetches = NONE_YET,
) -> Finding | None:
    """Returns where a design first took what a relative's run of commits changes together, as `findings` would."""
    found = _fitting(ours, run, had, has, fetches)
    return next((each for each in found if each.kind == "port"), None)


def _fitting(
    shelves: "Shelves",
    change: Change,
    had: Mapping[str, datetime],
    has: Mapping[str, datetime],
    fetches: Fetches,
) -> Iterator[Finding]:
    valued = {each.id: each for each in change.units if each.value}
    arrived: frozenset[str] = frozenset()
    for each in shelves.sharing(change, valued):
        if change.sha in has and has[change.sha] <= each.received_at:
            return
        wanted = {name: unit for name, unit in valued.items() if name not in had or had[name] > each.received_at}
        arrived = (arrived | _ids(each)) & wanted.keys()
        evidence = signs(each, change, fetches.get(change.design, ()))
        found = _picked(each, change, evidence) or _ported(each, change, wanted, arrived, evidence)
        if found or (found := _declared(each, change)):
            yield found


def first_fitting(found: Iterable[Finding]) -> Iterator[Finding]:
    """Yields one finding for each change: at the first commit that shows one, of the kinds that fit the first."""
    best: dict[str, Finding] = {}
    for each in found:
        known = best.get(each.change.sha)
        if known is None or _rank(each) < _rank(known):
            best[each.change.sha] = each
    yield from best.values()


def _rank(finding: Finding) -> tuple[datetime, int]:
    return finding.arrived.received_at, ORDER.index(finding.kind)


class Shelves:
    """Changes in the order they were received, found by what they share with another: work follows what is shared."""

    def __init__(self, changes: Iterable[Change]):
        self.changes = sorted(changes, key=lambda each: each.received_at)
        self.shas = {each.sha for each in self.changes}
        self.naming = [place for place, each in enumerate(self.changes) if each.named]
        self.places: dict[str, list[int]] = {}
        for place, each in enumerate(self.changes):
            for word in {each.patch, *_ids(each)} - {""}:
                if len(found := self.places.setdefault(word, [])) < MOST_ALIKE:
                    found.append(place)

    def sharing(self, change: Change, units: Iterable[str]) -> Iterator[Change]:
        """Yields what was received after a change and has its patch, one of these of its units, or its name."""
        if change.sha in self.shas:
            return
        found = {place for word in (change.patch, *units) for place in self.places.get(word, ())}
        found.update(place for place in self.naming if _names(self.changes[place], change))
        for place in sorted(found):
            if self.changes[place].received_at >= change.received_at:
                yield self.changes[place]


def _picked(each: Change, change: Change, evidence: tuple[str, ...]) -> Finding | None:
    if not change.patch or each.patch != change.patch:
        return None
    if change.tokens >= TELLING_TOKENS:
        evidence += ("weight",)
    return Finding("pick" if evidence else "twice", change, each, evidence, 1.0, _ids(change))


def _ported(
    each: Change, change: Change, wanted: Mapping[str, Unit], arrived: Collection[str], evidence: tuple[str, ...]
) -> Finding | None:
    """What has come by now, with this commit and those before it, is most of the change."""
    if not _ids(each) & wanted.keys():
        return None
    share = sum(wanted[name].value for name in arrived) / sum(unit.value for unit in wanted.values())
    tokens = sum(wanted[name].tokens for name in arrived)
    if not _names(each, change) and (share < PORTED or (len(arrived) == 1 and tokens < TELLING_TOKENS)):
        return None  # what names it and has some of it is one part's share: as much as has come
    if len(arrived) >= WEIGHTY_UNITS and tokens >= WEIGHTY_TOKENS:
        evidence += ("weight",)
    soon = each.received_at - change.received_at < APART
    return Finding("twice" if soon and not evidence else "port", change, each, evidence, share, frozenset(arrived))


def _declared(each: Change, change: Change) -> Finding | None:
    """What a trailer says and nothing else shows: it waits for the source team's word."""
    if not _names(each, change) or _ids(each) & _ids(change):
        return None
    return Finding("declared", change, each, ("trailer",), 0.0)


def firsts(seen: Iterable[Change]) -> Iterator[Change]:
    """Yields changes, given as they were received, with what of each was first seen in it.

    What came by a road is credited where it began.
    """
    births: dict[str, str] = {}
    found: list[Change] = []
    copies: dict[str, dict[str, tuple[str, int, datetime]]] = {}
    for each in seen:
        words = {each.patch, *_ids(each)} - {""}
        for born in {births[word] for word in words if word in births}:
            copies.setdefault(born, {})[each.sha] = (each.sha, each.design, each.received_at)
        patch = "" if each.patch in births else each.patch
        first = tuple(unit for unit in each.units if unit.id not in births)
        births |= dict.fromkeys(words - births.keys(), each.sha)
        if first or patch:
            found.append(replace(each, patch=patch, units=first))
    for each in found:
        yield replace(each, copies=tuple(copies.get(each.sha, {}).values()))


def signs(arrived: Change, change: Change, fetches: Iterable[Fetched]) -> tuple[str, ...]:
    """The signs of a way from one to the other; a fetch counts between the two, of whoever brought in the second."""
    found = {
        "author": bool(arrived.people & change.people),
        "trailer": _names(arrived, change),
        "fetch": any(who == arrived.by and change.received_at <= at <= arrived.received_at for who, at in fetches),
    }
    return tuple(name for name, shown in found.items() if shown)


def _names(arrived: Change, change: Change) -> bool:
    """Says whether a commit names a change, or what others made of it before."""
    return any(_is_named(arrived, sha) for sha in (change.sha, *(sha for sha, _, _ in _relays(arrived, change))))


def _relays(arrived: Change, change: Change) -> list[tuple[str, int, datetime]]:
    """The copies of a change that were there before a commit came."""
    return [each for each in change.copies if each[2] <= arrived.received_at]


def _is_named(arrived: Change, sha: str) -> bool:
    return any(sha.startswith(name) for name in arrived.named)


def _ids(change: Change) -> frozenset[str]:
    return frozenset(each.id for each in change.units)
