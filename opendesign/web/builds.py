"""Builds by their key: what was made, why it failed, and the files, which never change."""

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from opendesign.actions.export import export, is_ready
from opendesign.actions.find_build import find_build
from opendesign.actions.want_build import want_again
from opendesign.core.output import demand_output, ending
from opendesign.core.text import slug
from opendesign.records.design import design_by_id
from opendesign.web.downloads import downloads
from opendesign.web.sending import sent
from opendesign.web.visit import brake, entered, house, looking, stop_looking, visitor, writing

pages = Blueprint("builds", __name__)


@pages.get("/builds/<key>")
def build(key: str) -> str:
    """Shows a build: state, measurements, files, and the log."""
    work = looking()
    row = find_build(work, key)
    design = design_by_id(work.session, row.design_id)
    seen = design if design is not None and work.may("see", design) else None
    return render_template("builds/build.html", build=row, design=seen, files=downloads(row))


@pages.get("/builds/<key>/state")
def state(key: str) -> str:
    """Shows the state of a build as a fragment, which asks again until the build has ended."""
    return render_template("builds/_state.html", build=find_build(looking(), key))


@pages.post("/builds/<key>/tries")
def again(key: str) -> Answer:
    """Wants a failed build once more."""
    entered()
    with writing() as work:
        want_again(work, find_build(work, key))
    return redirect(f"/builds/{key}", 303)


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
