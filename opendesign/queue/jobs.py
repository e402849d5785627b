"""The queue: the name of a job and one key, nothing more. Huey keeps and delivers them."""

import logging
from collections.abc import Callable
from pathlib import Path

from huey import Huey, PriorityRedisHuey, crontab
from huey.consumer import Consumer
from huey.storage import SqliteStorage

from opendesign.core.errors import Invalid
from opendesign.queue.bell import Bell

log = logging.getLogger(__name__)
Perform = Callable[[str, str, str], None]  # a job's name, its key, and the request that put it in
JOB = "job"  # the ring that tells of a new one
PATIENCE = 1.0  # seconds between two looks when no ring is heard


class Queue:
    """Jobs waiting behind a URL: `sqlite:///file` or `redis://host`."""

    def __init__(self, url: str, bell: Bell):
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

    def consume(self, perform: Perform, upkeep: Callable[[], object], look: Callable[[], object], threads: int) -> None:
        """Takes jobs until the process is told to stop; runs `upkeep` every ten minutes, and `look` every minute."""
        self._perform = perform

        @self.huey.periodic_task(crontab(minute="*/10"), name="upkeep")
        def keep() -> None:
            upkeep()

        @self.huey.periodic_task(crontab(minute="*"), name="look")
        def see() -> None:
            look()

        Consumer(self.huey, workers=threads, worker_type="thread").run()


class SqliteQueue(SqliteStorage):
    """Jobs in an SQLite file: a ring wakes a worker within a millisecond, and nobody waits for the disk.

    A power cut may lose the last jobs, not the file (WAL); `heal` puts them back from the records.
    """

    blocking = True

    def __init__(self, name: str, bell: Bell, **more):
        self.bell = bell
        super().__init__(name, **more)

    def _create_connection(self):
        connection = super()._create_connection()
        connection.execute("pragma synchronous=normal")
        return connection

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Adds a job and rings."""
        super().enqueue(data, priority)
        self.bell.ring(JOB)

    def dequeue(self) -> bytes | None:
        """Takes the next job, waiting a second at most for one."""
        found = super().dequeue()
        if found is None:
            with self.bell.listening(JOB) as wait:
                found = super().dequeue()
                if found is None:
                    wait(PATIENCE)
                    found = super().dequeue()
        return found


def _connect(url: str, bell: Bell) -> Huey:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        path = Path("/" + rest.lstrip("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return Huey("opendesign", results=False, storage_class=SqliteQueue, filename=str(path), bell=bell)
    if scheme in ("redis", "rediss"):
        return PriorityRedisHuey("opendesign", url=url, results=False)
    raise Invalid(f"queue_url is “{scheme}://…”; it must be sqlite:///file or redis://host.")
