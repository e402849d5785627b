"""A repository elsewhere comes into a design: as much as an import may bring, and as its owner has room for."""

from dataclasses import replace

from opendesign.actions.house import House, Work
from opendesign.actions.measure_storage import need_room, no_room
from opendesign.git import locks
from opendesign.git.importing import Seen, bring, has, look
from opendesign.git.progress import Overfull, Stopped, Tell
from opendesign.git.remote import Way
from opendesign.records.design import Design, design_by_id


def bring_in(house: House, key: int, way: Way, tell: Tell) -> tuple[Seen, bool]:
    """Gives a design the branches and tags at the other end of the way; returns them, and whether any had to move.

    Its owner needs room only for what is not here yet. Raises NoRoom, and what `look` and `bring` raise.
    """
    limits, path = house.store.limits, house.store.path(str(key))
    seen = look(path, way, limits, tell)
    with locks.together(path):
        if has(path, seen):
            return seen, False
        with house.reading() as work:
            room = need_room(work, _design(work, key).owner)
        most = limits.import_bytes if room is None else min(limits.import_bytes, room)
        try:
            return seen, bring(path, way, seen, replace(limits, import_bytes=most), tell)
        except Overfull:
            if most == limits.import_bytes:
                raise
            with house.reading() as work:
                raise no_room(work, _design(work, key).owner) from None


def _design(work: Work, key: int) -> Design:
    design = design_by_id(work.session, key)
    if design is None:
        raise Stopped("It was deleted.")
    return design
