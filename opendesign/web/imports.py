"""Imports: the form that asks for a repository from elsewhere, and how far it is."""

from flask import Blueprint, flash, make_response, redirect, render_template
from flask_babel import gettext as _
from htmx_flask import request
from werkzeug.wrappers import Response

from opendesign.actions.import_design import cancel_import, want_import
from opendesign.core.errors import Conflict, Invalid, TooLarge
from opendesign.git.limits import in_words
from opendesign.records.arrival import DONE, ENDED, Arrival, arrival_of, arrivals_of
from opendesign.records.design import design_by_id
from opendesign.web.people import by_field
from opendesign.web.visit import brake, entered, house, looking, writing

pages = Blueprint("imports", __name__)
FIELDS = ("url", "title", "name", "visibility", "follow")


@pages.get("/new/import")
def new() -> str:
    """Shows the form, and what one has imported before; an address may stand in the question."""
    entered()
    return _form({"visibility": "public", "url": request.args.get("url", "")}, {}, "")


def _form(given: dict[str, str], wrong: dict[str, str], problem: str) -> str:
    work, settings = looking(), house().settings
    assert work.person is not None
    return render_template(
        "imports/new.html",
        given=given,
        wrong=wrong,
        problem=problem,
        earlier=arrivals_of(work.session, work.person),
        most=in_words(settings.import_bytes),
        minutes=max(1, settings.import_seconds // 60),
        every=settings.mirror_minutes,
    )


@pages.post("/imports")
def bring() -> Response | tuple[str, int]:
    """Asks for a repository and goes to where its progress is shown."""
    entered()
    given = {name: request.form.get(name, "") for name in FIELDS}
    brake()
    facts = {name: given[name] for name in ("url", "name", "title", "visibility")}
    try:
        with writing() as work:
            key = want_import(work, **facts, follow=bool(given["follow"])).id
    except (Invalid, Conflict, TooLarge) as refusal:
        wrong = by_field(refusal) if isinstance(refusal, Invalid | Conflict) else {}
        return _form(given, wrong, refusal.message), refusal.status
    return redirect(f"/imports/{key}", 303)


@pages.get("/imports/<int(max=2147483647):number>")
def progress(number: int) -> Response | str:
    """Shows how far an import is; once it is done, leads to the design."""
    entered()
    arrival = _own(number)
    design = design_by_id(looking().session, arrival.design_id)
    if arrival.state == DONE and design is not None:
        if arrival.problem:
            flash(arrival.problem, "bad")
        if request.htmx:
            return make_response("", 200, {"HX-Redirect": f"/{design.path}"})
        return redirect(f"/{design.path}", 303)
    return render_template(
        "imports/import.html", arrival=arrival, waiting=arrival.state not in ENDED, amount=in_words(arrival.bytes)
    )


@pages.post("/imports/<int(max=2147483647):number>/cancellation")
def cancel(number: int) -> Response:
    """Stops an import."""
    entered()
    _own(number)
    with writing() as work:
        assert work.person is not None
        cancel_import(work, arrival_of(work.session, work.person, number))
    flash(_("The import is being stopped; nothing of it stays."), "good")
    return redirect(f"/imports/{number}", 303)


def _own(key: int) -> Arrival:
    work = looking()
    assert work.person is not None
    return arrival_of(work.session, work.person, key)
