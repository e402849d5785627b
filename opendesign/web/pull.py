"""A fork takes what its parent, or another relative, has on its default branch."""

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.house import Work
from opendesign.actions.pull import pull
from opendesign.core.errors import Conflict, Invalid
from opendesign.records.design import Design
from opendesign.web.heading import heading
from opendesign.web.visit import entered, find_design, looking, public_url, writing

pages = Blueprint("pull", __name__)


@pages.post("/<owner>/<design>/pulls")
def pulls(owner: str, design: str) -> Response:
    """Merges a relative's default branch into this design's; a conflict is said with the commands that solve it."""
    entered()
    source = request.form.get("source", "")
    try:
        with writing() as work:
            row, other = _both(work, owner, design, source)
            sha = pull(work, row, row.default_branch, other, other.default_branch)
    except Conflict as refusal:
        work = looking()
        row, other = _both(work, owner, design, source)
        return make_response(_refused(work, row, other, refusal.message), refusal.status)
    flash(_("Updated from %(source)s. What it changed is below.", source=source), "good")
    return redirect(f"/{owner}/{design}/revisions/{sha}", 303)


def _both(work: Work, owner: str, design: str, source: str) -> tuple[Design, Design]:
    row = find_design(work, owner, design, "push")
    source_owner, slash, name = source.partition("/")
    if not source and row.parent is not None:
        return row, work.need("see", row.parent)
    if not slash:
        raise Invalid(_("Say which design to take from, as owner/name."), [{"name": "source", "message": source}])
    return row, find_design(work, source_owner, name)


def _refused(work: Work, row: Design, source: Design, problem: str) -> str:
    return render_template(
        "lineage/refused.html",
        problem=problem,
        source=source,
        source_url=f"{public_url()}/{source.path}.git",
        **heading(work, row, "lineage"),
    )
