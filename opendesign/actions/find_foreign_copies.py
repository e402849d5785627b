"""Records whole files that a design has copied from one of another family, with which it has no common history."""

from collections.abc import Collection

from opendesign.actions.find_settings import seen_at
from opendesign.actions.house import Work
from opendesign.actions.starters import starter_lines
from opendesign.core.encoding import READABLE
from opendesign.core.errors import NotFound, TooLarge
from opendesign.core.lineage.adoption import signs
from opendesign.core.lineage.copy import Showing, brought_in, says_something
from opendesign.git.ancestry import roots
from opendesign.records import change as kept
from opendesign.records.blob import contents_of, foreign_copies, shared, showings
from opendesign.records.design import lock_designs
from opendesign.records.fetch import fetches_for
from opendesign.records.lapse import forget_sight
from opendesign.records.revision import Adoption


def find_foreign_copies(work: Work, contents: Collection[str]) -> set[int]:
    """Makes the records say who copied files of these contents from whom; returns the designs of which they say more
    or less than before.

    What counts is who received what when, as far as the target's readers may see it: the order in which one looks
    does not matter, and what is private neither shows nor decides.
    """
    session = work.session
    both = shared(session, contents)
    here = {(each.design, each.sha) for each in showings(session, both) if each.whole}
    if not here:
        return set()
    shas = {sha for _, sha in here}
    targets = lock_designs(session, {design for design, _ in here})
    shown = showings(session, shared(session, contents_of(session, shas, whole=True)))
    known = {(a.target_id, a.sha, a.source_id, a.source_sha or ""): a for a in foreign_copies(session, targets, shas)}
    found = {
        (arrived.design, arrived.sha, source.design, source.sha): (arrived, source)
        for arrived in shown
        if arrived.whole and (arrived.design, arrived.sha) in here and (source := brought_in(arrived, shown))
    }
    gone = [each for copy, each in known.items() if copy not in found]
    for each in gone:
        session.delete(each)
    new = [_adoption(work, *found[copy]) for copy in sorted(found.keys() - known.keys())]
    fresh = [each for each in new if each]
    session.add_all(fresh)
    session.flush()
    changed = {each.target_id for each in (*gone, *fresh)}
    forget_sight(session, changed)
    return changed


def _adoption(work: Work, arrived: Showing, source: Showing) -> Adoption | None:
    """Returns that a file was copied; None for boilerplate, and where both sides have a common history."""
    if not _counts(work, arrived, source):
        return None
    changes = kept.changes(work.session, (arrived.sha, source.sha))
    ends = [kept.receipts(work.session, [each.design], [each.sha])[each.sha][0] for each in (arrived, source)]
    here, there = (seen_at(changes[each.sha], each) for each in ends)
    fetches = fetches_for(work.session, arrived.design, [source.design])
    return Adoption(
        source_id=source.design,
        target_id=arrived.design,
        kind="copy",
        sha=arrived.sha,
        source_sha=source.sha,
        commits=1,
        subject=ends[1].subject,
        evidence=[*signs(here, there, fetches.get(source.design, ())), "weight"],
        person_id=ends[0].received_by,
        at=arrived.at,
    )


def _counts(work: Work, arrived: Showing, source: Showing) -> bool:
    """Says whether a file says something of its own, and the histories of both sides begin apart."""
    try:
        with work.house.store.open(str(arrived.design)) as repository:
            text = repository.read_blobs([arrived.oid], READABLE)[arrived.oid].decode("utf-8", "replace")
            begun = roots(repository, arrived.sha)
        with work.house.store.open(str(source.design)) as repository:
            began = roots(repository, source.sha)
    except (NotFound, TooLarge):
        return False
    told = all(says_something(path, text, starter_lines()) for path in (arrived.path, source.path))
    return told and bool(begun and began) and begun.isdisjoint(began)
