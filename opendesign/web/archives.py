"""All parts of a revision as one ZIP, and its files as another."""

import hashlib

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as Answer

from opendesign.actions.archive import Archive, archive, one_of_few, wanted_formats
from opendesign.actions.archive_source import archive_source
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
    return _sent(archive(house(), visitor(), owner, design, ref, formats, public_url()))


@pages.get("/<owner>/<design>/source/<path:ref>.zip")
def source(owner: str, design: str, ref: str) -> Answer:
    """Sends the files of a revision as they are."""
    work = looking()
    row = find_design(work, owner, design)
    brake()
    with one_of_few():
        return _sent(archive_source(work, row, ref))


def _sent(made: Archive) -> Answer:
    response = Response(zipped(made.entries, made.date), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"{made.name}.zip")
    response.headers["Cache-Control"] = "private, no-cache"
    digest = hashlib.sha256(repr(made.date).encode())
    for name, content in made.entries.items():
        digest.update(f"\0{name}\0".encode())
        digest.update(content if isinstance(content, bytes) else str(content).encode())
    response.set_etag(digest.hexdigest()[:32])
    response.automatically_set_content_length = False  # counting would pack all of it before the first byte is sent
    return response.make_conditional(request)
