"""Tries what merging a proposal would give; two commits never change, so each pair is tried once per process."""

from dataclasses import dataclass, replace

from opendesign.actions.house import Work
from opendesign.core.errors import NotFound
from opendesign.core.remembered import Remembered
from opendesign.git.commits import Commit
from opendesign.git.merging import Trial
from opendesign.git.repository import Repository
from opendesign.git.settling import Decisions, settle, try_settled
from opendesign.records.design import known_refs
from opendesign.records.proposal import Proposal

KEPT = 500  # attempts; one costs five git processes, about 25 ms
LISTED = 250  # commits of a proposal that are shown
_attempts: Remembered[tuple[str, str, str], "Attempt"] = Remembered(KEPT)


@dataclass(frozen=True, eq=False)
class Attempt:
    """The target's tip (`ours`), the proposed commit (`theirs`), the trial, and the proposed commits, oldest first."""

    ours: str
    theirs: str
    trial: Trial
    commits: list[Commit]

    @property
    def base(self) -> str | None:
        """The commit both sides have in common."""
        return self.trial.base


def try_proposal(work: Work, proposal: Proposal) -> Attempt:
    """Returns what merging an open or declined proposal would give now, and a merged one as it was just before.

    Raises NotFound when the target branch or a commit is gone.
    """
    ours, result = _target(work, proposal)
    name = (proposal.design.key, ours, result or proposal.source_sha)
    found = _attempts.get(name)
    if found is None:
        with work.house.store.open(proposal.design.key) as repository:
            found = _attempts.keep(name, _attempt(repository, ours, proposal.source_sha, result))
    return found


def try_again(work: Work, proposal: Proposal) -> Attempt:
    """As `try_proposal`, but asks git anew: the tree of a kept attempt may have been swept away since."""
    ours, result = _target(work, proposal)
    old = (proposal.design.key, ours, result or proposal.source_sha)
    _attempts.forget(lambda name: name == old)
    return try_proposal(work, proposal)


def decide(work: Work, proposal: Proposal, attempt: Attempt, decisions: Decisions) -> Attempt:
    """Returns the attempt with these conflicts decided; raises Invalid for what is not in conflict or does not fit."""
    if not decisions:
        return attempt
    with work.house.store.open(proposal.design.key) as repository:
        return replace(attempt, trial=settle(repository, attempt.trial, decisions))


def _target(work: Work, proposal: Proposal) -> tuple[str, str | None]:
    """Returns the commit to merge into, and the merge's own commit when there is one."""
    if proposal.merge:
        return proposal.merge.base_sha, proposal.merge.sha
    ours = known_refs(work.session, proposal.design).get(f"refs/heads/{proposal.target_branch}")
    if ours is None:
        raise NotFound(f"{proposal.design.path} has no branch “{proposal.target_branch}” any more.")
    return ours, None


def _attempt(repository: Repository, ours: str, theirs: str, result: str | None) -> Attempt:
    if result:
        trial = Trial(repository.tree_id(result), repository.merge_base(ours, theirs))
    else:
        trial = try_settled(repository, ours, theirs)
    commits = repository.log(theirs, limit=LISTED, without=[ours])
    return Attempt(ours, theirs, trial, commits[::-1])
