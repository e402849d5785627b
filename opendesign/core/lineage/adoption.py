"""Adoptions: which of another design's changes a design has taken over, of which kind, and what shows it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from opendesign.core.lineage.unit import Unit

PORTED = 0.6  # share of a change's value that must have arrived for it to have been ported
TELLING_TOKENS = 8  # a unit, or the units of a pick together, that nobody writes twice by chance
APART = timedelta(days=14)  # the same thing within this time, without contact, is solved twice


@dataclass(frozen=True)
class Change:
    """A commit as lineage sees it: where and when it was first received, who made it, its units, what it names.

    `people` are the addresses of its author and co-authors, `named` the commits that its trailers say it comes from
    (whole ids or their beginnings).
    """

    sha: str
    design: int
    received_at: datetime
    people: frozenset[str] = frozenset()
    patch: str = ""
    units: tuple[Unit, ...] = ()
    named: frozenset[str] = frozenset()

    @property
    def value(self) -> float:
        """What its distinct units count together."""
        return sum({each.id: each.value for each in self.units}.values())

    @property
    def tokens(self) -> int:
        """How many tokens its distinct units have together."""
        return sum({each.id: each.tokens for each in self.units}.values())


@dataclass(frozen=True)
class Finding:
    """That a design has a change of another: the kind, the commit it arrived with, and the evidence, in words of ours.

    `kind` is "pick", "port", "declared" or "twice" (solved twice: no credit either way). `share` is how much of the
    change's value has arrived, 0 to 1; `units` those that have.
    """

    kind: str
    change: Change
    arrived: Change
    evidence: tuple[str, ...]
    share: float = 1.0
    units: frozenset[str] = field(default=frozenset())


def findings(
    fresh: Sequence[Change],
    others: Iterable[Change],
    had: Collection[str] = (),
    held: Collection[str] = (),
    fetched: Mapping[int, datetime] | None = None,
) -> Iterator[Finding]:
    """Yields what the commits that are new in a design have taken from changes first received elsewhere before.

    `had` are the units the design got by the fork itself (derivation, not adoption), `held` those it has from earlier
    commits, `fetched` when its people last fetched each design. Merges are told by the commits themselves and are left
    out here: a change whose very commit is among the fresh ones yields nothing.
    """
    contact = fetched or {}
    shas = {each.sha for each in fresh}
    for change in others:
        if change.sha not in shas:
            found = (
                _declared(fresh, change)
                or _picked(fresh, change, contact)
                or _ported(fresh, change, had, held, contact)
            )
            if found is not None:
                yield found


def _picked(fresh: Sequence[Change], change: Change, contact: Mapping[int, datetime]) -> Finding | None:
    for each in fresh:
        if change.patch and each.patch == change.patch and each.received_at >= change.received_at:
            evidence = _evidence(each, change, contact)
            if change.tokens >= TELLING_TOKENS:
                evidence += ("weight",)
            kind = "pick" if evidence else "twice"
            return Finding(kind, change, each, evidence, 1.0, frozenset(u.id for u in change.units))
    return None


def _ported(
    fresh: Sequence[Change],
    change: Change,
    had: Collection[str],
    held: Collection[str],
    contact: Mapping[int, datetime],
) -> Finding | None:
    wanted = {each.id: each for each in change.units if each.value and each.id not in had}
    bringing = [each for each in fresh if each.received_at >= change.received_at and _ids(each) & wanted.keys()]
    if not bringing:
        return None
    arrived = {name for name in wanted if name in held or any(name in _ids(each) for each in bringing)}
    whole = sum(each.value for each in wanted.values())
    share = sum(wanted[name].value for name in arrived) / whole
    tokens = sum(wanted[name].tokens for name in arrived)
    if share < PORTED or (len(arrived) == 1 and tokens < TELLING_TOKENS):
        return None
    last = max(bringing, key=lambda each: sum(wanted[n].value for n in _ids(each) & wanted.keys()))
    evidence = _evidence(last, change, contact)
    soon = last.received_at - change.received_at < APART
    return Finding("twice" if soon and not evidence else "port", change, last, evidence, share, frozenset(arrived))


def _declared(fresh: Sequence[Change], change: Change) -> Finding | None:
    """What a trailer says and nothing else shows: it waits for the source team's word."""
    for each in fresh:
        shared = _ids(each) & _ids(change)
        if _names(each, change) and not shared and each.patch != change.patch:
            return Finding("declared", change, each, ("trailer",), 0.0)
    return None


def _evidence(arrived: Change, change: Change, contact: Mapping[int, datetime]) -> tuple[str, ...]:
    fetched = contact.get(change.design)
    found = {
        "author": bool(arrived.people & change.people),
        "trailer": _names(arrived, change),
        "fetch": fetched is not None and change.received_at <= fetched <= arrived.received_at,
    }
    return tuple(name for name, shown in found.items() if shown)


def _names(arrived: Change, change: Change) -> bool:
    return any(change.sha.startswith(name) for name in arrived.named)


def _ids(change: Change) -> frozenset[str]:
    return frozenset(each.id for each in change.units)
