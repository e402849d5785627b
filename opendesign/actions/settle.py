"""Proposals follow the refs: their commits are brought along, and what has arrived is merged."""

from opendesign.actions.house import Work
from opendesign.git.commits import Commit
from opendesign.git.merging import try_merge
from opendesign.git.repository import Repository
from opendesign.records.base import now
from opendesign.records.design import Design
from opendesign.records.proposal import Merge, Proposal, open_proposals_touching
from opendesign.records.revision import Adoption, adoptions_into


def settle(work: Work, design: Design, refs: dict[str, str], known: dict[str, str]) -> None:
    """Makes the open proposals from and to a design agree with its refs; `known` is where these stood before."""
    for proposal in open_proposals_touching(work.session, design):
        if proposal.source_id == design.id:
            _follow(work, proposal, refs.get(f"refs/heads/{proposal.source_branch}"))
        if proposal.design_id == design.id:
            branch = f"refs/heads/{proposal.target_branch}"
            _arrive(work, proposal, refs.get(branch), known.get(branch))
        work.soon("review", proposal.id)


def _follow(work: Work, proposal: Proposal, tip: str | None) -> None:
    """Brings new commits of the source branch into the target; a branch that is gone leaves the proposal as it is."""
    if tip is None or tip == proposal.source_sha or proposal.source is None:
        return
    work.house.store.bring(proposal.source.key, proposal.design.key, tip, proposal.head_ref)
    proposal.source_sha = tip


def _arrive(work: Work, proposal: Proposal, tip: str | None, before: str | None) -> None:
    """Records a merge when the target branch has what was proposed, however it got there."""
    if tip is None:
        return
    with work.house.store.open(proposal.design.key) as repository:
        if repository.is_ancestor(proposal.source_sha, tip):
            how, sha, base = "push", tip, before or tip
        elif squash := _squash(repository, proposal, tip, before):
            how, sha, base = "squash", squash.sha, squash.parents[0]
        else:
            return
    row = Merge(proposal=proposal, person=work.person, sha=sha, base_sha=base, strategy=how, at=now())
    work.session.add(row)
    work.session.flush()
    work.session.expire(proposal, ["merge"])
    credit(work, proposal, row)


def _squash(repository: Repository, proposal: Proposal, tip: str, before: str | None) -> Commit | None:
    """Returns the new commit that names the proposal and leaves nothing of it to be taken, or None.

    It shares no history with what it was made from, and a process that dies after making it leaves no other word.
    """
    if before in (None, tip):
        return None
    for commit in repository.new_commits([tip], [before]):
        if ("Proposal", str(proposal.number)) in commit.trailers and len(commit.parents) == 1:
            trial = try_merge(repository, commit.sha, proposal.source_sha)
            if trial.tree == commit.tree:
                return commit
    return None


def credit(work: Work, proposal: Proposal, row: Merge) -> None:
    """Ties the adoption to its proposal; a squash leaves no shared commit, so it gets an adoption of its own."""
    if proposal.source_id is None or proposal.source_id == proposal.design_id:
        return
    found = [a for a in adoptions_into(work.session, proposal.design_id, work.began) if a.proposal_id is None]
    for adoption in found:
        adoption.proposal_id, adoption.at = proposal.id, row.at
    if not found and row.strategy != "push":
        kind = "port" if row.strategy == "squash" else "merge"
        work.session.add(
            Adoption(
                source_id=proposal.source_id,
                target_id=proposal.design_id,
                kind=kind,
                sha=proposal.source_sha,
                commits=1,
                subject=proposal.title[:300],
                person_id=row.person_id,
                proposal_id=proposal.id,
                at=row.at,
            )
        )
