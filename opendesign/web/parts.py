"""A part: its geometry, its parameters in the address, its measurements and files."""

import secrets
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Blueprint, flash, make_response, redirect, render_template
from flask_babel import gettext as _
from htmx_flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response

from opendesign.actions.edit import set_parameters
from opendesign.actions.find_build import is_at_home
from opendesign.actions.find_revision import Place, find_revision
from opendesign.actions.house import Work
from opendesign.actions.judge_made import count_made
from opendesign.actions.own_fork import own_place
from opendesign.actions.read_tree import read_tree
from opendesign.actions.say_part import say_part
from opendesign.actions.stop_build import standing_of
from opendesign.actions.want_build import part_key, want_build
from opendesign.core.errors import Invalid
from opendesign.core.model import model_engine
from opendesign.core.part import Part
from opendesign.core.snapshot import Snapshot
from opendesign.core.value import Value, written
from opendesign.records.build import Build, builds_by_key, last_made
from opendesign.records.design import Design, parts_of
from opendesign.web.builds import STOPPED
from opendesign.web.cards import part_address, still
from opendesign.web.downloads import downloads
from opendesign.web.heading import heading
from opendesign.web.parameters import asked_values, changed_values, fields, preset_links, shown_values
from opendesign.web.people import by_field
from opendesign.web.visit import brake, entered, find_design, looking, writing

pages = Blueprint("parts", __name__)
# What the panel's form carries for its other buttons; without JavaScript “Regenerate” sends it too.
FORM_ONLY = ("expected", "new_preset", "csrf_token")


@dataclass
class Sight:
    """What a part's page is about: the design at a place, the part, and the values asked for."""

    design: Design
    place: Place
    snapshot: Snapshot
    part: Part
    values: dict[str, Value]
    wrong: dict[str, str]


def see(work: Work, owner: str, name: str, path: str) -> Sight:
    """Finds the part an address is about; values that cannot be used are named in `wrong`."""
    design = find_design(work, owner, name)
    place = find_revision(work, design, request.values.get("ref", ""))
    snapshot = read_tree(work, design, place.sha)
    part = snapshot.part(path)
    try:
        values = changed_values(snapshot.parameters(part.path), asked_values(request.values))
        return Sight(design, place, snapshot, part, values, {})
    except Invalid as refusal:
        return Sight(design, place, snapshot, part, {}, by_field(refusal))


@pages.get("/<owner>/<design>/parts/<path:path>")
def part(owner: str, design: str, path: str) -> Response | str:
    """Shows a part with the values in the address; wants the build when nobody has, or when somebody stopped it."""
    work = looking()
    sight = see(work, owner, design, path)
    if not sight.wrong and any(name in FORM_ONLY or name.startswith("name:") for name in request.args):
        return redirect(part_address(sight.design, sight.part.path, sight.place.ref, sight.values))
    build = build_of(work, sight)
    work = looking()
    sight = see(work, owner, design, path)
    waiting = build.waiting
    if waiting and request.htmx and request.htmx.target == "stage":
        return make_response("", 204)
    good = build if build.state == "made" else last_good(work, sight.design, sight.snapshot, sight.part.path)
    status = 422 if sight.wrong else 200
    return make_response(_page(work, sight, build, good, waiting), status)


def build_of(work: Work, sight: Sight) -> Build:
    """Returns the build a page is about, wanted now when nobody has who may be known of, or somebody stopped it.

    Look anew afterwards. Asking is paced, since every value in an address may name a new one.
    """
    key = part_key(sight.snapshot, sight.part.path, sight.values)
    found = builds_by_key(work.session, [key]).get(key)
    stays = request.htmx or request.args.get(STOPPED) == key[:12]  # whoever comes from stopping it sees that it is
    if found is not None and is_at_home(work, found) and (stays or not found.stopped):
        return found
    brake()
    with writing() as work:
        return want_build(work, work.need("build", sight.design), sight.snapshot, sight.part.path, sight.values)


def last_good(work: Work, design: Design, snapshot: Snapshot, path: str) -> Build | None:
    """Returns the build to show while the wanted one is not there: the script's own values, else the last made."""
    key = part_key(snapshot, path)
    own = builds_by_key(work.session, [key]).get(key)
    if own is not None and own.state == "made":
        return own
    return last_made(work.session, [key for key in (design.id, design.parent_id) if key], path)


