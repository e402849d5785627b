"""Large repositories made quickly."""

import os
from pathlib import Path

from opendesign.git import command

MEGABYTE = 1 << 20


def fill(path: Path, megabytes: int, each: int = 15) -> None:
    """Put one commit with random files of `each` megabytes on main: git stores them as they are."""
    parts = [b"commit refs/heads/main\ncommitter A <a@b> 1700000000 +0000\ndata 5\nLarge\n"]
    for number in range(megabytes // each):
        parts += [
            b"M 644 inline mesh%d.step\ndata %d\n" % (number, each * MEGABYTE),
            os.urandom(each * MEGABYTE),
            b"\n",
        ]
    store = ("-c", "core.compression=0", "-c", "pack.compression=0", "-c", "core.fsync=none")
    command.run(path, *store, "fast-import", "--quiet", feed=b"".join(parts))
