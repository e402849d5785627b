"""Proposals: opening them, what they would change, and whether they can be merged."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.merge import Review, places, review, want_review
from opendesign.actions.propose import propose
from opendesign.actions.ready import hold_back
from opendesign.api.checks import CheckShown
from opendesign.api.comparisons import Compared, compared
from opendesign.api.designs import address
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.reviews import Approvals, ReviewShown, approvals_of, reviews_of
from opendesign.api.shape import Body, DesignPath, Name, Page, Sha, Shown, Value, example
from opendesign.api.visit import find_design, house, public_url, visitor
from opendesign.core.errors import Invalid, NotFound
from opendesign.records.design import Design, page_of
from opendesign.records.proposal import Merge, Proposal, proposal_of, proposals_to

PROPOSAL = f"{DESIGN}/proposals/{{number}}"
State = Literal["open", "merged", "declined"]


class MergeShown(Shown):
    """How a proposal reached the target branch."""

    commit: Sha
    by: Name | None
    strategy: str = Field(description="merge, squash, or push when it came by git.")
    reason: str | None = Field(description="Why an owner merged against the rule of the target branch.")
    against: str | None = Field(description="What that rule asked for and was not there.")
    at: datetime


class ClosingShown(Shown):
    """How a proposal ended without a merge."""

    by: Name | None
    reason: str
    at: datetime


class ProposalBrief(Shown):
    """Somebody asks a design to take the commits of a branch."""

    number: int
    state: State
    draft: bool = Field(description="Its author still works on it, so that nobody merges it.")
    title: str
    body: str
    author: Name | None
    source: DesignPath | None = Field(description="Null when it was deleted or is hidden from you.")
    source_branch: str
    source_commit: Sha
    target_branch: str
    opened_at: datetime
    merge: MergeShown | None
    closing: ClosingShown | None
    comments: int
    href: str
    html_url: str


class ConflictShown(Shown):
    """What both sides changed: a parameter with its three values, or a text with git's ids of its three versions."""

    path: str
    kind: Literal["text", "parameter"]
    detail: str = Field(description="git's word for it, such as contents or modify/delete.")
    name: str | None = Field(description="The parameter, for conflicts of that kind.")
    base: Value | None
    ours: Value | None
    theirs: Value | None


class ProposalShown(ProposalBrief):
    """A proposal with all that is known of its merge."""

    model_config = example(
        {
            "number": 3,
            "state": "open",
            "draft": False,
            "title": "Thicker walls",
            "body": "",
            "author": "bia",
            "source": "bia/laptop-case",
            "source_branch": "main",
            "source_commit": "d670460b4b4aece5915caf5c68d12f560a9fe3e4",
            "target_branch": "main",
            "target_commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "mergeable": "clean",
            "conflicts": [],
            "reviews": [],
            "approvals": {"required": 1, "given": 0, "changes_requested": 0},
            "checks": [
                {
                    "name": "lid.py",
                    "kind": "part",
                    "state": "passed",
                    "detail": "lid.py builds and is valid.",
                    "required": False,
                }
            ],
            "opened_at": "2024-05-01T12:00:00Z",
            "merge": None,
            "closing": None,
            "comments": 0,
            "href": "/api/v1/designs/ada/laptop-case/proposals/3",
            "html_url": "https://opendesign.example/ada/laptop-case/proposals/3",
            "comparison": {
                "state": "made",
                "parameters": [],
                "parts": [],
                "bom": {"rows": [], "costs": [], "unpriced": 0},
            },
        }
    )
    target_commit: Sha | None = Field(description="The target branch's commit: `expected` of a merge.")
    mergeable: Literal["clean", "conflict", "unknown"]
    conflicts: list[ConflictShown]
    checks: list[CheckShown]
    reviews: list[ReviewShown]
    approvals: Approvals = Field(description="What the target branch asks of people, and what there is.")
    comparison: Compared | None = Field(description="What the merge changes; null when a branch is gone.")


class DesignName(Body):
    """A design by its owner and name."""

    owner: str
    name: str


class Wish(Body):
    """A proposal to be opened."""

    model_config = Body.model_config | example(
        {
            "title": "Thicker walls",
            "body": "They broke.",
            "source": "bia/laptop-case",
            "source_branch": "main",
            "target_branch": "main",
        }
    )
    title: str = Field("", description="By default the subject of the newest commit.")
    body: str = ""
    source: DesignPath | DesignName | None = Field(
        None, description="A design of the same family; by default the target itself."
    )
    source_branch: str
    target_branch: str = Field("", description="By default the target's default branch.")
    draft: bool = Field(False, description="It is not finished: nobody merges it before its author makes it ready.")

    @property
    def source_path(self) -> tuple[str, str] | None:
        """Owner and name of the source; None when it is the target itself. Raises Invalid for another text."""
        if isinstance(self.source, DesignName):
            return self.source.owner, self.source.name
        if self.source is None:
            return None
        owner, slash, name = self.source.partition("/")
        if not slash or "/" in name:
            raise Invalid("The source is written owner/name.", [{"name": "source", "message": "must be owner/name"}])
        return owner, name


