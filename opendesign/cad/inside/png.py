"""Writes PNG files (https://www.w3.org/TR/png-3/)."""

import struct
import zlib

import numpy as np


def written(picture: np.ndarray) -> bytes:
    """Returns a picture (height × width × 4, uint8, not premultiplied) as a PNG."""
    height, width, _ = picture.shape
    # Filter 2, "up": each row as the difference from the one above, which packs shaded surfaces best.
    above = np.concatenate([np.zeros((1, width, 4), np.uint8), picture[:-1]])
    rows = np.empty((height, 1 + width * 4), np.uint8)
    rows[:, 0] = 2
    rows[:, 1:] = (picture - above).reshape(height, -1)
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def chunk(kind: bytes, content: bytes) -> bytes:
    """Returns one chunk."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
