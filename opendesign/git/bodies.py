"""Request bodies: read in pieces, inflated on the way, never further than a limit."""

import zlib
from collections.abc import Callable
from typing import Protocol

from opendesign.core.errors import Invalid
from opendesign.git.limits import GitLimits, too_large

PIECE = 1 << 16
GZIP = 31


class Stream(Protocol):
    """What a web server gives to read a body from."""

    def read(self, size: int, /) -> bytes: ...


def nobody_counts(_size: int) -> None:
    """Counts nothing."""


class Body:
    """The bytes of a request as git should see them; `spend` is told how many came, and may refuse them."""

    def __init__(self, stream: Stream, gzip: bool, spend: Callable[[int], None] = nobody_counts):
        self._stream = stream
        self._spend = spend
        self._inflate = zlib.decompressobj(GZIP) if gzip else None
        self._tail = b""

    def read(self, size: int = PIECE) -> bytes:
        """At most `size` further bytes, none at the end; raises Invalid for a damaged gzip body."""
        try:
            piece = self._inflated(self._inflate, size) if self._inflate else self._stream.read(size)
        except zlib.error as bad:
            raise Invalid("The gzip body of the request is damaged.") from bad
        self._spend(len(piece))
        return piece

    def _inflated(self, inflate: "zlib._Decompress", size: int) -> bytes:
        while not inflate.eof:
            piece = self._tail or self._stream.read(PIECE)
            out = inflate.decompress(piece, size)
            self._tail = inflate.unconsumed_tail
            if out:
                return out
            if not piece:
                raise Invalid("The gzip body of the request ends too early.")
        return b""

    def exactly(self, size: int) -> bytes:
        """The next `size` bytes; raises Invalid if the body ends before."""
        found = b""
        while len(found) < size:
            piece = self.read(size - len(found))
            if not piece:
                raise Invalid("The request ends too early.")
            found += piece
        return found

    def whole(self, limits: GitLimits) -> bytes:
        """All of a body that is held in memory; raises TooLarge past `request_bytes`."""
        found = bytearray()
        while piece := self.read():
            found += piece
            if len(found) > limits.request_bytes:
                raise too_large("The request", limits, "request_bytes")
        return bytes(found)

    def drain(self, most: int) -> None:
        """Read and forget the rest, so that the client, who is still sending, gets to read the answer."""
        self._inflate = None
        while most > 0 and (piece := self._stream.read(PIECE)):
            most -= len(piece)
