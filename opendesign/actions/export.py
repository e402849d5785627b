"""Somebody wants a file of a build: from the shelf, or made here and now."""

import time

from opendesign.actions.build import build
from opendesign.actions.house import House, Visitor
from opendesign.actions.remake import remake
from opendesign.core.build import FORMATS, is_key
from opendesign.core.errors import NotFound, Unbuildable
from opendesign.core.output import demand_output
from opendesign.core.stamp import Stamp

PAUSE = 0.5  # seconds between two looks at a build that somebody else is making, when no ring is heard


def is_ready(house: House, key: str, name: str) -> bool:
    """Tells whether a file lies on the shelf; False for one that has to be made first, or that there cannot be."""
    try:
        demand_output(name)
        return is_key(key) and house.shelf.has(key, name)
    except NotFound:
        return False


def export(house: House, visitor: Visitor, key: str, name: str, stamp: Stamp | None = None) -> str:
    """Returns the key under which a file of a build lies on the shelf, made first where it is not there yet.

    A build that was only previewed gets all its files; drawings, sections and whatever carries a stamp are made one by
    one, once each however many ask. Raises NotFound for no such build or file, Invalid for a section beside the part,
    Unbuildable when the build has failed, the kernel cannot make the file, or the engine is off.
    """
    demand_output(name)
    if not is_key(key):
        raise NotFound(f"No build is called “{key[:80]}”.")
    if stamp is None and name in FORMATS:
        if not is_ready(house, key, name):
            _await(house, visitor, key)
            if not is_ready(house, key, name):
                raise NotFound(f"There is no {name} file of this part; the warnings on its page say why.")
        return key
    place = stamp.key(key) if stamp else key
    if not is_ready(house, place, name):
        _await(house, visitor, key)
        with house.shelf.alone(place, name):
            if not is_ready(house, place, name):
                remake(house, visitor, key, [name], stamp)
    return place


def _await(house: House, visitor: Visitor, key: str) -> None:
    """Returns when a build has all files that are made with it; makes them if nobody else does."""
    deadline = time.monotonic() + house.settings.build_seconds * 2
    while True:
        with house.bell.listening(key) as wait:
            state = build(house, key, visitor)
            if state == "gone":
                raise NotFound(f"No build is called “{key[:80]}”.")
            if state == "failed":
                raise Unbuildable("This does not build, so there is no file of it; its page says why.")
            if state == "made":
                return
            if time.monotonic() > deadline:
                raise Unbuildable("This file takes too long to make; try again in a minute.")
            wait(PAUSE)
