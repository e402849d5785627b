"""Many files at once through one `git cat-file --batch`."""

from collections.abc import Sequence
from pathlib import Path

from opendesign.core.errors import NotFound, TooLarge
from opendesign.git import command
from opendesign.git.limits import GitLimits, in_words, too_large

AT_ONCE = 4
"""How many files of the largest readable size may come together."""


def read_batch(
    path: Path, env: dict[str, str], shas: Sequence[str], limits: GitLimits, most: int | None = None
) -> dict[str, bytes]:
    """The contents of the blobs with these ids; raises NotFound for a missing one, TooLarge for too much.

    `most`: how many bytes one file may have, by default `read_bytes`.
    """
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
            if left < 0 or (most is None and size > limits.read_bytes):
                raise too_large("What these files hold", limits, "read_bytes")
            if most is not None and size > most:
                raise TooLarge(f"A file has {in_words(size)}; at most {in_words(most)} are read here.")
            found[sha] = printed.read(size)
            printed.read(1)
    return found
