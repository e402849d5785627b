"""What goes to other servers and comes from there: one job for each, and few at a time, so that builds go on."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from opendesign.actions.house import House
from opendesign.core.errors import Paused, Refusal
from opendesign.git import locks
from opendesign.records.arrival import arrivals_waiting
from opendesign.records.mirror import mirrors_due, outlets_due

log = logging.getLogger(__name__)
LONGEST = timedelta(days=1)  # between two tries


@contextmanager
def alone(house: House, name: str, job: str, key: str) -> Iterator[bool]:
    """Yields whether this is the only job of its name, and there is a place for it.

    One of the worker's threads is left to builds. When it ends, what had to wait is queued.
    """
    folder, places = house.settings.var / "transfers", max(1, house.settings.worker_threads - 1)
    with ExitStack() as held:
        free = held.enter_context(locks.unless_taken(folder / name))
        slots = (held.enter_context(locks.unless_taken(folder / f"place-{number}")) for number in range(places))
        began = free and any(slots)
        yield began
    if began:
        for kind, number in waiting(house):
            if (kind, number) != (job, key):
                house.queue.put(kind, number)


def why_not(transfer: Callable[[], object], what: str) -> str:
    """Does a transfer and returns why it failed, in words for whoever wanted it; empty when all went well.

    Raises Paused: what read-only mode keeps from being done has not failed.
    """
    try:
        transfer()
    except Paused:
        raise
    except Refusal as refusal:
        return refusal.message
    except Exception:
        log.exception("%s failed", what)
        return "Something went wrong here; the operator can read what in the log."
    return ""


def forget(house: House, name: str) -> None:
    """Takes away the lock of a job that will never be done again."""
    (house.settings.var / "transfers" / name).unlink(missing_ok=True)


def waiting(house: House) -> list[tuple[str, str]]:
    """Returns the jobs, by kind and number, of all that has to be brought or pushed by now."""
    with house.reading() as work:
        arrivals, mirrors, outlets = (find(work.session) for find in (arrivals_waiting, mirrors_due, outlets_due))
    named = (("import", arrivals), ("mirror", mirrors), ("deliver", outlets))
    return [(kind, str(number)) for kind, numbers in named for number in numbers]


def pause(minutes: int, failures: int) -> timedelta:
    """Returns how long to wait after so many failures in a row: twice as long after each, a day at most."""
    return min(timedelta(minutes=minutes) * 2 ** min(failures, 12), max(LONGEST, timedelta(minutes=minutes)))
