"""Who wrote which line: `git blame` of the files of a revision, which never changes and is kept for a while."""

import re
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from io import BufferedReader
from typing import NamedTuple

from opendesign.core.errors import NotFound, TooLarge, TooMany
from opendesign.core.remembered import Remembered
from opendesign.git import command, names
from opendesign.git.repository import Repository
from opendesign.git.trees import Entry

SECONDS = 30  # for all files of one revision
LARGEST = 256 << 10  # bytes of one file: what is longer was not typed
MOST_FILES = 500  # of one revision
MOST_BYTES = 8 << 20  # of all of them together
MOST_PRINTED = (
    64 << 20
)  # bytes that git prints of one file: its commits' names and subjects are as long as people made them
KEPT_LINES = 200_000  # that were asked for last, about 40 MB
BLAME = ("blame", "-w", "-M", "-C", "--porcelain", "--encoding=UTF-8")
# A second -C looks into every file there was when one was begun: 0.2 s a file in a tree of 1,000, 0.03 s without.
THOROUGH = ("blame", "-C", *BLAME[1:])
MOST_THOROUGH = 150  # files of a revision up to which it is asked for
HEAD = re.compile(rb"([0-9a-f]{40}) \d+ \d+(?: \d+)?\n?$")
# Each is a process that reads histories; two leave the machine to others.
READING = threading.BoundedSemaphore(2)
_known: Remembered[tuple[str, str], list["Line"]] = Remembered(KEPT_LINES, lambda lines: len(lines) + 1)


class Line(NamedTuple):
    """A line as it stands, and the commit that brought it."""

    sha: str
    text: str


def blame(repo: Repository, sha: str, wanted: Iterable[str]) -> tuple[dict[str, list[Line]], list[str]]:
    """Returns the lines of these files of a revision, by path, and which files were left out.

    Those are larger than 256 KiB, come, by path, after 500 files or 8 MiB, or have names that git cannot be told; a
    binary file has no lines. White space does not count, and lines that were moved, or copied from a file that the
    commit changed too, stay whose they were; in revisions of up to 150 files, from any file.

    Raises TooLarge after 30 s, TooMany where others are being read already.
    """
    files = [each for each in repo.files(sha) if each.kind == "blob"]
    chosen, left_out = _chosen(files, set(wanted))
    known = {path: lines for path in chosen if (lines := _known.get((sha, path))) is not None}
    missing = [path for path in chosen if path not in known]
    if missing:
        if not READING.acquire(timeout=SECONDS):
            raise TooMany("Other histories are being read at this moment; ask again in 20 s.", 20)
        try:
            known |= _read(repo, THOROUGH if len(files) <= MOST_THOROUGH else BLAME, sha, missing)
        finally:
            READING.release()
    left_out += [path for path in chosen if path not in known]
    return {path: known[path] for path in chosen if known.get(path)}, left_out


def _chosen(files: Sequence[Entry], wanted: set[str]) -> tuple[list[str], list[str]]:
    chosen, left_out, size = list[str](), list[str](), 0
    for entry in sorted(files, key=lambda each: each.path):
        if entry.path in wanted:
            fits = entry.size <= LARGEST and size + entry.size <= MOST_BYTES and len(chosen) < MOST_FILES
            size += entry.size if fits else 0
            (chosen if fits else left_out).append(entry.path)
    return chosen, left_out


def _read(repo: Repository, words: Sequence[str], sha: str, paths: list[str]) -> dict[str, list[Line]]:
    deadline = time.monotonic() + SECONDS
    found = {}
    for path in paths:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TooLarge(f"The history of this revision takes longer than {SECONDS} s to read.")
        with suppress(command.Failed, NotFound):
            where = (names.check_sha(sha), "--", names.check_readable(path))
            with command.reading(repo.path, *words, *where, env=repo.environment, seconds=left) as printed:
                found[path] = _lines(printed)
            _known.keep((sha, path), found[path])
    return found


def _lines(printed: BufferedReader) -> list[Line]:
    """Returns the lines of what git prints: a head that names the commit, its facts, and a tab with the line."""
    sha, whole, size, found = "", True, 0, list[Line]()
    while row := printed.readline(LARGEST + 2):
        size += len(row)
        if size > MOST_PRINTED:
            raise TooLarge("The history of this revision is too large to be read.")
        if whole and row.startswith(b"\t"):
            if b"\0" in row:  # a binary file
                found.clear()
                break
            found.append(Line(sha, row[1:].rstrip(b"\r\n").decode("utf-8", "replace")))
        elif whole and (head := HEAD.match(row)):
            sha = head[1].decode()
        whole = row.endswith(b"\n")
    while printed.read1(1 << 16):
        pass
    return found
