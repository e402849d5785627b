"""Leaving for good: what goes and what stays, and the form that does it."""

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.depart import foresee_farewell, leave_for_good
from opendesign.core.errors import Refusal
from opendesign.records.factor import factor_of
from opendesign.web.people import forget
from opendesign.web.visit import entered, house, looking, stop_looking, visitor

pages = Blueprint("farewell", __name__)


@pages.get("/settings/leaving")
def leaving() -> str:
    """Says exactly what goes and what stays."""
    entered()
    return _page()


@pages.post("/settings/leaving")
def left() -> Response | tuple[str, int]:
    """Removes the account, and ends every visit."""
    entered()
    who, form = visitor(), request.form
    stop_looking()
    try:
        given = form.get("name", ""), form.get("password", ""), form.get("code", "")
        leave_for_good(house(), who, *given, request.remote_addr or "")
    except Refusal as refusal:
        return _page(refusal.message), refusal.status
    forget()
    flash(_("Your account is gone. Thank you for what you made here."), "good")
    answer = redirect("/", 303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _page(problem: str = "") -> str:
    work = looking()
    assert work.person is not None
    words = {"farewell": foresee_farewell(work, work.person), "factor": factor_of(work.session, work.person)}
    return render_template("people/leaving.html", problem=problem, **words)
