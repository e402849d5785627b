"""Somebody is about to send files of Git LFS to a design, or to have them from there: which, and may they."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

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


def known_files(work: Work, design: Design, pointers: Sequence[Pointer]) -> list[Pointer]:
    """Returns those of the files that the design, or some other of its family, has: all that can be `here`."""
    had = holders(work.session, design.root, [each.oid for each in pointers]).values()
    return [each for each in dict.fromkeys(pointers) if any(sizes.get(each.oid) == each.size for sizes in had)]


def awaited_files(
    work: Work, design: Design, pointers: Sequence[Pointer], here: Collection[Pointer]
) -> dict[Pointer, Refusal | None]:
    """Returns those of the files that have to be sent, each with the reason why it may not be; some are `here`.

    One that a relative has whom the acting person sees is the design's from now on. Of any other the bytes are asked
    for, here or not: whoever only knows a name must not get what it names.
    """
    known = large_files(work.session, design.id, [each.oid for each in pointers])
    missing = [each for each in dict.fromkeys(pointers) if known.get(each.oid) != each.size or each not in here]
    seen = set(_seen(work, design, [each for each in missing if each.oid not in known and each in here]))
    add_files(work.session, design, seen, False, work.person)
    awaited: dict[Pointer, Refusal | None] = {}
    quotas, more = rooms(work, design), 0
    for each in missing:
        if each not in seen:
            awaited[each] = refused = too_much(quotas, each.size + more) if each.oid not in known else None
            more += 0 if refused else each.size
    return awaited


def _seen(work: Work, design: Design, pointers: Sequence[Pointer]) -> list[Pointer]:
    """Returns those of the files that designs of the family have which the acting person may see."""
    had = holders(work.session, design.root, [each.oid for each in pointers])
    rows = designs_by_id(work.session, had)
    open_to = [sizes for number, sizes in had.items() if work.may("see", rows[number])]
    return [each for each in pointers if any(s.get(each.oid) == each.size for s in open_to)]


@dataclass(frozen=True)
class Room:
    """What may still be kept in Git LFS: whose quota it is, what it is and of how much is spent, in bytes."""

    whose: str
    setting: str
    most: int
    spent: int

    def refusal(self, size: int) -> NoRoom | None:
        """Returns why so many bytes more may not be sent; None when they may."""
        if self.spent + size <= self.most:
            return None
        left = in_words(max(0, self.most - self.spent))
        most = in_words(self.most)
        return NoRoom(f"{self.whose} may keep {most} in Git LFS, and has {left} left (setting {self.setting}).")


def rooms(work: Work, design: Design) -> tuple[Room, Room]:
    """Returns what may still be sent to a design: by its own quota and by its owner's."""
    settings = work.house.settings
    own = Room(design.path, "lfs_design_bytes", settings.lfs_design_bytes, spent_on(work.session, design))
    by = design.owner
    return own, Room(by.name, "lfs_owner_bytes", settings.lfs_owner_bytes, spent_by(work.session, by))


def too_much(quotas: Sequence[Room], size: int) -> NoRoom | None:
    """Returns why so many bytes more may not be sent; None when they may."""
    return next((refusal for each in quotas if (refusal := each.refusal(size))), None)