def _page(work: Work, sight: Sight, build: Build, good: Build | None, waiting: bool) -> str:
    design, place, path = sight.design, sight.place, sight.part.path
    ref = "" if place.ref == design.default_branch else place.ref
    parameters = sight.snapshot.parameters(path)
    query = urlencode({"lane": secrets.token_hex(6)} | ({"ref": ref} if ref else {}))
    at_head = not ref
    made, own = {"part": path, "ref": place.sha}, {f"p.{name}": written(each) for name, each in sight.values.items()}
    listed = parts_of(work.session, [design])[design.id] if at_head else sight.snapshot.parts
    return render_template(
        "parts/part.html",
        part=sight.part,
        imported=model_engine(path),
        is_listed=any(each.path == path for each in sight.snapshot.parts),
        place=place,
        ref=ref,
        parameters=fields(parameters, sight.values),
        presets=preset_links(design, path, ref, sight.snapshot.presets(path), sight.values),
        values=shown_values(sight.values),
        wrong=sight.wrong,
        build=build,
        good=good,
        waiting=waiting,
        progress=standing_of(work, build),
        poster=still(good),
        address=part_address(design, path, ref),
        here=part_address(design, path, ref, sight.values),
        preview=f"/{design.path}/previews/{quote(path)}?{query}",
        files=downloads(build, design, place.sha, sight.values),
        others=[(each.path, each.title, part_address(design, each.path, ref)) for each in listed],
        source=f"/{design.path}/files/{quote(place.ref)}/{quote(path)}",
        save_words=save_words(work, design, place),
        made=count_made(work, design, path),
        made_new=f"/{design.path}/made/new?{urlencode(made | own)}",
        **heading(work, design, "design"),
    )


@pages.post("/<owner>/<design>/parts/<path:path>/parameters")
def save(owner: str, design: str, path: str) -> Response:
    """Commits the values of the sliders: to the branch, or to a branch or fork of one's own where it is not open."""
    entered()
    with writing() as work:
        sight = see(work, owner, design, path)
        if sight.wrong:
            raise Invalid("These values cannot be saved.", [{"name": k, "message": v} for k, v in sight.wrong.items()])
        target, branch = own_place(work, sight.design, sight.place.branch, sight.place.sha)
        message = request.form.get("message", "")
        set_parameters(work, target, branch, sight.part.path, sight.values, message)
        address = part_address(target, sight.part.path, branch)
        told = saved(work, sight.design, target, branch, sight.place.branch)
    flash(told, "good")
    return redirect(address, 303)


@pages.post("/<owner>/<design>/parts/<path:path>/listing")
def say(owner: str, design: str, path: str) -> Response:
    """Commits what a file is called and whether it is a part: to the branch, or to a fork of one's own."""
    entered()
    listed = "listed" in request.form
    with writing() as work:
        sight = see(work, owner, design, path)
        target, branch = own_place(work, sight.design, sight.place.branch, sight.place.sha)
        say_part(work, target, branch, sight.part.path, listed, request.form.get("title", ""))
        address = part_address(target, sight.part.path, branch)
        told = saved(work, sight.design, target, branch, sight.place.branch)
    flash(told, "good")
    return redirect(address, 303)


def save_words(work: Work, design: Design, place: Place) -> str:
    """Returns the words of a button that saves what was changed at a place: where it will go."""
    if place.branch is None or not work.may("edit", design):
        return _("Save to my fork")
    if work.may_move(place.branch, design):
        return _("Save to %(branch)s", branch=place.branch)
    return _("Save to a branch of mine")


def saved(work: Work, asked: Design, target: Design, branch: str, wanted: str | None) -> str:
    """Returns the sentence after a save meant for the branch `wanted`: where it went, and how to propose it back."""
    base: Design | None = asked
    if target.id != asked.id:
        said = _("Saved to your fork %(fork)s, branch %(branch)s.", fork=target.path, branch=branch)
    elif branch != wanted:
        said = _("Saved to the new branch %(branch)s: %(asked)s takes proposals only.", branch=branch, asked=wanted)
    else:
        said = _("Saved to %(branch)s.", branch=branch)
        base = asked.parent if asked.kinship not in ("files", "declared") else None  # no history in common
    if base is None or not work.may("see", base):
        return said
    query = urlencode({"source": target.path, "source_branch": branch})
    words = _("Propose it to %(design)s", design=base.path)
    return Markup('{} <a href="/{}/proposals/new?{}">{}</a>').format(said, base.path, query, words)
