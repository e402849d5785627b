"""The page of an improvement: where it was born, where it lives, what it changes, and what is said about it."""

from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template
from flask_babel import gettext as _
from htmx_flask import request
from werkzeug.wrappers import Response as Answer

from opendesign.actions.compare import compare
from opendesign.actions.discuss import reword, said_about, say, unsay
from opendesign.actions.find_churn import rewrites_only
from opendesign.actions.foresee import change_of, foresee
from opendesign.actions.house import Work
from opendesign.actions.judge_licence import judge_licences
from opendesign.actions.read_tree import read_tree
from opendesign.actions.show_improvement import Life, Told, show_improvement, units_of
from opendesign.core.errors import Invalid, NotFound
from opendesign.core.lineage.unit import value
from opendesign.records.design import Design
from opendesign.records.discussion import Saying
from opendesign.records.person import people_by_id
from opendesign.records.revision import received_in
from opendesign.web.adoptions import licence_words
from opendesign.web.code import diff_files
from opendesign.web.compare import UNFOLDED, wanted
from opendesign.web.differences import part_views, rest_of
from opendesign.web.heading import heading
from opendesign.web.kinds import how_taken
from opendesign.web.prose import prose
from opendesign.web.radar import adoption_address, find_told, trial_address
from opendesign.web.revisions import authors
from opendesign.web.visit import entered, find_design, looking, writing

pages = Blueprint("improvements", __name__)


@pages.get("/<owner>/<design>/improvements/<sha>")
def improvement(owner: str, design: str, sha: str) -> str | Answer:
    """Shows an improvement; what is a revision of the family and no improvement is shown as that."""
    work = looking()
    row = find_design(work, owner, design)
    try:
        told = show_improvement(work, row, sha)
    except NotFound:
        family = row.root
        seen = (each for each in received_in(work.session, sha) if each.root == family and work.may("see", each))
        if home := next(seen, None):
            return redirect(f"/{home.path}/revisions/{sha}")
        raise
    return _page(work, row, told)


def _page(work: Work, row: Design, told: Told, refused: str = "") -> str:
    sha = told.improvement.sha
    with work.house.store.open(told.home.key) as repository:
        commit = repository.commit(sha)
        parent = next(iter(commit.parents), None)
        files = diff_files(repository.diff(parent, sha))
    mine, licence = told.life_in(row), judge_licences(work, row, {sha: told.home})[sha]
    units = units_of(work, told)
    return render_template(
        "improvements/improvement.html",
        told=told,
        commit=commit,
        before=parent,
        churn=rewrites_only(work, told.home, parent, sha),
        body=prose(commit.body) if commit.body else None,
        authors=authors(work, [commit]),
        files=files,
        units=[(path, tokens, value(tokens), new) for path, tokens, new in units],
        lives=[(life, _how(life)) for life in told.lives],
        people=people_by_id(work.session, {life.person_id for life in told.lives}),
        changed=[life for life in told.lives if life.way == "port" and life.share < 1],
        mine=mine,
        outlook=None if mine and mine.living else foresee(work, row, told.home, sha),
        licence=licence,
        licence_words=licence_words(licence),
        adopt=adoption_address(row, told.home, sha),
        trial=trial_address(row, told.home, sha),
        address=f"/{row.path}/improvements/{sha}",
        said=[_saying(work, each) for each in said_about(work, told)],
        editing=request.args.get("edit", ""),
        refused=refused,
        **heading(work, row, "radar"),
    )


def _how(life: Life) -> str:
    """Returns in words how an improvement came to a design, and what shows it."""
    words = {"born": _("born here"), "begun": _("the fork began with it"), "merge": _("merged: the same commit")}
    return words.get(life.way) or how_taken(life.way, life.share, life.evidence, life.credited)


def _saying(work: Work, said: Saying) -> dict[str, object]:
    """Returns something that was said as the macro `threads.comment` wants it."""
    return {
        "id": said.id,
        "author": said.person.name if said.person else "",
        "moment": said.at,
        "edited": said.edited_at,
        "html": prose(said.body),
        "place": None,
        "own": work.person is not None and said.person_id == work.person.id,
        "private": said.private,
        "body": said.body,
    }


@pages.get("/<owner>/<design>/improvements/<sha>/geometry")
def geometry(owner: str, design: str, sha: str) -> Response:
    """Shows what an improvement did to the parts of its own design: a fragment; without htmx, the comparison."""
    work = looking()
    told = find_told(work, owner, design, sha)[1]
    change = change_of(work, told.home, sha)
    if change.base is None:
        raise NotFound("It is the first revision of its design: there is nothing before it to compare with.")
    address = f"/{told.home.path}/compare/{change.base}...{sha}"
    if not request.htmx:
        return make_response(redirect(address, 303))
    trees = [(told.home, read_tree(work, told.home, each)) for each in (change.base, sha)]
    found = compare(work, trees[0][1], trees[1][1])
    if found.lacking:
        found = wanted(trees[0], trees[1])
    views = part_views(found, trees[0][1], trees[1][1], quote(address), UNFOLDED)
    unchanged = [part.path for part in found.parts if part.status == "unchanged"]
    return make_response(
        render_template("radar/_geometry.html", trial=None, views=views, rest=rest_of(found), unchanged=unchanged)
    )


@pages.post("/<owner>/<design>/improvements/<sha>/comments")
def comments(owner: str, design: str, sha: str) -> Answer | tuple[str, int]:
    """Says something about an improvement."""
    entered()
    try:
        with writing() as work:
            key = say(work, find_told(work, owner, design, sha)[1], request.form.get("body", "")).id
    except Invalid as refusal:
        return _refused(owner, design, sha, refusal)
    return redirect(f"/{owner}/{design}/improvements/{sha}#comment-{key}", 303)


@pages.post("/<owner>/<design>/improvements/<sha>/comments/<int:key>")
def edit(owner: str, design: str, sha: str, key: int) -> Answer | tuple[str, int]:
    """Changes what one said about an improvement."""
    entered()
    try:
        with writing() as work:
            reword(work, find_told(work, owner, design, sha)[1], key, request.form.get("body", ""))
    except Invalid as refusal:
        return _refused(owner, design, sha, refusal)
    return redirect(f"/{owner}/{design}/improvements/{sha}#comment-{key}", 303)


@pages.post("/<owner>/<design>/improvements/<sha>/comments/<int:key>/removal")
def removal(owner: str, design: str, sha: str, key: int) -> Answer:
    """Takes back what one said about an improvement."""
    entered()
    with writing() as work:
        unsay(work, find_told(work, owner, design, sha)[1], key)
    return redirect(f"/{owner}/{design}/improvements/{sha}#discussion", 303)


def _refused(owner: str, design: str, sha: str, refusal: Invalid) -> tuple[str, int]:
    work = looking()
    row, told = find_told(work, owner, design, sha)
    return _page(work, row, told, refusal.message), refusal.status
