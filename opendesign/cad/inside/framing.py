"""Pieces in a row, as the drawer of photos is sent them and sends them: each after its length, four bytes."""

import struct
from collections.abc import Iterator

LENGTH = struct.Struct(">I")


def framed(piece: bytes) -> bytes:
    """Returns a piece after its length."""
    return LENGTH.pack(len(piece)) + piece


def pieces(text: bytes) -> Iterator[bytes]:
    """Yields the pieces of a row; the last one may be cut off."""
    place = 0
    while place + LENGTH.size <= len(text):
        (length,) = LENGTH.unpack_from(text, place)
        place += LENGTH.size
        yield text[place : place + length]
        place += length
