"""Builds by their key: what was made, why it failed, and the files, which never change."""

from flask import Blueprint, Response, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as Answer

from opendesign.actions.export import export
from opendesign.actions.find_build import find_build
from opendesign.actions.want_build import want_again
from opendesign.core.build import ENDINGS, MEDIA, SANDBOX, download_name
from opendesign.core.text import slug
from opendesign.records.design import design_by_id
from opendesign.web.visit import entered, house, looking, stop_looking, visitor, writing

pages = Blueprint("builds", __name__)
YEAR = 365 * 24 * 3600
DOWNLOADS = ("step", "stl", "3mf", "glb", "brep", "png")


@pages.get("/builds/<key>")
def build(key: str) -> str:
    """Shows a build: state, measurements, files, and the log."""
    work = looking()
    row = find_build(work, key)
    design = design_by_id(work.session, row.design_id)
    seen = design if design is not None and work.may("see", design) else None
    return render_template("builds/build.html", build=row, design=seen, downloads=downloads("", row.part, "", {}, key))


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
    """Sends a file of a build, made first if the build was only previewed."""
    row = find_build(looking(), key)
    design = design_by_id(looking().session, row.design_id)
    open_to_all = design is not None and design.visibility == "public"
    stop_looking()
    path = export(house(), visitor(), key, format)
    wanted = request.args.get("download", "")
    name = f"{slug(wanted.removesuffix(ENDINGS[format]), keep_sign=True)[:110] or 'part'}{ENDINGS[format]}"
    response = send_file(
        path,
        mimetype=MEDIA[format],
        as_attachment="download" in request.args,
        download_name=name,
        etag=f"{key}-{format}",
        max_age=YEAR,
        conditional=True,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.cache_control.immutable = True
    # What is not open to all must not stay in a proxy that others ask too.
    response.cache_control.public, response.cache_control.private = open_to_all, not open_to_all or None
    return response


def downloads(design: str, part: str, sha: str, values: dict, key: str) -> list[dict[str, str]]:
    """Returns what can be downloaded of a build, with file names that say what it is."""
    names = {format: download_name(design, part, sha, values, format) for format in DOWNLOADS}
    return [
        {"format": format, "name": name, "href": f"/builds/{key}/files/{format}?download={name}"}
        for format, name in names.items()
    ]
