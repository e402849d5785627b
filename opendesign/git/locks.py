"""Who may touch a repository together: flock on a file in it, which the kernel drops when a process dies.

The file is open for writing, as NFS asks of whoever would be alone (flock(2)): a folder cannot be.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opendesign.core.errors import Conflict, NotFound

PAUSE = 0.02
HELD = "held"  # in the folder; not “….lock”, which upkeep sweeps away


@contextmanager
def together(folder: Path) -> Iterator[None]:
    """Write to the repository in `folder` beside others; keeps `alone` out. Raises NotFound if it is gone."""
    with _opened(folder) as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


@contextmanager
def alone(folder: Path, seconds: float) -> Iterator[None]:
    """Be the only writer of the repository in `folder`; raises Conflict if others are not done after
    `seconds`.
    """
    with _opened(folder) as handle:
        deadline = time.monotonic() + seconds
        while not _taken(handle):
            if time.monotonic() > deadline:
                raise Conflict("Something is still being written to this design. Try again in a minute.")
            time.sleep(PAUSE)
        yield


@contextmanager
def family(path: Path) -> Iterator[None]:
    """One at a time among those who change who belongs to a pool; `path` is the lock's own file, which
    stays.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def unless_taken(path: Path) -> Iterator[bool]:
    """Be the only one with the lock `path`, a file of its own; yields False at once if another has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _taken(handle)
    finally:
        os.close(handle)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    try:
        handle = os.open(folder / HELD, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError as gone:
        raise NotFound("This design has no repository.") from gone
    try:
        yield handle
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
