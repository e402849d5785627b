"""All parts of a revision as one ZIP."""

import hashlib

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as Answer

from opendesign.actions.archive import archive, wanted_formats
from opendesign.actions.zipping import zipped
from opendesign.web.visit import brake, find_design, house, looking, public_url, stop_looking, visitor

pages = Blueprint("archives", __name__)


@pages.get("/<owner>/<design>/archive/<path:ref>.zip")
def parts(owner: str, design: str, ref: str) -> Answer:
    """Sends the parts of a revision with licence, bill of materials and notice; `formats` are named with commas."""
    formats = wanted_formats(request.args.get("formats", ""))
    find_design(looking(), owner, design, "build")
    stop_looking()
    brake()
    made = archive(house(), visitor(), owner, design, ref, formats, public_url())
    response = Response(zipped(made.entries, made.date), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"{made.name}.zip")
    response.headers["Cache-Control"] = "private, no-cache"
    listed = [(name, str(content)) for name, content in made.entries.items()]
    response.set_etag(hashlib.sha256(repr((listed, made.date)).encode()).hexdigest()[:32])
    response.automatically_set_content_length = False  # counting would pack all of it before the first byte is sent
    return response.make_conditional(request)
