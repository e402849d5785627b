"""Somebody starts a design: empty, or from a starter."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from opendesign.actions.house import Work
from opendesign.actions.measure_storage import need_room
from opendesign.actions.sync import sync
from opendesign.core.access import need_proven
from opendesign.core.errors import Conflict, Forbidden, NotFound, TooLarge
from opendesign.core.licence import check_licence
from opendesign.core.names import check_name, clean_text
from opendesign.core.signature import commit_email
from opendesign.git.commits import Signature
from opendesign.git.writing import write_files
from opendesign.records.base import now
from opendesign.records.design import Design, count_designs, design_by_path
from opendesign.records.person import Person

VISIBILITIES = ("public", "private")


def create_design(
    work: Work,
    name: str,
    title: str = "",
    summary: str = "",
    licence: str = "",
    visibility: str = "public",
    files: Mapping[str, bytes] | None = None,
) -> Design:
    """Makes a design of the acting person, with a first commit when files are given.

    Raises Forbidden for nobody, Invalid for a bad field, Conflict for a name in use.
    """
    person = _maker(work)
    name = free_name(work, person, name)
    need_room(work, person, sum(len(content) for content in (files or {}).values()))
    design = Design(
        owner_id=person.id,
        owner=person,
        name=name,
        title=clean_text(title, 120, "title") or name,
        summary=clean_text(summary, 500, "summary"),
        licence=check_licence(licence) if licence else "",
        visibility=visibility if visibility in VISIBILITIES else "private",
    )
    work.session.add(design)
    work.session.flush()
    design.family_id = design.id
    work.house.store.clear(design.key)
    work.house.store.create(design.key, design.default_branch)
    work.undo(partial(work.house.store.delete, design.key))
    if files:
        with work.house.store.open(design.key) as repository:
            author = sign(person)
            write_files(repository, design.default_branch, files, f"Start {design.title}", author, None)
    sync(work, design)
    return design


def _maker(work: Work) -> Person:
    if work.person is None:
        raise Forbidden("Enter first, then create a design.")
    if work.scopes is not None and not work.scopes & {"write", "admin"}:
        raise Forbidden("This token may only read; creating a design needs the scope “write”.")
    need_proven(work.actor)
    return work.person


def free_name(work: Work, owner: Person, name: str) -> str:
    """Returns a checked design name the owner does not use yet; raises Invalid, Conflict, or TooLarge for too many."""
    if count_designs(work.session, owner) >= work.house.limits.designs_per_owner:
        raise TooLarge(f"One person may have {work.house.limits.designs_per_owner} designs (designs_per_owner).")
    name = check_name(name.strip(), "design")
    try:
        design_by_path(work.session, owner.name, name)
    except NotFound:
        return name
    raise Conflict(f"{owner.name} has a design called “{name}” already.", [{"name": "name", "message": "is taken"}])


def sign(person: Person, at: datetime | None = None) -> Signature:
    """Returns the signature of a person on a commit made here."""
    return Signature(person.shown_name, commit_email(person.name), at or now())
