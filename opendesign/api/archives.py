"""Archives: all parts of a revision as one ZIP."""

import hashlib

from flask import g, request
from pydantic import Field
from werkzeug.wrappers import Response

from opendesign.actions.archive import archive, wanted_formats
from opendesign.actions.house import Work
from opendesign.actions.zipping import zipped
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Query
from opendesign.api.visit import brake, house, public_url, visitor
from opendesign.records.design import Design


class Packing(Query):
    """Which revision, and which formats of each part."""

    ref: str = Field("", description="A branch, tag or commit; by default the default branch.")
    formats: str = Field(
        "", description="Formats with commas between them: step, stl, 3mf (these by default), glb, brep, png, svg …"
    )


def pack(owner: str, name: str, query: Packing) -> None:
    """Gathers the files, which may take a minute when parts have to be made first."""
    formats = wanted_formats(query.formats)
    brake()
    g.archive = archive(house(), visitor(), owner, name, query.ref, formats, public_url())


@operation(
    "GET",
    f"{DESIGN}/parts.zip",
    {200: None},
    verb="build",
    query=Packing,
    before=pack,
    media=["application/zip"],
)
def download(work: Work, design: Design, query: Packing) -> Answer:
    """Downloads all parts of a revision with its licence, bill of materials (bom.csv), okh.toml and a notice.

    Parts that are not there are made first, for a minute at most; those that fail or take longer are named, with the
    reason, in NOTICE.txt. Every file says whose design it is, which revision, under which licence and where its source
    is. The same revision gives the same bytes.
    """
    made = g.pop("archive")
    answer = Response(zipped(made.entries, made.date), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{made.name}.zip")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Authorization"
    listed = [(each, str(content)) for each, content in made.entries.items()]
    answer.set_etag(hashlib.sha256(repr((listed, made.date)).encode()).hexdigest()[:32])
    answer.automatically_set_content_length = False  # counting would pack all of it before the first byte is sent
    return Answer(answer.make_conditional(request))
