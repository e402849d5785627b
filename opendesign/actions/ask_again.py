"""What was decided before a client of git sent its body is asked again after: a body can be held back for an hour."""

from collections.abc import Callable
from dataclasses import dataclass

from opendesign.actions.enter import need_current
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.measure_storage import need_room
from opendesign.actions.pause import need_running
from opendesign.actions.receive import guarded_refs
from opendesign.core.errors import Conflict, NotFound
from opendesign.records.design import Design, design_by_id
from opendesign.records.lfs import locked_by_others

CHANGED = "What you may push to this design has changed while you pushed. Push again."


@dataclass(frozen=True)
class Guards:
    """The branches that only move forward, the refs that stay with why, and the files others have locked, with who."""

    protect: list[str]
    held: dict[str, str]
    locked: dict[str, str]


@dataclass(frozen=True)
class Way:
    """What a push to a design has to know: whom it is from, what is guarded, how many bytes fit (None: any)."""

    design: int
    key: str
    name: str
    email: str
    guards: Guards
    room: int | None


def way(work: Work, design: Design) -> Way:
    """Returns what a push of the acting person to a design has to know; raises NoRoom."""
    assert work.person is not None
    room = need_room(work, design.owner)
    return Way(design.id, design.key, work.person.name, work.person.email, guards_of(work, design), room)


def guards_of(work: Work, design: Design) -> Guards:
    """Returns what a push of the acting person to a design must leave as it is."""
    return Guards(*guarded_refs(work, design), locked_by_others(work.session, design, work.person))


def still(
    house: House, visitor: Visitor, verb: str, design: int, seen: str, guards: Guards | None = None
) -> Callable[[], None]:
    """Returns what raises once somebody may no longer do what they might when the records were as `seen`.

    `seen` is a version of the records; while it is theirs, nothing can have changed and nobody is asked.
    """

    def ask() -> None:
        nonlocal seen
        version = house.database.version()
        if version == seen:
            return
        if verb == "push":
            need_running(house)
        with house.reading(visitor) as work:
            need_current(work, visitor)
            found = design_by_id(work.session, design)
            if found is None:
                raise NotFound("This design has been deleted meanwhile.")
            work.need(verb, found)
            if guards is not None and guards_of(work, found) != guards:
                raise Conflict(CHANGED)
        seen = version

    return ask
