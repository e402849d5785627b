"""What people do about a proposal: talk, review, merge, decline, withdraw, open it again."""

import math
from collections.abc import Callable
from typing import NoReturn

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from flask_babel import gettext as _
from htmx_flask import request

from opendesign.actions.find_pins import build_under
from opendesign.actions.house import Work
from opendesign.actions.judge import judge
from opendesign.actions.merge import merge
from opendesign.actions.propose import comment, decline, may_close, reopen
from opendesign.actions.read_tree import read_tree
from opendesign.actions.ready import hold_back, make_ready
from opendesign.actions.rebuild_merged import rebuild_merged
from opendesign.actions.revert import revert, update
from opendesign.actions.suggest import Readings, take_suggestion
from opendesign.core.errors import Conflict, Forbidden, Invalid, Refusal, Unbuildable
from opendesign.records.build import Build
from opendesign.records.proposal import Proposal, comment_of
from opendesign.web.choices import decisions_of
from opendesign.web.review import address_of, conversation_page, find_proposal, merge_box, see
from opendesign.web.timeline import comment_view
from opendesign.web.visit import entered, house, looking, stop_looking, visitor, writing

pages = Blueprint("verdicts", __name__)


@pages.post("/<owner>/<design>/proposals/<int:number>/merge")
def merge_it(owner: str, design: str, number: int) -> Response:
    """Rebuilds the result of a merge and merges when it holds; else says in place why not."""
    entered()
    work = looking()
    proposal = find_proposal(work, owner, design, number)
    work.need("merge", proposal.design)
    key = proposal.id
    stop_looking()
    form = request.form
    try:
        decisions, reason = decisions_of(form), form.get("reason", "")
        rebuild_merged(house(), visitor(), key, decisions, reason)
        with writing() as work:
            proposal = find_proposal(work, owner, design, number)
            work.need("merge", proposal.design)
            expected, strategy = form.get("expected") or None, form.get("strategy", "merge")
            merge(work, proposal, expected, strategy, form.get("message", "").strip(), decisions, reason)
    except (Conflict, Unbuildable, Invalid) as refusal:
        return _in_place(owner, design, number, refusal)
    flash(_("Merged. Every part of the result was rebuilt and is valid."), "good")
    return _go(f"/{owner}/{design}/proposals/{number}")


def _in_place(owner: str, design: str, number: int, refusal: Refusal) -> Response:
    """Shows why something was refused where it was asked for; htmx swaps a refusal only as 422."""
    work, proposal, found = see(owner, design, number)
    if request.htmx:
        box = merge_box(work, proposal, found, refusal.message)
        return make_response(render_template("proposals/_merge.html", design=proposal.design, **box), 422)
    return make_response(conversation_page(work, proposal, found, refusal.message), refusal.status)


def _go(address: str) -> Response:
    if request.htmx:
        return make_response("", 204, {"HX-Redirect": address})
    return make_response(redirect(address, 303))


@pages.post("/<owner>/<design>/proposals/<int:number>/closing")
def close(owner: str, design: str, number: int) -> Response:
    """Declines a proposal with a reason, or withdraws one's own."""
    entered()
    try:
        with writing() as work:
            proposal = _closable(work, find_proposal(work, owner, design, number))
            decline(work, proposal, request.form.get("reason", ""))
    except (Conflict, Invalid) as refusal:
        return _in_place(owner, design, number, refusal)
    flash(_("Closed. It stays here and can be opened again."), "good")
    return _go(f"/{owner}/{design}/proposals/{number}")


@pages.post("/<owner>/<design>/proposals/<int:number>/reopening")
def open_again(owner: str, design: str, number: int) -> Response:
    """Opens a declined proposal again."""
    return _turned(owner, design, number, reopen)


@pages.post("/<owner>/<design>/proposals/<int:number>/readiness")
def ready(owner: str, design: str, number: int) -> Response:
    """Says that a draft is finished."""
    return _turned(owner, design, number, make_ready)


@pages.post("/<owner>/<design>/proposals/<int:number>/draft")
def draft(owner: str, design: str, number: int) -> Response:
    """Makes a proposal a draft again."""
    return _turned(owner, design, number, hold_back)


def _turned(owner: str, design: str, number: int, act: Callable[[Work, Proposal], None]) -> Response:
    entered()
    try:
        with writing() as work:
            act(work, _closable(work, find_proposal(work, owner, design, number)))
    except Conflict as refusal:
        return _in_place(owner, design, number, refusal)
    return _go(f"/{owner}/{design}/proposals/{number}")


@pages.post("/<owner>/<design>/proposals/<int:number>/revert")
def take_back(owner: str, design: str, number: int) -> Response:
    """Proposes to take back what a merged proposal brought."""
    entered()
    try:
        with writing() as work:
            proposal = find_proposal(work, owner, design, number)
            work.need("merge", proposal.design)
            address = address_of(revert(work, proposal))
    except Conflict as refusal:
        return _in_place(owner, design, number, refusal)
    return _go(address)


