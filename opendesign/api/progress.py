"""How far a build is: what is being done, for how long, and what comes first."""

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.stop_build import progress_of
from opendesign.api.shape import Shown
from opendesign.records.build import Build


class ProgressShown(Shown):
    """How far something is that is still to be made."""

    stage: str = Field(
        description="waiting, starting, files, script, coarse, mesh, measure, the format that is written, or writing."
    )
    seconds: float = Field(description="How long it has run, in seconds; 0 while it waits.")
    waiting_before: int = Field(
        description="How many builds come first: those the same asker wanted earlier, or all in the engine's line."
    )
    log: str = Field("", description="The last of what the script has printed so far, at most 4,000 bytes.")


def progress_shown(work: Work, build: Build) -> ProgressShown | None:
    """Returns how far a build is that is still to be made, None for one that has ended."""
    found = progress_of(work, build)
    if found is None:
        return None
    return ProgressShown(stage=found.stage, seconds=round(found.seconds, 2), waiting_before=found.before, log=found.log)
