"""Upkeep of repositories that are in use: sweep what killed processes left, pack what many small pushes
made.
"""

import shutil
import time
from pathlib import Path

from opendesign.git import command

STALE_SECONDS = 24 * 3600
"""A push that started longer ago than this is dead: edges end requests after hours, not days."""
LOCK_SECONDS = 600
"""git holds a ref lock for milliseconds and the lock on packed refs for seconds."""
KEEP = "2.weeks.ago"
"""How long objects that no ref reaches are kept: long enough for every push that relies on them to end."""


def sweep(path: Path) -> None:
    """Remove quarantines, half-written packs and stale locks that killed processes left in the repository."""
    objects = path / "objects"
    for pattern in ("incoming-*", "tmp_objdir-*"):
        for folder in objects.glob(pattern):
            if _older(folder, STALE_SECONDS):
                shutil.rmtree(folder, ignore_errors=True)
    for pattern in ("tmp_*", "pack/tmp_*", "pack/.tmp-*", "??/tmp_obj_*"):
        for file in objects.glob(pattern):
            if file.is_file() and _older(file, STALE_SECONDS):
                file.unlink(missing_ok=True)
    sweep_locks(path, LOCK_SECONDS)


def sweep_locks(path: Path, seconds: float) -> int:
    """Remove ref locks older than `seconds`, left by killed writers; returns how many."""
    stale = [lock for lock in (*path.glob("*.lock"), *path.glob("refs/**/*.lock")) if _older(lock, seconds)]
    for lock in stale:
        lock.unlink(missing_ok=True)
    return len(stale)


def sweep_gone(folder: Path) -> None:
    """Remove repositories in `folder` that were deleted, or never finished, when their process died."""
    for leftover in (*folder.glob(".*.gone"), *folder.glob(".*.new")):
        if _older(leftover, STALE_SECONDS):
            shutil.rmtree(leftover, ignore_errors=True)


def repack(path: Path, pooled: bool) -> None:
    """Pack the repository: new packs only if it stands alone, what its pool lacks if it is `pooled`.

    A pooled repository keeps unreachable objects for two weeks in a cruft pack: dropping them at once could
    race a push that counts on them.
    """
    command.run(path, "pack-refs", "--all", seconds=command.UPKEEP_SECONDS)
    if pooled:
        how = ("-d", "-l", "--cruft", f"--cruft-expiration={KEEP}")
    else:
        how = ("-d", "--geometric=2", "--write-midx", "--write-bitmap-index")
    command.run(path, "repack", "-q", *how, seconds=command.UPKEEP_SECONDS)
    command.run(path, "commit-graph", "write", "--reachable", seconds=command.UPKEEP_SECONDS)


def _older(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime > seconds
    except FileNotFoundError:
        return False
