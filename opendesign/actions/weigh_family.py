"""Weighs the designs of a family each by itself: what it gave and took, how fast, and on how few people it rests."""

from collections.abc import Iterable
from dataclasses import dataclass

from opendesign.actions.read_ledger import same_team
from opendesign.actions.weigh_pairs import Scales
from opendesign.core.lineage.factor import build_factor, bus_factor
from opendesign.core.lineage.flow import Living
from opendesign.core.lineage.latency import Latency, latency
from opendesign.core.lineage.number import Event, Number, total
from opendesign.records.design import Design


@dataclass(frozen=True)
class Weight:
    """A design of a family by itself: what was born in it, what it gave and took, who holds it up, who built it."""

    design: Design
    born: Number
    gave: Number
    took: Number
    bus: Number
    builds: Number


@dataclass(frozen=True)
class Whole:
    """A family as a whole: its teams, how long improvements take, who holds it up, who built it."""

    teams: int
    latency: Latency
    bus: Number
    builds: Number


def weigh_designs(scales: Scales) -> list[Weight]:
    """Returns each design of a family by itself, by its number."""
    ledger, known = scales.ledger, scales.known
    gave: dict[int, list[Event]] = {key: [] for key in ledger.designs}
    took: dict[int, list[Event]] = {key: [] for key in ledger.designs}
    for key, design in ledger.designs.items():
        for sha, living in ledger.lives[key].items():
            source = known[sha].design
            if living.since and source != key and not same_team(design, ledger.designs[source]):
                event = _event(scales, sha, living)
                gave[source].append(event)
                took[key].append(event)
    return [_weight(scales, key, gave[key], took[key]) for key in sorted(ledger.designs)]


def weigh_whole(scales: Scales) -> Whole:
    """Returns a family as a whole; an improvement counts as taken from when the first other team had it."""
    ledger = scales.ledger
    firsts: dict[str, Living] = {}
    for key, lives in ledger.lives.items():
        for sha, living in lives.items():
            source = ledger.designs[scales.known[sha].design]
            if living.since is None or same_team(source, ledger.designs[key]):
                continue
            if sha not in firsts or living.since < (firsts[sha].since or living.since):
                firsts[sha] = living
    held = latency(scales.known.values(), firsts, scales.now)
    teams = {frozenset(p for p, role in each.roles.items() if role == "owner") for each in ledger.designs.values()}
    return Whole(len(teams), held, bus_factor(_authors(scales, scales.known)), build_factor(scales.built, scales.now))


def _weight(scales: Scales, key: int, gave: list[Event], took: list[Event]) -> Weight:
    ledger = scales.ledger
    born = (Event(each.subject, each.value, each.sha, each.design, each.at) for each in ledger.born[key])
    return Weight(
        ledger.designs[key],
        total("value", "born", born),
        total("value", "gave", gave),
        total("value", "took", took),
        bus_factor(_authors(scales, ledger.lives[key])),
        build_factor((each for each in scales.built if each.design == key), scales.now),
    )


def _authors(scales: Scales, shas: Iterable[str]) -> dict[str, float]:
    """Returns what each author of some improvements holds, by name, in value."""
    held: dict[str, float] = {}
    for sha in shas:
        each = scales.known[sha]
        held[each.author] = round(held.get(each.author, 0.0) + each.value, 6)
    return held


def _event(scales: Scales, sha: str, living: Living) -> Event:
    each = scales.known[sha]
    return Event(each.subject, round(each.value * living.share, 6), sha, each.design, living.since)
