"""Somebody saves where they may not write: to a branch of their own beside one with a rule, or to a fork of theirs."""

from opendesign.actions.carry_files import bring
from opendesign.actions.edit import add_branch
from opendesign.actions.fork import fork
from opendesign.actions.house import Work
from opendesign.core.errors import Conflict, Forbidden
from opendesign.records.design import Design, known_refs
from opendesign.records.kin import fork_by


def own_place(work: Work, design: Design, branch: str | None, tip: str) -> tuple[Design, str]:
    """Returns the design and the branch that take a change of `branch` (None: of a tag or commit) made at `tip`.

    It is that branch itself where the acting person may move it, a branch of their own beside it where it takes
    proposals only, else one of a fork of theirs. Raises what `own_fork` does.
    """
    if branch is None or not work.may("edit", design):
        return own_fork(work, design, branch or design.default_branch, tip)
    if work.person is None or work.may_move(branch, design):
        return design, branch
    refs, own = known_refs(work.session, design), f"{work.person.name}-{branch}"
    if refs.get(f"refs/heads/{own}") == tip and work.may_move(own, design):
        return design, own
    if f"refs/heads/{own}" in refs:
        own = _free_branch(own, refs)
    add_branch(work, design, own, tip)
    return design, own


def own_fork(work: Work, design: Design, branch: str, tip: str) -> tuple[Design, str]:
    """Returns a fork of the acting person's and a branch of it that stands at `tip` of `design`.

    A fork they have already is used again; where its branch has gone on, a new branch is made there. Raises
    Forbidden for nobody, NotFound when `design` has no such commit.
    """
    if work.person is None:
        raise Forbidden("Enter first; then your change is saved to a fork of your own.")
    copy = fork_by(work.session, design, work.person) or fork(work, work.need("fork", design))
    refs = known_refs(work.session, copy)
    if refs.get(f"refs/heads/{branch}") == tip and work.may_move(branch, copy):
        return copy, branch
    name = _free_branch(branch, refs)
    bring(work, design, copy, tip, f"refs/edits/{name}")
    add_branch(work, copy, name, tip)
    return copy, name


def _free_branch(branch: str, refs: dict[str, str]) -> str:
    for number in range(2, 1000):
        name = f"{branch}-{number}"
        if f"refs/heads/{name}" not in refs:
            return name
    raise Conflict("There are a thousand branches of this name; delete some first.")
