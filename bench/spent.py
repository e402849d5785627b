"""What processes take from the machine, as the kernel counts it: processor time and memory."""

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

TICKS = 100  # a second, in /proc/*/stat (USER_HZ)
LOOK, REST_MS = 0.1, 5  # a service at rest takes less than this between two looks


class Spent(NamedTuple):
    """What an act took, in ms: of the wall's clock, and of processor time with the processes it started."""

    wall: float
    processor: float


def spent(act: Callable[[], object]) -> Spent:
    """Returns what an act of this process took."""
    start, before = time.perf_counter(), own()
    act()
    return Spent((time.perf_counter() - start) * 1000, (own() - before) * 1000)


def own() -> float:
    """Returns the seconds of processor time of this process and the children it has buried."""
    buried = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + buried.ru_utime + buried.ru_stime


def tree(pid: int) -> list[int]:
    """Returns a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        fields = facts(int(path.parent.name))
        if fields:
            children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def facts(pid: int) -> list[str]:
    """Returns the fields of /proc/*/stat from the state on; none for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def processor(pids: list[int]) -> float:
    """Returns the milliseconds of processor time of living processes and of the children they have buried.

    The living to the nanosecond by their clocks (clock_getcpuclockid(3)), the dead to a tick of 10 ms a process.
    """
    spent = 0.0
    for pid in pids:
        fields = facts(pid)
        if fields:
            spent += time.clock_gettime((~pid << 3) | 2) * 1000
            spent += (int(fields[13]) + int(fields[14])) * 1000 / TICKS
    return spent


def memory(pid: int, field: str) -> float:
    """Returns megabytes of /proc/*/smaps_rollup: "Pss", "Rss", "Private_Dirty" …; 0 for one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:")), 0.0)


def settled(pid: int) -> float:
    """Returns the milliseconds of processor time of a process and its descendants once they rest."""
    before, now = -REST_MS, processor(tree(pid))
    while now - before > REST_MS:
        time.sleep(LOOK)
        before, now = now, processor(tree(pid))
    return now


def total_memory(pids: list[int], field: str = "Pss") -> float:
    """Returns the megabytes of some processes together."""
    return sum(memory(pid, field) for pid in pids)
