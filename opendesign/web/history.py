"""The history of a part: a property plotted over the revisions that changed it, and the same facts as a table."""

import re
from urllib.parse import quote, urlencode

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.bisect_part import Bisection, bisect_part, want_step
from opendesign.actions.find_revision import Place, branches_of, find_revision
from opendesign.actions.follow_part import History, Point, follow_part, want_history
from opendesign.actions.house import Work
from opendesign.core.errors import Invalid
from opendesign.core.history import PROPERTIES, known_property
from opendesign.core.plot import HEIGHT, LEFT, WIDTH, plot
from opendesign.core.printing import DENSITY
from opendesign.records.design import Design
from opendesign.web.cards import part_address
from opendesign.web.differences import scale, shown_units
from opendesign.web.heading import heading
from opendesign.web.visit import brake, find_design, looking, writing

pages = Blueprint("history", __name__)
PLAIN = next(iter(DENSITY))  # the material whose mass is shown when none is chosen
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
DIGITS = {"mm": 2, "mm²": 1, "mm³": 1, "g": 2, "s": 2}  # behind the point; other units are larger


@pages.get("/<owner>/<design>/history/<path:path>")
def history(owner: str, design: str, path: str) -> str:
    """Shows how a property of a part went from revision to revision, as far as its builds are made."""
    work = looking()
    row = find_design(work, owner, design)
    place = find_revision(work, row, request.args.get("ref", ""))
    found = follow_part(work, row, place.sha, path)
    turn = _turn(found) if "find" in request.args else None
    if turn is not None and turn.lacking:
        brake()
        with writing() as work:
            want_step(work, find_design(work, owner, design, "build"), turn)
        work = looking()
        row = find_design(work, owner, design)
        found = follow_part(work, row, place.sha, path)
    return _page(work, row, place, found, turn)


def _turn(found: History) -> Bisection:
    """Returns how far the search for the revision that passed the limit in the address is."""
    asked = chosen()
    return bisect_part(found.points, asked["property"], DENSITY[asked.get("material", PLAIN)], _limit(asked))


def _limit(asked: dict[str, str]) -> float | None:
    """Returns the limit of a search in the unit its property is kept in, None for the middle."""
    if "limit" not in asked:
        return None
    base = PROPERTIES[asked["property"]]
    return float(asked["limit"]) * shown_units(base)[asked.get("unit", base)]


@pages.post("/<owner>/<design>/history/<path:path>")
def want(owner: str, design: str, path: str) -> Response:
    """Wants the builds that the plot lacks, and shows it."""
    brake()
    with writing() as work:
        row = find_design(work, owner, design, "build")
        place = find_revision(work, row, request.values.get("ref", ""))
        want_history(work, row, follow_part(work, row, place.sha, path))
    return redirect(here(row, path, place.ref, chosen()), 303)


def chosen() -> dict[str, str]:
    """Returns property, material and search as the address or form asks for them; raises Invalid for unusable ones."""
    name, material = request.values.get("property", "volume"), request.values.get("material", "")
    known_property(name)
    asked = {"property": name} | ({"material": material} if material in DENSITY else {})
    if "find" not in request.values:
        return asked
    limit = request.values.get("limit", "").strip().replace(",", ".")
    if limit and not NUMBER.fullmatch(limit):
        message = _("must be a number")
        raise Invalid(f"limit {message}.", [{"name": "limit", "message": message}])
    unit = request.values.get("unit", PROPERTIES[name])
    if unit not in shown_units(PROPERTIES[name]):
        message = _("is no unit of this property")
        raise Invalid(f"unit {message}.", [{"name": "unit", "message": message}])
    return asked | {"find": "1"} | ({"limit": limit, "unit": unit} if limit else {})


def here(design: Design, path: str, ref: str, query: dict[str, str]) -> str:
    """Returns the address of a part's history."""
    kept = ({"ref": ref} if ref != design.default_branch else {}) | query
    return f"/{design.path}/history/{quote(path)}?{urlencode(kept)}"


def _page(work: Work, design: Design, place: Place, found: History, turn: Bisection | None) -> str:
    asked = chosen()
    kept: dict[str, str] = {key: asked[key] for key in ("property", "material") if key in asked}
    name, material = asked["property"], asked.get("material", PLAIN)
    path = found.points[-1].path
    values = [point.value(name, DENSITY[material]) for point in found.points]
    factor, unit = scale(PROPERTIES[name], max((abs(value) for value in values if value is not None), default=0.0))
    shown = [value * factor if value is not None else None for value in values]
    titles = property_words(material)
    return render_template(
        "history/history.html",
        path=path,
        part_href=part_address(design, path, place.ref),
        place=place,
        history=found,
        property=name,
        titles=titles,
        choices=[(each, here(design, path, place.ref, kept | {"property": each})) for each in titles],
        materials=[(each, here(design, path, place.ref, kept | {"material": each})) for each in DENSITY],
        material=material,
        branches=[(each, here(design, path, each, kept)) for each in branches_of(work, design)],
        address=here(design, path, place.ref, asked),
        plot=plot(shown),
        kept=kept,
        turn=turn,
        limit="" if (limit := _limit(asked)) is None else f"{limit * factor:.10g}",
        size=(WIDTH, HEIGHT, LEFT),
        values=shown,
        unit=unit,
        digits=DIGITS.get(unit, 3),
        rows=[_row(design, point, value) for point, value in zip(found.points, shown, strict=True)],
        **heading(work, design, "design"),
    )


def _row(design: Design, point: Point, value: float | None) -> dict[str, object]:
    error = point.build.error if point.build is not None and point.state == "failed" else None
    return {
        "commit": point.commit,
        "path": point.path,
        "state": point.state,
        "value": value,
        "error": (error or {}).get("message", ""),
        "href": f"/{design.path}/revisions/{point.commit.sha}",
        "part": part_address(design, point.path, point.commit.sha),
    }


def property_words(material: str) -> dict[str, str]:
    """Returns what each property is called."""
    return {
        "volume": _("Volume"),
        "mass": _("Mass in %(material)s, solid", material=material),
        "area": _("Surface"),
        "x": _("Size X"),
        "y": _("Size Y"),
        "z": _("Size Z"),
        "print": _("Print time, rough"),
        "seconds": _("Build time"),
    }
