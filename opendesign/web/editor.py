"""The editor: a file beside the part it makes; saving commits, to a fork of one's own where that is needed."""

import posixpath
import secrets
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.edit import edit_files
from opendesign.actions.find_revision import Place, branches_of, find_place
from opendesign.actions.house import Work
from opendesign.actions.own_fork import own_place
from opendesign.actions.read_tree import read_tree
from opendesign.core.encoding import READABLE, bytes_of, text_of
from opendesign.core.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooLarge
from opendesign.core.snapshot import Snapshot
from opendesign.records.design import Design
from opendesign.web.cards import still
from opendesign.web.files import kind_at, trail
from opendesign.web.heading import heading
from opendesign.web.parts import last_good, saved
from opendesign.web.previews import parts_reading
from opendesign.web.visit import entered, find_design, looking, writing

pages = Blueprint("editor", __name__)
FIELDS = ("path", "content", "message", "branch", "expected")


@dataclass
class Draft:
    """What the editor holds: the file as it was found, and what somebody has made of it."""

    design: Design
    place: Place
    old_path: str
    path: str
    content: str
    message: str = ""
    branch: str = ""
    expected: str = ""


@pages.get("/<owner>/<design>/edit/<path:address>")
def edit(owner: str, design: str, address: str) -> str:
    """Shows a file in the editor; a folder gives a new file in it."""
    entered()
    work = looking()
    return _page(work, _found(work, owner, design, address))


def _found(work: Work, owner: str, name: str, address: str) -> Draft:
    """Returns the draft an address begins with; raises NotFound, Invalid for what is no text or no branch."""
    design = find_design(work, owner, name)
    if not branches_of(work, design):
        path = address.strip("/").removeprefix(design.default_branch).strip("/")
        return Draft(design, Place(design.default_branch, "", path, "branch"), "", path, "")
    place = find_place(work, design, address)
    if place.branch is None:
        raise Invalid(f"“{place.ref}” is a {place.kind}; files are edited on a branch.")
    try:
        kind, _blob = kind_at(work, design, place)
    except NotFound:
        return Draft(design, place, "", place.path, "", expected=place.sha)
    if kind == "folder":
        folder = f"{place.path}/" if place.path else ""
        return Draft(design, place, "", folder, "", expected=place.sha)
    return Draft(design, place, place.path, place.path, _text(work, design, place), expected=place.sha)


def _text(work: Work, design: Design, place: Place) -> str:
    with work.house.store.open(design.key) as repository:
        try:
            text = text_of(place.path, repository.read(place.sha, place.path, READABLE))
        except TooLarge:
            text = None
    if text is None:
        raise Invalid(f"{place.path} is no text of at most {READABLE >> 10} KiB; change it with git.")
    return text


def _page(work: Work, draft: Draft, refusal: Refusal | None = None) -> str:
    design, place = draft.design, draft.place
    snapshot = read_tree(work, design, place.sha) if place.sha else Snapshot("", {}, {})
    reading = parts_reading(snapshot, draft.old_path) if draft.old_path else []
    python = draft.path.endswith(".py") or not draft.old_path
    good = last_good(work, design, snapshot, reading[0]) if reading else None
    return render_template(
        "editor/edit.html",
        draft=draft,
        place=place,
        problem=refusal.message if refusal else "",
        moved=isinstance(refusal, Conflict),
        parts=reading,
        good=good,
        poster=still(good),
        language="python" if python else "text",
        preview=f"/{design.path}/previews?lane={secrets.token_hex(6)}" if python else None,
        trail=trail(design, place),
        action=f"/{design.path}/edit/{quote(place.ref)}/{quote(place.path)}".rstrip("/"),
        moves=not work.may("edit", design) or not place.branch or work.may_move(place.branch, design),
        deletion=f"/{design.path}/deletions/{quote(place.ref)}/{quote(place.path)}",
        back=f"/{design.path}/files/{quote(place.ref)}/{quote(draft.old_path or posixpath.dirname(place.path))}".rstrip(
            "/"
        ),
        **heading(work, design, "files"),
    )


@pages.post("/<owner>/<design>/edit/<path:address>")
def save(owner: str, design: str, address: str) -> Response | tuple[str, int]:
    """Commits what the editor holds; when that is refused, the text stays in the editor."""
    entered()
    given = {name: request.form.get(name, "") for name in FIELDS}
    given["content"] = given["content"].replace("\r\n", "\n")
    try:
        with writing() as work:
            draft = _found(work, owner, design, address)
            target, branch = _committed(work, draft, given)
            told, goal = (
                saved(work, draft.design, target, branch, _wanted(draft.place, given)),
                f"/{target.path}/files/{quote(branch)}",
            )
    except (Conflict, Forbidden, Invalid, TooLarge) as refusal:
        work = looking()
        draft = _found(work, owner, design, address)
        for name, value in given.items():
            setattr(draft, name, value)
        return _page(work, draft, refusal), refusal.status
    flash(told, "good")
    return redirect(f"{goal}/{quote(given['path'].strip('/'))}", 303)


def _committed(work: Work, draft: Draft, given: dict[str, str]) -> tuple[Design, str]:
    """Commits and returns the design and branch that got it."""
    path = given["path"].strip().strip("/")
    if not path:
        raise Invalid(_("Give the file a name."), [{"name": "path", "message": _("is empty")}])
    changes: dict[str, bytes | None] = {path: bytes_of(path, given["content"])}
    if draft.old_path and draft.old_path != path:
        changes[draft.old_path] = None
    return commit(work, draft.design, draft.place, changes, given)


def commit(
    work: Work, design: Design, place: Place, changes: dict[str, bytes | None], given: dict[str, str]
) -> tuple[Design, str]:
    """Commits changes to the branch, a new one, or one of one's own; returns the design and the branch."""
    expected = given.get("expected") or place.sha
    wanted = _wanted(place, given)
    if wanted != place.ref and work.may("edit", design):
        edit_files(work, design, wanted, changes, given["message"], None, start=expected)
        return design, wanted
    target, branch = own_place(work, design, wanted, expected)
    edit_files(work, target, branch, changes, given["message"], expected or None)
    return target, branch


def _wanted(place: Place, given: dict[str, str]) -> str:
    """Returns the branch a change is meant for."""
    return given.get("branch", "").strip() or place.ref


@pages.post("/<owner>/<design>/deletions/<path:address>")
def delete(owner: str, design: str, address: str) -> Response:
    """Commits that a file is gone."""
    entered()
    given = {name: request.form.get(name, "") for name in ("message", "branch", "expected")}
    with writing() as work:
        row = find_design(work, owner, design)
        place = find_place(work, row, address)
        if place.branch is None:
            raise Invalid(f"“{place.ref}” is a {place.kind}; files are deleted on a branch.")
        given["message"] = given["message"] or f"Delete {place.path}"
        target, branch = commit(work, row, place, {place.path: None}, given)
        told, goal = saved(work, row, target, branch, _wanted(place, given)), f"/{target.path}/files/{quote(branch)}"
    flash(told, "good")
    return redirect(f"{goal}/{quote(posixpath.dirname(place.path))}".rstrip("/"), 303)
