"""Somebody wants a file of a build: from the shelf, or made here and now."""

import time
from pathlib import Path

from opendesign.actions.build import build
from opendesign.actions.house import House, Visitor
from opendesign.core.build import FORMATS, is_key
from opendesign.core.errors import NotFound, Unbuildable

PAUSE = 0.05  # seconds between two looks at a build that somebody else is making


def export(house: House, visitor: Visitor, key: str, format: str) -> Path:
    """Returns where a file of a build lies; one that was only previewed gets all its files first.

    Raises NotFound for no such build or format, Unbuildable when the build has failed or the engine is off.
    """
    if not is_key(key):
        raise NotFound(f"No build is called “{key[:80]}”.")
    if format not in FORMATS:
        raise NotFound(f"There is no format “{format[:40]}”; formats are {', '.join(FORMATS)}.")
    deadline = time.monotonic() + house.settings.build_seconds * 2
    while True:
        try:
            return house.shelf.path(key, format)
        except NotFound:
            state = build(house, key, visitor)
        if state == "gone":
            raise NotFound(f"No build is called “{key[:80]}”.")
        if state == "failed":
            raise Unbuildable("This does not build, so there is no file of it; its page says why.")
        if state == "made":
            return house.shelf.path(key, format)
        if time.monotonic() > deadline:
            raise Unbuildable("This file takes too long to make; try again in a minute.")
        time.sleep(PAUSE)
