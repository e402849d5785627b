"""Somebody is about to send files of Git LFS to a design, or to have them from there: which, and may they."""

from collections.abc import Sequence

from opendesign.actions.house import Work
from opendesign.core.errors import NoRoom, NotFound, Refusal
from opendesign.core.lfs import Pointer, in_words
from opendesign.records.design import Design, designs_by_id
from opendesign.records.lfs import add_files, holders, large_files, spent_by, spent_on


def offered_files(work: Work, design: Design, pointers: Sequence[Pointer]) -> dict[Pointer, NotFound | None]:
    """Returns why each file cannot be had from a design; None for those that can."""
    sizes = large_files(work.session, design.id, [each.oid for each in pointers])
    return {each: None if sizes.get(each.oid) == each.size else _absent(each) for each in pointers}


def _absent(pointer: Pointer) -> NotFound:
    what = f"{pointer.oid[:12]}… of {pointer.size} bytes"
    return NotFound(f"This design has no file {what}; whoever has it sends it: git lfs push --all.")


def awaited_files(work: Work, design: Design, pointers: Sequence[Pointer]) -> dict[Pointer, Refusal | None]:
    """Returns those of the files that have to be sent, each with the reason why it may not be.

    One that a relative has whom the acting person sees is the design's from now on. Of any other the bytes are asked
    for, here or not: whoever only knows a name must not get what it names.
    """
    known = large_files(work.session, design.id, [each.oid for each in pointers])
    missing = [each for each in dict.fromkeys(pointers) if known.get(each.oid) != each.size or not _is_here(work, each)]
    seen = _seen(work, design, [each for each in missing if each.oid not in known])
    add_files(work.session, design, seen, False, work.person)
    awaited: dict[Pointer, Refusal | None] = {}
    more = 0
    for each in missing:
        if each not in seen:
            awaited[each] = refused = too_much(work, design, each.size + more) if each.oid not in known else None
            more += 0 if refused else each.size
    return awaited


def _is_here(work: Work, pointer: Pointer) -> bool:
    return work.house.store.lfs.holds(pointer)


def _seen(work: Work, design: Design, pointers: Sequence[Pointer]) -> list[Pointer]:
    """Returns those of the files that designs of the family have which the acting person may see."""
    had = holders(work.session, design.root, [each.oid for each in pointers])
    rows = designs_by_id(work.session, had)
    open_to = [sizes for number, sizes in had.items() if work.may("see", rows[number])]
    return [each for each in pointers if any(s.get(each.oid) == each.size for s in open_to) and _is_here(work, each)]


def too_much(work: Work, design: Design, size: int) -> NoRoom | None:
    """Returns why so many bytes more may not be sent to a design; None when they may."""
    settings = work.house.settings
    quotas = (
        (design.path, spent_on(work.session, design), "lfs_design_bytes", settings.lfs_design_bytes),
        (design.owner.name, spent_by(work.session, design.owner), "lfs_owner_bytes", settings.lfs_owner_bytes),
    )
    for whose, spent, setting, most in quotas:
        if spent + size > most:
            left = in_words(max(0, most - spent))
            return NoRoom(f"{whose} may keep {in_words(most)} in Git LFS, and has {left} left (setting {setting}).")
    return None
