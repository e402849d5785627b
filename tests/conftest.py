"""For all tests: which of them share a process when two run side by side, and what a password costs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from hypothesis import HealthCheck, settings

from opendesign.actions import enter, join

HERE = Path(__file__).parent
# The longest begin first, so that both processes end together; each of these folders shares a service or engines.
TOGETHER = ("attacks", "stories", "browser")
FIRST = (*TOGETHER, "cad", "web", "git", "api", "actions", "records")

# How long an example takes says more about the machine than about us.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Gives each file, or folder, to one process (`make test` starts two)."""
    if not hasattr(config, "workerinput"):
        return  # one process runs everything

    def folder(item: pytest.Item) -> str:
        return item.path.relative_to(HERE).parts[0]

    for item in items:
        shared = folder(item) in TOGETHER
        item.add_marker(pytest.mark.xdist_group(folder(item) if shared else item.path.relative_to(HERE).as_posix()))
    items.sort(key=lambda item: FIRST.index(folder(item)) if folder(item) in FIRST else len(FIRST))


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Passwords of houses made here are hashed as cheaply as argon2 can; a running service pays in full."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (enter, join):
            patch.setattr(module, "HASHER", PasswordHasher.from_parameters(CHEAPEST))
        yield
