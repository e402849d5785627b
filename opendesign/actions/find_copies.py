"""Finds whole files that a design's commits have copied from a relative."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from opendesign.actions.find_settings import seen_at, since
from opendesign.actions.house import Work
from opendesign.core.lineage.adoption import Change, Finding
from opendesign.core.lineage.copy import copied
from opendesign.core.lineage.crowd import is_common
from opendesign.records import change as kept
from opendesign.records.blob import added_by, bringers, families_bringing
from opendesign.records.fetch import fetches_for


def find_copies(
    work: Work, family: Sequence[int], here: Sequence[Change], begun: dict[str, datetime]
) -> Iterable[Finding]:
    """Returns what of `here`, commits first received in one design, has copied a relative's files.

    What three families had before is a starter's, or everybody's.
    """
    session = work.session
    fresh = added_by(session, (each.sha for each in here))
    if not fresh:
        return []
    target = here[0].design
    brought = bringers(session, family, {oid for some in fresh.values() for oid in some})
    receipts = kept.receipts(session, family, {sha for some in brought.values() for sha in some})
    first = {oid: min(some, key=lambda sha: receipts[sha][0].moment) for oid, some in brought.items()}
    changes = kept.changes(session, first.values())
    births = {
        oid: seen_at(changes[sha], receipts[sha][0])
        for oid, sha in first.items()
        if not is_common(families_bringing(session, oid, receipts[sha][0].received_at))
    }
    fetches = fetches_for(session, target, {each.design for each in births.values()})
    return copied(
        [(each, fresh[each.sha]) for each in here if each.sha in fresh],
        births,
        since(receipts, target) | begun,
        fetches,
    )
