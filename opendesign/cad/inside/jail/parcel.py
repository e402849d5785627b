"""Packs named contents into one file, and reads them back without trusting the packer."""

import os
import struct
from collections.abc import Iterable, Iterator

HEAD = struct.Struct("<IQ")  # bytes of the name, bytes of the content
LONGEST_NAME = 4096


class Broken(ValueError):
    """A parcel that does not hold what its heads promise, or more than allowed."""


def append(descriptor: int, name: str, content: bytes) -> None:
    """Writes one record at the current place of a file. Raises OSError if it does not fit."""
    encoded = name.encode("utf-8", "surrogateescape")
    write(descriptor, HEAD.pack(len(encoded), len(content)) + encoded)
    write(descriptor, content)


def write(descriptor: int, content: bytes) -> None:
    """Writes all of the bytes."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def pack(descriptor: int, records: Iterable[tuple[str, bytes]]) -> None:
    """Writes many records."""
    for name, content in records:
        append(descriptor, name, content)


def records(descriptor: int, limit: int, most: int) -> Iterator[tuple[str, bytes]]:
    """Yields names and contents in order; the file must not change meanwhile.

    Raises Broken if it is larger than `limit` bytes, has more than `most` records or contradicts itself.
    """
    size = os.fstat(descriptor).st_size
    if size > limit:
        raise Broken(f"{size} bytes, {limit} are allowed")
    place = count = 0
    while place < size:
        count += 1
        head = os.pread(descriptor, HEAD.size, place)
        if len(head) < HEAD.size or count > most:
            raise Broken("a cut record" if count <= most else f"more than {most} records")
        name_size, content_size = HEAD.unpack(head)
        place += HEAD.size
        if name_size > LONGEST_NAME or name_size + content_size > size - place:
            raise Broken("a record longer than its file")
        name = os.pread(descriptor, name_size, place).decode("utf-8", "surrogateescape")
        yield name, whole(descriptor, content_size, place + name_size)
        place += name_size + content_size


def whole(descriptor: int, size: int, place: int) -> bytes:
    """Reads exactly `size` bytes; one call ends at 2 GiB."""
    content = os.pread(descriptor, size, place)
    while len(content) < size:
        more = os.pread(descriptor, size - len(content), place + len(content))
        if not more:
            raise Broken("a cut record")
        content += more
    return content
