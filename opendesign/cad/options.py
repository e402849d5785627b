"""The limits and choices of one engine."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

MIB = 1 << 20
FOR_JOBS = (
    0.75  # of the machine's memory: the rest is for the service, the warm parent (470 MB) and the files it serves
)
LEAST_MEMORY = 256 * MIB
MODES = ("auto", "namespaces", "plain")


@dataclass(frozen=True)
class EngineOptions:
    """What every job may use (bytes, s), how many run at once, and how the jail is to be built.

    waiting: bytes of all requests in the line together. *_places: how many jobs may wait and run, of each kind.
    mode: "auto" takes namespaces and, where the machine allows none, Landlock and seccomp alone ("plain").
    jobs_folder: where jobs write in plain mode; a noexec tmpfs is best. By default a temporary folder.
    insecure: run jobs although a mandatory layer is missing, with a warning in every log.
    without: layers to leave out ("landlock", "seccomp", "limits"); landlock_abi: the newest rules of Landlock to use.
    Only tests have a reason for either.
    """

    seconds: float = 60
    cpu_seconds: float = 60
    memory: int = 2048 * MIB
    output: int = 128 * MIB
    log: int = 64 << 10
    work: int = 128 * MIB
    request: int = 130 * MIB  # the files a script may read (limit closure_bytes), with their names
    waiting: int = 1024 * MIB
    interactive_places: int = 1000
    background_places: int = 1000
    slots: int = field(default_factory=lambda: max(1, min(16, os.cpu_count() or 2)))
    express: int = 1
    recycle: int = 500
    mode: str = "auto"
    jobs_folder: Path | None = None
    insecure: bool = False
    without: tuple[str, ...] = ()
    landlock_abi: int = 99

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"the jail's mode is one of {', '.join(MODES)}, not {self.mode!r}")
        if not 1 <= self.slots <= 32:
            raise ValueError(f"between 1 and 32 jobs may run at once, not {self.slots}")

    def modes(self) -> tuple[str, ...]:
        """Returns the kinds of jail to try, best first."""
        return MODES[1:] if self.mode == "auto" else (self.mode,)

    def fitted(self, machine: int) -> "EngineOptions":
        """Returns options under which all jobs together stay within three quarters of `machine` bytes of memory.

        The express place goes first, then slots, then memory of each job, never below 256 MiB.
        """
        room = int(machine * FOR_JOBS)
        slots = min(self.slots, max(1, room // self.memory))
        express = min(self.express, int(room // self.memory > slots))
        return replace(self, slots=slots, express=express, memory=min(self.memory, max(LEAST_MEMORY, room)))


def machine_memory() -> int:
    """Returns the bytes of memory that this machine or its container has."""
    with open("/proc/meminfo") as lines:
        total = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemTotal:"))
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdigit() else total
