"""Previews: the newest geometry for sliders and the editor, as the JSON that parameters.js and od-editor expect."""

import secrets
from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, make_response, render_template, request, session

from opendesign.actions.find_revision import find_revision
from opendesign.actions.preview import preview
from opendesign.actions.read_tree import read_tree
from opendesign.actions.want_build import part_key
from opendesign.core.errors import Conflict, NotFound, Refusal
from opendesign.core.snapshot import Snapshot
from opendesign.core.value import Value
from opendesign.records.build import Build, builds_by_key
from opendesign.records.design import Design
from opendesign.web.downloads import downloads
from opendesign.web.parameters import asked_values, changed_values
from opendesign.web.visit import brake, find_design, house, looking, stop_looking, visitor

pages = Blueprint("previews", __name__)
LANE = "lane"


@pages.get("/<owner>/<design>/previews/<path:path>")
def of_values(owner: str, design: str, path: str) -> Response:
    """Answers with the part made from the values in the query."""
    work = looking()
    row = find_design(work, owner, design, "build")
    place = find_revision(work, row, request.args.get("ref", ""))
    snapshot = read_tree(work, row, place.sha)
    part = snapshot.part(path).path
    return _answered(row, snapshot, part, place.sha, asked_values(request.args))


@pages.post("/<owner>/<design>/previews")
def of_text(owner: str, design: str) -> Response:
    """Answers with a part made as if a file held the text that was sent; nothing is committed."""
    work = looking()
    row = find_design(work, owner, design, "build")
    place = find_revision(work, row, request.form.get("ref", ""))
    content = request.form.get("content", "").replace("\r\n", "\n")
    snapshot = read_tree(work, row, place.sha).changed({request.form["path"]: content})
    return _answered(row, snapshot, part_for(snapshot, request.form["path"], request.form.get("part", "")), "", {})


def part_for(snapshot: Snapshot, path: str, wanted: str = "") -> str:
    """Returns the part that shows what a file does: the wanted one, the file itself, or the first that reads it."""
    parts = parts_reading(snapshot, path)
    if not parts:
        raise NotFound(f"No part of this design reads {path[:200]}, so there is nothing to show.")
    return wanted if wanted in parts else parts[0]


def parts_reading(snapshot: Snapshot, path: str) -> list[str]:
    """Returns the parts whose script can read a file, the file itself first when it is one."""
    reading = [part.path for part in snapshot.parts if path in snapshot.inputs(part.path)]
    return sorted(reading, key=lambda part: part != path)


def _answered(design: Design, snapshot: Snapshot, part: str, sha: str, asked: Mapping[str, str]) -> Response:
    try:
        values = changed_values(snapshot.parameters(part), asked)
        build = _made(design, snapshot, part, values)
    except Conflict as newer:
        return _said({"state": "stopped", "error": {"message": newer.message}}, newer.status)
    except Refusal as refusal:
        body = {"state": "failed", "error": {"message": refusal.message}, "errors": refusal.errors}
        response = _said(body, refusal.status)
        if wait := getattr(refusal, "retry_after", None):
            response.headers["Retry-After"] = str(wait)
        return response
    return _said(answer(design, part, sha, values, build), 200)


def _made(design: Design, snapshot: Snapshot, part: str, values: Mapping[str, Value]) -> Build:
    who, name = visitor(), lane(part, request.args.get("lane", ""))
    key = part_key(snapshot, part, values)
    found = builds_by_key(looking().session, [key]).get(key)
    if found is not None and found.state in ("made", "failed"):
        return found
    stop_looking()
    brake()
    return preview(house(), who, design, snapshot, part, values, name)


def lane(part: str, tab: str = "") -> str:
    """Returns the lane of this browser and tab for a part: in one lane only the newest preview is made."""
    if LANE not in session:
        session[LANE] = secrets.token_hex(8)
    return f"{session[LANE]}:{tab[:20]}:{part}"


def answer(design: Design, part: str, sha: str, values: Mapping[str, Value], build: Build) -> dict[str, object]:
    """Returns a build as the page's scripts expect it (opendesign/web/assets/README.md, “Live parameters”)."""
    if build.state != "made":
        return {"state": build.state, "key": build.key, "error": build.error, "seconds": build.seconds}
    return {
        "state": "made",
        "key": build.key,
        "viewer": f"/builds/{build.key}/files/viewer",
        "total": build.total,
        "facts_html": render_template("parts/_facts.html", build=build),
        "files_html": render_template("parts/_downloads.html", files=downloads(build, design, sha, values)),
        "seconds": build.seconds,
        "error": None,
    }


def _said(body: Mapping[str, object], status: int) -> Response:
    response = make_response(jsonify(body), status)
    response.headers["Cache-Control"] = "no-store"
    return response
