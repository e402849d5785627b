"""Large files come along with a repository from elsewhere: those that its server offers by Git LFS."""

import logging
import time
from collections.abc import Sequence

from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.offer_files import rooms, too_much
from opendesign.core.errors import NoRoom, Refusal
from opendesign.core.lfs import Pointer, check_pointer, in_words
from opendesign.core.remote import Remote
from opendesign.git.elsewhere import FAULTS, files_at, had
from opendesign.git.lfs import pointers_in
from opendesign.git.progress import Progress, Stopped, Tell
from opendesign.git.remote import Way
from opendesign.records.design import Design, design_by_id
from opendesign.records.lfs import add_files, large_files

log = logging.getLogger(__name__)
MOST = 10_000  # files that are asked for
NAMED = 3


def fetch_files(house: House, visitor: Visitor, design: int, way: Way, tell: Tell) -> str:
    """Fetches the files that a design's pointers name and that it has not; returns what is missing, empty for nothing.

    Each is checked as one that is sent, and counts so. As much comes as an import may bring, in as much time. Raises
    Stopped.
    """
    wanted = _wanted(house, design)
    if not wanted:
        return ""
    why, bytes_come = "", 0
    deadline = time.monotonic() + house.store.limits.import_seconds
    try:
        offered = files_at(way, wanted[:MOST], deadline)
    except Refusal as refusal:
        return _missing(wanted, len(wanted), refusal.message)
    for place, pointer in enumerate(wanted):
        if not tell(Progress("receiving", 100 * place // len(wanted), bytes_come)):
            raise Stopped("It was cancelled.")
        try:
            if bytes_come + pointer.size > house.store.limits.import_bytes:
                raise NoRoom(f"an import brings {in_words(house.store.limits.import_bytes)} at most (import_bytes)")
            if pointer in offered:
                _fetch(house, visitor, design, pointer, (*offered[pointer], way.remote), deadline)
                bytes_come += pointer.size
        except Stopped:
            raise
        except Refusal as refusal:
            why = why or refusal.message
        except FAULTS as fault:
            log.warning("A file of Git LFS did not come: %r", fault)
            why = why or "its server stopped answering"
        if time.monotonic() > deadline:
            why = "it took too long (import_seconds)"
            break
    have = set(_wanted(house, design))
    return _missing([each for each in wanted if each in have], len(wanted), why or "its server has them not")


def _wanted(house: House, design: int) -> list[Pointer]:
    """Returns the files that a design's branches and tags name and that it has not."""
    with house.store.open(str(design)) as repository:
        named = pointers_in(repository, list(dict.fromkeys(repository.refs().values())), [])
    with house.reading() as work:
        known = large_files(work.session, design, [each.oid for each in named])
    return [each for each in named if known.get(each.oid) != each.size]


def _fetch(
    house: House,
    visitor: Visitor,
    design: int,
    pointer: Pointer,
    offer: tuple[str, dict[str, str], Remote],
    deadline: float,
) -> None:
    check_pointer(pointer.oid, pointer.size, house.settings.lfs_file_bytes)
    with house.reading(visitor) as work:
        _roomy(work, design, pointer)
    with (
        had(*offer, house.settings.private_hosts, deadline) as stream,
        house.store.lfs.arriving(pointer, stream),
        house.writing(visitor) as work,
    ):
        add_files(work.session, _roomy(work, design, pointer), [pointer], True, work.person)


def _roomy(work: Work, design: int, pointer: Pointer) -> Design:
    """Returns the design, if there is room for a file in it."""
    row = design_by_id(work.session, design)
    if row is None:
        raise Stopped("It was deleted.")
    if refusal := too_much(rooms(work, row), pointer.size):
        raise refusal
    return row


def _missing(absent: Sequence[Pointer], all_of_them: int, why: str) -> str:
    if not absent:
        return ""
    names = ", ".join(f"{each.oid[:12]}…" for each in absent[:NAMED]) + (" …" if len(absent) > NAMED else "")
    why = why[:1].lower() + why[1:].rstrip(".")
    return f"Of {all_of_them} files that Git LFS keeps {len(absent)} did not come ({names}): {why}."
