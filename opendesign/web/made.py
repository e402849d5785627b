"""What people made of a design: the list, the form, a page for each thing with photos, readings and what others say."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.judge_made import judge_made
from opendesign.actions.tell_made import change_made, is_maker, read_photos, tell_made, withdraw_made
from opendesign.actions.vouch import unvouch, vouch
from opendesign.cad.photos import Drawn
from opendesign.core.build import SANDBOX
from opendesign.core.errors import Conflict, Invalid, NotFound, TooLarge
from opendesign.core.made import AXES, Account, number
from opendesign.records.design import Design, page_of
from opendesign.records.made import Made, made_of, one_made, photo_of
from opendesign.web.explore import page_count, page_number, paged
from opendesign.web.heading import heading
from opendesign.web.made_form import made_form
from opendesign.web.made_view import card, made_page
from opendesign.web.parameters import asked_values
from opendesign.web.visit import brake, entered, find_design, looking, writing

pages = Blueprint("made", __name__)
SIZE = 24
PHOTO_WEIGHT = 5  # as how many wishes for a build a photo counts


@pages.get("/<owner>/<design>/made")
def made(owner: str, design: str) -> str:
    """Lists what people made of a design, newest first; perhaps only of a part, or from one revision."""
    work = looking()
    row = find_design(work, owner, design)
    asked = {name: value for name in ("part", "ref") if (value := request.args.get(name, ""))}
    sha = find_revision(work, row, asked["ref"]).sha if "ref" in asked else ""
    query = made_of(row, work.belongs(row), asked.get("part"), sha)
    found, total = page_of(work.session, query, page_number(), SIZE)
    return render_template(
        "made/made.html",
        cards=[card(each) for each in judge_made(work, found, [row.id])],
        total=total,
        asked=asked,
        page=page_number(),
        pages=page_count(total, SIZE),
        href_of=paged(f"/{row.path}/made", asked),
        **heading(work, row, "design"),
    )


@pages.get("/<owner>/<design>/made/new")
def new(owner: str, design: str) -> str:
    """Shows the form that says “I made this”; a part's page leads here with its values."""
    entered()
    work = looking()
    row = find_design(work, owner, design, "make")
    return made_form(work, row, request.args, asked_values(request.args))


@pages.post("/<owner>/<design>/made")
def create(owner: str, design: str) -> Answer | tuple[str, int]:
    """Keeps what the visitor made."""
    entered()
    form, values = request.form, asked_values(request.form)
    try:
        account, photos = _account(), _photos()
        with writing() as work:
            row = find_design(work, owner, design, "make")
            kept = tell_made(work, row, account, form.get("ref", ""), form.get("part", ""), values, photos)
            target = _address(kept)
    except (Invalid, NotFound, TooLarge) as refusal:
        work = looking()
        return made_form(work, find_design(work, owner, design, "make"), form, values, refusal), refusal.status
    flash(_("Thank you. It counts as verified once somebody who is not of your team confirms it: send them this page."))
    return redirect(target, 303)


@pages.get("/<owner>/<design>/made/<int(max=2147483647):number>")
def thing(owner: str, design: str, number: int) -> str:
    """Shows a thing that somebody made: photos, readings beside the model, and what others say of it."""
    work = looking()
    return made_page(work, _found(work, owner, design, number))


@pages.get("/<owner>/<design>/made/<int(max=2147483647):number>/changes")
def changing(owner: str, design: str, number: int) -> str:
    """Shows the form to change what the visitor said of a thing they made."""
    entered()
    work = looking()
    row = _own(work, _found(work, owner, design, number))
    return made_form(work, row.design, _given(row), {}, row=row)


