"""Whoever takes part in a proposal, or made something, is told what others did with it; some of them by a letter."""

from opendesign.actions.house import Work, ground
from opendesign.core.access import Actor, may
from opendesign.core.digest import AT_ONCE
from opendesign.records.made import Made
from opendesign.records.notice import Notice
from opendesign.records.person import Person, people_by_id
from opendesign.records.proposal import Proposal
from opendesign.records.verdict import verdicts_on

LONGEST = 2000  # characters of what somebody said that a notice repeats


def notify_about(work: Work, proposal: Proposal, kind: str, said: str = "") -> None:
    """Tells the design's team, the author and whoever has spoken, but for whoever did it and those who may not see it.

    `kind` is an event of core/news.py.
    """
    design, doer = proposal.design, work.person.id if work.person else None
    spoken = {each.person_id for each in proposal.comments}
    spoken |= {each.person_id for each in verdicts_on(work.session, proposal)}
    base = ground(design)
    for person in people_by_id(work.session, {*design.writers, proposal.author_id, *spoken} - {doer}).values():
        if may(Actor(person.id, person.admin), "see", base):
            row = Notice(person_id=person.id, source_id=design.id, target_id=design.id, sha=proposal.source_sha)
            row.kind, row.proposal_id, row.said = kind, proposal.id, said[:LONGEST]
            row.by_id, row.at, row.subject, row.commits = doer, work.began, proposal.title[:300], 0
            add_notice(work, person, row)


def notify_made(work: Work, made: Made, kind: str, title: str, said: str = "") -> None:
    """Tells the design's team and the maker what was made, or what somebody says of it (core/news.py), as above."""
    design, doer = made.design, work.person.id if work.person else None
    base = ground(design)
    for person in people_by_id(work.session, {*design.writers, made.person_id} - {doer}).values():
        if may(Actor(person.id, person.admin), "see", base):
            row = Notice(person_id=person.id, source_id=design.id, target_id=design.id, sha=made.sha, kind=kind)
            row.made_id, row.said, row.by_id, row.at = made.id, said[:LONGEST], doer, work.began
            row.subject, row.commits = title[:300], 0
            add_notice(work, person, row)


def add_notice(work: Work, person: Person, row: Notice) -> None:
    """Keeps a notice, and has a letter about it sent to whoever wants one at once."""
    work.session.add(row)
    work.session.flush()
    if person.letters == AT_ONCE and person.proven_at is not None:
        work.soon("notice", row.id)
