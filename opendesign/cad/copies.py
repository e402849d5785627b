"""A folder of copies that may grow to a limit: what was used longest ago goes first."""

import contextlib
import fcntl
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

BOOT = Path("/proc/sys/kernel/random/boot_id")
# What was asked for so lately may still be on its way to somebody.
GRACE_SECONDS = 600
# Of the limit: how much comes before all are counted again, and how much is left when the oldest have gone.
STEP, LEFT = 1 / 20, 9 / 10


class Copies:
    """Files below a folder for each start of this machine: a power cut may have cut those of earlier ones.

    Those are not used again, and go like all that is not used.
    """

    def __init__(self, folder: Path, limit: int):
        self.folder, self.limit = folder, limit
        self.root = folder / (BOOT.read_text().strip() if BOOT.is_file() else "always")
        self.root.mkdir(parents=True, exist_ok=True)
        self._uncounted = limit  # what an earlier process has left is counted at the first copy

    def keep(self, path: Path, write: Callable[[BinaryIO], object]) -> None:
        """Makes a copy: nobody sees it before `write` has written all of it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
        try:
            with draft.open("xb") as file:
                write(file)
                size = file.tell()
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        self._uncounted += size
        if self._uncounted >= self.limit * STEP:
            self._uncounted = 0
            self.sweep()

    def touch(self, path: Path) -> None:
        """Notes that a copy is in use; its own time stays, which readers are told."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))

    def sweep(self) -> None:
        """Removes what was used longest ago where there is more than the limit, unless another process is at it."""
        turn = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._sweep(time.time() - GRACE_SECONDS)
        except BlockingIOError:
            return
        finally:
            os.close(turn)

    def _sweep(self, before: float) -> None:
        found = []
        for where, folders, names in os.walk(self.folder, topdown=False):
            if not folders and not names:
                _remove_old(Path(where), before)
            for path in (Path(where, name) for name in names):
                with contextlib.suppress(FileNotFoundError):
                    facts = path.stat()
                    found.append((facts.st_atime, facts.st_size, path))
        total = sum(size for _, size, _ in found)
        if total <= self.limit:
            return
        for used, size, path in sorted(found):
            if used >= before or total <= self.limit * LEFT:
                break
            path.unlink(missing_ok=True)
            total -= size


def _remove_old(folder: Path, before: float) -> None:
    with contextlib.suppress(OSError):  # somebody may be about to keep a copy in it
        if folder.stat().st_mtime < before:
            folder.rmdir()
