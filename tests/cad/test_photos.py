"""Strangers' photos are drawn anew by a process that can open nothing: upright, small, silent about their origin."""

import io
import struct
import subprocess
import sys
import zlib

from photos import PLACE, REMARK, photo
from PIL import Image

from opendesign.cad.photos import draw_photos

TRIES = """
import os, socket
from opendesign.cad.inside import photo
photo.warm()
photo.shut()
held = 0
for attempt in (lambda: open("/etc/passwd"), lambda: socket.socket(), os.fork, lambda: os.execv("/bin/true", ["true"])):
    try:
        attempt()
    except OSError:
        held += 1
os.write(1, b"%d" % held)
os._exit(0)
"""


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture))


def bomb() -> bytes:
    """A PNG of 2 kB that says it has ten thousand million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1 << 20)))
        + chunk(b"IEND", b"")
    )


def test_a_photo_is_upright_and_small_and_says_nothing_else():
    clear = io.BytesIO()
    Image.new("RGBA", (40, 20), (255, 0, 0, 0)).save(clear, "PNG")
    sent = [photo(2400, 1000, turned=True), clear.getvalue(), b"\xff\xd8 no photo", bomb()]
    turned, white, none, huge = draw_photos(sent)
    assert none is None and huge is None
    assert (turned.width, turned.height) == opened(turned.picture).size == (667, 1600)
    assert max(opened(turned.small).size) == 480
    for picture in (turned.picture, turned.small):
        assert PLACE.encode() not in picture and REMARK not in picture
        assert not opened(picture).getexif() and "comment" not in opened(picture).info
    assert opened(white.picture).convert("RGB").getpixel((5, 5)) == (255, 255, 255)
    assert draw_photos([]) == []


def test_whoever_breaks_the_decoder_reaches_nothing():
    done = subprocess.run([sys.executable, "-c", TRIES], capture_output=True, timeout=60)
    assert (done.stdout, done.returncode) == (b"4", 0), done.stderr[-500:]
