"""Clears away files of Git LFS that no design has any more."""

import time
from collections.abc import Sequence

from opendesign.actions.house import House
from opendesign.records.lfs import had_by_any

GRACE_SECONDS = 24 * 3600  # what has just come may be about to be noted, or asked for by a client that was cut off


def sweep_files(house: House) -> int:
    """Removes files that came more than a day ago and are no design's; returns how many."""

    def kept(oids: Sequence[str]) -> set[str]:
        with house.reading() as work:
            return had_by_any(work.session, oids)

    return house.store.lfs.sweep(kept, time.time() - GRACE_SECONDS)
