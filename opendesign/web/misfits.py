"""What does not fit, shown in the part: a revision by its own promises or a relative's, and a proposal's merge."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from opendesign.actions.compare import Change3D, compare
from opendesign.actions.draw_misfits import draw_misfits
from opendesign.actions.export import is_ready
from opendesign.actions.find_sides import find_sides, read_side
from opendesign.actions.judge_fit import built_for, judge_fit
from opendesign.core.build import SANDBOX
from opendesign.core.checks import Check, missed_by
from opendesign.core.misfit import Misfit, chosen
from opendesign.core.misfit_picture import sentence
from opendesign.core.promise import missed_in
from opendesign.web.heading import heading
from opendesign.web.promises import figures, label, told
from opendesign.web.review import address_of, find_proposal, frame, proposed, reviewed, see
from opendesign.web.visit import brake, find_design, house, looking, stop_looking, visitor
from opendesign.web.wanting import want_shown

pages = Blueprint("misfits", __name__)
ORDER = ("failed", "waiting", "passed")


def views(checks: Sequence[Check], address: str, query: dict[str, str]) -> list[dict[str, object]]:
    """Returns each contract as `misfits/_misfits.html` shows it, what fails first, each part with its stage."""
    contracts = [check for check in checks if check.kind == "contract"]
    found: list[dict[str, object]] = []
    for check in sorted(contracts, key=lambda check: ORDER.index(check.state)):
        stages = []
        for part in dict.fromkeys(one.part for one in check.misfits):
            misfits = chosen(check.misfits, part)
            picture = f"{address}/misfits/picture?{urlencode({**query, 'check': check.name, 'part': part})}"
            stages.append({"part": part, "picture": picture, **_stage(misfits)})
        found.append({"name": check.name, "state": check.state, "detail": check.detail, "stages": stages})
    return found


def _stage(misfits: Sequence[Misfit]) -> dict[str, object]:
    return {"build": misfits[0].build, "told": [told(one) for one in misfits], "figures": figures(misfits)}


@pages.get("/<owner>/<design>/misfits")
def of_revision(owner: str, design: str) -> str:
    """Shows how a revision keeps its own promises, or those of the relative named as `base`."""
    work = looking()
    row = find_design(work, owner, design)
    query = {name: request.args[name] for name in ("ref", "base") if request.args.get(name)}
    asked = query.get("ref", ""), query.get("base", "")
    checks = judge_fit(work, row, *asked)
    waiting = any(check.kind == "contract" and check.state == "waiting" for check in checks)
    if waiting and want_shown(built_for(work, row, *asked)):
        work = looking()
        row = find_design(work, owner, design)
    return render_template(
        "misfits/misfits.html",
        views=views(checks, f"/{row.path}", query),
        whose=query.get("base", "").rpartition(":")[0],
        again=request.full_path,
        **heading(work, row, "design"),
    )


@pages.get("/<owner>/<design>/proposals/<int:number>/misfits")
def of_proposal(owner: str, design: str, number: int) -> str:
    """Shows how the merge of a proposal would keep what the design promises."""
    work, proposal, found = see(owner, design, number)
    return render_template(
        "misfits/proposed.html",
        views=views(found.checks if found else [], address_of(proposal), {}),
        whose="",
        again=request.full_path,
        **frame(work, proposal, found, "conversation", proposed(found)),
    )


@pages.get("/<owner>/<design>/misfits/picture")
def picture(owner: str, design: str) -> Response:
    """Draws what of one contract one part misses: of a revision, or on one side of a comparison."""
    work = looking()
    row, asked = find_design(work, owner, design), request.args
    if "range" in asked:
        before, after = (read_side(work, side) for side in find_sides(work, row, asked["range"]))
        return _drawn_of(compare(work, before, after))
    return _drawn(judge_fit(work, row, asked.get("ref", ""), asked.get("base", "")))


@pages.get("/<owner>/<design>/proposals/<int:number>/misfits/picture")
def proposed_picture(owner: str, design: str, number: int) -> Response:
    """Draws what of one contract one part of the merged design misses; with a `side`, before or after the merge."""
    work = looking()
    found = reviewed(work, find_proposal(work, owner, design, number))
    if found and "side" in request.args:
        return _drawn_of(found.change)
    return _drawn(found.checks if found else [])


def _drawn_of(change: Change3D) -> Response:
    """Returns the picture of what one state of a part misses of the contracts of both."""
    subject = (request.args.get(name, "") for name in ("part", "check", "side", "asked"))
    return _picture(*missed_in(change.promised, *subject))


def _drawn(checks: Sequence[Check]) -> Response:
    """Returns the picture that the address asks for; one of words where there is nothing to be drawn."""
    return _picture(*missed_by(checks, request.args.get("check", ""), request.args.get("part", "")))


def _picture(misfits: Sequence[Misfit], waiting: bool) -> Response:
    stop_looking()
    if misfits:
        if not is_ready(house(), misfits[0].build, "svg"):
            brake()
        key = "|".join((_("promised"), _("as it is")))
        drawn = draw_misfits(house(), visitor(), misfits, [label(one) for one in misfits], key)
    else:
        drawn = sentence(_("This is still being built.") if waiting else _("Nothing is missed here."))
    answer = Response(drawn, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
