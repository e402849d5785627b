"""Has photos drawn anew by a process that can do nothing else (inside/photo.py): what is in them breaks only that."""

import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from opendesign.cad.inside.framing import framed, pieces
from opendesign.core.errors import Away

MODULE = "opendesign.cad.inside.photo"
PATIENCE = 40  # seconds
LARGEST_SIDE, LARGEST = 1600, 4 << 20  # of what is believed to be a picture that was drawn anew
_one_at_a_time = threading.Lock()  # a photo of 50 million pixels takes 300 MB for a moment


@dataclass(frozen=True)
class Drawn:
    """A photo drawn anew: JPEG of at most 1600 pixels a side, and a small one of 480; nothing else is in them."""

    width: int
    height: int
    picture: bytes
    small: bytes


def draw_photos(photos: Sequence[bytes]) -> list[Drawn | None]:
    """Returns each photo drawn anew, None for what is no JPEG, PNG or WebP, or has over 50 million pixels.

    Raises Away where the process ends without an answer.
    """
    if not photos:
        return []
    command = [sys.executable, "-I", "-B", "-m", MODULE]
    told = b"".join(map(framed, photos))
    with _one_at_a_time:
        try:
            done = subprocess.run(command, input=told, capture_output=True, timeout=PATIENCE, env={})
        except subprocess.TimeoutExpired:
            raise Away("These photos take too long to be read. Send fewer or smaller ones.", 60) from None
    said = list(pieces(done.stdout))
    if done.returncode or len(said) != 3 * len(photos):
        raise Away("The photos could not be read here; send fewer or smaller ones, or leave them out.", 60)
    return [_drawn(*said[start : start + 3]) for start in range(0, len(said), 3)]


def _drawn(size: bytes, picture: bytes, small: bytes) -> Drawn | None:
    width, height = (int.from_bytes(size[place : place + 4]) for place in (0, 4))
    good = all(0 < side <= LARGEST_SIDE for side in (width, height)) and len(picture) + len(small) <= LARGEST
    return Drawn(width, height, picture, small) if good else None
