"""The radar of a design: what the others of its family have and it has not, each tried on its own parts."""

from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from flask_babel import gettext as _
from htmx_flask import request
from werkzeug.wrappers import Response as Answer

from opendesign.actions.apply_change import try_change
from opendesign.actions.compare import Change3D
from opendesign.actions.dismiss import dismiss, recall
from opendesign.actions.foresee import change_of, foresee
from opendesign.actions.house import Work
from opendesign.actions.judge_licence import judge_licences
from opendesign.actions.show_improvement import Told, find_improvement, show_improvement
from opendesign.actions.watch_family import Marks, Radar, Wish, marks, watch_family
from opendesign.core.errors import Invalid
from opendesign.core.lineage.radar import SORTS, Blip
from opendesign.core.taking import Taking
from opendesign.records.design import Design
from opendesign.web.adoptions import licence_words
from opendesign.web.compare import UNFOLDED, part_fragment, wanted
from opendesign.web.differences import part_views, rest_of
from opendesign.web.explore import page_count, page_number, paged
from opendesign.web.heading import heading
from opendesign.web.language import local
from opendesign.web.visit import entered, find_design, looking, writing

pages = Blueprint("radar", __name__)
SIZE = 25
MOST_TAKEN = 50  # improvements that are ticked at once
FIELDS = ("sort", "source", "part", "q", "shown")


@pages.get("/<owner>/<design>/radar")
def radar(owner: str, design: str) -> str | Answer:
    """Shows the improvements that wait for a design, by part; or goes where those that were ticked are adopted."""
    work = looking()
    row = find_design(work, owner, design)
    if ticked := request.args.getlist("commit"):
        return redirect(_adoption(work, row, ticked[:MOST_TAKEN]), 303)
    asked = {name: request.args.get(name, "").strip()[:200] for name in FIELDS}
    sort = asked["sort"] if asked["sort"] in SORTS else SORTS[0]
    wish = Wish(sort, asked["source"], asked["part"], asked["q"], asked["shown"] == "dismissed")
    found, page = watch_family(work, row, wish), page_number()
    shown = found.found[(page - 1) * SIZE : page * SIZE]
    known = marks(work, row, found, [blip.sha for blip in shown])
    licences = judge_licences(work, row, {blip.sha: found.designs[blip.design] for blip in shown})
    rows = [_row(found, known, row, blip, licences[blip.sha]) for blip in shown]
    return render_template(
        "radar/_results.html" if request.htmx and request.htmx.target == "results" else "radar/radar.html",
        asked=asked,
        radar=found,
        clusters=[(parts, list(each)) for parts, each in groupby(rows, key=lambda one: one["parts"])],
        total=len(found.found),
        page=page,
        pages=page_count(len(found.found), SIZE),
        href_of=paged(f"/{row.path}/radar", asked),
        here=f"/{row.path}/radar?{urlencode({**{k: v for k, v in asked.items() if v}, 'page': page})}",
        sorts=[("new", _("Newest first")), ("adopted", _("Most adopted first"))],
        part_names=sorted({part for parts in found.parts.values() for part in parts}),
        **heading(work, row, "radar"),
    )


def _adoption(work: Work, design: Design, shas: list[str]) -> str:
    """Returns where ticked improvements are adopted, the oldest first; raises Invalid unless all are of one design."""
    told = sorted((find_improvement(work, design, sha) for sha in shas), key=lambda each: each[0].received_at)
    if len({each.design_id for each, _ in told}) > 1:
        message = _("Adopt from one design at a time: choose a source above, then tick.")
        raise Invalid(message, [{"name": "commit"}])
    first, seen = told[0]
    return adoption_address(design, seen[first.design_id], *(each.sha for each, _ in told))


def adoption_address(design: Design, home: Design, *shas: str) -> str:
    """Returns where improvements of a relative are adopted into a design."""
    return f"/{design.path}/adoptions?{urlencode([('source', home.path), *(('commit', sha) for sha in shas)])}"


