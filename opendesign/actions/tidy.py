"""Clears away what can be made again: stamped files that nobody has asked to be made for a month."""

import time

from opendesign.actions.house import House
from opendesign.records.build import builds_by_key, comparisons_by_key

KEPT_SECONDS = 30 * 24 * 3600
BATCH = 500  # keys looked up at once: SQLite takes 999 values in one statement at the least


def tidy(house: House) -> int:
    """Removes from the shelf what no build or comparison is called and is older than 30 days; returns how many."""
    old = list(house.shelf.older(time.time() - KEPT_SECONDS))
    gone = 0
    for start in range(0, len(old), BATCH):
        some = old[start : start + BATCH]
        with house.reading() as work:
            known = builds_by_key(work.session, some).keys() | comparisons_by_key(work.session, some).keys()
        for key in set(some) - known:
            house.shelf.delete(key)
            gone += 1
    return gone