@pages.post("/<owner>/<design>/proposals/<int:number>/update")
def take_in(owner: str, design: str, number: int) -> Response:
    """Merges the target branch into the source branch, with what was decided about conflicts."""
    entered()
    try:
        with writing() as work:
            update(work, find_proposal(work, owner, design, number), decisions_of(request.form))
    except (Conflict, Invalid) as refusal:
        return _in_place(owner, design, number, refusal)
    flash(_("The proposed branch has everything of its target now."), "good")
    return _go(f"/{owner}/{design}/proposals/{number}")


@pages.post("/<owner>/<design>/proposals/<int:number>/reviews")
def give_verdict(owner: str, design: str, number: int) -> Response:
    """Approves what is proposed, or asks for changes."""
    entered()
    form = request.form
    try:
        with writing() as work:
            proposal = find_proposal(work, owner, design, number)
            work.need("review", proposal.design)
            judge(work, proposal, form.get("verdict", ""), form.get("body", ""), form.get("commit") or None)
    except (Conflict, Invalid) as refusal:
        return _in_place(owner, design, number, refusal)
    return _go(f"/{owner}/{design}/proposals/{number}#reviews")


def _closable(work: Work, proposal: Proposal) -> Proposal:
    if not may_close(work, proposal):
        raise Forbidden(
            "Only those who may write to the design, and the proposal's author, may do this. Comment on it instead."
        )
    return proposal


@pages.post("/<owner>/<design>/proposals/<int:number>/comments")
def say(owner: str, design: str, number: int) -> Response:
    """Adds a comment, perhaps on a line of a file or a point of a part."""
    entered()
    try:
        with writing() as work:
            proposal = find_proposal(work, owner, design, number)
            work.need("comment", proposal.design)
            body, wording = request.form.get("body", ""), request.form.get("suggestion") or None
            wording = "" if wording is None and "removes" in request.form else wording
            where = _where(work, proposal)
            made = comment(work, proposal, body, *where, wording, *_pinned(work, proposal, where[0], where[2]))
            view, address = comment_view(proposal, made, Readings()), address_of(proposal)
    except Invalid as refusal:
        if not request.htmx:
            return _in_place(owner, design, number, refusal)
        return make_response(render_template("_refusal.html", detail=refusal.message, errors=[]), 422)
    if request.htmx:
        return make_response(render_template("proposals/_comment.html", comment=view), 201)
    place = view["place"]
    return _go(str(place["href"]) if isinstance(place, dict) else f"{address}#comment-{view['id']}")


@pages.post("/<owner>/<design>/proposals/<int:number>/comments/<int:key>/acceptance")
def take(owner: str, design: str, number: int, key: int) -> Response:
    """Commits a suggestion to the source branch."""
    entered()
    try:
        with writing() as work:
            proposal = find_proposal(work, owner, design, number)
            if proposal.source is not None:
                work.need("edit", proposal.source)
            take_suggestion(work, comment_of(work.session, proposal, key))
    except (Conflict, Invalid) as refusal:
        return _in_place(owner, design, number, refusal)
    flash(_("Taken. Whoever suggested it is named in the commit."), "good")
    return _go(f"/{owner}/{design}/proposals/{number}#comment-{key}")


def _where(work: Work, proposal: Proposal) -> tuple[str | None, int | None, list[float] | None, str | None, str | None]:
    """Returns path, line, point, view and parameter of a comment; raises Invalid for a place that is not there."""
    form = request.form
    path, line = form.get("path", "")[:1000] or None, form.get("line", "")
    if path and path not in read_tree(work, proposal.design, proposal.source_sha).blobs:
        _nowhere("path", _("That file is not in the proposal."))
    if line and not (path and line.isascii() and line.isdigit() and 0 < int(line) < 10_000_000):
        _nowhere("line", _("That line is not in the proposal."))
    each = [form.get(axis, "").strip() for axis in "xyz"]
    point = _point(form.get("point") or (",".join(each) if any(each) or "x" in form else ""))
    return (
        path,
        int(line) if line else None,
        point,
        form.get("view", "")[:100] or None,
        form.get("parameter", "")[:200] or None,
    )


def _pinned(
    work: Work, proposal: Proposal, path: str | None, point: list[float] | None
) -> tuple[list[float] | None, Build | None]:
    """Returns the normal at a point of a part, as far as it is given, and the build the point lies on."""
    if not (point and path):
        return None, None
    form = request.form
    normal = _point(form.get("normal", ""))
    return normal, build_under(work, proposal, path, form.get("build") or None)


def _point(text: str) -> list[float] | None:
    if not text:
        return None
    try:
        point = [float(value) for value in text.split(",")]
    except ValueError:
        point = []
    if len(point) != 3 or not all(map(math.isfinite, point)):
        _nowhere("point", _("A point is three numbers in millimetres, such as 10,0,2.5."))
    return point


def _nowhere(name: str, message: str) -> NoReturn:
    raise Invalid(message, [{"name": name, "message": message}])
