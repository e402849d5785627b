"""The queue: the name of a job and one key, nothing more. Huey keeps and delivers them."""

import logging
from collections.abc import Callable
from pathlib import Path

from huey import Huey, PriorityRedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from opendesign.core.errors import Invalid

log = logging.getLogger(__name__)
Perform = Callable[[str, str], None]


class Queue:
    """Jobs waiting behind a URL: `sqlite:///file` or `redis://host`."""

    def __init__(self, url: str):
        self.huey: Huey = _connect(url)
        self._perform: Perform | None = None

        @self.huey.task(name="job", retries=2, retry_delay=5)
        def job(name: str, key: str) -> None:
            if self._perform is None:
                raise RuntimeError("This process takes no jobs.")
            self._perform(name, key)

        self._job = job

    def put(self, name: str, key: str, priority: int = 0) -> None:
        """Adds a job; a higher priority goes first."""
        self.huey.enqueue(self._job.s(name, key, priority=priority))

    def waiting(self) -> int:
        """Returns how many jobs wait."""
        return self.huey.pending_count()

    def consume(self, perform: Perform, upkeep: Callable[[], None], threads: int) -> None:
        """Takes jobs until the process is told to stop; runs `upkeep` every ten minutes."""
        self._perform = perform

        @self.huey.periodic_task(crontab(minute="*/10"), name="upkeep")
        def keep() -> None:
            upkeep()

        Consumer(self.huey, workers=threads, worker_type="thread", initial_delay=0.05, backoff=1.2, max_delay=0.4).run()


def _connect(url: str) -> Huey:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        path = Path("/" + rest.lstrip("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return SqliteHuey("opendesign", filename=str(path), results=False, fsync=True)
    if scheme in ("redis", "rediss"):
        return PriorityRedisHuey("opendesign", url=url, results=False)
    raise Invalid(f"queue_url is “{scheme}://…”; it must be sqlite:///file or redis://host.")
