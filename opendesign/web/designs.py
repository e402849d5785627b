"""Designs: starting one, the page that shows it, and forking it."""

from flask import Blueprint, flash, make_response, redirect, render_template
from flask_babel import gettext as _
from htmx_flask import request
from werkzeug.wrappers import Response

from opendesign.actions.check_merge import check_promises, fits_needed
from opendesign.actions.create_design import create_design
from opendesign.actions.find_revision import Place, branches_of, find_revision
from opendesign.actions.fork import fork
from opendesign.actions.house import Work
from opendesign.actions.judge_made import count_made
from opendesign.actions.measure_fit import lacks_fits, want_fits
from opendesign.actions.read_text import read_text
from opendesign.actions.read_tree import read_tree
from opendesign.actions.show_parts import Shown, leading, parts_at, parts_at_head
from opendesign.actions.starters import STARTERS, starter_files
from opendesign.actions.stop_build import standing_of
from opendesign.actions.stop_inspection import run_of
from opendesign.actions.watch_family import count_waiting
from opendesign.core.errors import Conflict, Invalid, NotFound
from opendesign.core.licence import DEFAULT, LICENCES, licence_of
from opendesign.core.names import suggest_name
from opendesign.records.arrival import arrival_to
from opendesign.records.design import Design, design_by_path
from opendesign.records.release import latest_release
from opendesign.web.cards import no_part, part_tile, still
from opendesign.web.heading import heading
from opendesign.web.language import local
from opendesign.web.people import by_field
from opendesign.web.promises import told
from opendesign.web.prose import prose
from opendesign.web.unchanged import while_unchanged
from opendesign.web.visit import entered, find_design, looking, writing
from opendesign.web.wanting import want_shown

pages = Blueprint("designs", __name__)
MOST_UNREAD = 5  # scripts named that cannot be parts
FIELDS = ("name", "title", "summary", "licence", "visibility", "starter")


@pages.get("/new")
def new() -> str:
    """Shows the form to start a design."""
    entered()
    return _form({"licence": DEFAULT, "visibility": "public", "starter": request.args.get("starter", "")}, {}, "")


@pages.get("/new/name")
def suggest() -> str:
    """Shows, while a title is typed, the address the design would get and whether it is free."""
    work = looking()
    name = request.args.get("name", "").strip() or suggest_name(request.args.get("title", ""))
    return render_template("designs/_name.html", name=name, taken=_taken(work, name))


def _taken(work: Work, name: str) -> bool:
    try:
        return bool(name and work.person and design_by_path(work.session, work.person.name, name))
    except NotFound:
        return False


@pages.post("/new")
def create() -> Response | tuple[str, int]:
    """Starts a design, empty or from a starter."""
    entered()
    given = {name: request.form.get(name, "") for name in FIELDS}
    try:
        with writing() as work:
            path = _created(work, given).path
    except (Invalid, Conflict) as refusal:
        return _form(given, by_field(refusal), refusal.message), refusal.status
    return redirect(f"/{path}", 303)


def _created(work: Work, given: dict[str, str]) -> Design:
    name = given["name"].strip() or suggest_name(given["title"])
    if not name:
        raise Invalid(_("Give the design a title."), [{"name": "title", "message": _("is empty")}])
    words = {"title": given["title"] or name, "licence": given["licence"]}
    words["licensor"] = work.person.shown_name if work.person else ""
    files = starter_files(given["starter"], words) if given["starter"] else None
    facts = {key: given[key] for key in ("title", "summary", "licence", "visibility")}
    return create_design(work, name, files=files, **facts)


def _form(given: dict[str, str], wrong: dict[str, str], problem: str) -> str:
    return render_template(
        "designs/new.html", given=given, wrong=wrong, problem=problem, licences=LICENCES, starters=STARTERS
    )


@pages.get("/<owner>/<design>")
@while_unchanged
def design(owner: str, design: str) -> Response | str:
    """Shows a design: the whole first, then its parts, its README and the facts."""
    work = looking()
    row = find_design(work, owner, design)
    branches = branches_of(work, row)
    arrival = None if branches else arrival_to(work.session, row)
    if arrival and arrival.person == work.person:
        return redirect(f"/imports/{arrival.id}", 303)
    if not branches:
        return render_template("designs/empty.html", starters=STARTERS, **heading(work, row, "design"))
    place = find_revision(work, row, request.args.get("ref", ""))
    at_head = place.ref == row.default_branch
    parts = parts_at_head(work, [row])[row.id] if at_head else parts_at(work, row, place.sha)
    if any(part.build is None for part in parts) and want_shown([(row, read_tree(work, row, place.sha))]):
        work = looking()
        row = find_design(work, owner, design)
        parts = parts_at(work, row, place.sha)
    wanted = request.args.get("part", "")
    current = next((part for part in parts if part.path == wanted), None) or leading(parts)
    waiting = current is not None and current.state in ("wanted", "making")
    if waiting and request.htmx and request.htmx.target == "stage" and "poll" in request.args:
        return make_response("", 204)
    page = _page(work, row, place, parts, current, branches)
    # How far a build is, and who may stop it, is nothing that the records know for everybody.
    return make_response(page) if waiting else page


def _page(work: Work, row: Design, place: Place, parts: list[Shown], current: Shown | None, branches: list[str]) -> str:
    at = {} if place.ref == row.default_branch else {"ref": place.ref}
    snapshot = read_tree(work, row, place.sha)
    keys = fits_needed(work, snapshot)
    if lacks_fits(work, keys):
        with writing() as own:
            want_fits(own, find_design(own, row.owner.name, row.name), keys)
    return render_template(
        "designs/design.html",
        place=place,
        at=at,
        parts=[part_tile(row, part, "") for part in parts],
        unread=[(path, no_part(snapshot, path)) for path in sorted(snapshot.unread)][:MOST_UNREAD],
        current=current,
        poster=still(current.build) if current else None,
        progress=standing_of(work, current.build) if current and current.build else None,
        parameters=sum(not each.derived for each in snapshot.parameters(current.path)) if current else 0,
        branches=branches,
        licence=licence_of(row.licence) if row.licence else None,
        readme=readme(work, row, place),
        promises=check_promises(work, row, snapshot),
        run=run_of(work, row, snapshot),
        told=told,
        improvements=count_waiting(work, row),
        release=latest_release(work.session, row),
        made=count_made(work, row),
        **heading(work, row, "design"),
    )


def readme(work: Work, design: Design, place: Place, folder: str = "") -> dict[str, object] | None:
    """Returns path and rendered HTML of the README in a folder of a revision, or None."""
    snapshot = read_tree(work, design, place.sha)
    prefix = f"{folder}/" if folder else ""
    names = {path.lower(): path for path in snapshot.blobs if path.startswith(prefix)}
    path = names.get(f"{prefix}readme.md".lower()) or names.get(f"{prefix}leiame.md".lower())
    if path is None:
        return None
    text = read_text(work, design, snapshot.blobs[path])
    files, raw = (f"/{design.path}/{kind}/{place.ref}" for kind in ("files", "raw"))
    return {"path": path, "html": prose(text, files, raw, folder)}


@pages.post("/<owner>/<design>/forks")
def forks(owner: str, design: str) -> Response:
    """Makes a fork of the visitor's own and goes there."""
    entered()
    with writing() as work:
        made = fork(work, find_design(work, owner, design, "fork"), request.form.get("name", "").strip())
        path = made.path
    flash(_("This is your fork. Change what you like; nothing reaches the original until you propose it."), "good")
    return redirect(local(request.form.get("next"), f"/{path}"), 303)
