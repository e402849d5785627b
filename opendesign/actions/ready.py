"""A proposal is opened before it is finished, and called ready later."""

from opendesign.actions.house import Work
from opendesign.actions.notify_about import notify_about
from opendesign.core.errors import Conflict
from opendesign.records.base import now
from opendesign.records.proposal import Draft, Proposal


def hold_back(work: Work, proposal: Proposal) -> None:
    """Says that a proposal is not finished: nobody merges it. Raises Conflict for one that has ended or is held."""
    _refuse_ended(proposal)
    if proposal.unfinished:
        raise Conflict(f"Proposal {proposal.number} is a draft already.")
    row = proposal.draft or Draft(proposal=proposal)
    row.person_id, row.at = work.person.id if work.person else None, now()
    row.ready_by, row.ready_at = None, None
    work.session.add(row)
    work.session.flush()


def make_ready(work: Work, proposal: Proposal) -> None:
    """Says that a draft is finished. Raises Conflict for one that has ended or is no draft."""
    _refuse_ended(proposal)
    if proposal.draft is None or not proposal.unfinished:
        raise Conflict(f"Proposal {proposal.number} is no draft: it is ready already.")
    proposal.draft.ready_by, proposal.draft.ready_at = work.person, now()
    work.session.flush()
    notify_about(work, proposal, "ready")


def _refuse_ended(proposal: Proposal) -> None:
    if proposal.state != "open":
        raise Conflict(f"Proposal {proposal.number} is {proposal.state} already.")
