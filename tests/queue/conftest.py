"""A queue on each of the servers it can wait on."""

from collections.abc import Callable

import pytest

from opendesign.queue.bell import Bell
from opendesign.queue.jobs import Queue

SERVED = [pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.slow]), "redis"]


@pytest.fixture(params=["sqlite", *SERVED])
def queue_url(request, tmp_path) -> str:
    """The URL of an empty queue."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/queue.db"
    if request.param == "redis":
        return request.getfixturevalue("redis_server").database()
    return request.getfixturevalue("postgres").database(f"queue_{abs(hash(request.node.name)) % 10**8}")


@pytest.fixture
def opened(queue_url, tmp_path) -> Callable[..., Queue]:
    """Opens the queue as a process on a machine does; on SQLite there is one machine."""

    def open_queue(machine: str = "one") -> Queue:
        folder = tmp_path / ("bell" if queue_url.startswith("sqlite") else machine)
        return Queue(queue_url, Bell(folder))

    return open_queue
