"""Lineage: the family of a design as a table and a graph, and what flowed between its designs."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from flask import Blueprint, Response, make_response, redirect, render_template
from htmx_flask import request
from werkzeug.wrappers import Response as Answer

from opendesign.actions.confirm_adoption import confirm_adoption
from opendesign.actions.house import Work
from opendesign.actions.judge_made import builds_in, judge_family
from opendesign.actions.measure_family import measure_family
from opendesign.actions.trace import Lineage, behind_parent, signs, trace
from opendesign.core.build import SANDBOX
from opendesign.records.design import Design, design_by_id
from opendesign.records.person import people_by_id
from opendesign.records.proposal import proposals_by_id
from opendesign.records.revision import Adoption
from opendesign.web.family_graph import graph_view
from opendesign.web.family_table import table_view
from opendesign.web.heading import heading
from opendesign.web.kinds import how_taken
from opendesign.web.visit import entered, find_design, looking, public_url, stop_looking, writing

pages = Blueprint("lineage", __name__)
LATEST, MOST = 20, 500  # adoptions that are listed at first, and on request


@pages.get("/<owner>/<design>/lineage")
def lineage(owner: str, design: str) -> str:
    """Shows the family: how far apart its designs are, what they measure, and whose work went where."""
    work = looking()
    row = find_design(work, owner, design)
    found, most = trace(work, row), MOST if request.args.get("flows") == "all" else LATEST
    built = Counter(each.design for each in builds_in(judge_family(work, found.by_id)))
    table = table_view(found, partial(measure_family, work, row), built)
    if request.htmx and request.htmx.target == "family-table":
        return render_template("lineage/_table.html", table=table, **heading(work, row, "lineage"))
    return render_template(
        "lineage/lineage.html",
        found=found,
        table=table,
        graph=graph_view(found),
        adoptions=_adoptions(work, found, found.adoptions[::-1][:most]),
        elsewhere=_adoptions(work, found, found.elsewhere[::-1][:most]),
        behind=_behind(work, row),
        **heading(work, row, "lineage"),
    )


@pages.get("/<owner>/<design>/lineage.svg")
def picture(owner: str, design: str) -> Response:
    """Sends the graph of the family as a picture that stands alone."""
    work = looking()
    row = find_design(work, owner, design)
    drawn = render_template("lineage/lineage.svg", graph=graph_view(trace(work, row), public_url()), design=row)
    stop_looking()
    answer = make_response(drawn)
    answer.mimetype = "image/svg+xml"
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Content-Disposition"] = f'inline; filename="{row.owner.name}-{row.name}-family.svg"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _behind(work: Work, design: Design) -> int:
    """Returns how many commits of its parent somebody could take in with a click, 0 for who may not."""
    return behind_parent(work, design) if design.parent_id and work.may_move(design.default_branch, design) else 0


def _adoptions(work: Work, found: Lineage, listed: Sequence[Adoption]) -> list[dict[str, object]]:
    """Returns what was taken from whom as `lineage/_flow.html` wants it."""
    people = people_by_id(work.session, {each.person_id for each in listed})
    proposals = proposals_by_id(work.session, {each.proposal_id for each in listed})
    shown, known = list[dict[str, object]](), found.known
    for each in listed:
        proposal = proposals.get(each.proposal_id or 0)
        shown.append(
            {
                "source": known[each.source_id],
                "target": known[each.target_id],
                "foreign": not {each.source_id, each.target_id} <= found.by_id.keys(),
                "subject": each.subject,
                "kind": each.kind,
                "how": how_taken(each.kind, each.share, signs(work, each), each.credited),
                "road": found.by_id.get(each.by_id or 0),
                "source_sha": each.source_sha,
                "commits": each.commits,
                "sha": each.sha,
                "person": people.get(each.person_id or 0),
                "proposal": proposal,
                "href": _href(found, each, proposal.number if proposal else None),
                "at": each.at,
                "ended_at": each.ended_at,
                "confirm": _confirmation(work, each),
            }
        )
    return shown


def _confirmation(work: Work, adoption: Adoption) -> str:
    """Returns where the acting person may confirm what is only declared; nothing where they may not."""
    if adoption.kind != "declared" or adoption.confirmed_at:
        return ""
    source = design_by_id(work.session, adoption.source_id)
    may = source is not None and work.may("edit", source)
    return f"/{source.path}/lineage/{adoption.id}/confirmation" if source and may else ""


@pages.post("/<owner>/<design>/lineage/<int:key>/confirmation")
def confirm(owner: str, design: str, key: int) -> Answer:
    """Confirms that another design has from this one what its message says."""
    entered()
    with writing() as work:
        confirm_adoption(work, find_design(work, owner, design, "edit"), key)
    return redirect(f"/{owner}/{design}/lineage", 303)


def _href(found: Lineage, adoption: Adoption, proposal: int | None) -> str:
    target = found.known[adoption.target_id].path
    return f"/{target}/proposals/{proposal}" if proposal else f"/{target}/revisions/{adoption.sha}"
