"""The queue: the name of a job and one key, nothing more. Huey keeps and delivers them."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from huey import Huey, crontab
from huey.constants import EmptyData
from huey.consumer import Consumer

from opendesign.core.errors import Invalid
from opendesign.queue.bell import Bell
from opendesign.queue.storage import PostgresQueue, RedisQueue, SqliteQueue

log = logging.getLogger(__name__)
Perform = Callable[[str, str, str], None]  # a job's name, its key, and the request that put it in
UPKEEP = "upkeep"
UPKEEP_MINUTES = 10


class Queue:
    """Jobs waiting behind a URL: `sqlite:///file`, `redis://host` or `postgresql://host/name`.

    Beside them it keeps what processes tell each other of the moment, which is in no record: counts and notes.
    """

    def __init__(self, url: str, bell: Bell):
        self.bell = bell
        self.huey: Huey = _connect(url, bell)
        self._perform: Perform | None = None

        @self.huey.task(name="job", retries=2, retry_delay=5)
        def job(name: str, key: str, request: str = "") -> None:
            if self._perform is None:
                raise RuntimeError("This process takes no jobs.")
            self._perform(name, key, request)

        self._job = job

    def put(self, name: str, key: str, priority: int = 0, request: str = "") -> None:
        """Adds a job; a higher priority goes first. `request` names what it is done for, in the log."""
        self.huey.enqueue(self._job.s(name, key, *([request] if request else ()), priority=priority))

    def waiting(self) -> int:
        """Returns how many jobs wait."""
        return self.huey.pending_count()

    def count(self, name: str, more: int = 0) -> int:
        """Adds to a count that all processes share, and returns what it is then; upkeep forgets all of them."""
        return self.huey.storage.incr(name, more)

    def note(self, name: str, text: str) -> None:
        """Leaves a note for other processes, until it is taken away: a hint, as rings are."""
        try:
            self.huey.storage.put_data(name, text.encode())
        except Exception as trouble:  # whatever its driver raises
            log.warning("A note was not left: %s", trouble)

    def noted(self, name: str) -> str | None:
        """Returns the note of this name, if there is one."""
        found = self.huey.storage.peek_data(name)
        return None if found is EmptyData else bytes(found).decode()

    def take_away(self, name: str) -> None:
        """Takes away a note; there may be none."""
        try:
            self.huey.storage.delete_data(name)
        except Exception as trouble:  # whatever its driver raises
            log.warning("A note was not taken away: %s", trouble)

    def consume(self, perform: Perform, upkeep: Callable[[], object], look: Callable[[], object], threads: int) -> None:
        """Takes jobs until the process is told to stop; runs `look` every minute.

        Every ten minutes one of all processes that do so runs `upkeep`.
        """
        self._perform = perform

        @self.huey.periodic_task(crontab(minute=f"*/{UPKEEP_MINUTES}"), name=UPKEEP)
        def keep() -> None:
            if self.comes_first(int(time.time() // (UPKEEP_MINUTES * 60))):
                self.huey.storage.flush_counters()
                upkeep()

        @self.huey.periodic_task(crontab(minute="*"), name="look")
        def see() -> None:
            look()

        Consumer(self.huey, workers=threads, worker_type="thread").run()

    def comes_first(self, turn: int) -> bool:
        """Says whether upkeep of this turn is still to be done, which it says to one of all who ask."""
        first = self.huey.storage.put_if_empty(f"{UPKEEP} {turn}", b"")
        for name in self.huey.storage.result_items() if first else ():
            kind, _, number = name.partition(" ")
            if kind == UPKEEP and int(number) < turn:
                self.take_away(name)
        return first


def _connect(url: str, bell: Bell) -> Huey:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        path = Path("/" + rest.lstrip("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return Huey("opendesign", results=False, storage_class=SqliteQueue, filename=str(path), bell=bell)
    if scheme in ("redis", "rediss"):
        found = Huey("opendesign", results=False, storage_class=RedisQueue, url=url)
    elif scheme in ("postgresql", "postgres"):
        found = Huey("opendesign", results=False, storage_class=PostgresQueue, dsn=url)
    else:
        known = "sqlite:///file, redis://host or postgresql://host/name"
        raise Invalid(f"queue_url is “{scheme}://…”; it must be {known}.")
    bell.wire = found.storage
    return found
