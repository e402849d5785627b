"""Search in the code of a design, at any revision."""

from itertools import groupby
from urllib.parse import quote, urlencode

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from opendesign.actions.find_revision import branches_of, find_revision
from opendesign.actions.search_code import search_code
from opendesign.core.errors import Invalid, TooLarge
from opendesign.core.search import Found, pieces
from opendesign.web.heading import heading
from opendesign.web.visit import find_design, looking

pages = Blueprint("search", __name__)


@pages.get("/<owner>/<design>/search")
def search(owner: str, design: str) -> Response | str | tuple[str, int]:
    """Shows the lines that hold what is searched for, by file, and the files whose names do."""
    work = looking()
    row = find_design(work, owner, design)
    branches = branches_of(work, row)
    if not branches:
        return redirect(f"/{row.path}", 303)
    place = find_revision(work, row, request.args.get("ref", ""))
    words, problem, status = request.args.get("q", ""), "", 200
    try:
        found = search_code(work, row, place.sha, words)
    except (Invalid, TooLarge) as refusal:
        found, problem, status = Found((), (), False), refusal.message, refusal.status
    base = f"/{row.path}/files/{quote(place.ref)}"
    shown = render_template(
        "files/search.html",
        place=place,
        branches=[(name, f"/{row.path}/search?{urlencode({'q': words, 'ref': name})}") for name in branches],
        sought=words,
        problem=problem,
        cut=found.cut,
        count=len(found.lines),
        paths=[(path, f"{base}/{quote(path)}") for path in found.paths],
        files=[
            (path, f"{base}/{quote(path)}", [(each.number, pieces(each.text, words.strip())) for each in lines])
            for path, lines in groupby(found.lines, key=lambda each: each.path)
        ],
        **heading(work, row, "files"),
    )
    return shown, status
