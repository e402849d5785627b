"""What a proposal brought is taken back, by a proposal of its own; and a proposal takes in what came to its target."""

from functools import partial

from opendesign.actions.create_design import sign
from opendesign.actions.house import Work
from opendesign.actions.merge import NOTHING
from opendesign.actions.propose import propose
from opendesign.actions.pull import pull
from opendesign.actions.sync import sync
from opendesign.core.errors import Conflict, Forbidden, NotFound
from opendesign.git.merging import commit_merge, try_revert
from opendesign.git.repository import Repository
from opendesign.git.settling import Decisions, other_way
from opendesign.git.writing import create_branch, unmake_branch
from opendesign.records.proposal import Merge, Proposal


def revert(work: Work, proposal: Proposal) -> Proposal:
    """Commits the reverse of a merge to a branch of its own and proposes that; returns the new proposal.

    Raises Conflict for a proposal that was not merged, one reverted already, or where later commits changed the same
    lines, NotFound when the target branch is gone.
    """
    if work.person is None:
        raise Forbidden("Enter first, then revert.")
    merge, design, branch = proposal.merge, proposal.design, f"revert-{proposal.number}"
    if merge is None:
        raise Conflict(f"Proposal {proposal.number} is {proposal.state}, so there is nothing to take back.")
    work.need_move(branch, design)
    who, target = sign(work.person), proposal.target_branch
    title = f"Revert “{proposal.title}”"[:200]
    with work.opened(design) as repository:
        refs = repository.refs()
        tip = refs.get(f"refs/heads/{target}")
        if tip is None:
            raise NotFound(f"{design.path} has no branch “{target}” any more.")
        if f"refs/heads/{branch}" in refs:
            raise Conflict(f"The branch {branch} is there already; propose it, or delete it first.")
        trial = try_revert(repository, tip, *_brought(repository, merge), who)
        if trial.tree is None:
            names = ", ".join(conflict.path for conflict in trial.conflicts)
            raise Conflict(f"Later commits changed the same lines of {names}; take it back on your own machine.")
        if trial.tree == repository.tree_id(tip):
            raise Conflict(f"Nothing of proposal {proposal.number} is left on {target} to take back.")
        create_branch(repository, branch, tip)
        work.undo(partial(unmake_branch, repository.path, branch, tip))
        text = f"{title}\n\nThis takes back {merge.sha}.\n\nReverts: {proposal.number}\n"
        made = commit_merge(repository, branch, tip, trial, (tip,), text, who, who)
        work.undo(partial(unmake_branch, repository.path, branch, made))
    sync(work, design)
    return propose(work, design, design, branch, target, title, f"Takes back proposal {proposal.number}.")


def _brought(repository: Repository, merge: Merge) -> tuple[str, str]:
    """Returns the commit that has what the proposal brought, and one that lacks just that.

    A push may bring more beside it: then only what lies between the target and the source is the proposal's.
    """
    source = merge.proposal.source_sha
    if merge.strategy != "push" or repository.commit(merge.sha).parents == (merge.base_sha, source):
        return merge.sha, merge.base_sha
    return source, repository.merge_base(merge.base_sha, source) or merge.base_sha


def update(work: Work, proposal: Proposal, decisions: Decisions = NOTHING) -> str:
    """Merges the target branch into the source branch of an open proposal and returns the commit.

    `decisions` are those of a merge of the proposal: “ours” is the target. Raises Conflict for an ended proposal,
    nothing new, or changes that exclude each other and are not decided.
    """
    source = work.need("push", proposal.source) if proposal.source else None
    if proposal.state != "open" or source is None:
        raise Conflict(f"Proposal {proposal.number} takes no commits any more.")
    ends = (source, proposal.source_branch, proposal.design, proposal.target_branch)
    return pull(work, *ends, decisions=other_way(decisions))
