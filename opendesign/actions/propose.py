"""Somebody proposes a branch to a design of the same family, talks about it, or ends it without a merge."""

from collections.abc import Sequence
from dataclasses import dataclass

from opendesign.actions.carry_files import bring
from opendesign.actions.house import Work
from opendesign.actions.notify_about import notify_about
from opendesign.actions.pin import put_pin
from opendesign.actions.suggest import reading
from opendesign.core.errors import Conflict, Forbidden, Invalid, NotFound
from opendesign.core.names import clean_line, clean_text
from opendesign.core.pin import MOST_PINS, clean_point
from opendesign.core.suggestion import clean_suggestion
from opendesign.git.commits import Commit
from opendesign.git.differences import FileDiff
from opendesign.records.base import now
from opendesign.records.build import Build
from opendesign.records.design import Design, known_refs
from opendesign.records.kin import family_of
from opendesign.records.proposal import Closing, Comment, Proposal, next_number, open_proposals_touching

SHOWN = 100  # commits of an offer that are listed


@dataclass(frozen=True)
class Offer:
    """What a proposal would bring: the tips, their common base, the commits newest first, and the text."""

    tip: str
    target: str
    base: str
    commits: list[Commit]
    changes: list[FileDiff]


def offer(work: Work, design: Design, source: Design, source_branch: str, target_branch: str = "") -> Offer:
    """Returns what proposing a branch of `source` to a branch of `design` would bring.

    Raises Invalid for one and the same branch or no shared history, NotFound for a branch that is not there,
    Forbidden for a private source that is not one's own to show, Conflict when there is nothing new or the branch is
    proposed already.
    """
    target_branch = target_branch or design.default_branch
    if source.id == design.id and source_branch == target_branch:
        raise Invalid("Source and target are the same branch.", [{"name": "source_branch"}])
    if source.id != design.id and source.visibility == "private":
        work.need("push", source)  # a proposal shows commits to everybody who sees the target
    _refuse_twin(work, design, source, source_branch, target_branch)
    tip = _tip(work, source, source_branch)
    also = [source.key] if source.id != design.id else []
    with work.house.store.open(design.key, also=also) as repository:
        target = repository.refs().get(f"refs/heads/{target_branch}")
        if target is None:
            raise NotFound(f"{design.path} has no branch “{target_branch}”.")
        base = repository.merge_base(target, tip)
        if base is None:
            raise Invalid(f"{source.path} and {design.path} share no history, so there is nothing to merge against.")
        if base == tip:
            raise Conflict(f"{design.path} has every commit of {source.path} {source_branch} already.")
        commits = repository.log(tip, limit=SHOWN, without=[target])
        return Offer(tip, target, base, commits, repository.diff(base, tip))


def sources(work: Work, design: Design) -> dict[Design, dict[str, str]]:
    """Returns the designs of the family the acting person may push to, this one last, with branch → commit."""
    own = [member for member in family_of(work.session, design) if work.may("push", member)]
    return {
        member: {
            ref.removeprefix("refs/heads/"): sha
            for ref, sha in sorted(known_refs(work.session, member).items())
            if ref.startswith("refs/heads/")
        }
        for member in sorted(own, key=lambda member: (member.id == design.id, -member.id))
    }


def propose(
    work: Work,
    design: Design,
    source: Design,
    source_branch: str,
    target_branch: str = "",
    title: str = "",
    body: str = "",
) -> Proposal:
    """Opens a proposal to `design` with the commits of a branch of `source` (a fork, or the design itself).

    Raises what `offer` raises, Invalid for a title or text that is too long.
    """
    if work.person is None:
        raise Forbidden("Enter first, then propose.")
    target_branch = target_branch or design.default_branch
    offered = offer(work, design, source, source_branch, target_branch)
    title = clean_line(title, 200, "title") or offered.commits[0].subject[:200]
    body = clean_text(body, work.house.limits.proposal_body, "text")
    proposal = Proposal(
        number=next_number(work.session, design), source_sha=offered.tip, title=title, body=body, opened_at=now()
    )
    proposal.design, proposal.source, proposal.author = design, source, work.person
    proposal.source_branch, proposal.target_branch = source_branch, target_branch
    work.session.add(proposal)
    work.session.flush()
    bring(work, source, design, offered.tip, proposal.head_ref)
    work.soon("review", proposal.id, 5)
    notify_about(work, proposal, "opened", body)
    return proposal


