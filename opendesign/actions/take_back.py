"""Finds where an improvement lives no longer, since a later commit took it back, and what takes back an earlier one."""

from collections.abc import Collection, Iterable, Mapping

from opendesign.actions.house import Work
from opendesign.core.lineage.unit import value
from opendesign.records import change as kept
from opendesign.records.revision import Revision

Lapses = dict[str, dict[int, Revision]]


def find_lapses(work: Work, designs: Collection[int], shas: Iterable[str]) -> Lapses:
    """Returns, by improvement and design, the revision that took it back there; of what was put back again, nothing.

    An improvement is taken back when all its units were undone and none came again since.
    """
    changes = kept.changes(work.session, shas)
    undoing = {sha: _undoing(each) for sha, each in changes.items()}
    names = {word for pairs in undoing.values() for pair in pairs.items() for word in pair}
    events = _events(work, designs, names)
    found: Lapses = {}
    for sha, pairs in undoing.items():
        for design, happened in events.items():
            ends = [_end(happened.get(name), happened.get(reverse)) for name, reverse in pairs.items()]
            if ends and (last := [end for end in ends if end]) and len(last) == len(ends):
                found.setdefault(sha, {})[design] = max(last, key=_moment)
    return found


def takes_back(work: Work, designs: Collection[int], shas: Iterable[str]) -> set[str]:
    """Returns which of these commits only undo what these designs had received before."""
    changes = kept.changes(work.session, shas)
    undoing = {sha: _undoing(each) for sha, each in changes.items()}
    holders = kept.holders(work.session, designs, {name for pairs in undoing.values() for name in pairs.values()})
    received = kept.receipts(work.session, designs, {sha for each in holders.values() for sha in each} | undoing.keys())
    first = {sha: _moment(found[0]) for sha, found in received.items()}

    def before(sha: str, reverse: str) -> bool:
        return any(first[other] < first[sha] for other in holders.get(reverse, ()) if other in first)

    return {
        sha
        for sha, pairs in undoing.items()
        if pairs and sha in first and all(before(sha, name) for name in pairs.values())
    }


def _undoing(change: kept.Change) -> dict[str, str]:
    """Returns what would undo each unit of a change that counts."""
    return {unit.name: unit.reverse for unit in change.units if value(unit.tokens)}


def _events(work: Work, designs: Collection[int], names: Collection[str]) -> dict[int, dict[str, Revision]]:
    """Returns, by design, the newest revision that holds each of these units."""
    holders = kept.holders(work.session, designs, names)
    received = kept.receipts(work.session, designs, {sha for shas in holders.values() for sha in shas})
    events: dict[int, dict[str, Revision]] = {}
    for name, shas in holders.items():
        for revision in (each for sha in shas for each in received.get(sha, ())):
            own = events.setdefault(revision.design_id, {})
            if name not in own or _moment(own[name]) < _moment(revision):
                own[name] = revision
    return events


def _end(came: Revision | None, went: Revision | None) -> Revision | None:
    """Returns the revision a unit went with; None while it is there. A fork that began with it has only the going."""
    return went if went and (came is None or _moment(came) < _moment(went)) else None


def _moment(revision: Revision) -> tuple:
    return revision.received_at, revision.id


def left(lapses: Mapping[str, Mapping[int, Revision]], sha: str, design: int) -> Revision | None:
    """Returns the revision with which an improvement left a design, None while it lives there."""
    return lapses.get(sha, {}).get(design)
