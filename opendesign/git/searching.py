"""Searches the files of a revision for a text, letter by letter: `git grep`, with an end."""

import threading
from io import BufferedReader

from opendesign.core.errors import TooLarge, TooMany
from opendesign.core.search import Line
from opendesign.git import command, names
from opendesign.git.repository import Repository

SECONDS = 10
LONGEST_LINE = 8 << 10  # bytes that are looked at of what git prints of a line
SHOWN = 300  # characters of a line
# -F: what people type is no pattern, which could be made to take forever; -I: binary files are skipped.
GREP = ("grep", "-z", "-n", "-I", "-F", "-i", "--no-color", "--full-name", "--threads=1")
# Each reads every file of a revision; two leave the machine to others.
READING = threading.BoundedSemaphore(2)


def search(repo: Repository, sha: str, words: str, most: int) -> tuple[list[Line], bool]:
    """Returns the first `most` lines of a revision that hold the words, by path, and whether there are more.

    Case does not count. Raises TooLarge after 10 s, TooMany where others are searching already.
    """
    if not READING.acquire(timeout=SECONDS):
        raise TooMany("Others are searching at this moment; ask again in 10 s.", 10)
    try:
        ask = (*GREP, "-e", words, names.check_sha(sha), "--")
        with command.reading(repo.path, *ask, env=repo.environment, seconds=SECONDS) as printed:
            found = _lines(printed, len(sha) + 1, most + 1)
            if len(found) > most:
                printed.close()
    except command.Failed as ended:
        if ended.code != 1:  # 1: nothing was found
            raise
        found = []
    except TooLarge:
        raise TooLarge(f"The search took longer than {SECONDS} s; search a smaller design, or a clone of it.") from None
    finally:
        READING.release()
    return found[:most], len(found) > most


def _lines(printed: BufferedReader, prefix: int, most: int) -> list[Line]:
    """Returns the lines git prints: `sha:path`, NUL, number, NUL, text; of a long one the beginning."""
    found: list[Line] = []
    while len(found) < most and (row := printed.readline(LONGEST_LINE)):
        rest = row
        while not rest.endswith(b"\n") and (rest := printed.readline(LONGEST_LINE)):
            pass
        path, number, text = (*row.split(b"\0", 2), b"", b"")[:3]
        if number.isdigit():
            line = text.rstrip(b"\r\n").decode("utf-8", "replace")
            found.append(Line(path[prefix:].decode("utf-8", "replace"), int(number), line[:SHOWN]))
    return found
