"""A design takes everything a relative has on a branch, by a plain git merge."""

from datetime import datetime

from opendesign.actions.carry_files import bring
from opendesign.actions.create_design import sign
from opendesign.actions.house import Work
from opendesign.actions.merge import NOTHING, in_words, listed
from opendesign.actions.sync import sync
from opendesign.core.errors import Conflict, Forbidden, NotFound
from opendesign.git.merging import commit_merge
from opendesign.git.settling import Decisions, settle, try_settled
from opendesign.records.design import Design


def pull(
    work: Work,
    design: Design,
    branch: str,
    source: Design,
    source_branch: str,
    message: str = "",
    at: datetime | None = None,
    decisions: Decisions = NOTHING,
) -> str:
    """Merges a relative's branch into a branch of `design` and returns the commit.

    `decisions` are about conflicts; “ours” is the branch that takes. Raises Invalid for those that do not fit, NotFound
    for a missing branch, Forbidden for one that takes proposals only, Conflict for nothing new or for changes that
    exclude each other.
    """
    if work.person is None:
        raise Forbidden("Enter first, then merge.")
    work.need_move(branch, design)
    with work.house.store.open(source.key) as repository:
        theirs = repository.refs().get(f"refs/heads/{source_branch}")
    if theirs is None:
        raise NotFound(f"{source.path} has no branch “{source_branch}”.")
    bring(work, source, design, theirs, f"refs/proposals/pulls/{source.key}")
    who = sign(work.person, at)
    with work.opened(design) as repository:
        ours = repository.refs().get(f"refs/heads/{branch}")
        if ours is None:
            raise NotFound(f"{design.path} has no branch “{branch}”.")
        trial = try_settled(repository, ours, theirs)
        trial = settle(repository, trial, decisions) if decisions else trial
        if trial.already:
            raise Conflict(f"{design.path} has every commit of {source.path} {source_branch} already.")
        if trial.tree is None:
            raise Conflict(in_words(trial.conflicts, "merge them on your own machine"), listed(trial.conflicts))
        text = message or f"Merge {source.path} {source_branch}"
        sha = commit_merge(repository, branch, ours, trial, (ours, theirs), text, who, who)
    sync(work, design)
    return sha
