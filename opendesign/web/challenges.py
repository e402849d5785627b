"""Challenges: the list of them, the form that opens one, and the page on which entries stand in rank."""

from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.end_challenge import close_challenge, withdraw_challenge
from opendesign.actions.enter_challenge import enter_challenge
from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.open_challenge import checks_in, open_challenge
from opendesign.actions.read_tree import read_tree
from opendesign.core.challenge import DIRECTIONS, WORDS
from opendesign.core.errors import Conflict, Forbidden, Invalid, NotFound
from opendesign.records.base import now
from opendesign.records.challenge import Challenge, challenge_of, challenges_of
from opendesign.records.design import Design, known_refs, page_of
from opendesign.web.entries import challenge_page, goal_words, kept
from opendesign.web.explore import page_count, page_number, paged
from opendesign.web.heading import heading
from opendesign.web.people import by_field
from opendesign.web.visit import brake, entered, find_design, looking, writing

pages = Blueprint("challenges", __name__)
SIZE = 25
STATES = ("open", "ended", "all")
FIELDS = ("title", "body", "part", "goal", "deadline", "ref")
USUAL = timedelta(days=30)


@pages.get("/<owner>/<design>/challenges")
def challenges(owner: str, design: str) -> str:
    """Lists the challenges of a design in one state, newest first."""
    work = looking()
    row = find_design(work, owner, design)
    asked = request.args.get("state", "")
    state = asked if asked in STATES else "all"
    query = challenges_of(work.session, row, "" if state == "all" else state)
    found, total = page_of(work.session, query, page_number(), SIZE)
    words, base = {"open": _("Open"), "ended": _("Ended"), "all": _("All")}, f"/{row.path}/challenges"
    return render_template(
        "challenges/challenges.html",
        challenges=[
            (each, goal_words(each.measure, each.direction), next(iter(each.ranked()), None)) for each in found
        ],
        state=state,
        filters=[(f"{base}?state={each}", words[each], None, None, each == state) for each in STATES],
        page=page_number(),
        pages=page_count(total, SIZE),
        href_of=paged(base, {"state": state}),
        **heading(work, row, "challenges"),
    )


@pages.get("/<owner>/<design>/challenges/new")
def new(owner: str, design: str) -> str:
    """Shows the form that opens a challenge, with the checks that would decide."""
    entered()
    work = looking()
    row = find_design(work, owner, design, "edit")
    given = {name: request.args.get(name, "") for name in FIELDS}
    return _form(work, row, given | {"deadline": given["deadline"] or f"{now() + USUAL:%F}"})


@pages.post("/<owner>/<design>/challenges")
def create(owner: str, design: str) -> Response | tuple[str, int]:
    """Opens a challenge."""
    entered()
    given = {name: request.form.get(name, "") for name in FIELDS}
    direction, _space, measure = given["goal"].partition(" ")
    try:
        with writing() as work:
            row = find_design(work, owner, design, "edit")
            goal = (given["part"], measure, direction, _end_of(given["deadline"]), given["ref"])
            made = open_challenge(work, row, given["title"], given["body"], *goal)
            address = f"/{row.path}/challenges/{made.number}"
    except (Invalid, NotFound) as refusal:
        work = looking()
        return _form(work, find_design(work, owner, design, "edit"), given, refusal), refusal.status
    return redirect(address, 303)


@pages.get("/<owner>/<design>/challenges/<int:number>")
def challenge(owner: str, design: str, number: int) -> str:
    """Shows a challenge: what is asked, until when, by which checks, and the table of entries."""
    return challenge_page(kept(owner, design, number))


@pages.post("/<owner>/<design>/challenges/<int:number>/entries")
def enter(owner: str, design: str, number: int) -> Response | tuple[str, int]:
    """Enters a branch or tag, written `owner/name:ref`."""
    entered()
    brake()
    path, _colon, ref = request.form.get("entry", "").partition(":")
    source_owner, _slash, name = path.partition("/")
    try:
        with writing() as work:
            found = _challenge(work, owner, design, number)
            source = find_design(work, source_owner, name)
            enter_challenge(work, found, source, ref)
    except (Invalid, Conflict, Forbidden, NotFound) as refusal:
        return challenge_page(kept(owner, design, number), refusal.message), refusal.status
    flash(_("Entered. It is built and checked now; until the deadline you can enter a newer state."), "good")
    return redirect(f"/{owner}/{design}/challenges/{number}", 303)


@pages.post("/<owner>/<design>/challenges/<int:number>/ending")
def end(owner: str, design: str, number: int) -> Response | tuple[str, int]:
    """Closes a challenge before its deadline, or withdraws it."""
    entered()
    form = request.form
    try:
        with writing() as work:
            found = _challenge(work, owner, design, number)
            work.need("edit", found.design)
            if form.get("how") == "withdrawn":
                withdraw_challenge(work, found, form.get("reason", ""))
            else:
                close_challenge(work, found)
    except (Invalid, Conflict) as refusal:
        return challenge_page(kept(owner, design, number), refusal.message), refusal.status
    return redirect(f"/{owner}/{design}/challenges/{number}", 303)


def _challenge(work: Work, owner: str, design: str, number: int) -> Challenge:
    return challenge_of(work.session, find_design(work, owner, design), number)


def _end_of(day: str) -> datetime:
    """Returns the end of a day, UTC; raises Invalid for what is none."""
    try:
        return datetime.combine(datetime.strptime(day, "%Y-%m-%d"), time(23, 59, 59), UTC)
    except ValueError:
        message = _("write a day, such as 2027-01-31")
        raise Invalid(_("The deadline is no day."), [{"name": "deadline", "message": message}]) from None


def _form(work: Work, design: Design, given: dict[str, str], refusal: Invalid | NotFound | None = None) -> str:
    names = [ref.partition("/")[2].partition("/")[2] for ref in sorted(known_refs(work.session, design))]
    ref = given["ref"] if given["ref"] in names else design.default_branch
    goal = read_tree(work, design, find_revision(work, design, ref).sha) if ref in names else None
    return render_template(
        "challenges/new.html",
        given=given | {"ref": ref},
        refs=names,
        parts=[(each.path, each.title) for each in goal.parts] if goal else [],
        checks=checks_in(goal) if goal else [],
        goals=[(f"{way} {measure}", goal_words(measure, way)) for measure in WORDS for way in DIRECTIONS],
        wrong=by_field(refusal) if isinstance(refusal, Invalid) else {},
        problem=refusal.message if refusal else "",
        **heading(work, design, "challenges"),
    )
