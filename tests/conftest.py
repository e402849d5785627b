"""For all tests: which of them share a process when two run side by side, and what a password costs."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from hypothesis import HealthCheck, settings
from postgres import Postgres
from redis_server import RedisServer
from xdist.scheduler import LoadScopeScheduling

from opendesign.actions import enter, join

# The longest begin first, so that both processes end together; each of these folders shares a service or engines.
TOGETHER = ("attacks", "stories", "browser")
FIRST = (*TOGETHER, "cad", "web", "git", "api", "actions", "records")

# How long an example takes says more about the machine than about us.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def folder_of(path: str) -> str:
    """The folder of tests that a path below it, or a test's id, is in."""
    return path.removeprefix("tests/").partition("/")[0]


class Together(LoadScopeScheduling):
    """Gives each file, and each folder that shares a service, to one of the processes `make test` starts.

    By marks it cannot be said: pytest-xdist 3.8 writes them into ids that pytest 9.2 works out anew.
    """

    def _split_scope(self, nodeid: str) -> str:
        return folder if (folder := folder_of(nodeid)) in TOGETHER else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> Together:
    """Says which test runs where."""
    return Together(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the longest first where two processes run side by side."""
    if hasattr(config, "workerinput"):
        order = {folder: place for place, folder in enumerate(FIRST)}
        items.sort(key=lambda item: order.get(folder_of(item.nodeid), len(FIRST)))


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Passwords of houses made here are hashed as cheaply as argon2 can; a running service pays in full."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (enter, join):
            patch.setattr(module, "HASHER", PasswordHasher.from_parameters(CHEAPEST))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for all tests of this process that ask for one; skips them where none can be had."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def store_of_files() -> Iterator[str]:
    """A store that speaks S3 for all tests of this process that ask for one; skips them where none can be had."""
    from s3 import s3_server  # its client takes half a second to import

    with s3_server() as url, pytest.MonkeyPatch.context() as patch:
        for name, value in url.environ.items():
            patch.setenv(name, value)
        yield url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis server for all tests of this process that ask for one; skips them where none can be had."""
    server = RedisServer()
    yield server
    server.stop()
