"""A design follows a repository elsewhere: fetched now and then, until somebody stops it."""

from contextlib import suppress

from opendesign.actions.bring_in import bring_in
from opendesign.actions.fetch_files import fetch_files
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.pause import need_still_running, paused
from opendesign.actions.sync import sync
from opendesign.actions.transfer import alone, pause, why_not
from opendesign.core.errors import NotFound, Paused
from opendesign.core.remote import read_remote
from opendesign.git.progress import Progress
from opendesign.git.remote import find_way
from opendesign.records.base import now
from opendesign.records.design import Design
from opendesign.records.mirror import Mirror, mirror_by_id, mirror_of


def follow(work: Work, design: Design, url: str) -> Mirror:
    """Makes a design that has just been imported a mirror of where it came from."""
    minutes = work.house.settings.mirror_minutes
    mirror = Mirror(design_id=design.id, url=url, person_id=work.person.id if work.person else None)
    mirror.fetched_at, mirror.next_at = now(), now() + pause(minutes, 0)
    design.mirrored = True
    work.session.add(mirror)
    return mirror


def need_mirror(work: Work, design: Design) -> Mirror:
    """Returns what a design follows; NotFound if nothing."""
    mirror = mirror_of(work.session, design)
    if mirror is None:
        raise NotFound(f"{design.path} mirrors nothing.")
    return mirror


def fetch_soon(work: Work, design: Design) -> Mirror:
    """Has a mirror fetched now instead of at its time."""
    mirror = need_mirror(work, design)
    mirror.next_at = min(mirror.next_at, now())
    work.soon("mirror", mirror.id)
    return mirror


def stop_mirroring(work: Work, design: Design) -> None:
    """Makes a mirror a design as any other, as it stands; it cannot be made to follow again."""
    work.session.delete(need_mirror(work, design))
    design.mirrored = False
    work.session.flush()


def mirror_job(house: House, key: str) -> None:
    """Fetches a mirror whose time has come and records what came of it; after a failure it waits twice as long.

    In read-only mode it waits, too, and tries again afterwards.
    """
    if paused(house) is not None:
        return
    with alone(house, f"mirror-{int(key)}", "mirror", key) as free, suppress(Paused):
        with house.reading() as work:
            mirror = mirror_by_id(work.session, int(key))
        if not free or mirror is None or mirror.next_at > now():
            return
        missing: list[str] = []
        problem = why_not(lambda: missing.append(_fetched(house, mirror)), f"The fetch of mirror {key}")
        _record(house, mirror, problem, "".join(missing))


def _fetched(house: House, mirror: Mirror) -> str:
    """Returns what of its large files is missing; those are asked for when anything moved, or was missing before."""

    def tell(_: Progress) -> bool:
        with house.reading() as work:
            need_still_running(work)
            return mirror_by_id(work.session, mirror.id) is not None

    way = find_way(read_remote(mirror.url), house.settings.private_hosts)
    _, moved = bring_in(house, mirror.design_id, way, tell)
    if not moved and not mirror.problem:
        return ""
    try:
        return fetch_files(house, Visitor(mirror.person_id), mirror.design_id, way, tell)
    except Paused:
        return "Files that Git LFS keeps come with the next fetch: the service became read-only."


def _record(house: House, mirror: Mirror, problem: str, missing: str) -> None:
    with house.writing(Visitor(mirror.person_id)) as work:
        row = mirror_by_id(work.session, mirror.id)
        if row is None:
            return
        row.failures = row.failures + 1 if problem else 0
        row.problem = problem or missing
        row.next_at = now() + pause(house.settings.mirror_minutes, row.failures)
        if not problem:
            row.fetched_at = now()
        sync(work, row.design)