@pages.post("/<owner>/<design>/made/<int(max=2147483647):number>/changes")
def change(owner: str, design: str, number: int) -> Answer | tuple[str, int]:
    """Changes what the visitor said of a thing they made."""
    entered()
    _own(looking(), _found(looking(), owner, design, number))
    try:
        account, photos = _account(), _photos()
        with writing() as work:
            row = _found(work, owner, design, number)
            change_made(work, row, account, request.form.getlist("without"), photos)
            target = _address(row)
    except (Invalid, TooLarge) as refusal:
        row = _own(looking(), _found(looking(), owner, design, number))
        return made_form(looking(), row.design, request.form, {}, refusal, row), refusal.status
    return redirect(target, 303)


@pages.post("/<owner>/<design>/made/<int(max=2147483647):number>/removal")
def remove(owner: str, design: str, number: int) -> Answer:
    """Takes back what was said of a thing, with its photos."""
    entered()
    with writing() as work:
        row = _found(work, owner, design, number)
        target = f"/{row.design.path}/made"
        withdraw_made(work, row)
    flash(_("It is taken back, with its photos."), "good")
    return redirect(target, 303)


@pages.post("/<owner>/<design>/made/<int(max=2147483647):number>/word")
def speak(owner: str, design: str, number: int) -> Answer | tuple[str, int]:
    """Confirms or doubts what somebody made."""
    entered()
    try:
        with writing() as work:
            row = _found(work, owner, design, number)
            vouch(work, row, request.form.get("word", ""), request.form.get("reason", ""))
            target = _address(row)
    except (Invalid, Conflict) as refusal:
        return made_page(looking(), _found(looking(), owner, design, number), refusal.message), refusal.status
    return redirect(target, 303)


@pages.post("/<owner>/<design>/made/<int(max=2147483647):number>/word/removal")
def unspeak(owner: str, design: str, number: int) -> Answer:
    """Takes back what the visitor said of a thing."""
    entered()
    with writing() as work:
        row = _found(work, owner, design, number)
        unvouch(work, row)
        target = _address(row)
    return redirect(target, 303)


@pages.get("/<owner>/<design>/made/<int(max=2147483647):number>/photos/<digest>.jpg")
def photo(owner: str, design: str, number: int, digest: str) -> Response:
    """Sends a photo; with `-small` after its name a small one."""
    work = looking()
    row = _found(work, owner, design, number)
    found = photo_of(row, digest.removesuffix("-small"))
    answer = make_response(found.small if digest.endswith("-small") else found.picture)
    answer.mimetype = "image/jpeg"
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    public = row.design.visibility == "public" and not row.private
    answer.headers["Cache-Control"] = f"{'public' if public else 'private'}, max-age=3600"
    return answer


def _found(work: Work, owner: str, design: str, number: int) -> Made:
    row: Design = find_design(work, owner, design)
    return one_made(work.session, row, work.belongs(row), number)


def _own(work: Work, row: Made) -> Made:
    """Returns a thing that the visitor made; NotFound for another's."""
    work.need("make", row.design)
    if not is_maker(work, row):
        raise NotFound("Only whoever made it may change what is said of it.")
    return row


def _address(row: Made) -> str:
    return f"/{row.design.path}/made/{row.number}"


def _account() -> Account:
    """Returns what a form says of a thing; raises Invalid for what is no number."""
    form = request.form
    lines = {name: form.get(name, "") for name in ("process", "place", "machine", "material", "note")}
    readings = {axis: mm for axis in AXES if (mm := number(form.get(axis, ""), axis)) is not None}
    recycled = number(form.get("recycled", ""), "recycled")
    share = None if recycled is None else round(recycled)
    return Account(form.get("result", ""), readings=readings, recycled=share, **lines)


def _photos() -> list[Drawn]:
    sent = [each for each in request.files.getlist("photos") if each.filename]
    brake(1 + PHOTO_WEIGHT * len(sent))
    return read_photos([each.read() for each in sent])


def _given(row: Made) -> dict[str, str]:
    """Returns what was said of a thing as the form holds it."""
    told = row.account
    words = {name: getattr(told, name) for name in ("result", "process", "place", "machine", "material", "note")}
    lengths = {axis: f"{mm:g}" for axis, mm in row.readings.items()}
    return words | lengths | {"recycled": "" if told.recycled is None else str(told.recycled)}
