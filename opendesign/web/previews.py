"""Previews: the newest geometry for sliders and the editor, as the JSON that parameters.js and od-editor expect."""

import base64
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    render_template,
    request,
    session,
    stream_with_context,
)

from opendesign.actions.find_build import is_at_home
from opendesign.actions.find_revision import find_revision
from opendesign.actions.preview import follow_preview
from opendesign.actions.read_tree import read_tree
from opendesign.actions.want_build import part_key
from opendesign.cad.progress import Progress
from opendesign.core.errors import Conflict, NotFound, Refusal
from opendesign.core.snapshot import Snapshot
from opendesign.core.value import Value
from opendesign.records.build import Build, builds_by_key
from opendesign.records.design import Design
from opendesign.web.downloads import downloads
from opendesign.web.parameters import asked_values, changed_values, derived_values
from opendesign.web.visit import brake, find_design, house, looking, stop_looking, visitor

pages = Blueprint("previews", __name__)
LANE = "lane"
STREAM = "application/x-ndjson"


@dataclass(frozen=True)
class Wanted:
    """What is to be seen: a part of a snapshot with these values; `sha` is empty for what is not committed."""

    design: Design
    snapshot: Snapshot
    part: str
    sha: str
    values: Mapping[str, Value]


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
        wanted = Wanted(design, snapshot, part, sha, changed_values(snapshot.parameters(part), asked))
        found = _found(wanted)
        if found is None:
            brake()
    except Refusal as refusal:
        return _refused(refusal)
    if found is not None:
        return _said(answer(wanted, found), 200)
    news = follow_preview(
        house(), visitor(), design, snapshot, part, wanted.values, lane(part, request.args.get("lane", "")), _streams()
    )
    if _streams():
        lines = stream_with_context(_lines(wanted, news))
        return Response(lines, mimetype=STREAM, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    try:
        return _said(answer(wanted, next(each for each in news if isinstance(each, Build))), 200)
    except Refusal as refusal:
        return _refused(refusal)


def _streams() -> bool:
    """Says whether the asker reads an answer line by line, and so hears how far it is."""
    return STREAM in request.headers.get("Accept", "")


def _found(wanted: Wanted) -> Build | None:
    """Returns the build if it has ended; closes the reading work if it is still to be made."""
    key = part_key(wanted.snapshot, wanted.part, wanted.values)
    found = builds_by_key(looking().session, [key]).get(key)
    if found is not None and not found.waiting and not found.stopped and is_at_home(looking(), found):
        return found
    stop_looking()
    return None


def _lines(wanted: Wanted, news: Iterator[Progress | Build]) -> Iterator[str]:
    """Yields how far a preview is and what it gave, each a line of JSON; a reader that goes away gives the job up."""
    try:
        for each in news:
            yield json.dumps(answer(wanted, each) if isinstance(each, Build) else how_far(each)) + "\n"
    except Refusal as refusal:
        yield json.dumps(_refusal(refusal)) + "\n"


def how_far(progress: Progress) -> dict[str, object]:
    """Returns how far a preview is, with what can be seen of it already."""
    said: dict[str, object] = {
        "state": "making",
        "progress": {"stage": progress.stage, "seconds": progress.seconds, "waiting_before": progress.before},
    }
    if progress.sight:
        said["sight"] = {"coarse": progress.sight == "coarse", "glb": base64.b64encode(progress.content).decode()}
    return said


def _refused(refusal: Refusal) -> Response:
    response = _said(_refusal(refusal), refusal.status)
    if wait := getattr(refusal, "retry_after", None):
        response.headers["Retry-After"] = str(wait)
    return response


def _refusal(refusal: Refusal) -> dict[str, object]:
    """Returns a refusal as the page's scripts expect it: withdrawn for a newer value, or failed."""
    error = {"message": refusal.message}
    if isinstance(refusal, Conflict):
        return {"state": "stopped", "error": error}
    return {"state": "failed", "error": error, "errors": refusal.errors}


def lane(part: str, tab: str = "") -> str:
    """Returns the lane of this browser and tab for a part: in one lane only the newest preview is made."""
    if LANE not in session:
        session[LANE] = secrets.token_hex(8)
    return f"{session[LANE]}:{tab[:20]}:{part}"


def answer(wanted: Wanted, build: Build) -> dict[str, object]:
    """Returns a build as the page's scripts expect it (opendesign/web/assets/README.md, “Live parameters”)."""
    said = render_template("builds/_said.html", build=build)
    facts: dict[str, object] = {
        "state": build.state,
        "key": build.key,
        "seconds": build.seconds,
        "error": build.error,
        "said_html": said,
        "derived": derived_values(wanted.snapshot.parameters(wanted.part), wanted.values),
    }
    if build.state != "made":
        return facts
    listed = downloads(build, wanted.design, wanted.sha, wanted.values)
    return facts | {
        "viewer": f"/builds/{build.key}/files/viewer",
        "total": build.total,
        "facts_html": render_template("parts/_facts.html", build=build),
        "files_html": render_template("parts/_downloads.html", files=listed),
    }


def _said(body: Mapping[str, object], status: int) -> Response:
    response = make_response(jsonify(body), status)
    response.headers["Cache-Control"] = "no-store"
    return response
