"""Finds the work that leaves no lines: reviews that held, merges, answers."""

from collections.abc import Iterator, Sequence

from opendesign.actions.house import Work
from opendesign.core.lineage.credit import Event
from opendesign.records.person import Person
from opendesign.records.proposal import Proposal
from opendesign.records.verdict import Verdict, verdicts_among


def find_care(work: Work, merged: Sequence[Proposal]) -> Iterator[Event]:
    """Yields what people did for proposals that were merged, each kind once for each person and proposal.

    Nothing counts for a proposal's own author, nor for the team it comes from: that is one voice. Whoever may not write
    to the design has reviewed where their objection led to a change, and answered where their suggestion was taken, so
    that words alone earn nothing.
    """
    verdicts: dict[int, list[Verdict]] = {}
    for each in verdicts_among(work.session, {proposal.id for proposal in merged}):
        verdicts.setdefault(each.proposal_id, []).append(each)
    for proposal in merged:
        place, team = f"{proposal.design.path}#{proposal.number}", proposal.design.writers
        own = {proposal.author_id} | _rivals(proposal, team)
        reviewers = [one.person for one in verdicts.get(proposal.id, ()) if _found(proposal, one, team)]
        answering = [one.person for one in proposal.comments if one.acceptance or one.person_id in team]
        done = {"review": reviewers, "answer": answering, "merge": [proposal.merge.person if proposal.merge else None]}
        for kind, people in done.items():
            pool = "verification" if kind == "review" else "care"
            for who in _names(people, own):
                yield Event(pool, kind, frozenset({who}), 1, 1, place)


def _rivals(proposal: Proposal, team: frozenset[int]) -> frozenset[int]:
    """Returns the team that a proposal comes from, but for those who are of the design's own team too."""
    source = proposal.source
    if source is None or source.id == proposal.design_id:
        return frozenset()
    return source.writers - team


def _found(proposal: Proposal, verdict: Verdict, team: frozenset[int]) -> bool:
    return verdict.person_id in team or (verdict.word == "request_changes" and verdict.sha != proposal.source_sha)


def _names(people: Sequence[Person | None], own: set[int | None]) -> list[str]:
    return sorted({each.name for each in people if each is not None and each.id not in own})
