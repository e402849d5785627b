"""Somebody without the right to write saves all the same: into a fork of their own, on a branch that fits."""

from opendesign.actions.edit import add_branch
from opendesign.actions.fork import fork
from opendesign.actions.house import Work
from opendesign.core.errors import Conflict, Forbidden
from opendesign.records.design import Design, fork_by, known_refs


def own_fork(work: Work, design: Design, branch: str, tip: str) -> tuple[Design, str]:
    """Returns a fork of the acting person's and a branch of it that stands at `tip` of `design`.

    A fork they have already is used again; where its branch has gone on, a new branch is made there. Raises
    Forbidden for nobody, NotFound when `design` has no such commit.
    """
    if work.person is None:
        raise Forbidden("Enter first; then your change is saved to a fork of your own.")
    copy = fork_by(work.session, design, work.person) or fork(work, work.need("fork", design))
    refs = known_refs(work.session, copy)
    if refs.get(f"refs/heads/{branch}") == tip:
        return copy, branch
    name = _free_branch(branch, refs)
    work.house.store.bring(design.key, copy.key, tip, f"refs/edits/{name}")
    add_branch(work, copy, name, tip)
    return copy, name


def _free_branch(branch: str, refs: dict[str, str]) -> str:
    for number in range(2, 1000):
        name = f"{branch}-{number}"
        if f"refs/heads/{name}" not in refs:
            return name
    raise Conflict("Your fork has a thousand branches of this name; delete some first.")
