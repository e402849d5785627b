"""The settings of a design: what it is called, who sees it, who may do what, its branches, and its end."""

from collections.abc import Callable

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.change_design import ROLES, change_design, delete_design, give_role, take_role
from opendesign.actions.deliver import close_outlet, open_outlet, push_soon
from opendesign.actions.edit import drop_branch
from opendesign.actions.find_revision import branches_of
from opendesign.actions.house import Work
from opendesign.actions.mirror import fetch_soon, stop_mirroring
from opendesign.core.errors import Conflict, Invalid, NotFound, Refusal
from opendesign.core.licence import LICENCES
from opendesign.records.design import Design, heads_of, known_refs
from opendesign.records.mirror import outlet_of
from opendesign.records.person import person_by_name
from opendesign.web.heading import heading
from opendesign.web.people import by_field
from opendesign.web.rules import rule_form, write_rule
from opendesign.web.visit import entered, find_design, looking, writing

pages = Blueprint("settings", __name__)
FACTS = ("title", "summary", "licence", "default_branch")


@pages.get("/<owner>/<design>/settings")
def settings(owner: str, design: str) -> str:
    """Shows the settings to the design's owners."""
    entered()
    work = looking()
    return _page(work, find_design(work, owner, design, "settings"))


def _page(work: Work, row: Design, place: str = "", refusal: Refusal | None = None) -> str:
    """Returns the page; what was refused is said in the section `place`, with what was typed."""
    refs = known_refs(work.session, row)
    branches = [(name, refs[f"refs/heads/{name}"]) for name in branches_of(work, row)]
    given = {name: request.form.get(name, getattr(row, name)) for name in FACTS} if place == "facts" else None
    return render_template(
        "settings/settings.html",
        given=given or {name: getattr(row, name) for name in FACTS},
        typed=request.form if refusal else {},
        place=place,
        problem=refusal.message if refusal else "",
        wrong=by_field(refusal) if isinstance(refusal, Invalid | Conflict) else {},
        branches=branches,
        **rule_form(work, row, dict(branches)),
        head=heads_of(work.session, [row]).get(row.id),
        licences=LICENCES,
        members=sorted(row.members, key=lambda member: member.person.name),
        roles=_roles(),
        outlet=outlet_of(work.session, row),
        every=work.house.settings.mirror_minutes,
        **heading(work, row, "settings"),
    )


def _roles() -> list[tuple[str, str]]:
    words = {
        "reader": _("reader: sees it while it is private"),
        "writer": _("writer: also edits, pushes, merges and declines"),
        "owner": _("owner: also changes these settings"),
    }
    return [(role, words[role]) for role in ROLES]


def _change(owner: str, design: str, verb: str, place: str, act: Callable[[Work, Design], str]) -> Response:
    """Acts on a design in one transaction and goes where `act` says; a refusal is shown in its section."""
    entered()
    try:
        with writing() as work:
            address = act(work, find_design(work, owner, design, verb))
    except (Invalid, Conflict, NotFound) as refusal:
        work = looking()
        row = find_design(work, owner, design, "settings")
        status = 422 if isinstance(refusal, NotFound) else refusal.status
        return make_response(_page(work, row, place, refusal), status)
    flash(_("Saved."), "good")
    return redirect(address, 303)


def _here(row: Design, place: str = "") -> str:
    return f"/{row.path}/settings{place}"


@pages.post("/<owner>/<design>/settings")
def change(owner: str, design: str) -> Response:
    """Changes title, summary, licence and default branch."""

    def act(work: Work, row: Design) -> str:
        given = {name: request.form[name] for name in FACTS if name in request.form}
        change_design(work, row, **given)
        return _here(row)

    return _change(owner, design, "settings", "facts", act)


@pages.post("/<owner>/<design>/settings/visibility")
def visibility(owner: str, design: str) -> Response:
    """Makes a design public or private."""

    def act(work: Work, row: Design) -> str:
        change_design(work, row, visibility=request.form.get("visibility", "") or "neither")
        return _here(row, "#visibility")

    return _change(owner, design, "settings", "visibility", act)


