"""Git's wire format: lines with their length in front, and the three bands of a push's answer."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from opendesign.core.errors import Invalid

FLUSH = b"0000"
LONGEST = 65520
REPORT, PROGRESS, ERROR = 1, 2, 3


class Exact(Protocol):
    """Something that gives exactly so many bytes, or raises."""

    def exactly(self, size: int) -> bytes: ...


def line(content: bytes) -> bytes:
    """One line on the wire."""
    return b"%04x" % (len(content) + 4) + content


def banded(band: int, content: bytes) -> bytes:
    """Content of any length as lines of a band."""
    step = LONGEST - 5
    pieces = (content[start : start + step] for start in range(0, len(content), step))
    return b"".join(line(bytes([band]) + piece) for piece in pieces)


def said(lines: Iterable[str]) -> bytes:
    """Sentences for the pusher, who reads each behind "remote: "."""
    clean = ("".join(letter for letter in text if letter.isprintable()) for text in lines)
    return b"".join(banded(PROGRESS, f"{text}\n".encode("utf-8", "replace")) for text in clean)


def read_line(source: Exact) -> bytes | None:
    """The content of the next line, None for a flush; raises Invalid for what is not a line."""
    size = _size(source.exactly(4))
    return source.exactly(size - 4) if size else None


def lines_in(content: bytes) -> Iterator[bytes]:
    """The lines of a text that is complete; an unfinished last one is left out."""
    at = 0
    while at + 4 <= len(content):
        size = _size(content[at : at + 4])
        if size:
            yield content[at + 4 : at + size]
        at += size or 4


def _size(digits: bytes) -> int:
    try:
        size = int(digits, 16)
    except ValueError as bad:
        raise Invalid("The request is not in git's format.") from bad
    if size in (1, 2, 3) or not 0 <= size <= LONGEST:
        raise Invalid("The request is not in git's format.")
    return size
