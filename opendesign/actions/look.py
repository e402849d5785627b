"""Somebody looks at a proposal; the next time they are told what has changed since."""

from collections.abc import Sequence
from dataclasses import dataclass

from opendesign.actions.house import Work
from opendesign.core.errors import Forbidden
from opendesign.git.commits import Commit
from opendesign.records.base import now
from opendesign.records.look import Look, look_of
from opendesign.records.proposal import Proposal


@dataclass(frozen=True)
class News:
    """What came since somebody looked at `before`: so many commits, or None where history was rewritten."""

    before: str
    after: str
    commits: int | None


def look(work: Work, proposal: Proposal) -> Look:
    """Remembers that the acting person has seen the commit proposed now."""
    if work.person is None:
        raise Forbidden("Enter first; nobody is remembered without a name.")
    row = look_of(work.session, proposal, work.person)
    if row is None:
        row = Look(proposal_id=proposal.id, person=work.person)
        work.session.add(row)
    row.sha, row.at = proposal.source_sha, now()
    work.session.flush()
    return row


def unseen(work: Work, proposal: Proposal) -> bool:
    """Tells whether the acting person is known and has not seen the commit proposed now."""
    if work.person is None or proposal.state != "open":
        return False
    row = look_of(work.session, proposal, work.person)
    return row is None or row.sha != proposal.source_sha


def news(work: Work, proposal: Proposal, commits: Sequence[Commit]) -> News | None:
    """Returns what came since the acting person looked; `commits` are those proposed, oldest first.

    None for who has not looked yet, or has seen it all.
    """
    row = look_of(work.session, proposal, work.person) if work.person else None
    if row is None or row.sha == proposal.source_sha:
        return None
    shas = [commit.sha for commit in commits]
    return News(row.sha, proposal.source_sha, len(shas) - 1 - shas.index(row.sha) if row.sha in shas else None)
