"""Somebody changes what a design is called, who may see it and who may do what; or deletes it."""

from functools import partial

from opendesign.actions.create_design import VISIBILITIES, free_name
from opendesign.actions.find_foreign_copies import find_foreign_copies
from opendesign.actions.find_swayed import forget_swayed
from opendesign.actions.house import House, Work
from opendesign.actions.sync import sync
from opendesign.actions.trace_anew import trace_anew
from opendesign.core.errors import Conflict, Invalid, NotFound
from opendesign.core.licence import check_licence
from opendesign.core.names import clean_text
from opendesign.records.base import now
from opendesign.records.blob import contents_in
from opendesign.records.design import Design, Member
from opendesign.records.improvement import forget_family
from opendesign.records.kin import leave_family
from opendesign.records.person import Person

ROLES = ("reader", "writer", "owner")


def change_design(work: Work, design: Design, **changes: str) -> Design:
    """Changes title, summary, licence, visibility, name or default_branch of a design."""
    if (name := changes.get("name")) and name != design.name:
        design.name = free_name(work, design.owner, name)
    if "title" in changes:
        design.title = clean_text(changes["title"], 120, "title") or design.name
    if "summary" in changes:
        design.summary = clean_text(changes["summary"], 500, "summary")
    if "licence" in changes:
        design.licence = check_licence(changes["licence"]) if changes["licence"] else ""
    if visibility := changes.get("visibility"):
        _show(work, design, visibility)
    if (branch := changes.get("default_branch")) and branch != design.default_branch:
        with work.house.store.open(design.key) as repository:
            repository.set_head(branch)
        design.default_branch = branch
        sync(work, design)
        work.soon("lineage", design.id)
    return design


def _show(work: Work, design: Design, visibility: str) -> None:
    """Makes a design public or private; a private one shares objects with nobody (facts: any object in a shared
    pool can be fetched by id)."""
    if visibility not in VISIBILITIES:
        raise Invalid("A design is public or private.", [{"name": "visibility"}])
    if visibility == "private" and design.visibility == "public":
        work.house.store.leave_pool(design.key)
    if visibility != design.visibility:
        design.visibility = visibility
        trace_anew(work, design)


def give_role(work: Work, design: Design, person: Person, role: str) -> Member:
    """Gives a person a role in a design; raises Invalid for no role, Conflict for the owner."""
    if role not in ROLES:
        raise Invalid(f"Roles are {', '.join(ROLES)}.", [{"name": "role"}])
    if person.id == design.owner_id:
        raise Conflict(f"{person.name} owns {design.path} already.")
    member = next((m for m in design.members if m.person_id == person.id), None)
    if member is None:
        member = Member(person_id=person.id, person=person, role=role)
        design.members.append(member)
    member.role, member.at = role, now()
    member.by_id = work.person.id if work.person else None
    work.session.flush()
    return member


def take_role(work: Work, design: Design, person: Person) -> None:
    """Takes a person's role in a design away; raises Conflict for the owner, NotFound for no member."""
    if person.id == design.owner_id:
        raise Conflict(f"{person.name} owns {design.path}; that cannot be taken away.")
    if all(member.person_id != person.id for member in design.members):
        raise NotFound(f"{person.name} has no role in {design.path}.")
    design.members[:] = [member for member in design.members if member.person_id != person.id]
    work.session.flush()


def delete_design(work: Work, design: Design, confirmation: str) -> None:
    """Deletes a design for good; forks keep everything they have. Raises Invalid unless its path is repeated."""
    if confirmation != design.path:
        raise Invalid(f"To delete it, repeat its name: {design.path}.", [{"name": "confirmation"}])
    key = design.key
    contents = contents_in(work.session, design.id)
    others = forget_swayed(work, [design.id])
    left = leave_family(work.session, design)
    others |= forget_family(work.session, design.root)
    work.session.delete(design)
    work.session.flush()
    for other in (others - {int(key)}) | find_foreign_copies(work, contents):
        work.soon("lineage", other)
    if left:
        trace_anew(work, left)
    work.house.store.set_aside(key)
    work.undo(partial(work.house.store.put_back, key))  # `heal` does so if this process dies before the records know
    work.soon("forget", key)


def forget_job(house: House, key: str) -> None:
    """Frees the space of a repository whose design was deleted."""
    house.store.forget(key)
