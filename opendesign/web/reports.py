"""Reports of what should not be here, and designs that were taken down for it."""

from collections.abc import Callable

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.house import Work
from opendesign.actions.report import KINDS, close_report
from opendesign.actions.report import report as send_report
from opendesign.actions.take_down import put_back, take_down
from opendesign.core.errors import Conflict, Invalid, NotFound, TooMany
from opendesign.records.design import Design, design_by_path, page_of
from opendesign.records.report import report_by_id, reports
from opendesign.records.takedown import takedowns
from opendesign.web.explore import page_count, page_number, paged
from opendesign.web.language import local
from opendesign.web.operators import operators_only
from opendesign.web.visit import find_design, looking, stop_looking, writing

pages = Blueprint("reports", __name__)
admin_pages = operators_only("admin_reports")
SIZE = 30


def kinds() -> list[tuple[str, str]]:
    """Returns what can be wrong with a page, in words."""
    words = {
        "copyright": _("It copies work without its licence"),
        "dangerous": _("It is dangerous or against the law"),
        "spam": _("It is advertising or nonsense"),
        "abuse": _("It attacks or exposes somebody"),
        "other": _("Something else"),
    }
    return [(kind, words[kind]) for kind in KINDS]


def _about(work: Work, place: str) -> Design:
    """Returns the design a page of this site is about, if the visitor sees it."""
    parts = place.partition("?")[0].strip("/").split("/")
    if len(parts) < 2:
        raise NotFound(_("Only a design’s pages can be reported."))
    return find_design(work, parts[0], parts[1].partition("#")[0])


def _form(place: str, problem: str = "") -> str:
    work = looking()
    design = _about(work, place)
    words = {"typed": request.form, "problem": problem, "kinds": kinds(), "about": place}
    return render_template("reports/report.html", design=design, **words)


@pages.get("/report")
def form() -> str:
    """Shows the form to report a page; also to strangers."""
    return _form(local(request.args.get("about")))


@pages.post("/report")
def send() -> Response | tuple[str, int]:
    """Sends a report to the operators."""
    place = local(request.form.get("about"))
    kind, body = request.form.get("kind", ""), request.form.get("body", "")
    try:
        with writing() as work:
            send_report(work, _about(work, place), place, kind, body, request.remote_addr or "")
    except (Invalid, TooMany) as refusal:
        stop_looking()
        return _form(place, refusal.message), refusal.status
    flash(_("Thank you. The operators will look at it."), "good")
    return redirect(place, 303)


@admin_pages.get("/admin/reports")
def listed() -> str:
    """Lists reports that wait, or those that are closed."""
    return _listed()


def _listed(problem: str = "") -> str:
    work, page = looking(), page_number()
    state = "closed" if request.args.get("state") == "closed" else "open"
    rows, total = page_of(work.session, reports(state), page, SIZE)
    href_of = paged("/admin/reports", {"state": state})
    shown = {"reports": rows, "total": total, "page": page, "pages": page_count(total, SIZE), "href_of": href_of}
    words = {"state": state, "kinds": dict(kinds()), "problem": problem}
    return render_template("admin/reports.html", place="reports", **words, **shown)


@admin_pages.post("/admin/reports/<int:key>/closing")
def close(key: int) -> Response:
    """Says what became of a report."""
    try:
        with writing() as work:
            close_report(work, report_by_id(work.session, key), request.form.get("outcome", ""))
    except (Invalid, Conflict) as refusal:
        stop_looking()
        return make_response(_listed(refusal.message), refusal.status)
    flash(_("Saved."), "good")
    return redirect("/admin/reports", 303)


@admin_pages.get("/admin/takedowns")
def taken_down() -> str:
    """Lists what was taken down, and has the form to take down something more."""
    return _taken_down()


def _taken_down(problem: str = "") -> str:
    work, page = looking(), page_number()
    rows, total = page_of(work.session, takedowns(), page, SIZE)
    href_of = paged("/admin/takedowns", {})
    shown = {"takedowns": rows, "page": page, "pages": page_count(total, SIZE), "href_of": href_of}
    typed = {name: request.values.get(name, "") for name in ("design", "reason")}
    return render_template("admin/takedowns.html", place="takedowns", typed=typed, problem=problem, **shown)


@admin_pages.post("/admin/takedowns")
def take() -> Response:
    """Takes a design down, and its forks where that is chosen."""

    def act(work: Work) -> None:
        owner, _slash, name = request.form.get("design", "").strip().strip("/").partition("/")
        take_down(
            work, design_by_path(work.session, owner, name), request.form.get("reason", ""), "forks" in request.form
        )

    return _change(act)


@admin_pages.post("/admin/takedowns/<owner>/<design>/end")
def undo(owner: str, design: str) -> Response:
    """Puts a design back."""
    return _change(lambda work: put_back(work, design_by_path(work.session, owner, design)))


def _change(act: Callable[[Work], object]) -> Response:
    try:
        with writing() as work:
            act(work)
    except (Invalid, Conflict, NotFound) as refusal:
        stop_looking()
        return make_response(_taken_down(refusal.message), 422 if isinstance(refusal, NotFound) else refusal.status)
    flash(_("Saved."), "good")
    return redirect("/admin/takedowns", 303)
