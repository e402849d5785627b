"""Signing in with a provider elsewhere: there and back, a name for who is new, and links with accounts here."""

import time
from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.enter import open_visit
from opendesign.actions.sign_in import (
    ask_provider,
    hear_provider,
    join_with,
    let_in,
    link,
    need_provider,
    unlink,
    verified_address,
)
from opendesign.core.errors import Conflict, Forbidden, Invalid, Refusal, TooMany
from opendesign.core.names import suggest_name
from opendesign.oidc.provider import Claim, Question
from opendesign.records.identity import identity_at
from opendesign.web.language import chosen, local
from opendesign.web.people import by_field, entrance, go_on, keep_visit
from opendesign.web.visit import entered, house, looking, stop_looking, writing

pages = Blueprint("identities", __name__)
QUESTION, CLAIM = "question", "claim"
SECONDS = 15 * 60  # for which a question may be answered, and an answer used


@pages.get("/enter/provider")
def leave() -> Response | tuple[str, int]:
    """Sends the browser to the provider."""
    need_provider(house())
    target = local(request.args.get("next"))
    stop_looking()
    try:
        way, question = ask_provider(house(), request.remote_addr or "")
    except Refusal as refusal:
        return _refused(refusal, target)
    session[QUESTION] = asdict(question) | {"next": target, "at": int(time.time())}
    return redirect(way, 303)


@pages.get("/enter/provider/answer")
def answered() -> Response | tuple[str, int]:
    """Lets in whom the provider knows; others go on to choose a name, who is in already to link the two."""
    need_provider(house())
    asked = _fresh(session.pop(QUESTION, None)) or {}
    target = asked.pop("next", "/")
    inside = looking().person is not None
    stop_looking()
    try:
        if not asked:
            raise Forbidden(_("This sign-in was not begun here, or has taken too long. Begin again."))
        claim = hear_provider(house(), Question(**asked), request.args, request.remote_addr or "")
        where = request.remote_addr or "", request.user_agent.string
        found = None if inside else let_in(house(), claim, *where, chosen())
    except Refusal as refusal:
        return _refused(refusal, target)
    if found is not None:
        return go_on(found, target)
    session[CLAIM] = asdict(claim) | {"next": target, "at": int(time.time())}
    return redirect("/settings/identities" if inside else "/join/provider", 303)


@pages.get("/join/provider")
def join() -> str | Response:
    """Asks somebody new for a name."""
    claim, target = _claimed()
    if claim is None or looking().person is not None:
        return redirect("/enter", 303)
    given = {"name": suggest_name(claim.name), "full_name": claim.full_name, "email": claim.email}
    return _joining(claim, given, target)


@pages.post("/join/provider")
def joined() -> Response | tuple[str, int]:
    """Makes the person and lets them in."""
    claim, target = _claimed()
    if claim is None or looking().person is not None:
        return redirect("/enter", 303)
    given = {name: request.form.get(name, "") for name in ("name", "full_name", "email")}
    try:
        with writing() as work:
            person = join_with(work, claim, given["name"], given["email"], given["full_name"])
            name, secret = person.name, open_visit(work, person.id, request.user_agent.string, chosen())
    except (Invalid, Conflict, Forbidden, TooMany) as refusal:
        wrong = by_field(refusal) if isinstance(refusal, Invalid | Conflict) else {}
        return _joining(claim, given, target, refusal.message, wrong), refusal.status
    keep_visit(secret)
    flash(_("Welcome, %(name)s. Fork something, or start a design of your own.", name=name), "good")
    return redirect(target, 303)


@pages.get("/settings/identities")
def offer() -> str | Response:
    """Asks whether the account at the provider is to open this one: whoever sent the browser here cannot answer."""
    entered()
    claim, _target = _claimed()
    if claim is None:
        return redirect("/settings", 303)
    work = looking()
    known = identity_at(work.session, claim.issuer, claim.subject)
    if work.person and known is not None and known.person_id == work.person.id:
        session.pop(CLAIM)
        flash(_("The two are linked already."), "good")
        return redirect("/settings", 303)
    return render_template("people/identity.html", claim=claim, provider=need_provider(house()).name)


@pages.post("/settings/identities")
def linked() -> Response:
    """Links the two."""
    entered()
    claim, _target = _claimed()
    session.pop(CLAIM, None)
    if claim is None:
        flash(_("This has taken too long. Begin again."), "bad")
        return redirect("/settings", 303)
    try:
        with writing() as work:
            link(work, claim)
        flash(_("The two are linked: either lets you in."), "good")
    except Conflict as refusal:
        flash(refusal.message, "bad")
    return redirect("/settings", 303)


@pages.post("/settings/identities/<int:key>/removal")
def unlinked(key: int) -> Response:
    """Ends a link."""
    entered()
    try:
        with writing() as work:
            unlink(work, key)
        flash(_("It no longer lets anybody into your account."), "good")
    except Conflict as refusal:
        flash(refusal.message, "bad")
    return redirect("/settings", 303)


def _claimed() -> tuple[Claim | None, str]:
    """Returns whom the provider said this browser's person is, a short while ago, and where they wanted to go."""
    kept = _fresh(session.get(CLAIM))
    if kept is None or house().provider is None:
        return None, "/"
    target = kept.pop("next")
    return Claim(**kept), target


def _fresh(kept: dict | None) -> dict | None:
    """Returns what the browser has kept, without its time, unless it is too old."""
    if not kept or not 0 <= time.time() - kept["at"] <= SECONDS:
        return None
    return {name: each for name, each in kept.items() if name != "at"}


def _joining(claim: Claim, given: dict, target: str, problem: str = "", wrong: dict | None = None) -> str:
    words = {"given": given, "problem": problem, "wrong": wrong or {}, "next": target}
    facts = {"provider": need_provider(house()).name, "verified": verified_address(claim)}
    return render_template("people/join_with.html", **words, **facts)


def _refused(refusal: Refusal, target: str) -> Response | tuple[str, int]:
    if looking().person is not None:
        flash(refusal.message, "bad")
        return redirect("/settings", 303)
    return entrance(target, "", refusal.message), refusal.status
