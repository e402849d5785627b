"""Somebody changes files or parameters in the browser or through the API: a commit, then sync."""

from collections.abc import Mapping

from opendesign.actions.create_design import sign
from opendesign.actions.house import Work, unchanged
from opendesign.actions.measure_storage import need_room
from opendesign.actions.read_tree import read_tree
from opendesign.actions.sync import sync
from opendesign.core.errors import Forbidden, Invalid, TooLarge
from opendesign.core.names import clean_text
from opendesign.git.writing import create_branch, delete_branch, write_files
from opendesign.records.design import Design
from opendesign.records.verdict import rule_for


def edit_files(
    work: Work,
    design: Design,
    branch: str,
    changes: Mapping[str, bytes | None],
    message: str,
    expected: str | None = None,
    start: str | None = None,
) -> str:
    """Commits files to a branch (None deletes one) and returns the commit.

    `expected` is the tip the change was made on; a branch that does not exist yet begins at `start`. Raises
    Conflict when the branch has moved, Forbidden when it takes proposals only, Invalid for a bad path or message,
    TooLarge past the limits.
    """
    if work.person is None:
        raise Forbidden("Enter first, then edit.")
    work.need_move(branch, design)
    message = clean_text(message, work.house.limits.commit_message, "message") or _subject(changes)
    limit = work.house.settings.body_bytes
    if sum(len(content) for content in changes.values() if content) > limit:
        raise TooLarge(f"A change in the browser may be {limit >> 20} MiB (body_bytes); use git for more.")
    need_room(work, design.owner, sum(len(content) for content in changes.values() if content))
    with work.opened(design) as repository:
        tip = repository.refs().get(f"refs/heads/{branch}")
        unchanged(expected, tip, f"The branch {branch}")
        sha = write_files(repository, branch, changes, message, sign(work.person), tip, parent=start)
    sync(work, design)
    return sha


def set_parameters(
    work: Work,
    design: Design,
    branch: str,
    path: str,
    values: Mapping[str, object],
    message: str = "",
    expected: str | None = None,
) -> str:
    """Commits new parameter values: exactly those literals change in the source. Returns the commit.

    Raises NotFound for no such part, Invalid for values it does not take, Conflict when nothing would change.
    """
    with work.house.store.open(design.key) as repository:
        tip = repository.resolve(branch)
    snapshot = read_tree(work, design, tip)
    part = snapshot.part(path)
    files = snapshot.rewritten(part.path, values)
    if not values or not files:
        raise Invalid("Name at least one parameter and a value other than the present one.", [{"name": "values"}])
    told = ", ".join(f"{name} = {value}" for name, value in values.items())
    message = message or f"Set {told} in {part.path}"[:200]
    return edit_files(work, design, branch, files, message, expected or tip)


def add_branch(work: Work, design: Design, name: str, start: str) -> str:
    """Makes a branch at a revision and returns its commit."""
    work.need_move(name, design)
    with work.opened(design) as repository:
        sha = repository.resolve(start)
        create_branch(repository, name, sha)
    sync(work, design)
    return sha


def drop_branch(work: Work, design: Design, name: str, expected: str) -> None:
    """Deletes a branch other than the default one; raises Invalid for that one, and for one with a rule."""
    if name == design.default_branch:
        raise Invalid(f"{name} is the default branch; choose another default first.")
    if rule_for(work.session, design, name):
        raise Invalid(f"{name} has a rule, so it stays; an owner ends the rule first.")
    work.need_move(name, design)
    with work.house.store.open(design.key) as repository:
        delete_branch(repository, name, expected)
    sync(work, design)


def _subject(changes: Mapping[str, bytes | None]) -> str:
    paths = list(changes)
    verb = "Delete" if all(content is None for content in changes.values()) else "Edit"
    return f"{verb} {paths[0]}" if len(paths) == 1 else f"{verb} {len(paths)} files"
