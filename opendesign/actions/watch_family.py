"""Watches a family for a design: which improvements the others have and this one has not, by part."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from opendesign.actions.find_hidden import find_hidden
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.tell_lapses import Lapses, takes_back, tell_lapses
from opendesign.core.lineage.radar import Blip, clustered, in_order, parts_of, readers, says
from opendesign.core.remembered import Remembered
from opendesign.records.design import Design, heads_of
from opendesign.records.improvement import Improvement
from opendesign.records.kin import family_of
from opendesign.records.radar import (
    Dismissal,
    blips,
    dismissals_of,
    dismissed_by,
    had_by,
    held_units,
    state_of,
    state_of_family,
    takers,
)

FAMILIES = 10  # whose improvements are kept; 10,000 are about 5 MB
KEPT = 50  # radars, histories and readings; a radar is a list of what its family has
_blips = Remembered[tuple, list[Blip]](FAMILIES)
_lacking = Remembered[tuple, list[Blip]](KEPT)
_begun = Remembered[str, frozenset[str]](KEPT)
_readers = Remembered[str, dict[str, tuple[str, ...]]](KEPT)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see of a radar: the order (core/lineage/radar.py: SORTS), and only some of it."""

    sort: str = "new"
    source: str = ""
    part: str = ""
    words: str = ""
    dismissed: bool = False


@dataclass(frozen=True)
class Radar:
    """What a family has for a design: improvements in order, their parts, and what may be asked for.

    `counts` says how many each source has, among all that wait; `dismissed` is what the design does not want.
    """

    found: list[Blip]
    designs: Mapping[int, Design]
    parts: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, int]
    dismissed: Mapping[str, Dismissal]


@dataclass(frozen=True)
class Marks:
    """What to know of some improvements: who took each, where it was undone, which only undo what was there."""

    takers: Mapping[str, Collection[int]]
    lapses: Lapses
    undoing: set[str]


def watch_family(work: Work, design: Design, wish: Wish) -> Radar:
    """Returns what the designs a person may see have and a design has not, in the order and as far as wished."""
    seen = {each.id: each for each in family_of(work.session, design) if work.may("see", each)}
    dismissed = dismissals_of(work.session, design.id)
    every = waiting(work, design, seen)
    wanted = [blip for blip in every if (blip.sha in dismissed) == wish.dismissed]
    reading = _reading(work, design)
    meant = {paths: parts_of(paths, reading) for paths in {blip.paths for blip in wanted}}
    parts = {blip.sha: meant[blip.paths] for blip in wanted}
    home_of = {key: each.path for key, each in seen.items()}
    words = wish.words.lower().split()[:8]
    some = [
        blip
        for blip in wanted
        if (not wish.source or home_of[blip.design] == wish.source)
        and (not wish.part or wish.part in parts[blip.sha])
        and (not words or says(blip, words))
    ]
    took = takers(work.session, design.root, seen) if wish.sort == "adopted" else {}
    ordered = clustered(in_order(some, wish.sort, took), parts)
    shas = {blip.sha for blip in every} if dismissed else set()
    known = {sha: each for sha, each in dismissed.items() if sha in shas}
    counts = Counter(home_of[blip.design] for blip in wanted)
    return Radar(ordered, seen, parts, counts, known)


def waiting(work: Work, design: Design, seen: Mapping[int, Design]) -> list[Blip]:
    """Returns what waits for a design in these of its family, all of which the acting person sees, the newest first.

    What private ones have is found for this answer alone, without what the design has by other commits.
    """
    shown = [blip for blip in lacking(work, design) if blip.design in seen]
    hidden = find_hidden(work, design.root, seen)
    if not hidden:
        return shown
    had = had_by(work.session, design.id) | begun_with(work, design)
    held = held_units(work.session, design.id, {name for each in hidden for name in each.units})
    shown += [_blip(each) for each in hidden if each.sha not in had and not held.issuperset(each.units)]
    return sorted(shown, key=lambda blip: blip.received_at, reverse=True)


def _blip(each: Improvement) -> Blip:
    facts = each.sha, each.design_id, each.received_at, each.subject, each.author_name, each.value
    return Blip(*facts, tuple(each.paths))


def count_waiting(work: Work, design: Design) -> int:
    """Returns how many improvements of public designs of its family wait for a design."""
    found = lacking(work, design)
    unwanted = dismissed_by(work.session, design.id) if found else ()
    return sum(blip.sha not in unwanted for blip in found)


def marks(work: Work, design: Design, radar: Radar, shas: Collection[str]) -> Marks:
    """Returns what to know of some improvements of a design's radar."""
    took = takers(work.session, design.root, radar.designs, shas)
    return Marks(took, tell_lapses(work, radar.designs, shas), takes_back(work, radar.designs, shas))


def lacking(work: Work, design: Design) -> list[Blip]:
    """Returns the improvements that a design neither received, nor took, nor began with, the newest first.

    They are found anew when the family has new ones, or the design does.
    """
    family = (str(work.house.settings.root), design.root)
    state = (family, state_of_family(work.session, design.root))
    name = (*state, design.id, state_of(work.session, design.id))
    return _lacking.find(name, lambda: _lacked(work, design, state))


def _lacked(work: Work, design: Design, state: tuple) -> list[Blip]:
    every = _blips.get(state)
    if every is None:
        for shelf in (_blips, _lacking):  # what was found of an older state goes with it
            shelf.forget(lambda name: name[0] == state[0])
        every = _blips.keep(state, blips(work.session, design.root))
    had = had_by(work.session, design.id) | begun_with(work, design)
    return [blip for blip in every if blip.sha not in had]


def begun_with(work: Work, design: Design) -> frozenset[str]:
    """Returns the commits a fork began with; they never change."""
    return _begun.find(design.fork_sha, lambda: _history(work, design)) if design.fork_sha else frozenset()


def _history(work: Work, design: Design) -> frozenset[str]:
    with work.house.store.open(design.key) as repository:
        return frozenset(repository.history(design.fork_sha or ""))


def _reading(work: Work, design: Design) -> dict[str, tuple[str, ...]]:
    """Returns, by file of a design's head, the parts that can read it."""
    head = heads_of(work.session, [design]).get(design.id)
    if head is None:
        return {}
    found = _readers.get(head)
    if found is None:
        snapshot = read_tree(work, design, head)
        found = _readers.keep(head, readers({part.path: snapshot.inputs(part.path) for part in snapshot.parts}))
    return found
