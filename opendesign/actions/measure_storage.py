"""How much people's designs take, and whether there is room for more."""

from opendesign.actions.house import House, Work
from opendesign.core.errors import NoRoom
from opendesign.records.base import now
from opendesign.records.person import Person
from opendesign.records.storage import remember_shelf, remember_storage, stored_by, unmeasured

BATCH = 200  # designs measured between two writes
MB = 1_000_000


def measure_storage(house: House) -> int:
    """Measures every design whose refs moved since it was measured last, and the shelf; returns how many."""
    with house.reading() as work:
        keys = unmeasured(work.session)
    for start in range(0, len(keys), BATCH):
        at, sizes = now(), {key: house.store.size(str(key)) for key in keys[start : start + BATCH]}
        with house.noting() as work:
            remember_storage(work.session, sizes, at)
    with house.noting() as work:
        remember_shelf(work.session)
    return len(keys)


def quota_of(work: Work, person: Person) -> int:
    """Returns how many bytes a person's designs may take in git; 0 means that there is no limit."""
    own = person.quota_mb
    return (work.house.settings.quota_mb if own is None else own) * MB


def need_room(work: Work, owner: Person, more: int = 0) -> int | None:
    """Returns how many bytes a person's designs may still grow by, None without a limit.

    Raises NoRoom when there is none for so many `more`. Only where there is a limit is anything measured: what
    moved since it was measured last.
    """
    quota = quota_of(work, owner)
    if not quota:
        return None
    fresh = unmeasured(work.session, owner.id)
    left = quota - stored_by(work.session, owner.id, fresh) - sum(work.house.store.size(str(key)) for key in fresh)
    if left <= more:
        raise no_room(work, owner)
    return left


def no_room(work: Work, owner: Person) -> NoRoom:
    """Returns the refusal for what a person's designs have no room for; raise it."""
    whose = "quota of their own" if owner.quota_mb is not None else "setting OPENDESIGN_QUOTA_MB"
    return NoRoom(
        f"The designs of {owner.name} have reached their limit of {quota_of(work, owner) // MB:,} MB in git ({whose}). "
        "Delete a design that is no longer needed, or ask the operators for more."
    )
