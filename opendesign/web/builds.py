"""Builds by their key: what was made, why it failed, and the files, which never change."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, make_response, redirect, render_template
from htmx_flask import request
from werkzeug.wrappers import Response as Answer

from opendesign.actions.export import export, is_ready
from opendesign.actions.find_build import find_build
from opendesign.actions.stop_build import standing_of, stop_build
from opendesign.actions.want_build import want_again
from opendesign.core.errors import Conflict
from opendesign.core.output import demand_output, ending
from opendesign.core.text import slug
from opendesign.records.build import Build
from opendesign.records.design import design_by_id
from opendesign.web.downloads import downloads
from opendesign.web.language import local
from opendesign.web.sending import sent
from opendesign.web.visit import brake, entered, house, looking, stop_looking, visitor, writing

pages = Blueprint("builds", __name__)
STOPPED = "stopped"  # in an address: the build that was stopped there, which is not made again unasked


@pages.get("/builds/<key>")
def build(key: str) -> str:
    """Shows a build: state, measurements, files, and the log."""
    work = looking()
    row = find_build(work, key)
    design = design_by_id(work.session, row.design_id)
    seen = design if design is not None and work.may("see", design) else None
    return render_template(
        "builds/build.html", build=row, progress=standing_of(work, row), design=seen, files=downloads(row)
    )


@pages.get("/builds/<key>/state")
def state(key: str) -> Response:
    """Shows the state of a build as a fragment, which asks again until the build has ended."""
    return _state(find_build(looking(), key))


def _state(build: Build) -> Response:
    """Returns the fragment; that the build has ended is an event, which whatever shows the build waits for."""
    answer = make_response(render_template("builds/_state.html", build=build, progress=standing_of(looking(), build)))
    if not build.waiting:
        answer.headers["HX-Trigger"] = "build-ended"
    return answer


@pages.post("/builds/<key>/cancellation")
def cancellation(key: str) -> Answer:
    """Stops a build that is wanted or being made; one that has ended meanwhile is shown as it is."""
    brake()
    try:
        with writing() as work:
            stop_build(work, key)
    except Conflict:
        pass
    return _state(find_build(looking(), key)) if request.htmx else redirect(_back(key, **{STOPPED: key[:12]}), 303)


@pages.post("/builds/<key>/tries")
def again(key: str) -> Answer:
    """Wants a failed build once more."""
    entered()
    with writing() as work:
        want_again(work, find_build(work, key))
    return redirect(_back(key), 303)


def _back(key: str, **more: str) -> str:
    """Returns the page on which a form of a build was sent, with more in its query; by default the build's own."""
    own = f"/builds/{key}"
    page = urlsplit(local(request.form.get("next"), own))
    if page.path == own:
        return own
    query = [(name, value) for name, value in parse_qsl(page.query, keep_blank_values=True) if name != STOPPED]
    return urlunsplit(("", "", page.path, urlencode([*query, *more.items()]), ""))


@pages.get("/builds/<key>/files/<format>")
def file(key: str, format: str) -> Response:
    """Sends a file of a build, made first if the build was only previewed or the file is made on demand."""
    work = looking()
    row = find_build(work, key)
    demand_output(format)
    design = design_by_id(work.session, row.design_id)
    public = design is not None and design.visibility == "public"
    stop_looking()
    if not is_ready(house(), key, format):
        brake()
    export(house(), visitor(), key, format)
    return sent(key, format, called(format), public)


def called(format: str) -> str:
    """Returns the name under which the visitor asked to save a file, made safe; empty for one that is to be shown."""
    if "download" not in request.args:
        return ""
    last = ending(format)
    return f"{slug(request.args['download'].removesuffix(last), keep_sign=True)[:110] or 'part'}{last}"
