"""Somebody keeps a file of a design to themselves, since two versions of it could not be merged."""

from opendesign.actions.house import Work
from opendesign.core.errors import Conflict, Forbidden, NotFound
from opendesign.records.design import Design
from opendesign.records.lfs import FileLock, add_lock, lock_on


class Locked(Conflict):
    """The file is locked already; `lock` is by whom and since when."""

    def __init__(self, lock: FileLock):
        super().__init__(f"{lock.path} is locked by {lock.person.name}.")
        self.lock = lock


def lock_file(work: Work, design: Design, path: str) -> FileLock:
    """Locks a file, on every branch; raises Locked when somebody has, Forbidden for who may not push."""
    work.need("push", design)
    if work.person is None:
        raise Forbidden("Enter first to lock a file.")
    there = lock_on(work.session, design, path=path)
    made = None if there else add_lock(work.session, design, path, work.person)
    if made is None:
        raise Locked(there) if there else Conflict(f"{path} has been locked at this moment.")
    return made


def unlock_file(work: Work, design: Design, number: int, force: bool) -> FileLock:
    """Takes a lock away: one's own, or by `force`, for owners, somebody else's. Raises NotFound and Forbidden."""
    work.need("push", design)
    lock = lock_on(work.session, design, id=number)
    if lock is None:
        raise NotFound(f"There is no lock {number} on {design.path}.")
    if work.person is None or lock.person_id != work.person.id:
        if not force:
            raise Forbidden(f"{lock.path} is locked by {lock.person.name}; owners may take that away with --force.")
        work.need("unlock", design)
    work.session.delete(lock)
    work.session.flush()
    return lock
