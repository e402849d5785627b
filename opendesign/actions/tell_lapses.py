"""Tells where improvements live no longer, with the commit that took each back, and which only undo an earlier one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from opendesign.actions.house import Work
from opendesign.core.lineage.unit import value
from opendesign.records import change as kept
from opendesign.records.lapse import lapses_among
from opendesign.records.revision import received_at


@dataclass(frozen=True)
class Lapsed:
    """Since when an improvement lives in a design no more; `sha` is the newest commit that came then, if one did."""

    at: datetime
    sha: str | None = None
    subject: str = ""


Lapses = dict[str, dict[int, Lapsed]]


def tell_lapses(work: Work, designs: Collection[int], shas: Collection[str]) -> Lapses:
    """Returns, by improvement and design, what had it and has it no more."""
    found: Lapses = {}
    rows = lapses_among(work.session, designs, shas)
    came = received_at(work.session, {(each.design_id, each.at) for each in rows})
    for each in rows:
        revision = came.get((each.design_id, each.at))
        told = Lapsed(each.at, revision.sha, revision.subject) if revision else Lapsed(each.at)
        found.setdefault(each.sha, {})[each.design_id] = told
    return found


def takes_back(work: Work, designs: Collection[int], shas: Iterable[str]) -> set[str]:
    """Returns which of these commits only undo what these designs had received before."""
    changes = kept.changes(work.session, shas)
    undoing = {sha: _undoing(each) for sha, each in changes.items()}
    holders = kept.holders(work.session, designs, {name for names in undoing.values() for name in names})
    received = kept.receipts(work.session, designs, {sha for each in holders.values() for sha in each} | undoing.keys())
    first = {sha: found[0].moment for sha, found in received.items()}

    def before(sha: str, reverse: str) -> bool:
        return any(first[other] < first[sha] for other in holders.get(reverse, ()) if other in first)

    return {
        sha for sha, names in undoing.items() if names and sha in first and all(before(sha, name) for name in names)
    }


def _undoing(change: kept.Told) -> set[str]:
    """Returns what would undo the units of a change that count."""
    return {unit.reverse for unit in change.units if value(unit.tokens)}
