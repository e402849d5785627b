"""Where branches and tags stand, read from git's own files: a process that lists them takes 4 ms, this a tenth.

Loose refs are looked at before the packed ones: git packs a ref before it takes the loose one away, and takes one out
of the pack before it deletes the loose one.
"""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from opendesign.core.errors import Invalid
from opendesign.git.names import check_pushed

BRANCHES, TAGS = b"refs/heads/", b"refs/tags/"
GONE = (FileNotFoundError, IsADirectoryError, NotADirectoryError)  # a ref may make way for one below its name
LOOSE = re.compile(rb"([0-9a-f]{40})\n?")
PACKED = re.compile(rb"([0-9a-f]{40}) (refs/(?:heads|tags)/.+)")


def stands(path: Path) -> dict[str, str] | None:
    """What each branch and tag of the repository at `path` names, sorted by ref, a tag perhaps no commit.

    None where only git can tell: a symbolic ref, one that is broken, a name it might pass over.
    """
    root, found = os.fsencode(path), {}
    for name in _loose(root):
        try:
            with open(root + b"/" + name, "rb", buffering=0) as file:
                found[name] = file.read(100)
        except GONE:
            continue  # deleted, or packed since
    shas = {name: LOOSE.fullmatch(text) for name, text in found.items()}
    if not all(shas.values()):
        return None
    kept = _packed(root) | {name: match[1] for name, match in shas.items() if match}
    try:
        return {_named(name): kept[name].decode() for name in sorted(kept)}
    except (Invalid, UnicodeDecodeError):
        return None


def count_refs(path: Path) -> int:
    """How many branches and tags the repository at `path` has."""
    root = os.fsencode(path)
    return len({*_loose(root)} | _packed(root).keys())


@lru_cache(1 << 14)
def _named(name: bytes) -> str:
    """The name as text; raises Invalid for one that could not be pushed, which git may pass over."""
    ref = name.decode()
    check_pushed(ref)
    return ref


def _loose(root: bytes) -> Iterator[bytes]:
    for prefix in (BRANCHES, TAGS):
        for where, _, files in os.walk(root + b"/" + prefix):
            for file in files:
                if not file.endswith(b".lock"):  # one that is being written
                    yield os.path.relpath(os.path.join(where, file), root)


def _packed(root: bytes) -> dict[bytes, bytes]:
    try:
        with open(root + b"/packed-refs", "rb") as file:
            lines = file.read().split(b"\n")
    except FileNotFoundError:
        return {}
    matches = map(PACKED.fullmatch, lines)
    return {match[2]: match[1] for match in matches if match}
