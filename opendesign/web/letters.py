"""What links in letters lead to: a new password, and the sign that an address is one's own."""

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.mail_notices import choose_letters, reader_of, stop_letters
from opendesign.actions.prove_address import ask_move, ask_proof, proof_for, prove_address
from opendesign.actions.reset_password import ask_reset, reset_for, reset_password
from opendesign.core.errors import Conflict, Forbidden, Invalid, TooMany
from opendesign.web.visit import entered, house, looking, stop_looking, visitor, writing

pages = Blueprint("letters", __name__)


@pages.get("/account/reset")
def forgotten() -> str:
    """Shows the form to ask for a new password."""
    return render_template("people/forgotten.html", asked=False, given="", problem="")


@pages.post("/account/reset")
def ask() -> str | tuple[str, int]:
    """Has a letter sent, and says the same whether there is anybody to send it to."""
    name = request.form.get("name", "")
    stop_looking()
    try:
        ask_reset(house(), name, request.remote_addr or "")
    except (Invalid, TooMany) as refusal:
        words = {"asked": False, "given": name, "problem": refusal.message}
        return render_template("people/forgotten.html", **words), refusal.status
    return render_template("people/forgotten.html", asked=True)


@pages.get("/account/reset/<secret>")
def choose(secret: str) -> Response:
    """Shows the form for a new password; to look at it uses nothing up."""
    return _unkept("people/reset.html", secret=secret, name=reset_for(looking(), secret).person.name, problem="")


@pages.post("/account/reset/<secret>")
def chosen(secret: str) -> Response | tuple[Response, int]:
    """Sets the new password and leads to the entrance."""
    name = reset_for(looking(), secret).person.name
    stop_looking()
    try:
        reset_password(house(), secret, request.form.get("new", ""))
    except Invalid as refusal:
        return _unkept("people/reset.html", secret=secret, name=name, problem=refusal.message), refusal.status
    flash(_("The password is changed and every browser has been sent out. Enter with the new one."), "good")
    return redirect("/enter", 303)


@pages.get("/account/address/<secret>")
def address(secret: str) -> Response:
    """Asks whether an address is one's own: programs that look through mail follow links, and press nothing."""
    letter = proof_for(looking(), secret)
    return _unkept("people/address.html", secret=secret, name=letter.person.name, email=letter.email)


@pages.post("/account/address/<secret>")
def prove(secret: str) -> Response:
    """Keeps that the address is theirs."""
    with writing() as work:
        prove_address(work, secret)
    flash(_("Your e-mail address is confirmed."), "good")
    return redirect("/settings", 303)


@pages.post("/settings/address")
def again() -> Response:
    """Sends the link that confirms an address again."""
    entered()
    try:
        with writing() as work:
            ask_proof(work)
        flash(_("A letter is on its way to you."), "good")
    except (Conflict, TooMany) as refusal:
        flash(refusal.message, "warn")
    return redirect("/settings", 303)


@pages.post("/settings/address/moves")
def move() -> Response:
    """Sends a link to a new address, which stands once that is followed."""
    entered()
    who = visitor()
    stop_looking()
    try:
        given = (request.form.get("email", ""), request.form.get("password", ""))
        ask_move(house(), who, *given, request.remote_addr or "")
        flash(_("A letter is on its way to the new address; the old one stays until its link is followed."), "good")
    except (Invalid, Forbidden, TooMany) as refusal:
        flash(refusal.message, "bad")
    return redirect("/settings", 303)


@pages.get("/account/notices/<word>")
def quiet(word: str) -> Response:
    """Asks whether letters about notices shall end; whoever has the link need not enter."""
    return _unkept("people/quiet.html", word=word, name=reader_of(looking(), word).name, over="")


@pages.post("/account/notices/<word>")
def quieten(word: str) -> Response:
    """Ends them, by the button or by what a mail program sends at one click (RFC 8058)."""
    with writing() as work:
        stop_letters(work, word)
        name = reader_of(work, word).name
    return _unkept("people/quiet.html", word=word, name=name, over="yes")


@pages.post("/settings/letters")
def often() -> Response:
    """Keeps how often letters about notices come."""
    entered()
    with writing() as work:
        choose_letters(work, request.form.get("letters", ""))
    flash(_("Saved."), "good")
    return redirect("/settings", 303)


def _unkept(template: str, **words: str) -> Response:
    """Returns a page whose address is a secret: no cache keeps it."""
    page = make_response(render_template(template, **words))
    page.headers["Cache-Control"] = "no-store"
    return page
