"""Times the stages of a job, and tells whoever waits which one has begun."""

import time
from collections.abc import Callable

Tell = Callable[..., None]


def silent(stage: str, sight: str = "") -> None:
    """Tells nobody."""


class Clock:
    """Seconds spent, by stage; `tell` hears of each as it begins."""

    def __init__(self, tell: Tell = silent):
        self.tell = tell
        self.seconds: dict[str, float] = {}
        self.stage = ""
        self.since = time.perf_counter()

    def begin(self, stage: str, sight: str = "") -> None:
        """Ends the running stage and begins another; a stage may be begun again and adds up."""
        self.end()
        self.stage = stage
        self.tell(stage, sight)

    def end(self) -> None:
        """Ends the running stage."""
        now = time.perf_counter()
        if self.stage:
            self.seconds[self.stage] = round(self.seconds.get(self.stage, 0.0) + now - self.since, 4)
        self.stage, self.since = "", now
