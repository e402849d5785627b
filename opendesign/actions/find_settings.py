"""Finds what a design's commits set to the value that a relative gave the same parameter before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from opendesign.actions.house import Work
from opendesign.core.lineage.adoption import Change, Finding
from opendesign.core.lineage.setting import Values, set_alike
from opendesign.records import change as kept
from opendesign.records.fetch import fetches_for
from opendesign.records.setting import Key, first_values, key_of, settings_of


def find_settings(
    work: Work,
    family: Sequence[int],
    here: Sequence[Change],
    begun: dict[str, datetime],
    known: Mapping[Key, Collection[str]],
) -> Iterable[Finding]:
    """Returns what of `here`, commits first received in one design, has set parameters as a relative had.

    `family` are the designs that count, `begun` the commits it began with and when, `known` the commits that set a
    parameter as one of these does.
    """
    session = work.session
    fresh = settings_of(session, (each.sha for each in here))
    if not fresh:
        return []
    target, every = here[0].design, [each for some in fresh.values() for each in some]
    alike = kept.received(session, family, {sha for each in every for sha in known.get(key_of(each), ())})
    receipts = kept.receipts(session, family, alike)
    base = first_values(session, target, {each.name for each in every})
    changes, moved = kept.changes(session, alike), settings_of(session, alike)
    order = sorted(alike, key=lambda sha: receipts[sha][0].moment)
    seen = [Values(seen_at(changes[sha], receipts[sha][0]), moved[sha]) for sha in order]
    fetches = fetches_for(session, target, {each.change.design for each in seen} - {target})
    mine = [Values(each, fresh[each.sha]) for each in here if each.sha in fresh]
    return set_alike(mine, seen, since(receipts, target) | begun, base, fetches)


def seen_at(change: kept.Told, receipt: kept.Receipt) -> Change:
    """Returns a change as lineage sees it, where and when it was received."""
    people, named = frozenset(change.people), frozenset(change.named)
    facts = people, change.patch, tuple(change.units), named
    return Change(change.sha, receipt.design_id, receipt.received_at, *facts, by=receipt.received_by)


def since(receipts: Mapping[str, Iterable[kept.Receipt]], design: int) -> dict[str, datetime]:
    """Returns since when a design has which of these commits, as far as it received them."""
    return {sha: each.received_at for sha, found in receipts.items() for each in found if each.design_id == design}
