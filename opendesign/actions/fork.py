"""Somebody forks a design: O(1), with every preview there at once."""

from functools import partial

from opendesign.actions.create_design import free_name
from opendesign.actions.house import Work
from opendesign.actions.measure_storage import need_room
from opendesign.core.errors import Conflict, Forbidden, NotFound
from opendesign.core.names import clean_text
from opendesign.records.design import Design, Part, Ref, design_by_path, known_refs, parts_of
from opendesign.records.lfs import copy_files


def fork(work: Work, parent: Design, name: str = "", title: str = "") -> Design:
    """Makes a fork of `parent` for the acting person.

    A public design shares its objects with its family; a private one is copied and stays private. Raises
    Forbidden for nobody and Conflict when the name is taken.
    """
    if work.person is None:
        raise Forbidden("Enter first, then fork.")
    name = free_name(work, work.person, name or free_fork_name(work, parent))
    need_room(work, work.person)
    private = parent.visibility == "private"
    refs = known_refs(work.session, parent)
    design = Design(
        owner_id=work.person.id,
        owner=work.person,
        name=name,
        title=clean_text(title, 120, "title") or parent.title,
        summary=parent.summary,
        licence=parent.licence,
        visibility=parent.visibility,
        default_branch=parent.default_branch,
        parent_id=parent.id,
        family_id=parent.root,
        fork_sha=refs.get(f"refs/heads/{parent.default_branch}"),
    )
    work.session.add(design)
    work.session.flush()
    work.house.store.clear(design.key)
    make = work.house.store.copy if private else work.house.store.fork
    make(parent.key, design.key)
    work.undo(partial(work.house.store.delete, design.key))
    _remember(work, parent, design, refs)
    return design


def free_fork_name(work: Work, parent: Design) -> str:
    """Returns the parent's name, with a number where the acting person has a design of that name."""
    assert work.person is not None
    for number in range(1, 100):
        name = parent.name if number == 1 else f"{parent.name}-{number}"
        try:
            design_by_path(work.session, work.person.name, name)
        except NotFound:
            return name
    raise Conflict("You have a hundred forks of this; give this one a name.")


def _remember(work: Work, parent: Design, design: Design, refs: dict[str, str]) -> None:
    """Copies what the records know of the parent's refs, parts and large files: the cost is not in commits or bytes."""
    work.session.add_all(Ref(design_id=design.id, name=ref, sha=sha) for ref, sha in refs.items())
    for part in parts_of(work.session, [parent])[parent.id]:
        copy = Part(path=part.path, title=part.title, position=part.position, build_key=part.build_key)
        copy.design_id = design.id
        work.session.add(copy)
    copy_files(work.session, parent, design)
    work.session.flush()
