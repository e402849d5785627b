"""How far a job of the engine is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """What a job does now, for how long it has run (s), and how many jobs start before it.

    stage: "waiting", or one of `board.STAGES`. sight: name ("viewer" or "coarse") and content of a GLB that can be
    looked at meanwhile, unchecked. log: the last of what the script has printed, where that was asked for.
    """

    stage: str
    seconds: float = 0.0
    before: int = 0
    sight: str = ""
    content: bytes = b""
    log: str = ""
