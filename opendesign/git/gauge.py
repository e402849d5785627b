"""Measures a pack while it streams by: every size is known before anything is stored.

A pack of zeros is a thousand times smaller than what it holds, and a delta of twenty bytes can ask for
gigabytes; git itself checks only the bytes on the wire. The format is described in gitformat-pack(5).
"""

import zlib

from opendesign.core.errors import Invalid
from opendesign.git.limits import GitLimits, in_words, too_large

MAGIC = (b"PACK\0\0\0\2", b"PACK\0\0\0\3")
HEAD_BYTES = 12
BLOB = 3
OFFSET_DELTA, REF_DELTA = 6, 7
FILES = (BLOB, OFFSET_DELTA, REF_DELTA)
SHA_BYTES = 20
ENTRY_HEAD_BYTES = 64
"""Longer than any honest head of an entry: two numbers of ten bytes, or one and an object id."""
DELTA_HEAD_BYTES = 20
"""A delta starts with the sizes of its base and of its result, ten bytes each at most."""
PIECE = 1 << 20


class Gauge:
    """Fed with a pack in pieces of any length; raises TooLarge at the first byte that shows too much."""

    def __init__(self, limits: GitLimits):
        self.limits = limits
        self._wire = 0
        self._unpacked = 0
        self._rest = b""
        self._left: int | None = None
        self._entry: Entry | None = None

    def feed(self, piece: bytes) -> None:
        """Look at the next bytes of the pack; raises TooLarge, and Invalid for what is no pack."""
        self._wire += len(piece)
        if self._wire > self.limits.push_bytes:
            raise too_large("This push", self.limits, "push_bytes")
        if self._left == 0:
            return
        data = memoryview(self._rest + piece)
        at = self._measure(data)
        self._rest = bytes(data[at:])

    def _measure(self, data: memoryview) -> int:
        """Walk over the entries as far as `data` reaches; returns where to go on."""
        at = 0
        if self._left is None:
            if len(data) < HEAD_BYTES:
                return 0
            self._left, at = self._count(data), HEAD_BYTES
        while self._left:
            if self._entry is None:
                found = read_entry(data, at)
                if found is None:
                    return at
                self._entry, at = found
                self._add(self._entry.kind, self._entry.size)
            at = self._entry.skip(data, at)
            if not self._entry.done:
                return at
            self._add(BLOB, self._entry.result())
            self._entry = None
            self._left -= 1
        return len(data)

    def _count(self, data: memoryview) -> int:
        if bytes(data[:8]) not in MAGIC:
            raise Invalid("The push holds no pack that git knows.")
        count = int.from_bytes(data[8:HEAD_BYTES], "big")
        if count > self.limits.push_objects:
            raise too_large("The number of objects in this push", self.limits, "push_objects")
        return count

    def _add(self, kind: int, size: int) -> None:
        what, limit = ("A file", "file_bytes") if kind in FILES else ("A folder or message", "read_bytes")
        if size > getattr(self.limits, limit):
            raise too_large(f"{what} of {in_words(size)} in this push", self.limits, limit)
        self._unpacked += size
        if self._unpacked > self.limits.unpacked_bytes:
            raise too_large("What this push unpacks to", self.limits, "unpacked_bytes")


class Entry:
    """One object of a pack: inflated to find where it ends, and forgotten."""

    def __init__(self, kind: int, size: int):
        self.kind = kind
        self.size = size
        self._seen = 0
        self._inflate = zlib.decompressobj()
        self._head = b""

    @property
    def done(self) -> bool:
        """Whether its end has been seen."""
        return self._inflate.eof

    def skip(self, data: memoryview, at: int) -> int:
        """Move on from `at` to its end, or to the end of `data`; raises Invalid if it is not what its head
        says.
        """
        while at < len(data) and not self.done:
            left = self.size - self._seen
            window = data[at : at + min(PIECE, left + left // 1000 + 64)]
            try:
                out = self._inflate.decompress(window, min(PIECE, left + 1))
            except zlib.error as bad:
                raise Invalid("The pack of this push is damaged.") from bad
            at += len(window) - len(self._inflate.unconsumed_tail) - len(self._inflate.unused_data)
            self._seen += len(out)
            if len(self._head) < DELTA_HEAD_BYTES:
                self._head += out[:DELTA_HEAD_BYTES]
            if self._seen > self.size or (self.done and self._seen < self.size):
                raise Invalid("The pack of this push is damaged.")
        return at

    def result(self) -> int:
        """What a delta unpacks to, in bytes; 0 for other objects, whose size is known from the start."""
        if self.kind not in (OFFSET_DELTA, REF_DELTA):
            return 0
        head = memoryview(self._head)
        base = read_number(head, 0)
        after = base and read_number(head, base[1])
        if not after:
            raise Invalid("The pack of this push is damaged.")
        return after[0]


def read_entry(data: memoryview, at: int) -> tuple[Entry, int] | None:
    """The entry that starts at `at` and where its content starts; None if `data` ends before."""
    start = at
    first = read_number(data, at)
    if first is not None:
        number, at = first
        kind, size = data[start] >> 4 & 7, (number >> 7) << 4 | data[start] & 15
        if kind == OFFSET_DELTA:
            base = read_number(data, at)
            at = base[1] if base else len(data) + 1
        elif kind == REF_DELTA:
            at += SHA_BYTES
        if kind in (0, 5):
            raise Invalid("The pack of this push is damaged.")
        if at <= len(data):
            return Entry(kind, size), at
    if len(data) - start > ENTRY_HEAD_BYTES:
        raise Invalid("The pack of this push is damaged.")
    return None


def read_number(data: memoryview, at: int) -> tuple[int, int] | None:
    """A number of seven bits a byte, lowest first, and where it ends; None if `data` ends before."""
    number = shift = 0
    while at < len(data) and shift < 70:
        number |= (data[at] & 0x7F) << shift
        if not data[at] & 0x80:
            return number, at + 1
        shift += 7
        at += 1
    return None
