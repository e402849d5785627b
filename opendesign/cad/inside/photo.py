"""Draws strangers' photos anew, in a process of its own that can open nothing: small, upright, without what they tell.

It reads photos from standard input and writes three pieces for each to standard output: its size, the picture and a
small one, as JPEG. Of what cannot be read the size is 0 and the rest empty.
"""

import io
import os
import resource
import struct
import sys

from PIL import Image, ImageOps

from opendesign.cad.inside.framing import framed, pieces
from opendesign.cad.inside.jail import linux, seccomp

FORMATS = ("JPEG", "PNG", "WEBP")
LARGE, SMALL = 1600, 480  # pixels of the longer side
QUALITY = 80
MOST_PIXELS = 50_000_000  # a telephone's picture has 12 to 50 million
MEMORY, SECONDS = 1 << 30, 20
SIZE = struct.Struct(">II")


def main() -> None:
    """Reads all photos, shuts itself in, and draws them."""
    photos = list(pieces(sys.stdin.buffer.read()))
    warm()
    shut()
    for photo in photos:
        sys.stdout.buffer.write(b"".join(map(framed, drawn(photo))))
    sys.stdout.buffer.flush()


def warm() -> None:
    """Reads and writes a picture in each format, so that nothing has to be imported later."""
    for name in FORMATS:
        place = io.BytesIO()
        Image.new("RGB", (2, 2)).save(place, name)
        drawn(place.getvalue())


def shut() -> None:
    """Opens nothing from now on: no file, no connection, no process. Raises OSError where that cannot be had."""
    for name, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    linux.prctl(linux.PR_SET_DUMPABLE, 0)
    seccomp.load(seccomp.program(os.getpid()))


def drawn(photo: bytes) -> list[bytes]:
    """Returns the size of a photo drawn anew, the picture and the small one."""
    try:
        image = opened(photo)
        small = image.copy()
        small.thumbnail((SMALL, SMALL))
        return [SIZE.pack(*image.size), written(image), written(small)]
    except Exception:  # whatever a broken file brings a decoder to
        return [SIZE.pack(0, 0), b"", b""]


def opened(photo: bytes) -> Image.Image:
    """Returns a photo upright and small enough, on white where it is clear, and with nothing but its pixels."""
    image = Image.open(io.BytesIO(photo), formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    image.draft("RGB", (LARGE, LARGE))
    image.thumbnail((LARGE, LARGE))
    image = ImageOps.exif_transpose(image)
    if image.mode != "RGB":
        clear = image.convert("RGBA")
        image = Image.new("RGB", clear.size, "white")
        image.paste(clear, mask=clear.getchannel("A"))
    return Image.frombytes("RGB", image.size, image.tobytes())


def written(image: Image.Image) -> bytes:
    """Returns a picture as JPEG."""
    place = io.BytesIO()
    image.save(place, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return place.getvalue()


if __name__ == "__main__":
    main()
