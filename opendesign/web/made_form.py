"""The form that says “I made this”, and what it holds again when something in it was refused."""

from collections.abc import Mapping

from flask import render_template
from flask_babel import gettext as _

from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.judge_made import model_size
from opendesign.actions.read_tree import read_tree
from opendesign.actions.want_build import part_key
from opendesign.core.errors import Invalid, NotFound, Refusal
from opendesign.core.made import AXES, CHANGED, FAILED, MOST_PHOTOS, PROCESSES, WORKED
from opendesign.core.printing import DENSITY
from opendesign.core.snapshot import Snapshot
from opendesign.records.design import Design
from opendesign.records.made import Made
from opendesign.web.heading import heading
from opendesign.web.people import by_field

FIELDS = ("result", "process", "place", "machine", "material", "recycled", "note", *AXES)


def made_form(
    work: Work,
    design: Design,
    given: Mapping[str, str],
    values: Mapping[str, str],
    refusal: Refusal | None = None,
    row: Made | None = None,
) -> str:
    """Returns the page with the form: of something new, or of `row`, which is to be changed."""
    ref = row.sha if row else given.get("ref", "")
    place = find_revision(work, design, ref)
    snapshot = read_tree(work, design, place.sha)
    part = row.part if row else given.get("part", "")
    return render_template(
        "made/form.html",
        row=row,
        place=place,
        given={name: given.get(name, "") for name in FIELDS} | {"part": part, "ref": ref},
        parts=[(each.path, each.title) for each in snapshot.parts],
        values=row.settings if row else values,
        size=_size(work, snapshot, part, row, values),
        axes=AXES,
        results=result_words(),
        processes=PROCESSES,
        materials=list(DENSITY),
        most_photos=MOST_PHOTOS,
        wrong=by_field(refusal) if isinstance(refusal, Invalid) else {},
        problem=refusal.message if refusal else "",
        **heading(work, design, "design"),
    )


def result_words() -> dict[str, str]:
    """Returns how a thing came out, as people read it."""
    return {WORKED: _("It works"), CHANGED: _("It works, with changes"), FAILED: _("It failed")}


def _size(work: Work, snapshot: Snapshot, part: str, row: Made | None, values: Mapping[str, str]) -> dict[str, float]:
    """Returns the model's own size along each axis, mm; nothing while it is not known."""
    try:
        key = row.build_key if row else part_key(snapshot, snapshot.part(part).path, values) if part else ""
    except (Invalid, NotFound):
        return {}
    known, _state = model_size(work, key)
    return dict(zip(AXES, known, strict=True)) if known else {}
