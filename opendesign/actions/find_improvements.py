"""Finds which of the commits that were received are improvements: what of each nobody in its family had before."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from opendesign.actions.house import Work
from opendesign.core.lineage import improvement as core
from opendesign.core.lineage.crowd import is_common
from opendesign.core.lineage.improvement import improvement
from opendesign.records import change as kept
from opendesign.records.database import Session
from opendesign.records.improvement import Improvement, known_in, other_families


def find_improvements(
    work: Work, family: int, public: Collection[int], fresh: Sequence[kept.Receipt]
) -> list[Improvement]:
    """Returns the improvements among some revisions of a family's public designs that are not recorded yet.

    What comes at once or one by one, in whatever order, gives the same: a unit belongs to the change that was
    received first, and what three other families had before that belongs to nobody.
    """
    session = work.session
    known = known_in(session, family, (each.sha for each in fresh))
    wanted = {each.sha for each in fresh if each.design_id in public} - known
    changes = kept.changes(session, wanted)
    names = {unit.id for each in changes.values() for unit in each.units}
    holders = kept.holders(session, public, names)
    received = kept.receipts(session, public, {sha for shas in holders.values() for sha in shas} | wanted)
    common = common_units(session, names, family)
    first = {sha: found[0].moment for sha, found in received.items()}
    new: list[Improvement] = []
    for sha, change in changes.items():
        if sha not in first:
            continue
        had = {unit.id for unit in change.units if _had_before(unit.id, sha, holders, first)}
        born = received[sha][0]
        if found := improvement(change.units, had, common(born.received_at)):
            new.append(as_improvement(family, born, found))
    return new


def common_units(session: Session, names: Collection[str], family: int) -> Callable[[datetime], set[str]]:
    """Returns what says which of some units three other families had before a moment."""
    elsewhere = other_families(session, names, family)
    return lambda at: {name for name, moments in elsewhere.items() if is_common(bisect_left(moments, at))}


def as_improvement(family: int, born: kept.Receipt, found: core.Improvement) -> Improvement:
    """Returns the record of what a revision brought first into a family; whoever wants to keep it adds it."""
    return Improvement(
        family=family,
        sha=born.sha,
        design_id=born.design_id,
        received_at=born.received_at,
        subject=born.subject,
        author_name=born.author_name,
        author_email=born.author_email,
        value=found.value,
        tokens=found.tokens,
        units=list(found.units),
        paths=list(found.paths),
    )


def _had_before(name: str, sha: str, holders: Mapping[str, Collection[str]], first: Mapping[str, tuple]) -> bool:
    return any(other in first and first[other] < first[sha] for other in holders.get(name, ()) if other != sha)
