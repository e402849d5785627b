"""A design can leave: everything that makes it, in one archive for its owners."""

from flask import Blueprint, Response

from opendesign.actions.archive import one_of_few
from opendesign.actions.export_design import Export, export_design
from opendesign.actions.zipping import zipped
from opendesign.web.visit import entered, find_design, looking, public_url

pages = Blueprint("leaving", __name__)


@pages.get("/<owner>/<design>/export.zip")
def export(owner: str, design: str) -> Response:
    """Sends the repository, and all that was said and done about the design."""
    entered()
    work = looking()
    row = find_design(work, owner, design, "settings")
    with one_of_few():
        return packed(export_design(work, row, public_url()))


def packed(export: Export) -> Response:
    """Returns the answer that sends an export while it is packed, and takes its bundle away when it ends."""
    answer = Response(zipped(export.entries, export.date), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{export.name}.zip")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.automatically_set_content_length = False  # counting would pack all of it before the first byte is sent
    answer.call_on_close(export.close)
    return answer
