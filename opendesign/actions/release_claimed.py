"""What was claimed and cannot be made while a store is away is wanted again at once, not when somebody heals it."""

from collections.abc import Iterator
from contextlib import contextmanager

from opendesign.actions.house import House
from opendesign.core.errors import Away
from opendesign.records.build import Kind, release


@contextmanager
def released_when_away(house: House, kind: Kind, key: str) -> Iterator[None]:
    """Gives back what was claimed when Away is raised, which goes on."""
    try:
        yield
    except Away:
        with house.noting() as work:
            release(work.session, kind, key)
        raise
