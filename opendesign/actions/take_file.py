"""Somebody sends a file of Git LFS to a design."""

from opendesign.actions.enter import need_current
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.offer_files import rooms, too_much
from opendesign.actions.read_tree import read_tree
from opendesign.actions.sync import sync
from opendesign.core.errors import Invalid, NotFound
from opendesign.core.lfs import Pointer, check_pointer
from opendesign.git.bodies import Stream
from opendesign.records.design import Design, design_by_id, known_refs
from opendesign.records.lfs import add_files, large_files


def take_file(house: House, visitor: Visitor, design_id: int, pointer: Pointer, stream: Stream) -> None:
    """Keeps a file that comes in pieces, and notes that the design has it.

    Raises NotFound and Forbidden, NoRoom past a quota, TooLarge past `lfs_file_bytes` and Invalid unless the bytes are
    as named; nothing is kept then.
    """
    check_pointer(pointer.oid, pointer.size, house.settings.lfs_file_bytes)
    with house.reading(visitor) as work:
        _admitted(work, visitor, design_id, pointer)
    with house.store.lfs.arriving(pointer, stream), house.writing(visitor) as work:
        # Asked again: others may have sent something, or a role or a token may have been taken away, since.
        design = _admitted(work, visitor, design_id, pointer)
        if add_files(work.session, design, [pointer], True, work.person) and _is_waited_for(work, design, pointer):
            sync(work, design)


def _admitted(work: Work, visitor: Visitor, design_id: int, pointer: Pointer) -> Design:
    if visitor.proof:
        need_current(work, visitor)
    design = design_by_id(work.session, design_id)
    if design is None:
        raise NotFound("This design is gone.")
    work.need("push", design)
    known = large_files(work.session, design.id, [pointer.oid])
    refused = None if pointer.oid in known else too_much(rooms(work, design), pointer.size)
    if refused:
        raise refused
    return design


def _is_waited_for(work: Work, design: Design, pointer: Pointer) -> bool:
    """Says whether the design shows a pointer to a file that came after it: then its parts are other builds now."""
    head = known_refs(work.session, design).get(f"refs/heads/{design.default_branch}")
    return head is not None and pointer in read_tree(work, design, head).pointers.values()


def confirm_file(work: Work, design: Design, pointer: Pointer) -> None:
    """Says that a file that was sent is there; raises Invalid if it is not, or of another size."""
    sizes = large_files(work.session, design.id, [pointer.oid])
    if sizes.get(pointer.oid) != pointer.size or not work.house.store.lfs.holds(pointer):
        raise Invalid(f"{pointer.oid[:12]}… has not arrived with {pointer.size} bytes; send it again.")
