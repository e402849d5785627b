"""Proposals follow the refs: their commits are brought along, and what has arrived is merged."""

from opendesign.actions.house import Work
from opendesign.records.base import now
from opendesign.records.design import Design
from opendesign.records.proposal import Merge, Proposal, open_proposals_touching


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
    """Records a merge when the target branch contains the proposed commit, however it got there."""
    if tip is None:
        return
    with work.house.store.open(proposal.design.key) as repository:
        if not repository.is_ancestor(proposal.source_sha, tip):
            return
    work.session.add(
        Merge(
            proposal_id=proposal.id,
            person_id=work.person.id if work.person else None,
            sha=tip,
            base_sha=before or tip,
            strategy="push",
            at=now(),
        )
    )
    work.session.flush()
    work.session.expire(proposal, ["merge"])
