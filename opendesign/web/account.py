"""One's own account: profile, password, language, units, and tokens for programs."""

import json

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from opendesign.actions.change_person import change_person, remember_language
from opendesign.actions.choose_password import strength as strength_of
from opendesign.actions.enter import change_password, open_visit
from opendesign.actions.issue_token import SCOPES, issue_token, revoke_token
from opendesign.actions.take_record import take_record
from opendesign.core.errors import Forbidden, Invalid, TooMany
from opendesign.core.names import SHORTEST_PASSWORD
from opendesign.records.identity import identities_of
from opendesign.records.token import tokens_of
from opendesign.web.language import choose, chosen
from opendesign.web.people import keep_visit
from opendesign.web.visit import brake, entered, house, looking, public_url, stop_looking, visitor, writing

pages = Blueprint("account", __name__)
HEAVY = 100  # previews: as many questions of the database as that


@pages.get("/settings")
def settings() -> str:
    """Shows profile, language, units and password."""
    entered()
    return _settings()


@pages.post("/settings")
def change() -> Response:
    """Keeps the profile, the language and the units."""
    entered()
    choose(request.form.get("language"), request.form.get("units"))
    with writing() as work:
        change_person(work, *(request.form.get(name, "") for name in ("full_name", "place", "bio")))
        remember_language(work, chosen())
    flash(_("Saved."), "good")
    return redirect("/settings", 303)


@pages.post("/settings/password")
def password() -> Response | tuple[str, int]:
    """Sets a new password; every other browser has to enter again."""
    entered()
    who, given = visitor(), (request.form.get("old", ""), request.form.get("new", ""))
    stop_looking()
    try:
        change_password(house(), who, *given, request.remote_addr or "")
    except (Invalid, Forbidden, TooMany) as refusal:
        return _settings(refusal.message), refusal.status
    with writing() as work:
        assert work.person is not None
        secret = open_visit(work, work.person.id, request.user_agent.string, chosen())
    keep_visit(secret)
    flash(_("The password is changed; every other browser has been sent out."), "good")
    return redirect("/settings", 303)


@pages.get("/settings/record.json")
def record() -> Response:
    """Sends somebody all that is kept about them, but for what proves who they are."""
    entered()
    brake(HEAVY)
    stop_looking()
    content = json.dumps(take_record(house(), visitor()), default=str, ensure_ascii=False, indent=1)
    answer = make_response(content, {"Content-Disposition": 'attachment; filename="opendesign-record.json"'})
    answer.mimetype = "application/json"
    return answer


@pages.post("/account/strength")
def strength() -> str:
    """Says how hard a password that is being typed is to guess; nothing of it is kept."""
    brake()
    person, given = looking().person, request.form
    known = (person.name, person.email) if person else (given.get("name", "")[:63], given.get("email", "")[:254])
    text = given.get("password") or given.get("new", "")
    score, missing = strength_of(text, *known), SHORTEST_PASSWORD - len(text)
    words = {2: _("It could be harder to guess."), 3: _("It is hard to guess."), 4: _("It is very hard to guess.")}
    said = words.get(score, _("It is one of those that are tried first."))
    if missing > 0:
        score, said = 0, ngettext("%(num)s character more.", "%(num)s characters more.", missing)
    return render_template("people/_strength.html", score=score, words=said)


@pages.get("/settings/tokens")
def tokens() -> str:
    """Shows the tokens that still work."""
    entered()
    return _tokens()


@pages.post("/settings/tokens")
def new_token() -> str | tuple[str, int]:
    """Makes a token and shows its secret, this once."""
    entered()
    try:
        with writing() as work:
            _token, secret = issue_token(work, request.form.get("label", ""), request.form.getlist("scopes"))
    except Invalid as refusal:
        return _tokens(problem=refusal.message), refusal.status
    return _tokens(secret)


@pages.post("/settings/tokens/<int:key>/revocation")
def revoke(key: int) -> Response:
    """Makes a token worthless."""
    entered()
    with writing() as work:
        revoke_token(work, key)
    flash(_("The token no longer works."), "good")
    return redirect("/settings/tokens", 303)


def _settings(problem: str = "") -> str:
    work = looking()
    linked = identities_of(work.session, work.person) if work.person else []
    return render_template("people/settings.html", problem=problem, provider=house().provider, linked=linked)


def _tokens(secret: str = "", problem: str = "") -> str:
    work = looking()
    meanings = {
        "read": _("see what you may see"),
        "write": _("push, edit, fork, propose, comment, merge"),
        "admin": _("change settings and who may write"),
    }
    return render_template(
        "people/tokens.html",
        tokens=tokens_of(work.session, work.person) if work.person else [],
        scopes=[(scope, meanings[scope]) for scope in SCOPES],
        secret=secret,
        problem=problem,
        host=public_url(),
    )