@pages.post("/<owner>/<design>/settings/members")
def give(owner: str, design: str) -> Response:
    """Gives a person a role, instead of the one they had."""

    def act(work: Work, row: Design) -> str:
        person = person_by_name(work.session, request.form.get("person", "").strip().lower().removeprefix("@"))
        give_role(work, row, person, request.form.get("role", ""))
        return _here(row, "#members")

    return _change(owner, design, "invite", "members", act)


@pages.post("/<owner>/<design>/settings/members/<name>/removal")
def take(owner: str, design: str, name: str) -> Response:
    """Takes a person's role away."""

    def act(work: Work, row: Design) -> str:
        take_role(work, row, person_by_name(work.session, name))
        return _here(row, "#members") if work.may("settings", row) else f"/{row.path}"

    return _change(owner, design, "invite", "members", act)


@pages.post("/<owner>/<design>/settings/name")
def rename(owner: str, design: str) -> Response:
    """Gives the design another name; its old address ends."""

    def act(work: Work, row: Design) -> str:
        change_design(work, row, name=request.form.get("name", "").strip() or "-")
        return _here(row, "#name")

    return _change(owner, design, "settings", "name", act)


@pages.post("/<owner>/<design>/settings/branches/removal")
def remove_branch(owner: str, design: str) -> Response:
    """Deletes a branch that still stands where it was shown."""

    def act(work: Work, row: Design) -> str:
        drop_branch(work, row, request.form.get("branch", ""), request.form.get("expected", ""))
        return _here(row, "#branches")

    return _change(owner, design, "settings", "branches", act)


@pages.post("/<owner>/<design>/settings/branches/rule")
def rule(owner: str, design: str) -> Response:
    """Says what a branch asks of what reaches it."""

    def act(work: Work, row: Design) -> str:
        write_rule(work, row)
        return _here(row, "#branches")

    return _change(owner, design, "settings", "rule", act)


@pages.post("/<owner>/<design>/settings/mirror/fetches")
def fetch(owner: str, design: str) -> Response:
    """Has a mirror fetched now."""

    def act(work: Work, row: Design) -> str:
        fetch_soon(work, row)
        return _here(row, "#mirror")

    return _change(owner, design, "settings", "mirror", act)


@pages.post("/<owner>/<design>/settings/mirror/ending")
def stop(owner: str, design: str) -> Response:
    """Makes a mirror a design as any other."""

    def act(work: Work, row: Design) -> str:
        stop_mirroring(work, row)
        return _here(row, "#branches")

    return _change(owner, design, "settings", "mirror", act)


@pages.post("/<owner>/<design>/settings/outlet")
def push_to(owner: str, design: str) -> Response:
    """Says where the design is pushed to after each move."""

    def act(work: Work, row: Design) -> str:
        open_outlet(work, row, *(request.form.get(name, "") for name in ("url", "name", "secret")))
        return _here(row, "#outlet")

    return _change(owner, design, "settings", "outlet", act)


@pages.post("/<owner>/<design>/settings/outlet/pushes")
def push_now(owner: str, design: str) -> Response:
    """Has the design pushed there now."""

    def act(work: Work, row: Design) -> str:
        push_soon(work, row)
        return _here(row, "#outlet")

    return _change(owner, design, "settings", "outlet", act)


@pages.post("/<owner>/<design>/settings/outlet/removal")
def push_no_more(owner: str, design: str) -> Response:
    """Ends the pushes, and forgets the secret."""

    def act(work: Work, row: Design) -> str:
        close_outlet(work, row)
        return _here(row, "#outlet")

    return _change(owner, design, "settings", "outlet", act)


@pages.post("/<owner>/<design>/settings/deletion")
def delete(owner: str, design: str) -> Response:
    """Deletes the design for good, once its name is repeated."""

    def act(work: Work, row: Design) -> str:
        delete_design(work, row, request.form.get("confirmation", "").strip())
        return f"/{owner}"

    return _change(owner, design, "delete", "deletion", act)
