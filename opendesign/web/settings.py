"""The settings of a design: what it is called, who sees it, who may do what, its branches, and its end."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.change_design import ROLES, change_design, delete_design, give_role, take_role
from opendesign.actions.deliver import close_outlet, open_outlet, push_soon
from opendesign.actions.edit import drop_branch
from opendesign.actions.find_revision import branches_of
from opendesign.actions.hand_over import offer_design, offered_to, take_over
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
        owners=[member for member in row.members if member.role == "owner"],
        offered=offered_to(row, work.person),
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


def _form(path: str, section: str, verb: str = "settings", then: str | None = None):
    """Puts an act on a design at an address below its settings.

    It is done in one transaction, by whoever may do `verb`, and leads to the section `then`, by default its own, or to
    the address that it returns. A refusal is shown in its section.
    """

    def put(act: Callable[..., str | None]) -> Callable[..., Response]:
        @pages.post(f"/<owner>/<design>/settings{path}")
        @wraps(act)
        def page(owner: str, design: str, **names: str) -> Response:
            entered()
            try:
                with writing() as work:
                    row = find_design(work, owner, design, verb)
                    elsewhere = act(work, row, **names)
                    place = section if then is None else then
                    address = elsewhere or f"/{row.path}/settings{place and f'#{place}'}"
            except (Invalid, Conflict, NotFound) as refusal:
                return _refused(owner, design, section, refusal)
            flash(_("Saved."), "good")
            return redirect(address, 303)

        return page

    return put


def _refused(owner: str, design: str, section: str, refusal: Refusal) -> Response:
    work = looking()
    status = 422 if isinstance(refusal, NotFound) else refusal.status
    return make_response(_page(work, find_design(work, owner, design, "settings"), section, refusal), status)


@_form("", "facts", then="")
def change(work: Work, row: Design) -> None:
    """Changes title, summary, licence and default branch."""
    change_design(work, row, **{name: request.form[name] for name in FACTS if name in request.form})


@_form("/visibility", "visibility")
def visibility(work: Work, row: Design) -> None:
    """Makes a design public or private."""
    change_design(work, row, visibility=request.form.get("visibility", "") or "neither")


@_form("/members", "members", "invite")
def give(work: Work, row: Design) -> None:
    """Gives a person a role, instead of the one they had."""
    person = person_by_name(work.session, request.form.get("person", "").strip().lower().removeprefix("@"))
    give_role(work, row, person, request.form.get("role", ""))


@_form("/members/<name>/removal", "members", "invite")
def take(work: Work, row: Design, name: str) -> str | None:
    """Takes a person's role away; who takes their own leaves the settings."""
    take_role(work, row, person_by_name(work.session, name))
    return None if work.may("settings", row) else f"/{row.path}"


@_form("/name", "name")
def rename(work: Work, row: Design) -> None:
    """Gives the design another name; its old address ends."""
    change_design(work, row, name=request.form.get("name", "").strip() or "-")


@_form("/branches/removal", "branches")
def remove_branch(work: Work, row: Design) -> None:
    """Deletes a branch that still stands where it was shown."""
    drop_branch(work, row, request.form.get("branch", ""), request.form.get("expected", ""))


@_form("/branches/rule", "rule", then="branches")
def rule(work: Work, row: Design) -> None:
    """Says what a branch asks of what reaches it."""
    write_rule(work, row)


@_form("/mirror/fetches", "mirror")
def fetch(work: Work, row: Design) -> None:
    """Has a mirror fetched now."""
    fetch_soon(work, row)


@_form("/mirror/ending", "mirror", then="branches")
def stop(work: Work, row: Design) -> None:
    """Makes a mirror a design as any other."""
    stop_mirroring(work, row)


@_form("/outlet", "outlet")
def push_to(work: Work, row: Design) -> None:
    """Says where the design is pushed to after each move."""
    open_outlet(work, row, *(request.form.get(name, "") for name in ("url", "name", "secret")))


@_form("/outlet/pushes", "outlet")
def push_now(work: Work, row: Design) -> None:
    """Has the design pushed there now."""
    push_soon(work, row)


@_form("/outlet/removal", "outlet")
def push_no_more(work: Work, row: Design) -> None:
    """Ends the pushes, and forgets the secret."""
    close_outlet(work, row)


@_form("/offer", "handover", "delete")
def offer(work: Work, row: Design) -> None:
    """Offers the design to another of its owners."""
    offer_design(work, row, person_by_name(work.session, request.form.get("person", "")))


@_form("/takeover", "handover")
def take_it(work: Work, row: Design) -> str:
    """Makes the design theirs to whom it was offered."""
    return f"/{take_over(work, row).path}/settings"


@_form("/deletion", "deletion", "delete")
def delete(work: Work, row: Design) -> str:
    """Deletes the design for good, once its name is repeated."""
    owner = row.owner.name
    delete_design(work, row, request.form.get("confirmation", "").strip())
    return f"/{owner}"