def comment(
    work: Work,
    proposal: Proposal,
    body: str,
    path: str | None = None,
    line: int | None = None,
    point: list[float] | None = None,
    view: str | None = None,
    parameter: str | None = None,
    suggestion: str | None = None,
    normal: Sequence[float] | None = None,
    build: Build | None = None,
) -> Comment:
    """Adds what the acting person says, perhaps about a line of a file, a parameter or a point of a part (mm).

    `suggestion` is how the line, or the parameter's value, should read; `normal` the way the point's face looks and
    `build` what it lies on. Raises Invalid for a comment that says nothing, a point that is none or one too many,
    a parameter that is not there, or a suggestion without such a place or that changes nothing.
    """
    if work.person is None:
        raise Forbidden("Enter first, then comment.")
    body = clean_text(body, work.house.limits.proposal_body, "comment")
    if not body and suggestion is None:
        raise Invalid("A comment needs words.", [{"name": "body", "message": "is empty"}])
    point = _pointed(proposal, point) if point else None
    before = reading(work, proposal, path, line, parameter) if path and (line or parameter) else None
    if parameter and before is None:
        raise Invalid("The proposed part has no such parameter.", [{"name": "parameter"}])
    if suggestion is not None:
        suggestion = clean_suggestion(suggestion, work.house.limits.proposal_body)
        if before is None or suggestion == before:
            raise Invalid("Suggest another wording for a line, or another value.", [{"name": "suggestion"}])
    said = Comment(proposal=proposal, person=work.person, body=body, path=path, line=line, point=point, view=view)
    said.parameter, said.said, said.suggestion, said.at = parameter, before, suggestion, now()
    work.session.add(said)
    if point and build:
        put_pin(work, said, normal, build)
    work.session.flush()
    notify_about(work, proposal, "commented", body or suggestion or "")
    return said


def decline(work: Work, proposal: Proposal, reason: str = "") -> Closing:
    """Ends an open proposal without a merge; its author withdraws it, a maintainer declines it."""
    if proposal.state != "open":
        raise Conflict(f"Proposal {proposal.number} is {proposal.state} already.")
    reason = clean_text(reason, work.house.limits.proposal_body, "reason")
    closing = Closing(proposal=proposal, person=work.person, reason=reason, at=now())
    work.session.add(closing)
    work.session.flush()
    notify_about(work, proposal, "declined", reason)
    return closing


def reopen(work: Work, proposal: Proposal) -> None:
    """Opens a declined proposal again."""
    if proposal.closing is None:
        raise Conflict(f"Proposal {proposal.number} is {proposal.state}, not declined.")
    work.session.delete(proposal.closing)
    work.session.flush()
    work.session.expire(proposal, ["closing"])
    work.soon("review", proposal.id, 5)


def may_close(work: Work, proposal: Proposal) -> bool:
    """Tells whether the acting person may decline the proposal, or withdraw it as its author."""
    own = work.person is not None and work.person.id == proposal.author_id
    return work.may("decline", proposal.design) or (own and work.may("comment", proposal.design))


def _tip(work: Work, source: Design, branch: str) -> str:
    with work.house.store.open(source.key) as repository:
        tip = repository.refs().get(f"refs/heads/{branch}")
    if tip is None:
        raise NotFound(f"{source.path} has no branch “{branch}”.")
    return tip


def _pointed(proposal: Proposal, point: Sequence[float]) -> list[float]:
    if sum(bool(each.point) for each in proposal.comments) >= MOST_PINS:
        message = f"This proposal has {MOST_PINS} comments with a point already; say it without one, or of a line."
        raise Invalid(message, [{"name": "point"}])
    return list(clean_point(point))


def _refuse_twin(work: Work, design: Design, source: Design, source_branch: str, target_branch: str) -> None:
    for other in open_proposals_touching(work.session, design):
        branches = (other.design_id, other.source_id, other.source_branch, other.target_branch)
        if branches == (design.id, source.id, source_branch, target_branch):
            raise Conflict(f"Proposal {other.number} is open for this branch already; push to it instead.")