def _row(found: Radar, known: Marks, design: Design, blip: Blip, licence: Taking) -> dict[str, object]:
    """Returns an improvement as `radar/_row.html` wants it."""
    home = found.designs[blip.design]
    dismissal = found.dismissed.get(blip.sha)
    took = [found.designs[key].path for key in known.takers.get(blip.sha, ())]
    back = known.lapses.get(blip.sha, {})
    return {
        "blip": blip,
        "home": home,
        "parts": found.parts[blip.sha],
        "takers": sorted(took),
        "licence": licence,
        "licence_words": licence_words(licence),
        "dismissal": dismissal,
        "left": [(found.designs[key], revision) for key, revision in back.items()],
        "undoing": blip.sha in known.undoing,
        "adopt": adoption_address(design, home, blip.sha),
        "trial": trial_address(design, home, blip.sha),
    }


def trial_address(design: Design, home: Design, sha: str) -> str:
    """Returns where a change of a relative is tried on a design."""
    return f"/{design.path}/trials?{urlencode({'source': home.path, 'commit': sha})}"


@pages.get("/<owner>/<design>/radar/<sha>/outlook")
def outlook(owner: str, design: str, sha: str) -> Response:
    """Shows whether an improvement applies to the design: a fragment; without htmx, where it is tried."""
    work = looking()
    row, told = find_told(work, owner, design, sha)
    if not request.htmx:
        return make_response(redirect(trial_address(row, told.home, sha), 303))
    found = foresee(work, row, told.home, sha)
    answer = make_response(render_template("radar/_outlook.html", outlook=found))
    answer.cache_control.private, answer.cache_control.max_age = True, 30
    return answer


@pages.get("/<owner>/<design>/radar/<sha>")
def geometry(owner: str, design: str, sha: str) -> Response:
    """Shows what an improvement does to the design's own parts, with its own parameters: a fragment, or one part's."""
    work = looking()
    row, told = find_told(work, owner, design, sha)
    if not request.htmx:
        return make_response(redirect(trial_address(row, told.home, sha), 303))
    trial = try_change(work, row, row.default_branch, change_of(work, told.home, sha))
    found = Change3D() if trial.conflicts else trial.found
    if found.lacking:
        found = wanted((row, trial.before), (row, trial.after))
    views = part_views(found, trial.before, trial.after, request.path, UNFOLDED)
    for view in views:
        view["id"] = f"{view['id']}-{sha[:12]}"  # several improvements of one part stand on the page
    if "part" in request.args:
        return part_fragment(views)
    unchanged = [part.path for part in found.parts if part.status == "unchanged"]
    return make_response(
        render_template("radar/_geometry.html", trial=trial, views=views, rest=rest_of(found), unchanged=unchanged)
    )


def find_told(work: Work, owner: str, name: str, sha: str) -> tuple[Design, Told]:
    """Returns a design and an improvement of its family, through what the visitor may see."""
    row = find_design(work, owner, name)
    return row, show_improvement(work, row, sha)


@pages.post("/<owner>/<design>/dismissals")
def dismissals(owner: str, design: str) -> Answer:
    """Has the radar leave an improvement out."""
    entered()
    with writing() as work:
        dismiss(work, find_design(work, owner, design, "edit"), request.form.get("commit", ""))
    flash(_("Dismissed. It stands among the dismissed ones, where you can take it back."), "good")
    return redirect(local(request.form.get("next"), f"/{owner}/{design}/radar"), 303)


@pages.post("/<owner>/<design>/dismissals/<sha>/removal")
def undo(owner: str, design: str, sha: str) -> Answer:
    """Has the radar show a dismissed improvement again."""
    entered()
    with writing() as work:
        recall(work, find_design(work, owner, design, "edit"), sha)
    flash(_("It is on the radar again."), "good")
    return redirect(local(request.form.get("next"), f"/{owner}/{design}/radar"), 303)
