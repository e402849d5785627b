"""Finds what private designs of a family have that nobody had before, for who may see them; nothing of it is kept."""

from collections.abc import Iterable, Mapping

from opendesign.actions.find_improvements import as_improvement, common_units
from opendesign.actions.house import Work
from opendesign.core.lineage.improvement import improvement
from opendesign.records import change as kept
from opendesign.records.design import Design
from opendesign.records.improvement import Improvement
from opendesign.records.radar import newest_of

MOST = 500  # revisions of private designs that are looked at, the newest


def find_hidden(work: Work, family: int, seen: Mapping[int, Design], sha: str = "") -> list[Improvement]:
    """Returns what would be improvements of these private designs if they were public, the newest first.

    `seen` are designs of one family, all of which the acting person may see; with `sha`, only that commit. A unit
    that a public design has as well is no secret any more, and that design's.
    """
    private = [key for key, each in seen.items() if each.visibility != "public"]
    fresh = newest_of(work.session, private, MOST, sha) if private else []
    if not fresh:
        return []
    public = {key for key, each in seen.items() if each.visibility == "public"}
    changes = kept.changes(work.session, {each.sha for each in fresh})
    names = {unit.id for change in changes.values() for unit in change.units}
    holders = kept.holders(work.session, seen, names)
    received = kept.receipts(work.session, seen, {*changes, *(one for shas in holders.values() for one in shas)})
    first = {one: found[0].moment for one, found in received.items()}
    shown = {one for one, found in received.items() if any(each.design_id in public for each in found)}
    common = common_units(work.session, names, family)
    told = []
    for one, change in changes.items():
        if one in shown or one not in first:
            continue
        born = received[one][0]
        had = {unit.id for unit in change.units if _is_had(holders.get(unit.id, ()), one, first, shown)}
        if found := improvement(change.units, had, common(born.received_at)):
            told.append(as_improvement(family, born, found))
    return sorted(told, key=lambda each: (each.received_at, each.sha), reverse=True)


def _is_had(holding: Iterable[str], sha: str, first: Mapping[str, tuple], shown: set[str]) -> bool:
    """Says whether a public design has a unit, or another one that may be seen had it before."""
    return any(other in shown or (other in first and first[other] < first[sha]) for other in holding if other != sha)
