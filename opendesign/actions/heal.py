"""Puts right what a killed process left behind."""

import logging
from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple

from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.find_kin import note_roots
from opendesign.actions.house import House, Work
from opendesign.actions.join_families import join_as_seen
from opendesign.actions.mail_notices import waiting_digests, waiting_notices
from opendesign.actions.note_progress import forget_progress
from opendesign.actions.send_letter import waiting_letters
from opendesign.actions.sync import sync
from opendesign.actions.transfer import waiting
from opendesign.actions.want_lacking import lacking, want_again
from opendesign.cad.shelf import MAKING
from opendesign.core.errors import Away
from opendesign.records.arrival import arrival_to
from opendesign.records.build import begun, made_last, unfinished
from opendesign.records.challenge import unsettled
from opendesign.records.design import all_designs, design_by_id, designs_by_id, known_refs, moves
from opendesign.records.form import designs_unformed
from opendesign.records.improvement import forget_found
from opendesign.records.kin import families
from opendesign.records.lapse import unsighted
from opendesign.records.revision import designs_untraced
from opendesign.records.turn import JOBS, KINDS
from opendesign.records.weighing import waiting_weighings

log = logging.getLogger(__name__)
EVER = datetime.min.replace(tzinfo=UTC)


def heal(house: House, since: datetime = EVER) -> int:
    """Queues every build, comparison, inspection and spot that is wanted and may have lost its job; returns how many.

    Those whose files a power cut has left empty or cut are wanted again. Refs that moved since then, and that a
    killed process did not live to record, are recorded. Challenges that are due are judged and ended; what has to come
    from other servers or go there by now is queued, letters among it.
    """
    catch_up(house, since)
    outside = waiting(house) + waiting_letters(house) + waiting_notices(house) + waiting_digests(house)
    cut = _cut(house)
    with house.writing() as work:
        want_again(work, cut, made_last)
        work.session.flush()
        _take_back(work)
        lost = [(JOBS[kind], key) for kind in KINDS for key in unfinished(work.session, kind)]
        untraced = [("lineage", str(design)) for design in sorted(late_lineage(work))]
        judging = [("challenge", str(challenge)) for challenge in unsettled(work.session)]
        unweighed = [("weigh", f"{one}-{other}") for one, other in waiting_weighings(work.session)]
        for job, key in lost + untraced + judging + unweighed + outside:
            work.soon(job, key)
    return len(lost)


def late_lineage(work: Work) -> set[int]:
    """Returns the designs of which lineage has still to find something."""
    return {*designs_untraced(work.session), *unsighted(work.session), *designs_unformed(work.session)}


def _cut(house: House) -> set[str]:
    """Returns the keys of what was made last whose files are not as recorded: none while the shelf does not answer."""
    try:
        return lacking(house, made_last)
    except Away:
        log.warning("The shelf does not answer; whether the files made last are whole is looked at later")
        return set()


def remind(house: House) -> int:
    """Queues what is wanted while the queue is empty: its jobs failed while there was no engine; returns how much."""
    if house.queue.waiting() or not house.engine.status()["open"]:
        return 0
    with house.writing() as work:
        _take_back(work)
        wanted = [(JOBS[kind], key) for kind in KINDS for key in unfinished(work.session, kind)]
        for job, key in wanted:
            work.soon(job, key)
    return len(wanted)


def _take_back(work: Work) -> None:
    """Has wanted again what somebody began to make who has died since."""
    for kind in KINDS:
        for row in begun(work.session, kind):
            if not work.house.shelf.held(row.key, MAKING):
                row.state = "wanted" if row.state == "making" else row.state
                row.priority = row.priority or 0
                forget_progress(work.house, row.key)
    work.session.flush()


def catch_up(house: House, since: datetime = EVER) -> int:
    """Syncs each design whose refs moved, since then, without the records; returns how many.

    Whoever moves a ref records it afterwards: a folder of refs written to later than the record is the sign, and
    costs no git. Packing refs and forking leave it too, so git is asked before anything is written.
    """
    with house.reading() as work:
        known = moves(work.session)
    for key in known:
        if not house.store.path(str(key)).is_dir() and house.store.put_back(str(key)):
            log.warning("Design %s has its repository back: whoever deleted it died before the records knew", key)
    late = [key for key, at in known.items() if house.store.touched(str(key)) > max(at, since)]
    return sum(_caught_up(house, key) for key in late)


def _caught_up(house: House, key: int) -> bool:
    try:
        with house.reading() as work, house.store.open(str(key)) as repository:
            design = design_by_id(work.session, key)
            if design is None or arrival_to(work.session, design):
                return False  # an import records what it has brought itself
            if repository.refs() == known_refs(work.session, design):
                return False
        with house.writing() as work:
            design = design_by_id(work.session, key)
            return design is not None and bool(sync(work, design))
    except Exception:
        log.exception("The refs of design %s cannot be recorded", key)  # the others still can
        return False


class Gone(NamedTuple):
    """How many designs something was done to, and the addresses of those that were skipped, with why in the log."""

    done: int
    skipped: list[str]


def gone_through(house: House, keys: Collection[int], lost: Collection[int]) -> Gone:
    """Returns what is told of designs that were gone through, some of them in vain."""
    with house.reading() as work:
        paths = {key: design.path for key, design in designs_by_id(work.session, lost).items()}
    return Gone(len(keys) - len(lost), sorted(paths.get(key, f"number {key}") for key in lost))


def reindex(house: House) -> Gone:
    """Syncs every design, each in a transaction of its own, and finds all lineage anew; returns what came of it."""
    with house.reading() as work:
        keys = all_designs(work.session)
    lost = {key for key in keys if not _synced(house, key)}
    with house.writing() as work:
        forget_found(work.session)
        late = set(families(work.session))
    seen: set[int] = set()
    while late != seen:  # what is read now may sway families that were looked at; builds are not waited for
        lost |= {key for key in sorted(late - lost) if not _traced(house, key)}
        with house.reading() as work:
            seen, late = late, late_lineage(work) - lost
    return gone_through(house, keys, lost)


def _synced(house: House, key: int) -> bool:
    try:
        with house.writing() as work:
            if design := design_by_id(work.session, key):
                sync(work, design)
                note_roots(work, design)
                join_as_seen(work, design)
    except Exception:
        log.exception("The refs of design %s cannot be recorded", key)  # the others still can
        return False
    return True


def _traced(house: House, key: int) -> bool:
    try:
        lineage_job(house, str(key))
    except Exception:
        log.exception("The lineage of the family of design %s cannot be found", key)  # that of others still can
        return False
    return True
