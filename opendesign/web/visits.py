"""The browsers somebody is in with: which, since when, from where; and a way to send each of them out."""

from flask import Blueprint, flash, redirect, render_template, session
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from opendesign.actions.end_visit import end_others, end_visit, list_visits
from opendesign.web.visit import SECRET, entered, looking, writing

pages = Blueprint("visits", __name__)
# The first that a browser's own account of itself holds: most of them name others, too.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows")),
    *(("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


@pages.get("/settings/visits")
def visits() -> str:
    """Shows in which browsers somebody is in."""
    entered()
    found = list_visits(looking(), session.get(SECRET, ""))
    return render_template("people/visits.html", visits=[(visit, own, called(visit.agent)) for visit, own in found])


@pages.post("/settings/visits/<int(max=2147483647):key>/ending")
def end(key: int) -> Response:
    """Sends one browser out."""
    entered()
    with writing() as work:
        end_visit(work, key)
    flash(_("That browser has been sent out."), "good")
    return redirect("/settings/visits", 303)


@pages.post("/settings/visits/endings")
def end_all() -> Response:
    """Sends every other browser out."""
    entered()
    with writing() as work:
        many = end_others(work, session.get(SECRET, ""))
    flash(ngettext("%(num)s browser has been sent out.", "%(num)s browsers have been sent out.", many), "good")
    return redirect("/settings/visits", 303)


def called(agent: str) -> str:
    """Returns what a browser is called, as far as what it says of itself tells: “Firefox, Linux”."""
    found = [next((name for word, name in words if word in agent), "") for words in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found))
