"""A run of a design's own checks is stopped, or wanted once more, from the page that shows what came of it."""

from contextlib import suppress
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from opendesign.actions.stop_inspection import find_tree, run_again, stop_inspection
from opendesign.core.errors import Conflict
from opendesign.web.visit import brake, entered, find_design, writing

pages = Blueprint("inspections", __name__)


@pages.post("/<owner>/<design>/inspections")
def again(owner: str, design: str) -> Response:
    """Wants a run that failed, or was stopped, once more."""
    entered()
    brake()
    ref, proposal = _meant()
    with writing() as work:
        row = find_design(work, owner, design, "build")
        run_again(work, row, find_tree(work, row, ref, proposal))
    return redirect(_back(owner, design), 303)


@pages.post("/<owner>/<design>/inspections/cancellation")
def cancellation(owner: str, design: str) -> Response:
    """Stops a run that waits or is made; one that has ended meanwhile is shown as it is."""
    entered()
    ref, proposal = _meant()
    with suppress(Conflict), writing() as work:
        row = find_design(work, owner, design, "edit")
        stop_inspection(work, find_tree(work, row, ref, proposal))
    return redirect(_back(owner, design), 303)


def _meant() -> tuple[str, int | None]:
    """Returns the revision or the proposal that the form is about."""
    number = request.form.get("proposal", "")
    return request.form.get("ref", ""), int(number) if number.isascii() and number.isdigit() else None


def _back(owner: str, design: str) -> str:
    ref, proposal = _meant()
    if proposal is not None:
        return f"/{owner}/{design}/proposals/{proposal}"
    return f"/{owner}/{design}?{urlencode({'ref': ref})}" if ref else f"/{owner}/{design}"
