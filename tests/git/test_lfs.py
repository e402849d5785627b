"""Files of Git LFS on the disk: whole or not at all, and safe from the sweep while they arrive."""

import errno
import io
import os
import threading
import time

import pytest
from lfs_client import oid_of, pointer

from opendesign.core.errors import NoRoom
from opendesign.core.lfs import Pointer
from opendesign.git.lfs import pointers_in

CONTENT = b"solid corner\n" * 20_000  # four pieces
NAMED = Pointer(oid_of(CONTENT), len(CONTENT))


def is_gone(_oids):
    return set()


class Disk(io.BytesIO):
    """A stream that ends as one does whose bytes no disk takes any more."""

    def read(self, size=-1):
        """Gives a piece, then fails."""
        if self.tell():
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().read(size)


def test_a_full_disk_is_said_and_leaves_nothing(store):
    with pytest.raises(NoRoom, match="disk"), store.lfs.arriving(NAMED, Disk(CONTENT)):
        pass
    assert not any(path.is_file() for path in store.lfs.root.rglob("*"))


def test_a_sweep_waits_for_what_arrives_and_then_keeps_it(store):
    """An old file that nobody has is sent again while it is swept: it stays, since it has just come."""
    with store.lfs.arriving(NAMED, io.BytesIO(CONTENT)):
        pass
    place = store.lfs.path(NAMED.oid)
    os.utime(place, (0, 0))
    asked, swept = threading.Event(), []

    def sweep():
        asked.set()
        swept.append(store.lfs.sweep(is_gone, time.time() - 60))

    thread = threading.Thread(target=sweep)
    with store.lfs.arriving(NAMED, io.BytesIO(CONTENT)):
        thread.start()
        assert asked.wait(10)
    thread.join(10)
    assert swept == [0] and place.read_bytes() == CONTENT
    os.utime(place, (0, 0))
    assert store.lfs.sweep(lambda oids: set(oids), time.time()) == 0
    assert store.lfs.sweep(is_gone, time.time() - 60) == 1 and not store.lfs.holds(NAMED)


def test_pointers_of_all_commits_are_found(store, design, commit):
    first = commit(design, {"a.stl": pointer(b"one").encode(), "b.txt": b"x" * 130})
    tip = commit(design, {"a.stl": pointer(b"two").encode()})
    with store.open(design) as repository:
        found = pointers_in(repository, [tip], [])
        assert {each.oid for each in found} == {oid_of(b"one"), oid_of(b"two")}
        assert [each.oid for each in pointers_in(repository, [tip], [first])] == [oid_of(b"two")]
        assert pointers_in(repository, [tip], [tip]) == []
