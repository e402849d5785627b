"""Bare repositories laid out by hand: 1 ms, where `git init` or `git clone --shared` starts processes and
copies.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import uuid4

from opendesign.git import command

FOLDERS = ("objects/info", "objects/pack", "refs/heads", "refs/tags", "info")
CONFIG = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"
VISIBLE = ("refs/heads", "refs/tags")
ALTERNATES = "objects/info/alternates"
Refs = Iterable[tuple[str, str]]


def write(path: Path, text: str) -> None:
    """Put `text` at `path` so that readers, and a machine that loses power, find the old or the new text."""
    beside = path.with_name(f"{path.name}.{uuid4().hex}.new")
    with open(beside, "xb") as file:
        file.write(os.fsencode(text))
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    settle(path.parent)


def settle(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lay_out(folder: Path, texts: Mapping[str, str], same: Mapping[str, Path] | None = None) -> None:
    """A bare repository in a new `folder`, with files of these `texts` and files the `same` as durable ones.

    The same files are hard links: git replaces such files and never writes into them, and every file that need not be
    synced saves a turn of the disk.
    """
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    for name, twin in (same or {}).items():
        os.link(twin, folder / name)
    written = {folder / name: text for name, text in texts.items() if text}
    for path, text in written.items():
        path.write_bytes(os.fsencode(text))
    for path in (*written, folder / "objects/info", folder):
        settle(path)


def lay_out_quickly(folder: Path) -> None:
    """The folders of a bare repository, as far as they are missing, for what need not outlive a power cut yet."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)


def head_of(branch: str) -> str:
    """The HEAD file that points at `branch`."""
    return f"ref: refs/heads/{branch}\n"


def lines_of_refs(folder: Path, *under: str) -> list[tuple[str, str]]:
    """Pairs (object id, ref) of the repository in `folder` below the prefixes `under`, sorted by ref."""
    said = command.run(folder, "for-each-ref", "--format=%(objectname) %(refname)", *under)
    lines = said.decode("utf-8", "surrogateescape").split("\n")
    return [(line[:40], line[41:]) for line in lines if line]


def packed(refs: Refs) -> str:
    """The file packed-refs for these pairs (object id, ref)."""
    lines = "".join(f"{sha} {ref}\n" for sha, ref in sorted(refs, key=lambda pair: os.fsencode(pair[1])))
    return f"# pack-refs with: sorted \n{lines}" if lines else ""


def remove(folder: Path) -> None:
    """Take a repository away in one step, then free its space; a crash in between leaves only a name to
    sweep.
    """
    shutil.rmtree(set_aside(folder), ignore_errors=True)


def set_aside(folder: Path) -> Path:
    """Take a repository away in one step, and return where it lies from now on."""
    gone = folder.with_name(f".{folder.name}.{uuid4().hex}.gone")
    folder.rename(gone)
    settle(gone.parent)
    return gone
