"""Reviews: who has looked at a proposal, who approves it, and who asks for changes."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.judge import Given, judge, standing_of, verdicts
from opendesign.actions.look import look
from opendesign.api.designs import address
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, Name, Page, Sha, Shown, example
from opendesign.core.approval import MOST
from opendesign.records.design import Design
from opendesign.records.look import Look, looks_at
from opendesign.records.proposal import Proposal, proposal_of

REVIEWS = f"{DESIGN}/proposals/{{number}}/reviews"
LOOKS = f"{DESIGN}/proposals/{{number}}/looks"
Word = Literal["approve", "request_changes"]


class ReviewWanted(Body):
    """What somebody found of a proposal."""

    model_config = Body.model_config | example(
        {"verdict": "approve", "body": "Printed it: fits.", "commit": "d670460b4b4aece5915caf5c68d12f560a9fe3e4"}
    )
    verdict: Word
    body: str = Field("", description="Why; a request for changes must say what should change.")
    commit: Sha | None = Field(None, description="The proposed commit you looked at; 409 when there is a newer one.")


class ReviewShown(Shown):
    """What somebody found of a proposal."""

    model_config = example(
        {
            "id": 4,
            "by": "bia",
            "verdict": "approve",
            "body": "Printed it: fits.",
            "commit": "d670460b4b4aece5915caf5c68d12f560a9fe3e4",
            "state": "current",
            "counts": True,
            "at": "2024-05-01T12:00:00Z",
        }
    )
    id: int
    by: Name | None
    verdict: Word
    body: str
    commit: Sha = Field(description="The proposed commit it is about.")
    state: Literal["current", "outdated"] = Field(
        description="outdated: there is a newer commit, or a later review by the same person."
    )
    counts: bool = Field(
        description="It is current, and its author may write to the design and approves no commit of their own."
    )
    at: datetime


class Approvals(Shown):
    """How many people who may write to the design approve what is proposed now, and how many must."""

    required: int = Field(ge=0, le=MOST)
    given: int
    changes_requested: int


class LookShown(Shown):
    """Somebody's latest look at a proposal."""

    model_config = example(
        {
            "by": "bia",
            "commit": "d670460b4b4aece5915caf5c68d12f560a9fe3e4",
            "newest": True,
            "at": "2024-05-01T12:00:00Z",
        }
    )
    by: Name
    commit: Sha = Field(description="The newest proposed commit at that time.")
    newest: bool = Field(description="Nothing was proposed since.")
    at: datetime


@operation("GET", REVIEWS, list[ReviewShown], verb="see", query=Page)
def list_all(work: Work, design: Design, number: int, query: Page) -> Answer:
    """Lists the reviews of a proposal, oldest first."""
    found = reviews_of(work, proposal_of(work.session, design, number))
    return Answer(query.of(found), total=len(found))


@operation("POST", REVIEWS, {201: ReviewShown}, verb="review", body=ReviewWanted)
def give(work: Work, design: Design, number: int, body: ReviewWanted) -> Answer:
    """Approves what is proposed now, or asks for changes; it is outdated as soon as a newer commit comes.

    Nobody approves a proposal of their own.
    """
    proposal = proposal_of(work.session, design, number)
    made = judge(work, proposal, body.verdict, body.body, body.commit)
    shown = next(_shown(each) for each in verdicts(work, proposal) if each.verdict.id == made.id)
    return Answer(shown, 201, f"{address(design)}/proposals/{number}/reviews")


@operation("GET", LOOKS, list[LookShown], verb="see", query=Page)
def list_looks(work: Work, design: Design, number: int, query: Page) -> Answer:
    """Lists who has looked at a proposal and at which commit, the latest first."""
    proposal = proposal_of(work.session, design, number)
    found = looks_at(work.session, proposal)
    return Answer([_look_shown(proposal, each) for each in query.of(found)], total=len(found))


@operation("POST", LOOKS, {201: LookShown}, verb="review")
def see(work: Work, design: Design, number: int) -> Answer:
    """Remembers that you have seen what is proposed now; opening the page while entered does the same."""
    proposal = proposal_of(work.session, design, number)
    shown = _look_shown(proposal, look(work, proposal))
    return Answer(shown, 201, f"{address(design)}/proposals/{number}/looks")


def _look_shown(proposal: Proposal, row: Look) -> LookShown:
    return LookShown(by=row.person.name, commit=row.sha, newest=row.sha == proposal.source_sha, at=row.at)


def reviews_of(work: Work, proposal: Proposal) -> list[ReviewShown]:
    """Returns the reviews of a proposal, oldest first."""
    return [_shown(each) for each in verdicts(work, proposal)]


def approvals_of(work: Work, proposal: Proposal) -> Approvals:
    """Returns how many approve what is proposed now."""
    found = standing_of(work, proposal)
    return Approvals(required=found.required, given=found.approvals, changes_requested=found.objections)


def _shown(given: Given) -> ReviewShown:
    row = given.verdict
    return ReviewShown.of(
        id=row.id,
        by=row.person.name if row.person else None,
        verdict=row.word,
        body=row.body,
        commit=row.sha,
        state="current" if given.current else "outdated",
        counts=given.current and given.writer,
        at=row.at,
    )
