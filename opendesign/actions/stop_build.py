"""Somebody stops a build that takes too long; how far one is, for whoever waits for it."""

from opendesign.actions.find_build import find_build
from opendesign.actions.house import Work
from opendesign.cad.outcome import STOPPED
from opendesign.cad.progress import Progress
from opendesign.core.errors import Conflict
from opendesign.records.base import now
from opendesign.records.build import Build, wanted_before


def stop_build(work: Work, key: str) -> Build:
    """Ends a build that is wanted or being made, wherever that happens, and returns it as failed, kind “stopped”.

    Whoever may build a design may stop its builds; whoever wants one afterwards, in this design or in a fork that
    shares it, has it made again. Raises NotFound, and Conflict when it has ended already.
    """
    build = find_build(work, key)
    if not build.waiting:
        raise Conflict(f"This build has ended already: it is {build.state}.")
    build.state, build.error, build.finished_at = "failed", STOPPED.error, now()
    work.tell(key)
    # The worker's engine ends the job now; a job that is only about to begin is withdrawn when the worker looks.
    work.house.engine.stop(key)
    return build


def progress_of(work: Work, build: Build) -> Progress | None:
    """Returns how far a build is that is still to be made, None for one that has ended.

    While the engine has not got it, `before` counts what the same asker wanted earlier.
    """
    if not build.waiting:
        return None
    return work.house.engine.progress(build.key) or Progress("waiting", before=wanted_before(work.session, build))
