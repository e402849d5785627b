"""An operator moves files of Git LFS from the disk to the bucket that is set."""

from opendesign.core.errors import Invalid
from opendesign.git.lfs import LargeFiles


def shelve_lfs(store: LargeFiles) -> tuple[int, list[str]]:
    """Moves every file that lies on the disk to where the store keeps files; returns how many, and damaged ones.

    Each is checked on its way, and leaves the disk once it is in the bucket; damaged ones stay. All may be in use
    meanwhile, and what was interrupted goes on from where it was. Raises Away.
    """
    moved, damaged = 0, []
    for pointer in LargeFiles(store.root).everything():
        try:
            store.land(store.path(pointer.oid))
            moved += 1
        except FileNotFoundError:  # swept away, or moved by another who does the same
            continue
        except Invalid:
            damaged.append(pointer.oid)
    return moved, damaged
