"""Somebody moves a slider or types: the newest geometry, as fast as the kernel allows."""

from collections.abc import Iterator, Mapping

from opendesign.actions.build import input_files, laid, record
from opendesign.actions.find_build import is_at_home
from opendesign.actions.house import House, Visitor
from opendesign.actions.want_build import move, new_build, part_key, take_in
from opendesign.cad.engine import Job
from opendesign.cad.outcome import PASSING, Outcome
from opendesign.cad.progress import Progress
from opendesign.core import glb
from opendesign.core.asker import asker
from opendesign.core.errors import Conflict, Invalid, TooLarge, Unbuildable
from opendesign.core.snapshot import Snapshot
from opendesign.records.build import Build, build_by_key
from opendesign.records.design import Design

PREVIEW = ("viewer",)


def follow_preview(
    house: House,
    visitor: Visitor,
    design: Design,
    snapshot: Snapshot,
    path: str,
    values: Mapping[str, object],
    lane: str = "",
    sight: bool = False,
) -> Iterator[Progress | Build]:
    """Makes a part with these values if it is not on the shelf and yields how far that is; last, the build.

    Other files follow later. A newer preview in the same lane cancels this one (Conflict), closing it gives the job up.
    Raises Unbuildable when the engine is off; a script that fails gives a failed build, which is no error. `sight`:
    what can be seen before all is done is among the news, checked.
    """
    path = snapshot.part(path).path
    key = part_key(snapshot, path, values)
    with house.shelf.alone(key, "viewer"):  # whoever else wants the same waits, and finds it
        with house.reading(visitor) as work:
            row = work.session.get(Build, key)
            strange = row is not None and not is_at_home(work, row)
            if row is None or _is_to_make(row):
                files = input_files(work, design, snapshot, path, values)
                job = Job(path, files, PREVIEW, lane=lane, sight=sight, owner=work.asker or asker(design.owner_id))
        if row is not None and not _is_to_make(row):
            yield _taken_in(house, visitor, design, snapshot, key, values) if strange else row
            return
        for news in house.engine.follow(job):
            if isinstance(news, Outcome):
                yield _recorded(house, visitor, new_build(design, snapshot, path, key, values), news)
                return
            if _is_sound(news):
                yield news


def _taken_in(
    house: House, visitor: Visitor, design: Design, snapshot: Snapshot, key: str, values: Mapping[str, object]
) -> Build:
    with house.noting(visitor) as work:
        row = take_in(work, design, snapshot, build_by_key(work.session, key), values)
        work.session.flush()
    return row


def _is_to_make(row: Build) -> bool:
    return row.waiting or row.stopped


def _is_sound(news: Progress) -> bool:
    """Says whether news may be passed on: what is to be seen already is checked as all files of a jail are."""
    try:
        if news.sight:
            glb.check(news.content)
    except (Invalid, TooLarge):
        return False
    return True


def _recorded(house: House, visitor: Visitor, fresh: Build, outcome: Outcome) -> Build:
    """Returns the build with how it ended; raises Conflict if it was withdrawn, Unbuildable without an engine."""
    if outcome.error and outcome.kind in ("cancelled", "stopped"):
        raise Conflict(outcome.error["message"])
    if outcome.error and outcome.kind in PASSING:
        raise Unbuildable(outcome.error["message"])
    outcome, names = laid(house, fresh.key, outcome)
    with house.noting(visitor) as work:
        known = work.session.get(Build, fresh.key)
        row = move(work, known, fresh) if known else work.session.merge(fresh)
        if _is_to_make(row):
            record(work, row, outcome, names, exported=False)
        work.session.flush()
    return row
