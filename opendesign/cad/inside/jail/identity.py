"""Finds users that jobs may be, one each, so that not even the kernel takes two jobs for the same person."""

import contextlib
import os

PLACES = 64
# The same high range as around the jail, or what a container with 65,536 users still has below its dynamic ones.
SPARE_USERS = (0x70000000, 60_000)


def first_user(mode: str, readable: list[str], folder: str | None) -> int | None:
    """Returns the first of 64 users for the jobs, None if there is but one.

    Around namespaces the launcher has mapped them; otherwise root may take any that get to the paths and the folder.
    """
    with open("/proc/self/uid_map") as ranges:
        rows = [tuple(map(int, row.split())) for row in ranges]
    if mode == "namespaces":
        return 1 if rows[0][2] >= PLACES else None
    if os.getuid() != 0:
        return None
    for start in SPARE_USERS:
        known = any(low <= start and start + PLACES <= low + size for low, _, size in rows)
        if known and reaches(start, readable, folder):
            return start
    return None


def reaches(user: int, readable: list[str], folder: str | None) -> bool:
    """Says whether a user can read all of the paths and get into the folder; Python may lie in root's own folder."""
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(OSError):
            os.setresuid(user, user, user)
            entered = folder is None or os.access(folder, os.X_OK)
            os._exit(0 if entered and all(os.access(path, os.R_OK) for path in readable) else 1)
        os._exit(1)
    return os.waitpid(pid, 0)[1] == 0
