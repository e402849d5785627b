"""Many files at once through one `git cat-file --batch`."""

from collections.abc import Sequence
from pathlib import Path

from opendesign.core.errors import NotFound
from opendesign.git import command
from opendesign.git.limits import GitLimits, too_large

AT_ONCE = 4
"""How many files of the largest readable size may come together."""


def read_batch(path: Path, env: dict[str, str], shas: Sequence[str], limits: GitLimits) -> dict[str, bytes]:
    """The contents of the blobs with these ids; raises NotFound for a missing one, TooLarge for too much."""
    found: dict[str, bytes] = {}
    left = AT_ONCE * limits.read_bytes
    feed = "".join(f"{sha}\n" for sha in shas).encode()
    with command.reading(path, "cat-file", "--batch", feed=feed, env=env, seconds=limits.git_seconds) as printed:
        for sha in shas:
            facts = printed.readline().split()
            if len(facts) != 3 or facts[1] != b"blob":
                raise NotFound(f"There is no file {sha}.")
            size = int(facts[2])
            left -= size
            if size > limits.read_bytes or left < 0:
                raise too_large("What these files hold", limits, "read_bytes")
            found[sha] = printed.read(size)
            printed.read(1)
    return found
