"""Waits until a build has ended, without keeping every thread of a process from working."""

import threading
import time

from pydantic import Field

from opendesign.actions.find_build import find_build
from opendesign.api.shape import Query
from opendesign.api.visit import house, visitor
from opendesign.core.build import is_key
from opendesign.records.build import has_ended

LONGEST = 20  # seconds; proxies commonly give up after 30
STEP = 0.5  # seconds between two looks when no ring is heard
# A process has 16 threads by default (setting web_threads): waiting must not keep all of them from working.
WAITERS = threading.BoundedSemaphore(8)


class Patience(Query):
    """How long an answer may take."""

    wait: float = Field(
        0, ge=0, le=LONGEST, allow_inf_nan=False, description="Seconds to wait for the end of the build."
    )


def await_seen(key: str, query: Patience) -> None:
    """Waits for the end of a build that the visitor may see; raises NotFound for others."""
    if query.wait and is_key(key):
        with house().reading(visitor()) as work:
            find_build(work, key)
        await_end(key, query.wait)


def await_end(key: str, seconds: float) -> None:
    """Returns when a build has ended, or the seconds are over; at once when too many wait already."""
    if not seconds or not WAITERS.acquire(blocking=False):
        return
    try:
        until = time.monotonic() + seconds
        with house().bell.listening(key) as wait:
            while not _has_ended(key) and (left := until - time.monotonic()) > 0:
                wait(min(left, STEP))
    finally:
        WAITERS.release()


def _has_ended(key: str) -> bool:
    with house().reading() as work:
        return has_ended(work.session, key)
