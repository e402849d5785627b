"""An operator moves made files from one shelf to another, such as from a folder to a bucket."""

from contextlib import suppress
from itertools import islice

from opendesign.cad.shelf import Shelf
from opendesign.core.errors import NotFound

AT_ONCE = 100_000  # keys of which a shelf is asked together what it has not


def shelve(source: Shelf, target: Shelf) -> tuple[int, int]:
    """Puts onto a shelf what lies on another and not on it yet; returns how many keys that were, and of how many.

    Nothing is taken away, and both may be in use meanwhile.
    """
    moved = seen = 0
    keys = source.everything()
    while some := list(islice(keys, AT_ONCE)):
        seen += len(some)
        wanted = {key: source.names(key) for key in some}
        for key in sorted(target.lacking(wanted)):
            with suppress(NotFound):  # somebody has cleared it away meanwhile
                target.put(key, {name: _content(source, key, name) for name in wanted[key]})
                moved += 1
    return moved, seen


def _content(shelf: Shelf, key: str, name: str) -> bytes:
    with shelf.borrowed(key, name) as path:
        return path.read_bytes()
