"""Somebody imports a repository from elsewhere as a design of theirs: asked for here, brought by the worker."""

import logging
from pathlib import Path

from opendesign.actions.bring_in import bring_in
from opendesign.actions.change_design import delete_design
from opendesign.actions.create_design import VISIBILITIES, create_design
from opendesign.actions.fetch_files import fetch_files
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.join_family import join_family
from opendesign.actions.mirror import follow
from opendesign.actions.pause import need_still_running, paused
from opendesign.actions.sync import sync
from opendesign.actions.transfer import alone, forget
from opendesign.core.errors import Forbidden, Invalid, Paused, Refusal, TooLarge, TooMany
from opendesign.core.names import suggest_name
from opendesign.core.remote import Remote, read_remote
from opendesign.git.importing import Seen, import_folder
from opendesign.git.progress import Progress, Stopped
from opendesign.git.remote import find_way
from opendesign.records.arrival import CANCELLED, DONE, ENDED, FAILED, WAITING, Arrival, arrival_by_id, on_the_way
from opendesign.records.base import now
from opendesign.records.design import Design, design_by_id
from opendesign.records.mirror import mirrors_by

log = logging.getLogger(__name__)
RETRY_SECONDS = 60


def import_design(work: Work, folder: Path, name: str, title: str = "", visibility: str = "public") -> Design:
    """Makes a design of the acting person with the branches and tags of a repository on this machine.

    For operators. Raises NotFound when git cannot read it, and what `create_design` raises.
    """
    design = create_design(work, name, title, visibility=visibility)
    import_folder(work.house.store.path(design.key), folder)
    settle_in(work, design, visibility)
    return design


def want_import(
    work: Work, url: str, name: str = "", title: str = "", visibility: str = "public", follow: bool = False
) -> Arrival:
    """Reserves the design for a repository at an http(s) address, and has the worker bring it.

    Until it is there it is private, and nobody moves its branches. `follow`: it stays a mirror of that repository.
    Raises Invalid for an address that is none, TooMany for too many at a time, TooLarge for too many mirrors, and what
    `create_design` raises.
    """
    remote = read_remote(url)
    if work.person is None:
        raise Forbidden("Enter first, then import a design.")
    limit = work.house.settings.imports_per_person
    if on_the_way(work.session, work.person) >= limit:
        raise TooMany(f"You have {limit} imports on the way; wait until one has ended.", RETRY_SECONDS)
    if follow and mirrors_by(work.session, work.person) >= work.house.settings.mirrors_per_person:
        raise TooLarge(f"One person may have {work.house.settings.mirrors_per_person} mirrors (mirrors_per_person).")
    if visibility not in VISIBILITIES:
        raise Invalid("A design is public or private.", [{"name": "visibility", "message": "is public or private"}])
    name = name.strip() or suggest_name(title) or suggest_name(remote.name)
    design = create_design(work, name, title, visibility="private")
    design.mirrored = True
    arrival = Arrival(person_id=work.person.id, person=work.person, design_id=design.id, url=remote.url)
    arrival.path, arrival.visibility, arrival.follow = design.path, visibility, follow
    work.session.add(arrival)
    work.session.flush()
    work.soon("import", arrival.id)
    return arrival


def cancel_import(work: Work, arrival: Arrival) -> None:
    """Stops an import; what has come so far goes."""
    if arrival.state in ENDED or arrival.cancelled_at:
        return
    arrival.cancelled_at = now()
    if arrival.state == WAITING:
        _close(work, arrival, CANCELLED, "")


def import_job(house: House, key: str) -> None:
    """Brings what an import asks for, unless another job is at it; records what came of it.

    In read-only mode it waits.
    """
    if paused(house) is not None:
        return
    with alone(house, f"import-{int(key)}", "import", key) as free:
        ended = free and _ended(house, int(key))
    if ended:
        forget(house, f"import-{int(key)}")


def _ended(house: House, key: int) -> bool:
    with house.reading() as work:
        arrival = arrival_by_id(work.session, key)
        design = design_by_id(work.session, arrival.design_id) if arrival else None
    if arrival is not None and arrival.state not in ENDED:
        try:
            _try(house, arrival, design)
        except Paused:
            _put_off(house, arrival)
            return False
    return True


def _try(house: House, arrival: Arrival, design: Design | None) -> None:
    try:
        if design is None or arrival.cancelled_at:
            raise Stopped("It was cancelled.")
        _settle(house, arrival, *_brought(house, arrival, design, read_remote(arrival.url)))
    except Stopped:
        _fail(house, arrival, CANCELLED, "")
    except Paused:
        raise
    except Refusal as refusal:
        _fail(house, arrival, FAILED, refusal.message)
    except Exception:
        log.exception("Import %s failed", arrival.id)
        _fail(house, arrival, FAILED, "Something went wrong here; the operator can read what in the log.")


def _brought(house: House, arrival: Arrival, design: Design, remote: Remote) -> tuple[Seen, str]:
    def tell(progress: Progress) -> bool:
        with house.noting() as work:
            row = arrival_by_id(work.session, arrival.id)
            if row is None or row.design_id is None or row.cancelled_at:
                return False
            need_still_running(work)
            row.state, row.percent = progress.stage or "looking", progress.percent
            row.bytes = max(row.bytes, progress.bytes)
            return True

    if not tell(Progress("looking")):
        raise Stopped("It was cancelled.")
    way = find_way(remote, house.settings.private_hosts)
    seen, _ = bring_in(house, design.id, way, tell)
    missing = fetch_files(house, Visitor(arrival.person_id), design.id, way, tell)
    if not tell(Progress("recording")):
        raise Stopped("It was cancelled.")
    return seen, missing


def _settle(house: House, arrival: Arrival, seen: Seen, missing: str) -> None:
    """Makes the design what it was asked to be, and records its refs; what is `missing` is said."""
    with house.writing(Visitor(arrival.person_id)) as work:
        row = arrival_by_id(work.session, arrival.id)
        design = design_by_id(work.session, row.design_id) if row else None
        if row is None or design is None or row.cancelled_at:
            raise Stopped("It was cancelled.")
        need_still_running(work)
        if f"refs/heads/{seen.head}" in seen.refs:
            with work.house.store.open(design.key) as repository:
                repository.set_head(seen.head)
            design.default_branch = seen.head
        if row.follow:
            follow(work, design, row.url).problem = missing
        else:
            design.mirrored = False
        settle_in(work, design, row.visibility)
        row.state, row.percent, row.problem, row.ended_at = DONE, 100, missing, now()


def settle_in(work: Work, design: Design, visibility: str) -> None:
    """Shows an imported design to whom it is for, finds its family and records its refs."""
    design.visibility = visibility
    join_family(work, design)
    sync(work, design)


def _put_off(house: House, arrival: Arrival) -> None:
    """Has an import wait again, for the end of read-only mode; what has come of it stays."""
    with house.noting() as work:
        if (row := arrival_by_id(work.session, arrival.id)) and row.state not in ENDED:
            row.state, row.percent = WAITING, 0


def _fail(house: House, arrival: Arrival, state: str, problem: str) -> None:
    with house.writing() as work:
        need_still_running(work)
        if row := arrival_by_id(work.session, arrival.id):
            _close(work, row, state, problem)


def _close(work: Work, arrival: Arrival, state: str, problem: str) -> None:
    """Records why nothing came, and takes away what did; a design that its owner has deleted was not wanted."""
    design = design_by_id(work.session, arrival.design_id)
    arrival.state, arrival.problem = (state, problem) if design else (CANCELLED, "")
    arrival.ended_at = now()
    if design is not None:
        delete_design(work, design, design.path)
