"""The limits and choices of one engine."""

import os
from dataclasses import dataclass, field
from pathlib import Path

MIB = 1 << 20
MODES = ("auto", "namespaces", "plain")


@dataclass(frozen=True)
class EngineOptions:
    """What every job may use (bytes, s), how many run at once, and how the jail is to be built.

    mode: "auto" takes namespaces and, where the machine allows none, Landlock and seccomp alone ("plain").
    jobs_folder: where jobs write in plain mode; a noexec tmpfs is best. By default a temporary folder.
    insecure: run jobs although a mandatory layer is missing, with a warning in every log.
    without: layers to leave out ("landlock", "seccomp"); only tests have a reason.
    """

    seconds: float = 60
    cpu_seconds: float = 60
    memory: int = 2048 * MIB
    output: int = 128 * MIB
    log: int = 64 << 10
    work: int = 128 * MIB
    request: int = 130 * MIB  # the files a script may read (limit closure_bytes), with their names
    slots: int = field(default_factory=lambda: max(1, min(16, os.cpu_count() or 2)))
    recycle: int = 500
    mode: str = "auto"
    jobs_folder: Path | None = None
    insecure: bool = False
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"the jail's mode is one of {', '.join(MODES)}, not {self.mode!r}")
        if not 1 <= self.slots <= 32:
            raise ValueError(f"between 1 and 32 jobs may run at once, not {self.slots}")

    def modes(self) -> tuple[str, ...]:
        """Returns the kinds of jail to try, best first."""
        return MODES[1:] if self.mode == "auto" else (self.mode,)
