"""Presets of a part: the forms that keep, rename and drop them."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect
from flask_babel import gettext as _
from htmx_flask import request
from werkzeug.wrappers import Response

from opendesign.actions.house import Work
from opendesign.actions.keep_preset import drop_preset, keep_preset, rename_preset
from opendesign.actions.own_fork import own_place
from opendesign.core.errors import Conflict, Invalid
from opendesign.core.preset import check_name
from opendesign.records.design import Design
from opendesign.web.cards import part_address
from opendesign.web.parts import Sight, saved, see
from opendesign.web.visit import entered, writing

pages = Blueprint("presets", __name__)
Change = Callable[[Work, Design, str, Sight, str | None], str]


@pages.post("/<owner>/<design>/parts/<path:path>/presets")
def keep(owner: str, design: str, path: str) -> Response:
    """Keeps the values of the sliders under a new name, or in the place of the preset whose button was pressed."""

    def change(work: Work, target: Design, branch: str, sight: Sight, expected: str | None) -> str:
        script = sight.part.path
        name = request.values.get("preset") or check_name(request.form.get("new_preset", ""))
        if "preset" not in request.values and name in {each.name for each in sight.snapshot.presets(script)}:
            raise Conflict(f"There is a preset “{name}” already; choose another name, or replace that one.")
        keep_preset(work, target, branch, script, name, sight.values, expected=expected)
        return _("The preset %(name)s is kept.", name=name)

    return _changed(owner, design, path, change)


@pages.post("/<owner>/<design>/parts/<path:path>/presets/name")
def rename(owner: str, design: str, path: str) -> Response:
    """Gives the preset whose button was pressed the name in its field."""

    def change(work: Work, target: Design, branch: str, sight: Sight, expected: str | None) -> str:
        was = request.values.get("preset", "")
        name = request.form.get(f"name:{was}", "")
        rename_preset(work, target, branch, sight.part.path, was, name, expected)
        return _("The preset is called %(name)s now.", name=name)

    return _changed(owner, design, path, change)


@pages.post("/<owner>/<design>/parts/<path:path>/presets/removal")
def drop(owner: str, design: str, path: str) -> Response:
    """Drops the preset whose button was pressed."""

    def change(work: Work, target: Design, branch: str, sight: Sight, expected: str | None) -> str:
        name = request.values.get("preset", "")
        drop_preset(work, target, branch, sight.part.path, name, expected=expected)
        return _("The preset %(name)s is gone.", name=name)

    return _changed(owner, design, path, change)


def _changed(owner: str, design: str, path: str, change: Change) -> Response:
    """Commits a change: to the branch, or to a fork of one's own where one may not write; then shows the part again."""
    entered()
    with writing() as work:
        sight = see(work, owner, design, path)
        if sight.wrong:
            raise Invalid("These values cannot be kept.", [{"name": k, "message": v} for k, v in sight.wrong.items()])
        target, branch = own_place(work, sight.design, sight.place.branch, sight.place.sha)
        away = target.id != sight.design.id or branch != sight.place.branch
        expected = None if away else request.form.get("expected") or None  # one's own stands where the page did
        told = change(work, target, branch, sight, expected)
        where = saved(work, sight.design, target, branch, sight.place.branch)
        address = part_address(target, sight.part.path, branch, sight.values)
    flash(told, "good")
    if away:
        flash(where, "good")
    return redirect(address, 303)
