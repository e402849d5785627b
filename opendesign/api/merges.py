"""How proposals end: merged when the rebuilt result holds, or declined; and what is said until then."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from pydantic import Field

from opendesign.actions.find_pins import build_under, find_pins
from opendesign.actions.house import Work
from opendesign.actions.merge import merge
from opendesign.actions.propose import comment, decline, may_close
from opendesign.actions.ready import hold_back, make_ready
from opendesign.actions.rebuild_merged import rebuild_merged
from opendesign.actions.revert import revert, update
from opendesign.actions.suggest import Readings, readings, take_suggestion
from opendesign.api.operation import Answer, operation
from opendesign.api.pins import PinShown, pin_shown, want_pinned
from opendesign.api.proposals import PROPOSAL, ProposalBrief, proposal_brief
from opendesign.api.shape import Body, Name, Page, Sha, Shown, Value, Vector, example
from opendesign.api.visit import find_design, house, visitor
from opendesign.core.errors import Forbidden
from opendesign.core.rule import LONGEST_REASON
from opendesign.records.design import Design
from opendesign.records.proposal import Comment, Proposal, comment_of, proposal_of

PRINTED = r"^[^\x00-\x1f\x7f]*$"


class MergeWanted(Body):
    """How a proposal is to be merged."""

    model_config = Body.model_config | example(
        {
            "expected": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "strategy": "merge",
            "resolutions": {"lid.py": {"WALL": "theirs", "WIDTH": 62.5}},
        }
    )
    expected: Sha | None = Field(None, description="The target branch's commit you looked at.")
    strategy: Literal["merge", "squash"] = "merge"
    message: str = Field("", description="The commit's message; by default it names the proposal.")
    resolutions: dict[str, dict[str, Value]] = Field(
        default_factory=dict,
        max_length=1000,
        description="What becomes of conflicts, by path: for each name “base”, “ours”, “theirs” or a value; or the"
        " whole text of the file as “content”. Only “ours” and “theirs” where the target asks for approvals.",
    )
    reason: str = Field(
        "",
        max_length=LONGEST_REASON,
        description="Why an owner merges against the rule of the target branch, where that exempts owners: it stays on"
        " the proposal. Without approvals or checks that only the rule asks for; every part must build all the same.",
    )


class MergeMade(Shown):
    """The commit that a merge made on the target branch."""

    model_config = example(
        {"commit": "9fceb02d0ae598e95dc970b74767f19372d61af8", "strategy": "merge", "at": "2024-05-01T12:00:00Z"}
    )
    commit: Sha
    strategy: str
    at: datetime


class Reason(Body):
    """Why a proposal is declined or withdrawn."""

    model_config = Body.model_config | example({"reason": "The hinge would collide."})
    reason: str = ""


class Remark(Body):
    """Something to be said, perhaps about a line of a file, a parameter or a point of a part."""

    model_config = Body.model_config | example(
        {"body": "Too thin here?", "path": "lid.py", "line": 4, "suggestion": "WALL = 3.0  # mm"}
    )
    body: str = Field("", description="May be empty where there is a suggestion.")
    path: str | None = Field(None, max_length=1000, pattern=PRINTED)
    line: int | None = Field(None, ge=1, le=10_000_000)
    point: Vector | None = Field(None, description="Where on the part `path`, in mm.")
    normal: Vector | None = Field(None, description="The way the face looks there: of two at an edge it tells one.")
    build: str | None = Field(
        None, max_length=64, pattern=PRINTED, description="The build you looked at; by default what is proposed now."
    )
    view: str | None = Field(
        None, max_length=1000, pattern=PRINTED, description="The camera, as the viewer writes it in addresses."
    )
    parameter: str | None = Field(None, max_length=200, pattern=PRINTED, description="A parameter of the part `path`.")
    suggestion: str | None = Field(
        None, description="How the line, or the parameter's value, should read; empty: without that line."
    )


class CommentShown(Shown):
    """Something said about a proposal."""

    model_config = example(
        {
            "id": 12,
            "by": "bia",
            "body": "Too thin here?",
            "path": "lid.py",
            "line": 4,
            "point": [12.5, 0, 3],
            "pin": {
                "state": "moved",
                "point": [12.5, 0, 5],
                "normal": [0, 0, 1],
                "moved_mm": 2.0,
                "shape": "lid",
                "surface": "plane",
                "commit": "d670460b4b4aece5915caf5c68d12f560a9fe3e4",
                "build": "5b2f0c9a7e13d4865b2f0c9a7e13d4865b2f0c9a7e13d4865b2f0c9a7e13d486",
            },
            "view": None,
            "parameter": None,
            "said": "WALL = 2.0  # mm",
            "suggestion": "WALL = 3.0  # mm",
            "outdated": False,
            "taken": None,
            "at": "2024-05-01T12:00:00Z",
        }
    )
    id: int
    by: Name | None
    body: str
    path: str | None
    line: int | None
    point: Vector | None = Field(description="Where on the part it was put, in mm.")
    pin: PinShown | None = Field(description="Where that point is in what is proposed now.")
    view: str | None
    parameter: str | None
    said: str | None = Field(description="How the line, or the parameter's value, read then.")
    suggestion: str | None
    outdated: bool = Field(
        description="The line or value reads otherwise in what is proposed now, or the face is gone."
    )
    taken: Sha | None = Field(description="The commit that took the suggestion.")
    at: datetime


class SuggestionTaken(Shown):
    """The commit on the source branch that takes a suggestion."""

    model_config = example({"commit": "9fceb02d0ae598e95dc970b74767f19372d61af8", "at": "2024-05-01T12:00:00Z"})
    commit: Sha
    at: datetime


class UpdateWanted(Body):
    """How a branch takes in the target of its proposal."""

    model_config = Body.model_config | example({"resolutions": {"lid.py": {"WALL": "theirs"}}})
    resolutions: dict[str, dict[str, Value]] = Field(
        default_factory=dict,
        max_length=1000,
        description="What becomes of conflicts, as for a merge of the proposal: “ours” is the target.",
    )


class Updated(Shown):
    """The merge commit on the source branch."""

    model_config = example({"commit": "9fceb02d0ae598e95dc970b74767f19372d61af8"})
    commit: Sha


def rebuild(owner: str, name: str, number: int, body: MergeWanted) -> None:
    """Makes every build the merge is judged by, before the transaction that merges."""
    with house().reading(visitor()) as work:
        proposal = proposal_of(work.session, find_design(work, owner, name, "merge"), number)
        key, ended = proposal.id, proposal.state != "open"
    if not ended:
        rebuild_merged(house(), visitor(), key, body.resolutions, body.reason)


@operation(
    "POST",
    f"{PROPOSAL}/merge",
    MergeMade,
    verb="merge",
    body=MergeWanted,
    before=rebuild,
    refusals={
        409: "Both sides changed the same (`errors` lists the conflicts as the proposal does), a part of the rebuilt"
        " result does not build, is not valid or fails another check (`errors` names the check), the target has moved,"
        " the proposal has ended or is a draft, or its target branch asks for more approvals."
    },
)
def merge_it(work: Work, design: Design, number: int, body: MergeWanted) -> Answer:
    """Merges a proposal, after every part of the result has been rebuilt and found valid.

    The answer comes when that is done, which takes as long as the parts take to build.
    """
    proposal = proposal_of(work.session, design, number)
    row = merge(work, proposal, body.expected, body.strategy, body.message, body.resolutions, body.reason)
    return Answer(MergeMade(commit=row.sha, strategy=row.strategy, at=row.at))


@operation("POST", f"{PROPOSAL}/decline", ProposalBrief, verb="comment", body=Reason)
def decline_it(work: Work, design: Design, number: int, body: Reason) -> Answer:
    """Declines a proposal; its author withdraws it the same way."""
    proposal = proposal_of(work.session, design, number)
    if not may_close(work, proposal):
        raise Forbidden("A proposal is declined by those who may write to the design, or withdrawn by its author.")
    decline(work, proposal, body.reason)
    work.session.refresh(proposal)
    return Answer(proposal_brief(work, proposal))


@operation("POST", f"{PROPOSAL}/readiness", ProposalBrief, verb="comment")
def ready(work: Work, design: Design, number: int) -> Answer:
    """Says that a draft is finished, as its author or as somebody who may write to the design."""
    proposal = _prepared(work, proposal_of(work.session, design, number))
    make_ready(work, proposal)
    return Answer(proposal_brief(work, proposal))


@operation("DELETE", f"{PROPOSAL}/readiness", ProposalBrief, verb="comment")
def unready(work: Work, design: Design, number: int) -> Answer:
    """Makes a proposal a draft again: nobody merges it until it is ready."""
    proposal = _prepared(work, proposal_of(work.session, design, number))
    hold_back(work, proposal)
    return Answer(proposal_brief(work, proposal))


def _prepared(work: Work, proposal: Proposal) -> Proposal:
    if not may_close(work, proposal):
        raise Forbidden("A proposal is made ready by its author, or by those who may write to the design.")
    return proposal


@operation("POST", f"{PROPOSAL}/revert", {201: ProposalBrief}, verb="merge")
def take_back(work: Work, design: Design, number: int) -> Answer:
    """Proposes to take back what a merged proposal brought, from a branch named for it.

    409 where later commits changed the same lines.
    """
    shown = proposal_brief(work, revert(work, proposal_of(work.session, design, number)))
    return Answer(shown, 201, shown.href)


@operation("POST", f"{PROPOSAL}/update", {201: Updated}, verb="comment", body=UpdateWanted)
def take_in(work: Work, design: Design, number: int, body: UpdateWanted) -> Answer:
    """Merges the target branch into the source branch, which you must be allowed to push to.

    409 says what is in conflict, where something is; `resolutions` decide it.
    """
    proposal = proposal_of(work.session, design, number)
    return Answer(Updated(commit=update(work, proposal, body.resolutions)), 201, proposal_brief(work, proposal).href)


@operation("GET", f"{PROPOSAL}/comments", list[CommentShown], verb="see", query=Page, before=want_pinned)
def list_comments(work: Work, design: Design, number: int, query: Page) -> Answer:
    """Lists what was said about a proposal, oldest first."""
    proposal = proposal_of(work.session, design, number)
    said = query.of(proposal.comments)
    found = replace(readings(work, proposal, said), pins=find_pins(work, proposal, said))
    return Answer([_shown(each, found) for each in said], total=len(proposal.comments))


@operation("POST", f"{PROPOSAL}/comments", {201: CommentShown}, verb="comment", body=Remark)
def say(work: Work, design: Design, number: int, body: Remark) -> Answer:
    """Says something about a proposal, perhaps about a line of a file, a parameter or a point of a part."""
    proposal = proposal_of(work.session, design, number)
    point = list(body.point) if body.point else None
    place = (body.path, body.line, point, body.view, body.parameter)
    build = build_under(work, proposal, body.path, body.build) if point and body.path else None
    said = comment(work, proposal, body.body, *place, body.suggestion, body.normal, build)
    found = Readings(pins=find_pins(work, proposal, [said]))
    return Answer(_shown(said, found), 201, f"{proposal_brief(work, proposal).href}/comments")


@operation("POST", f"{PROPOSAL}/comments/{{comment}}/acceptance", {201: SuggestionTaken}, verb="comment")
def take(work: Work, design: Design, number: int, comment: int) -> Answer:
    """Takes a suggestion: commits it to the source branch, which you must be allowed to write to.

    Whoever suggested it is named as co-author.
    """
    proposal = proposal_of(work.session, design, number)
    if proposal.source is not None:
        work.need("edit", proposal.source)
    row = take_suggestion(work, comment_of(work.session, proposal, comment))
    return Answer(SuggestionTaken(commit=row.sha, at=row.at), 201, f"{proposal_brief(work, proposal).href}/comments")


def _shown(said: Comment, found: Readings) -> CommentShown:
    fields = ("id", "body", "path", "line", "view", "parameter", "said", "suggestion", "at")
    return CommentShown(
        **{name: getattr(said, name) for name in fields},
        by=said.person.name if said.person else None,
        point=tuple(said.point) if said.point else None,
        pin=pin_shown(found.pins[said.id]) if said.id in found.pins else None,
        outdated=found.is_outdated(said),
        taken=said.acceptance.sha if said.acceptance else None,
    )
