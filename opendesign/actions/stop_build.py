"""Somebody stops a build that takes too long; how far one is, for whoever waits for it."""

from dataclasses import dataclass

from opendesign.actions.find_build import find_build
from opendesign.actions.house import Work
from opendesign.actions.note_progress import find_progress
from opendesign.cad.outcome import STOPPED
from opendesign.cad.progress import Progress
from opendesign.core.errors import Conflict, Forbidden
from opendesign.records.base import now
from opendesign.records.build import Build, wanted_before
from opendesign.records.challenge import challenges_awaiting
from opendesign.records.design import design_by_id, designs_showing


def stop_build(work: Work, key: str) -> Build:
    """Ends a build that is wanted or being made, wherever that happens, and returns it as failed, kind “stopped”.

    Whoever wants it afterwards, in this design or in a fork that shares it, has it made again. Raises NotFound,
    Forbidden for who neither asked for it nor may edit a design that has it, and Conflict when it has ended already or
    an entry of a challenge waits for it, which could be judged for ever else.
    """
    build = find_build(work, key)
    if not may_stop(work, build):
        raise Forbidden("Only whoever asked for a build, or may edit its design, can stop it.")
    if not build.waiting:
        raise Conflict(f"This build has ended already: it is {build.state}.")
    if challenges_awaiting(work.session, key):
        raise Conflict("This build is not stopped: an entry of a challenge waits for it. It ends by itself.")
    build.state, build.error, build.finished_at = "failed", STOPPED.error, now()
    work.tell(key)
    # The worker's engine ends the job now; a job that is only about to begin is withdrawn when the worker looks.
    work.house.engine.stop(key)
    return build


def may_stop(work: Work, build: Build) -> bool:
    """Tells whether the acting person asked for a build or may edit a design that has it."""
    if work.asker and build.asker == work.asker:
        return True
    first = design_by_id(work.session, build.design_id)
    return any(work.may("edit", design) for design in (first, *designs_showing(work.session, build.key)) if design)


@dataclass(frozen=True)
class Standing(Progress):
    """How far a build is, and whether whoever looks may stop it."""

    stoppable: bool = False


def standing_of(work: Work, build: Build) -> Standing | None:
    """Returns how far a build is that is still to be made, for whoever looks; None for one that has ended."""
    found = progress_of(work, build)
    return Standing(**vars(found), stoppable=_stops(work, build)) if found else None


def progress_of(work: Work, build: Build) -> Progress | None:
    """Returns how far a build is that is still to be made, None for one that has ended.

    While the engine has not got it, `before` counts what the same asker wanted earlier; it gets what is being made.
    """
    if not build.waiting:
        return None
    found = find_progress(work.house, build.key) if build.state == "making" else None
    return found or Progress("waiting", before=wanted_before(work.session, build))


def _stops(work: Work, build: Build) -> bool:
    return may_stop(work, build) and not challenges_awaiting(work.session, build.key)
