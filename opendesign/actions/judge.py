"""Somebody looks at a proposal and approves it or asks for changes; the branch may ask for approvals."""

from dataclasses import dataclass

from opendesign.actions.house import Work, ground, unchanged
from opendesign.actions.notify_about import notify_about
from opendesign.core.access import Actor, may
from opendesign.core.approval import APPROVE, WORDS, Opinion, Standing, current, standing
from opendesign.core.errors import Conflict, Forbidden, Invalid
from opendesign.core.names import clean_text
from opendesign.records.base import now
from opendesign.records.design import known_refs
from opendesign.records.proposal import Proposal
from opendesign.records.revision import received_from
from opendesign.records.verdict import Verdict, rule_for, verdicts_on


@dataclass(frozen=True)
class Given:
    """A verdict, whether it holds still, and whether it counts: by somebody who may write, not of their own work."""

    verdict: Verdict
    current: bool
    writer: bool


def judge(work: Work, proposal: Proposal, word: str, body: str = "", expected: str | None = None) -> Verdict:
    """Records the acting person's verdict on the proposed commit; `expected` is the one they looked at.

    Raises Conflict for an ended proposal, one's own or one with commits of one's own to approve, or a commit that is
    not the newest, Invalid for another word or a request that does not say what to change.
    """
    if work.person is None:
        raise Forbidden("Enter first, then review.")
    if word not in WORDS:
        raise Invalid("A verdict is “approve” or “request_changes”.", [{"name": "verdict"}])
    if proposal.state != "open":
        raise Conflict(f"Proposal {proposal.number} is {proposal.state} already.")
    if word == APPROVE and proposal.author_id == work.person.id:
        raise Conflict("You opened this proposal; somebody else approves it.")
    if word == APPROVE and work.person.id in bringers(work, proposal):
        raise Conflict("You brought commits of this proposal; somebody else approves it.")
    unchanged(expected, proposal.source_sha, "The proposal")
    body = clean_text(body, work.house.limits.proposal_body, "text")
    if word != APPROVE and not body:
        raise Invalid("Say what should change.", [{"name": "body", "message": "is empty"}])
    made = Verdict(proposal=proposal, person=work.person, sha=proposal.source_sha, word=word, body=body, at=now())
    work.session.add(made)
    work.session.flush()
    notify_about(work, proposal, "approved" if word == APPROVE else "changes", body)
    return made


def verdicts(work: Work, proposal: Proposal) -> list[Given]:
    """Returns what was found of a proposal, oldest first, and what of it holds for the commit proposed now."""
    found = verdicts_on(work.session, proposal)
    opinions = _opinions(work, proposal, found)
    held = current(opinions, proposal.source_sha)
    return [Given(*each) for each in zip(found, held, (opinion.writer for opinion in opinions), strict=True)]


def standing_of(work: Work, proposal: Proposal) -> Standing:
    """Returns whether enough people approve what is proposed now for its target branch."""
    rule = rule_for(work.session, proposal.design, proposal.target_branch)
    opinions = _opinions(work, proposal, verdicts_on(work.session, proposal))
    return standing(opinions, proposal.source_sha, rule.approvals if rule else 0)


def bringers(work: Work, proposal: Proposal) -> set[int]:
    """Returns whose work is proposed: its author, and whoever the source received a proposed commit from."""
    people = set() if proposal.author_id is None else {proposal.author_id}
    if proposal.source_id is None:
        return people
    merge, branch = proposal.merge, f"refs/heads/{proposal.target_branch}"
    tip = merge.base_sha if merge else known_refs(work.session, proposal.design).get(branch)
    with work.house.store.open(proposal.design.key) as repository:
        proposed = repository.beyond(proposal.source_sha, [tip] if tip else [])
    return people | received_from(work.session, proposal.source_id, proposed)


def _opinions(work: Work, proposal: Proposal, found: list[Verdict]) -> list[Opinion]:
    base = ground(proposal.design)
    own = bringers(work, proposal) if any(each.word == APPROVE for each in found) else set()
    writers = {
        each.person.id: may(Actor(each.person.id, each.person.admin), "merge", base) for each in found if each.person
    }
    return [
        Opinion(
            each.person_id,
            each.sha,
            each.word,
            writers.get(each.person_id or 0, False) and not (each.word == APPROVE and each.person_id in own),
        )
        for each in found
    ]