class InState(Page):
    """Which proposals are wanted."""

    state: State | None = None


def want_rest(owner: str, name: str, number: int) -> None:
    """Wants the builds, differences and runs of checks an open proposal's review needs and nobody has wanted yet."""
    with house().reading(visitor()) as work:
        proposal = proposal_of(work.session, find_design(work, owner, name), number)
        found = reviewed(work, proposal) if proposal.state == "open" else None
    if found is not None and found.lacking:
        with house().writing(visitor()) as work:
            want_review(work, proposal_of(work.session, find_design(work, owner, name), number))


@operation("GET", f"{DESIGN}/proposals", list[ProposalBrief], verb="see", query=InState)
def list_all(work: Work, design: Design, query: InState) -> Answer:
    """Lists the proposals to a design, newest first."""
    found = proposals_to(work.session, design, query.state)
    proposals, total = page_of(work.session, found, query.page, query.per_page)
    return Answer([proposal_brief(work, each) for each in proposals], total=total)


@operation("POST", f"{DESIGN}/proposals", {201: ProposalShown}, verb="propose", body=Wish)
def open_one(work: Work, design: Design, body: Wish) -> Answer:
    """Proposes a branch of a fork, or of the design itself.

    The merge result is rebuilt at once: ask the proposal for its `checks`.
    """
    source = find_design(work, *body.source_path) if body.source_path else design
    made = propose(work, design, source, body.source_branch, body.target_branch, body.title, body.body)
    if body.draft:
        hold_back(work, made)
    shown = proposal_shown(work, made)
    return Answer(shown, 201, shown.href)


@operation("GET", PROPOSAL, ProposalShown, verb="see", before=want_rest)
def show(work: Work, design: Design, number: int) -> Answer:
    """Shows a proposal: whether it merges, the checks of the rebuilt result, and what it changes."""
    return Answer(proposal_shown(work, proposal_of(work.session, design, number)))


def reviewed(work: Work, proposal: Proposal) -> Review | None:
    """Returns what is known of a proposal's merge; None when a branch or commit it needs is gone."""
    try:
        return review(work, proposal)
    except NotFound:
        return None


def proposal_shown(work: Work, proposal: Proposal) -> ProposalShown:
    """Returns a proposal with all that is known of its merge."""
    found = reviewed(work, proposal)
    return ProposalShown.of(
        **proposal_brief(work, proposal).model_dump(),
        target_commit=found.ours if found else None,
        mergeable=found.mergeable if found else "unknown",
        conflicts=[ConflictShown.of(**each) for one in found.trial.conflicts for each in places(one)] if found else [],
        checks=[CheckShown.model_validate(each, from_attributes=True) for each in found.checks] if found else [],
        reviews=reviews_of(work, proposal),
        approvals=approvals_of(work, proposal),
        comparison=compared(found.change) if found else None,
    )


def proposal_brief(work: Work, proposal: Proposal) -> ProposalBrief:
    """Returns a proposal as lists show it."""
    fields = ("number", "state", "title", "body", "source_branch", "target_branch", "opened_at")
    end, closing = proposal.merge, proposal.closing
    source = proposal.source if proposal.source and work.may("see", proposal.source) else None
    return ProposalBrief(
        **{name: getattr(proposal, name) for name in fields},
        draft=proposal.unfinished,
        author=proposal.author.name if proposal.author else None,
        source=source.path if source else None,
        source_commit=proposal.source_sha,
        merge=_merged(end) if end else None,
        closing=ClosingShown(by=_name(closing), reason=closing.reason, at=closing.at) if closing else None,
        comments=len(proposal.comments),
        href=f"{address(proposal.design)}/proposals/{proposal.number}",
        html_url=f"{public_url()}/{proposal.design.path}/proposals/{proposal.number}",
    )


def _merged(end: Merge) -> MergeShown:
    fields = {name: getattr(end, name) for name in ("strategy", "reason", "against", "at")}
    return MergeShown(commit=end.sha, by=_name(end), **fields)


def _name(end) -> str | None:
    return end.person.name if end.person else None
