"""People, for who runs the service: found, suspended, given a quota, made operators."""

from collections.abc import Callable

from flask import flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.depart import dismiss_person, foresee_farewell
from opendesign.actions.house import Work
from opendesign.actions.measure_storage import MB, quota_of
from opendesign.actions.suspend import allot, appoint, suspend, unsuspend
from opendesign.core.errors import Conflict, Invalid
from opendesign.records.deed import deeds
from opendesign.records.design import count_designs, page_of
from opendesign.records.factor import factor_of
from opendesign.records.person import Person, person_by_name, search_people
from opendesign.records.storage import stored_by
from opendesign.records.token import tokens_of
from opendesign.web.deeds import told, verb_words
from opendesign.web.explore import page_count, page_number, paged
from opendesign.web.operators import operators_only
from opendesign.web.visit import looking, stop_looking, writing

pages = operators_only("admin_people")
SIZE, LATELY = 50, 20


@pages.get("/admin/people")
def people() -> str:
    """Lists people by name, or those whose name or address holds what is asked for."""
    work, page = looking(), page_number()
    q = request.args.get("q", "").strip()[:200]
    rows, total = page_of(work.session, search_people(q), page, SIZE)
    href_of = paged("/admin/people", {"q": q})
    shown = {"people": rows, "total": total, "page": page, "pages": page_count(total, SIZE), "href_of": href_of}
    return render_template("admin/people.html", place="people", q=q, **shown)


@pages.get("/admin/people/<name>")
def person(name: str) -> str:
    """Shows one person, and what can be done about them."""
    return _person(name)


def _person(name: str, problem: str = "") -> str:
    work = looking()
    somebody = person_by_name(work.session, name)
    verbs = verb_words()
    lately = work.session.scalars(deeds(person=somebody.name).limit(LATELY))
    return render_template(
        "admin/person.html",
        place="people",
        somebody=somebody,
        problem=problem,
        designs=count_designs(work.session, somebody),
        tokens=len(tokens_of(work.session, somebody)),
        stored=stored_by(work.session, somebody.id),
        quota=quota_of(work, somebody),
        unit=MB,
        factor=factor_of(work.session, somebody),
        farewell=foresee_farewell(work, somebody),
        own=work.person is not None and work.person.id == somebody.id,
        deeds=[(deed, verbs.get(deed.verb, deed.verb), told(deed.detail)) for deed in lately],
    )


def _change(name: str, act: Callable[[Work, Person], None], after: str = "") -> Response:
    """Acts on a person and shows them again, or what comes `after`; with why not where it was refused."""
    try:
        with writing() as work:
            act(work, person_by_name(work.session, name))
    except (Invalid, Conflict) as refusal:
        stop_looking()
        return make_response(_person(name, refusal.message), refusal.status)
    flash(_("Saved."), "good")
    return redirect(after or f"/admin/people/{name}", 303)


@pages.post("/admin/people/<name>/suspension")
def keep_out(name: str) -> Response:
    """Suspends a person; the reason is told to them."""
    return _change(name, lambda work, somebody: suspend(work, somebody, request.form.get("reason", "")))


@pages.post("/admin/people/<name>/suspension/end")
def let_in(name: str) -> Response:
    """Ends a suspension."""
    return _change(name, unsuspend)


@pages.post("/admin/people/<name>/quota")
def give_quota(name: str) -> Response:
    """Gives a person a quota of their own; left empty, everybody's counts again."""
    text = request.form.get("quota_mb", "").strip()

    def act(work: Work, somebody: Person) -> None:
        if text and not (text.isascii() and text.isdigit() and len(text) < 12):
            raise Invalid(_("Write a number of MB, 0 for no limit, or nothing."))
        allot(work, somebody, int(text) if text else None)

    return _change(name, act)


@pages.post("/admin/people/<name>/role")
def give_role(name: str) -> Response:
    """Makes a person an operator, or no longer one."""
    return _change(name, lambda work, somebody: appoint(work, somebody, request.form.get("role") == "operator"))


@pages.post("/admin/people/<name>/removal")
def remove(name: str) -> Response:
    """Removes a person for good, once the name is repeated."""
    given = request.form.get("name", "")
    return _change(name, lambda work, somebody: dismiss_person(work, somebody, given), "/admin/people")
