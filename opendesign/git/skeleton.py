"""Bare repositories laid out by hand: 1 ms, where `git init` or `git clone --shared` starts processes and
copies.
"""

import os
import shutil
from pathlib import Path
from uuid import uuid4

from opendesign.git import command

FOLDERS = ("objects/info", "objects/pack", "refs/heads", "refs/tags", "info")
CONFIG = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"
VISIBLE = ("refs/heads", "refs/tags")
ALTERNATES = "objects/info/alternates"


def write(path: Path, text: str) -> None:
    """Put `text` at `path` so that readers, and a machine that loses power, find the old or the new text."""
    beside = path.with_name(f"{path.name}.{uuid4().hex}.new")
    with open(beside, "x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    settle(path.parent)


def settle(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lay_out(folder: Path, head: str) -> None:
    """An empty bare repository in a new `folder` whose HEAD file reads `head`."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    write(folder / "config", CONFIG)
    write(folder / "HEAD", head)


def head_of(branch: str) -> str:
    """The HEAD file that points at `branch`."""
    return f"ref: refs/heads/{branch}\n"


def lines_of_refs(folder: Path, *under: str) -> list[tuple[str, str]]:
    """Pairs (object id, ref) of the repository in `folder` below the prefixes `under`, sorted by ref."""
    said = command.run(folder, "for-each-ref", "--format=%(objectname) %(refname)", *under)
    lines = said.decode("utf-8", "surrogateescape").split("\n")
    return [(line[:40], line[41:]) for line in lines if line]


def count_refs(folder: Path) -> int:
    """How many branches and tags the repository in `folder` has, read from its files: a process costs 5 ms."""
    packed = folder / "packed-refs"
    lines = packed.read_bytes().split(b"\n") if packed.exists() else []
    found = {line[41:] for line in lines if line[41:].startswith((b"refs/heads/", b"refs/tags/"))}
    for prefix in VISIBLE:
        for where, _, files in os.walk(os.fsencode(folder / prefix)):
            found |= {os.path.relpath(os.path.join(where, file), os.fsencode(folder)) for file in files}
    return len(found)


def write_refs(folder: Path, refs: list[tuple[str, str]]) -> None:
    """Give the repository in `folder`, which has none yet, these refs at once."""
    lines = "".join(f"{sha} {ref}\n" for sha, ref in sorted(refs, key=lambda pair: os.fsencode(pair[1])))
    beside = folder / f"packed-refs.{uuid4().hex}.new"
    with open(beside, "x", encoding="utf-8", errors="surrogateescape") as file:
        file.write(f"# pack-refs with: sorted \n{lines}")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, folder / "packed-refs")


def remove(folder: Path) -> None:
    """Take a repository away in one step, then free its space; a crash in between leaves only a name to
    sweep.
    """
    gone = folder.with_name(f".{folder.name}.{uuid4().hex}.gone")
    folder.rename(gone)
    settle(gone.parent)
    shutil.rmtree(gone, ignore_errors=True)
