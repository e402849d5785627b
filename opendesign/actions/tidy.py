"""Packs repositories, and clears away what can be made again: stamped files nobody has asked for in a month."""

import logging
import time

from opendesign.actions.heal import Gone, gone_through
from opendesign.actions.house import House
from opendesign.records.build import builds_by_key, comparisons_by_key

KEPT_SECONDS = 30 * 24 * 3600
BATCH = 500  # keys looked up at once: SQLite takes 999 values in one statement at the least

log = logging.getLogger(__name__)


def tidy_repositories(house: House) -> Gone:
    """Repacks every repository and pool, and sweeps what killed pushes left; returns what came of it."""
    keys = sorted(int(path.stem) for path in house.store.root.glob("*.git") if path.stem.isdigit())
    lost = {key for key in keys if not _tidied(house, key)}
    house.store.gc_pools()
    return gone_through(house, keys, lost)


def _tidied(house: House, key: int) -> bool:
    try:
        house.store.gc(str(key))
    except Exception:
        log.exception("The repository of design %s cannot be tidied", key)  # the others still can
        return False
    return True


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
