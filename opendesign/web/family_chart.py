"""The property chart of a family: each design by two properties of a part or of the whole, and the Pareto front."""

from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from opendesign.actions.house import Work
from opendesign.actions.measure_family import measure_family
from opendesign.actions.price_family import price_family
from opendesign.actions.trace import Lineage, trace
from opendesign.core.lineage.chart import Chart, Entry, chart
from opendesign.core.lineage.measure import UNITS, Facts
from opendesign.core.printing import DENSITY, USUAL
from opendesign.core.scatter import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH
from opendesign.web.differences import scale
from opendesign.web.heading import heading
from opendesign.web.visit import find_design, looking

pages = Blueprint("family_chart", __name__)
PROPERTIES = (*UNITS, "cost")
MOST_PARTS, MOST_LISTED = 100, 100
Shown = dict[str, object]
Values = Mapping[int, float]


@pages.get("/<owner>/<design>/lineage/properties")
def properties(owner: str, design: str) -> str:
    """Shows the family by two properties: who is better in one, who in both, and what a choice costs."""
    work = looking()
    row = find_design(work, owner, design)
    found = trace(work, row)
    facts = measure_family(work, row, list(found.by_id.values()))
    paths = list(dict.fromkeys(part.path for each in facts.values() for part in each.parts))[:MOST_PARTS]
    asked = _asked(paths)
    axes, unread = zip(*(_values(work, found, facts, name, asked) for name in (asked["x"], asked["y"])), strict=True)
    (across, unit_x), (down, unit_y) = axes
    names = {each.design.id: each.design.path for each in found.kin}
    entries = [Entry(key, name, across[key], down[key]) for key, name in names.items() if key in across and key in down]
    drawn = chart(entries, row.id)
    return render_template(
        "lineage/properties.html",
        asked=asked,
        titles=property_words(asked["material"]),
        paths=paths,
        materials=list(DENSITY),
        units=(unit_x, unit_y),
        chart=drawn,
        groups=_groups(drawn),
        left_out=len(found.kin) - len(entries),
        unread=max(unread),
        size={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "base": HEIGHT - BOTTOM},
        address=f"/{row.path}/lineage/properties?{urlencode(asked)}",
        **heading(work, row, "lineage"),
    )


def property_words(material: str) -> dict[str, str]:
    """Returns what each property is called."""
    return {
        "mass": _("Mass in %(material)s, solid", material=material),
        "volume": _("Volume"),
        "area": _("Surface"),
        "x": _("Size X"),
        "y": _("Size Y"),
        "z": _("Size Z"),
        "filament": _("Filament in %(material)s, estimated", material=material),
        "print": _("Print time, rough"),
        "cost": _("Cost by the bill of materials"),
    }


def _asked(paths: Sequence[str]) -> dict[str, str]:
    """Returns the axes, part and material of the address; what cannot be used is as if it were not there."""
    choices = {"x": (PROPERTIES, "mass"), "y": (PROPERTIES, "cost"), "material": (DENSITY, USUAL)}
    asked = {
        name: word if (word := request.args.get(name, "")) in of else usual for name, (of, usual) in choices.items()
    }
    part = request.args.get("part", "")
    return asked | {"part": part if part in paths else ""}


def _values(
    work: Work, found: Lineage, facts: Mapping[int, Facts], name: str, asked: Mapping[str, str]
) -> tuple[tuple[Values, str], int]:
    """Returns a property of each design that has it, its unit, and how many bills were not read for it."""
    if name == "cost":
        priced, unread = price_family(work, list(found.by_id.values()), asked["part"])
        usual = Counter(currency for each in priced.values() for currency in each).most_common(1)
        currency = usual[0][0] if usual else ""
        return ({key: each[currency] for key, each in priced.items() if currency in each}, currency), unread
    known = {key: each.value(name, asked["material"], asked["part"]) for key, each in facts.items()}
    values = {key: value for key, value in known.items() if value is not None}
    factor, unit = scale(UNITS[name], max(values.values(), default=0.0))
    return ({key: round(value * factor, 6) for key, value in values.items()}, unit), 0


def _groups(drawn: Chart) -> list[Shown]:
    """Returns what the table says, those on the front first."""
    pairs = sorted(zip(drawn.groups, drawn.dots, strict=True), key=lambda pair: (not pair[0].best, pair[0].first.x))
    return [{"group": group, "dot": dot, "href": f"/{group.first.name}"} for group, dot in pairs[:MOST_LISTED]]
