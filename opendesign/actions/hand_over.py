"""A design is handed over: one of its owners is offered it, and takes it or does not."""

from opendesign.actions.create_design import free_name
from opendesign.actions.house import Work
from opendesign.actions.measure_storage import need_room
from opendesign.core.errors import Conflict
from opendesign.records.base import now
from opendesign.records.deed import add_deed
from opendesign.records.design import Design, Member
from opendesign.records.person import Person


def offer_design(work: Work, design: Design, person: Person) -> None:
    """Offers a design to one of its other owners, instead of whom it was offered to before; raises Conflict."""
    chosen = next((each for each in design.members if each.person_id == person.id and each.role == "owner"), None)
    if chosen is None:
        raise Conflict(f"Make {person.name} an owner of {design.path} first.", [{"name": "person"}])
    for each in design.members:
        each.offered_at = None
    chosen.offered_at = now()
    add_deed(work.session, "design.offered", design.path, design.id, {"to": person.name})


def offered_to(design: Design, person: Person | None) -> bool:
    """Tells whether a design was offered to a person."""
    if person is None:
        return False
    return any(each.offered_at and each.role == "owner" and each.person_id == person.id for each in design.members)


def take_over(work: Work, design: Design) -> Design:
    """Makes a design the acting person's, to whom it was offered; who had it stays an owner. Its address changes.

    Raises Conflict where it was not offered or the name is in use, TooLarge, NoRoom.
    """
    person, giver, before = work.person, design.owner, design.path
    if person is None or not offered_to(design, person):
        raise Conflict(f"{design.path} was not offered to you.")
    free_name(work, person, design.name)
    need_room(work, person)
    design.members[:] = [each for each in design.members if each.person_id != person.id]
    work.session.flush()
    design.owner_id, design.owner = person.id, person
    design.members.append(Member(person_id=giver.id, person=giver, role="owner", by_id=person.id))
    add_deed(work.session, "design.taken", before, design.id, {"path": [before, design.path]})
    return design
