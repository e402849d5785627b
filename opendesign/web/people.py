"""People: joining, entering, leaving, and the page that shows what somebody makes."""

from collections.abc import Mapping
from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.enter import Half
from opendesign.actions.enter import enter as open_visit
from opendesign.actions.enter import leave as close_visit
from opendesign.actions.join import join as join_in
from opendesign.core.errors import Conflict, Forbidden, Invalid, TooMany
from opendesign.core.settings import DEMO_DOMAIN
from opendesign.records.design import page_of, search_designs
from opendesign.records.person import people_at, person_by_name
from opendesign.web.cards import design_tiles
from opendesign.web.explore import page_count, page_number, paged
from opendesign.web.language import chosen, local
from opendesign.web.visit import SECRET, house, looking, stop_looking, writing

pages = Blueprint("people", __name__)
SIZE = 24
DEMO_PASSWORD = "opendesign-demo"
KEPT = ("language", "units")
HALF = "half"  # whom a password has named, who must still show their second factor


@pages.get("/join")
def join() -> str:
    """Shows the form to join."""
    return _joining({"given": {}, "wrong": {}, "next": local(request.args.get("next"))})


@pages.post("/join")
def joined() -> Response | tuple[str, int]:
    """Makes a person and enters as them."""
    given = {name: request.form.get(name, "") for name in ("name", "full_name", "email")}
    password, target = request.form.get("password", ""), local(request.form.get("next"))
    try:
        with writing() as work:
            name = join_in(work, given["name"], given["email"], password, given["full_name"], chosen()).name
    except (Invalid, Conflict) as refusal:
        words = {"given": given, "wrong": by_field(refusal), "problem": refusal.message, "next": target}
        return _joining(words), refusal.status
    answer = admit(name, password, target)
    flash(_("Welcome, %(name)s. Fork something, or start a design of your own.", name=name), "good")
    return answer


def _joining(words: Mapping[str, object]) -> str:
    return render_template("people/join.html", provider=house().provider, **words)


@pages.get("/enter")
def enter() -> str | Response:
    """Shows the form to enter; who is in already goes on."""
    target = local(request.args.get("next"))
    if looking().person is not None:
        return redirect(target, 303)
    return entrance(target)


@pages.post("/enter")
def entered() -> Response | tuple[str, int]:
    """Enters with a name and a password."""
    name, target = request.form.get("name", ""), local(request.form.get("next"))
    try:
        return admit(name, request.form.get("password", ""), target)
    except (Forbidden, TooMany) as refusal:
        return entrance(target, name, refusal.message), refusal.status


def admit(name: str, password: str, target: str) -> Response:
    """Opens a visit for this browser, and goes on to the target."""
    where = request.remote_addr or "", request.user_agent.string
    return go_on(open_visit(house(), name, password, *where, chosen()), target)


def go_on(found: str | Half, target: str) -> Response:
    """Lets this browser in and leads to the target; who has a second factor is asked for it before."""
    if isinstance(found, Half):
        forget()
        session[HALF] = asdict(found) | {"next": target}
        return redirect("/enter/code", 303)
    keep_visit(found)
    return redirect(target, 303)


def keep_visit(secret: str) -> None:
    """Lets this browser come in by the secret of a visit; what an earlier one knew is forgotten."""
    forget()
    session[SECRET] = secret
    session.permanent = True


def forget() -> None:
    """Empties the browser's session but for the language and the units."""
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)


def entrance(target: str, name: str = "", problem: str = "") -> str:
    """Returns the page with the form to enter, and the demo's people while the demo is on."""
    work = looking()
    demo = people_at(work.session, DEMO_DOMAIN) if house().settings.demo else []
    words = {"next": target, "given": name, "problem": problem, "joining": house().settings.joining}
    words["provider"] = house().provider
    return render_template("people/enter.html", demo=demo, demo_password=DEMO_PASSWORD, **words)


@pages.post("/leave")
def leave() -> Response:
    """Ends the visit."""
    secret = session.get(SECRET)
    stop_looking()
    if secret:
        close_visit(house(), secret)
    forget()
    answer = redirect("/", 303)
    answer.headers["Clear-Site-Data"] = '"cache"'  # what browsers kept of private designs goes, too
    return answer


@pages.get("/<owner>")
def person(owner: str) -> str:
    """Shows a person with the designs and forks one may see."""
    work = looking()
    somebody = person_by_name(work.session, owner)
    page = page_number()
    designs, total = page_of(work.session, search_designs(work.session, work.person, owner=somebody), page, SIZE)
    tiles = list(zip(designs, design_tiles(work, designs), strict=True))
    return render_template(
        "people/person.html",
        somebody=somebody,
        designs=[tile for design, tile in tiles if design.parent_id is None],
        forks=[tile for design, tile in tiles if design.parent_id is not None],
        total=total,
        page=page,
        pages=page_count(total, SIZE),
        href_of=paged(f"/{somebody.name}", {}),
        own=work.person is not None and work.person.id == somebody.id,
    )


def by_field(refusal: Invalid | Conflict) -> dict[str, str]:
    """Returns what is wrong with each field of a form."""
    return {each["name"]: each.get("message") or refusal.message for each in refusal.errors if "name" in each}
