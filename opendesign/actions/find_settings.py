"""Finds what a design's commits set to the value that a relative gave the same parameter before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from opendesign.actions.house import Work
from opendesign.core.lineage.adoption import Change, Finding
from opendesign.core.lineage.setting import Values, set_alike
from opendesign.core.value import Value
from opendesign.records import change as kept
from opendesign.records.fetch import fetches_by
from opendesign.records.revision import Revision
from opendesign.records.setting import settings_in, settings_of


def find_settings(
    work: Work, family: Sequence[int], here: Sequence[Change], begun: dict[str, datetime], people: Collection[int]
) -> Iterable[Finding]:
    """Returns what of `here`, commits first received in one design, has set parameters as a relative had.

    `family` are the designs that count, `begun` the commits it began with and when, `people` those with a role in it.
    """
    session = work.session
    fresh = settings_of(session, (each.sha for each in here))
    if not fresh:
        return []
    target = here[0].design
    keys = {(each.key, repr(each.after)) for some in fresh.values() for each in some}
    moved = {key for key, _ in keys}
    known = settings_in(session, family, {name for _, name in moved})
    receipts = kept.receipts(session, family, known)
    order = sorted(known, key=lambda sha: (receipts[sha][0].received_at, receipts[sha][0].id))
    own = since(receipts, target)
    base: dict[tuple[str, str], Value] = {}
    for sha in sorted(own, key=lambda sha: _received(receipts[sha], target)):
        for each in known[sha]:
            base.setdefault(each.key, each.before)
    alike = [sha for sha in order if any((each.key, repr(each.after)) in keys for each in known[sha])]
    changes = kept.changes(session, alike)
    seen = [Values(seen_at(changes[sha], receipts[sha][0]), known[sha]) for sha in alike]
    fetches = fetches_by(session, people, {each.change.design for each in seen} - {target})
    mine = [Values(each, fresh[each.sha]) for each in here if each.sha in fresh]
    return set_alike(mine, seen, own | begun, base, fetches)


def seen_at(change: kept.Change, receipt: Revision) -> Change:
    """Returns a change as lineage sees it, where and when it was received."""
    found = tuple(each.told for each in change.units)
    people, named = frozenset(change.people), frozenset(change.named)
    return Change(change.sha, receipt.design_id, receipt.received_at, people, change.patch, found, named)


def since(receipts: Mapping[str, Iterable[Revision]], design: int) -> dict[str, datetime]:
    """Returns since when a design has which of these commits, as far as it received them."""
    return {sha: each.received_at for sha, found in receipts.items() for each in found if each.design_id == design}


def _received(receipts: Iterable[Revision], design: int) -> tuple:
    return next((each.received_at, each.id) for each in receipts if each.design_id == design)
