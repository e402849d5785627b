"""Second factors: the code after the password, and setting one up, with recovery codes."""

import time

import segno
from flask import Blueprint, flash, g, redirect, render_template, request, session
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from opendesign.actions.enter import Half
from opendesign.actions.prove_factor import prove_factor
from opendesign.actions.set_factor import begin_factor, drop_factor, renew_codes, set_factor, show_factor
from opendesign.core.errors import Conflict, Forbidden, Refusal, Suspended, TooMany
from opendesign.records.factor import codes_left, factor_of
from opendesign.web.language import chosen
from opendesign.web.people import HALF, entrance, forget, keep_visit
from opendesign.web.visit import SECRET, entered, house, looking, stop_looking, visitor

pages = Blueprint("factor", __name__)
BEGUN = "factor"  # what is set up in this browser, sealed, until its first code is shown
SECONDS = 15 * 60
QUIET = 4  # modules of white around a code that is scanned


@pages.get("/enter/code")
def code() -> str | Response:
    """Asks who has shown a password for their code."""
    return _asking() if session.get(HALF) else redirect("/enter", 303)


@pages.post("/enter/code")
def proved() -> str | Response | tuple[str, int]:
    """Lets in who shows it."""
    kept = dict(session.get(HALF) or {})
    if not kept:
        return redirect("/enter", 303)
    target = kept.pop("next")
    where = request.remote_addr or "", request.user_agent.string
    try:
        secret, left = prove_factor(house(), Half(**kept), request.form.get("code", ""), *where, chosen())
    except (Conflict, Suspended) as refusal:
        forget()
        return entrance(target, "", refusal.message), refusal.status
    except (Forbidden, TooMany) as refusal:
        return _asking(refusal.message), refusal.status
    keep_visit(secret)
    if left is not None:
        flash(ngettext("%(num)s recovery code is left.", "%(num)s recovery codes are left.", left), "warn")
    return redirect(target, 303)


@pages.get("/settings/factor")
def factor() -> str:
    """Shows whether somebody has a second factor, and what can be done about it."""
    entered()
    return _page()


@pages.post("/settings/factor")
def begin() -> str | Response | tuple[str, int]:
    """Shows what a program is to scan, once the password was given again."""
    entered()
    try:
        sealed = begin_factor(house(), visitor(), request.form.get("password", ""), _stopped())
    except Refusal as refusal:
        return _page(refusal.message), refusal.status
    session[BEGUN] = {"sealed": sealed, "at": int(time.time())}
    return _scanning(sealed)


@pages.post("/settings/factor/proof")
def prove() -> str | Response | tuple[str, int]:
    """Keeps the factor whose first code is shown."""
    entered()
    begun = session.get(BEGUN) or {"at": 0}
    if not 0 <= time.time() - begun["at"] <= SECONDS:
        return _page(_("This has taken too long. Begin again.")), 422
    given = begun["sealed"], request.form.get("code", ""), session.get(SECRET, "")
    try:
        codes = set_factor(house(), visitor(), *given, _stopped())
    except Conflict as refusal:
        return _page(refusal.message), refusal.status
    except (Forbidden, TooMany) as refusal:
        return _scanning(begun["sealed"], refusal.message), refusal.status
    session.pop(BEGUN)
    return _page(codes=codes)


@pages.post("/settings/factor/codes")
def renew() -> str | tuple[str, int]:
    """Makes new recovery codes and shows them, this once."""
    entered()
    try:
        codes = renew_codes(house(), visitor(), *_again(), _stopped())
    except Refusal as refusal:
        return _page(refusal.message), refusal.status
    return _page(codes=codes)


@pages.post("/settings/factor/removal")
def remove() -> Response | tuple[str, int]:
    """Does without a second factor."""
    entered()
    try:
        drop_factor(house(), visitor(), *_again(), _stopped())
    except Refusal as refusal:
        return _page(refusal.message), refusal.status
    flash(_("From now on your password alone lets you in."), "good")
    return redirect("/settings/factor", 303)


def _again() -> tuple[str, str]:
    return request.form.get("password", ""), request.form.get("code", "")


def _stopped() -> str:
    """Ends looking, since an action opens work of its own; returns the address that asks."""
    stop_looking()
    return request.remote_addr or ""


def _asking(problem: str = "") -> str:
    g.hidden = True
    return render_template("people/code.html", problem=problem)


def _page(problem: str = "", codes: list[str] | None = None) -> str:
    work = looking()
    has = factor_of(work.session, work.person) if work.person else None
    left = codes_left(work.session, work.person) if work.person else 0
    needed = work.person is not None and work.person.admin and house().settings.asks_operators
    return render_template(
        "people/factor.html", problem=problem, factor=has, left=left, codes=codes, needed=needed, scanned=None
    )


def _scanning(sealed: str, problem: str = "") -> str:
    person = looking().person
    secret, address = show_factor(house(), person.name if person else "", sealed)
    words = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    scanned = {"words": words, "address": address, **drawn(address)}
    return render_template("people/factor.html", problem=problem, factor=None, codes=None, scanned=scanned)


def drawn(text: str) -> dict[str, object]:
    """Returns a QR code as one path of dark modules (`path`) in a square of so many (`side`), with white around it."""
    rows = segno.make_qr(text).matrix
    modules = [(across, down) for down, row in enumerate(rows) for across, dark in enumerate(row) if dark]
    path = "".join(f"M{across + QUIET} {down + QUIET}h1v1h-1z" for across, down in modules)
    return {"path": path, "side": len(rows) + 2 * QUIET}
