"""Draws a model as an engineer does: three views and a picture, overall dimensions, a title block."""

import json

import numpy as np

from opendesign.cad.inside import curves, section, sheet, svg, views
from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.parts import Model
from opendesign.cad.inside.section import Section
from opendesign.cad.inside.sheet import BLOCK, BORDER, Placed, Sheet

ARROW = 2.4
NARROW = 3.2 * ARROW  # a dimension without room for two arrows and a number between
OUTSIDE = 2.6 * ARROW
OFFSET = 9  # from a view to its dimension line
OVER = 1.4  # how far extension lines go beyond it
CROSS, LEAST_CROSS = 2.0, 1.2


def drawing(model: Model, meshes: list[Mesh], exact: bool = True) -> bytes:
    """Returns a sheet in SVG. `exact` draws small models by their surfaces. Raises Failure "output" for points."""
    section.whole(model, meshes)
    shapes = [section.located(model, part) for part in model.parts]
    faces = sum(len(meshes[part.definition].faces) for part in model.parts)
    exact = exact and 0 < faces <= views.MOST_EXACT
    seen = {name: views.view(shapes, name, exact) for name in views.FRAMES}
    square(seen, model, meshes)
    made = sheet.laid_out(seen)
    body = [where(made), frame(made)]
    for placed in made.views.values():
        body += lines(placed)
    body += dimensions(made)
    body += title_block(made, model)
    return svg.document(made.size, model.title, [one for one in body if one])


def where(made: Sheet) -> str:
    """Returns where the three views lie, for who draws over them: left, bottom, scale and the lowest corner of each."""
    views = {
        name: [*(round(float(number), 6) for number in (one.left, one.bottom, one.scale, *one.view.low))]
        for name, one in made.views.items()
        if name != "iso"
    }
    return f"<metadata>{json.dumps(views)}</metadata>"


def of_section(found: Section, model: Model) -> bytes:
    """Returns a section on a sheet of its own: material tinted, overall dimensions, a title block."""
    points = np.concatenate([curves.extremes(one) for each in found.cuts for run in each.runs for one in run])
    made = sheet.alone(views.View(low=points.min(0), high=points.max(0)))
    placed = made.views["section"]
    size = placed.view.high - placed.view.low
    body = [frame(made)]
    body += [svg.path(each.runs, placed, "cut") for each in found.cuts]
    body += across(placed.left, placed.left + placed.width, placed.bottom, float(size[0]))
    body += upright(placed.bottom - placed.height, placed.bottom, placed.left, float(size[1]))
    where = f"Section {found.axis} = {svg.number(found.offset)} mm"
    body += title_block(made, model, where)
    return svg.document(made.size, f"{model.title}: {where}", [one for one in body if one])


def square(seen: dict[str, views.View], model: Model, meshes: list[Mesh]) -> None:
    """Gives the three views the corners of the part's box, so that they line up."""
    low, high = section.whole(model, meshes)
    for name in ("front", "top", "right"):
        frame = views.FRAMES[name]
        seen[name].low, seen[name].high = frame.flat(low[None])[0], frame.flat(high[None])[0]


def lines(placed: Placed) -> list[str]:
    """Returns what is seen in a view, and the centres of its circles."""
    view = placed.view
    made = [
        svg.path(view.hidden, placed, "h"),
        svg.path(view.smooth, placed, "s"),
        svg.path(view.visible, placed, "v"),
    ]
    for x, y, radius in view.circles:
        (across, down), reach = placed.on_paper([(x, y)])[0], radius * placed.scale + CROSS
        if reach - CROSS >= LEAST_CROSS:
            made.append(svg.line(across - reach, down, across + reach, down, "c"))
            made.append(svg.line(across, down - reach, across, down + reach, "c"))
    return made


def dimensions(made: Sheet) -> list[str]:
    """Returns width and height at the front view, depth at the right view."""
    front, right = made.views["front"], made.views["right"]
    size, depth = front.view.high - front.view.low, right.view.high - right.view.low
    drawn = [
        *across(front.left, front.left + front.width, front.bottom, float(size[0])),
        *upright(front.bottom - front.height, front.bottom, front.left, float(size[1])),
        *across(right.left, right.left + right.width, right.bottom, float(depth[0])),
    ]
    return drawn


def across(start: float, end: float, below: float, length: float) -> list[str]:
    """Returns a horizontal dimension below a view."""
    if length < 1e-3:
        return []
    y = below + OFFSET
    sides = [svg.line(x, below + 1, x, y + OVER) for x in (start, end)]
    words = svg.text(middle(start, end), y - 0.9, measure(length), "d")
    return [*sides, *arrows(start, end, y, False), words]


def upright(start: float, end: float, beside: float, length: float) -> list[str]:
    """Returns a vertical dimension to the left of a view."""
    if length < 1e-3:
        return []
    x = beside - OFFSET
    sides = [svg.line(beside - 1, y, x - OVER, y) for y in (start, end)]
    words = svg.text(x - 0.9, middle(end, start), measure(length), "d", turned=True)
    return [*sides, *arrows(start, end, x, True), words]


def middle(start: float, end: float) -> float:
    """Returns where a dimension's number goes: between its arrows, or beyond the end where that is too narrow."""
    if abs(end - start) >= NARROW:
        return (start + end) / 2
    return end + OUTSIDE if end > start else end - OUTSIDE


def arrows(start: float, end: float, at: float, turned: bool) -> list[str]:
    """Returns a dimension line with its arrows, from outside where there is no room between."""
    outside = end - start < NARROW
    reach = OUTSIDE if outside else 0
    drawn = []
    ends = (start - reach, at, end + reach, at)
    drawn.append(svg.line(*((ends[1], ends[0], ends[3], ends[2]) if turned else ends)))
    for tip, way in ((start, 1), (end, -1)):
        way = -way if outside else way
        base, half = tip + way * ARROW, ARROW / 6
        points = [(tip, at), (base, at - half), (base, at + half)]
        steps = "L".join(svg.point(point[::-1] if turned else point) for point in points)
        drawn.append(f'<path class="a" d="M{steps}Z"/>')
    return drawn


def measure(length: float) -> str:
    """Returns a length as drawings write it: mm, two digits at most."""
    return svg.number(length)


def frame(made: Sheet) -> str:
    """Returns the border with its centring marks."""
    wide, high = made.size
    marks = "".join(
        f"M{x1:g} {y1:g}L{x2:g} {y2:g}"
        for x1, y1, x2, y2 in (
            (wide / 2, 3, wide / 2, BORDER + 4),
            (3, high / 2, BORDER + 4, high / 2),
            (wide - 3, high / 2, wide - BORDER - 4, high / 2),
        )
    )
    box = f"M{BORDER} {BORDER}H{wide - BORDER}V{high - BORDER}H{BORDER}Z"
    return f'<path class="f" d="{box}{marks}"/>'


def title_block(made: Sheet, model: Model, where: str = "") -> list[str]:
    """Returns the strip at the foot: what it is, where it comes from, how it is drawn."""
    wide, high = made.size
    top, foot = high - BORDER - BLOCK, high - BORDER
    right = wide - BORDER
    cells = [("Format", made.format, 16), ("Units", "mm", 16), ("Scale", made.scale, 22)]
    drawn = [svg.line(BORDER, top, right, top, "f")]
    for caption, words, width in cells:
        right -= width
        drawn += cell(right, top, foot, width, caption, words)
    right -= 30
    drawn.append(svg.line(right, top, right, foot))
    if where:
        drawn.append(svg.text(right + 1.6, top + 3, "Section", "k"))
        drawn.append(svg.text(right + 15, (top + foot) / 2 + 3, where.removeprefix("Section "), "d"))
    else:
        drawn += third_angle(right + 15, (top + foot) / 2 + 1.4)
        drawn.append(svg.text(right + 1.6, top + 3, "Projection: third angle", "k"))
    return [*drawn, *origin(right, top, foot, model)]


def origin(right: float, top: float, foot: float, model: Model) -> list[str]:
    """Returns the left of the title block: what it is and where it comes from, up to `right`."""
    drawn, stamp = [], model.stamp
    middle, left = (top + foot) / 2, BORDER + 2
    room = right - left - 2
    drawn.append(svg.text(left, top + 3, "Part", "k"))
    drawn.append(svg.text(left, top + 8.2, svg.shortened(model.title, room, 4.4), "b"))
    facts = [stamp.get(name, "") for name in ("design", "revision", "licence")]
    facts[1] = facts[1][:12]
    width = room / 3
    if any(facts):
        drawn.append(svg.line(BORDER, middle, right, middle))
        for place, (caption, words) in enumerate(zip(("Design", "Revision", "Licence"), facts, strict=True)):
            x = left + place * width
            drawn.append(svg.text(x, middle + 2.9, caption, "k"))
            drawn.append(svg.text(x, middle + 6.4, svg.shortened(words, width - 2)))
        drawn.append(svg.text(left, foot - 1.2, svg.shortened(stamp.get("source", ""), room, 1.9), "k"))
    return drawn


def cell(x: float, top: float, foot: float, width: float, caption: str, words: str) -> list[str]:
    """Returns one field of the title block."""
    middle = x + width / 2
    return [
        svg.line(x, top, x, foot),
        svg.text(x + 1.6, top + 3, caption, "k"),
        svg.text(middle, (top + foot) / 2 + 3, words, "b d"),
    ]


def third_angle(x: float, y: float) -> list[str]:
    """Returns the symbol for third-angle projection (ISO 5456-2): two circles, then a cone, narrow end first."""
    left, right = x - 6.5, x + 3
    return [
        f'<circle cx="{svg.number(left)}" cy="{svg.number(y)}" r="2"/>',
        f'<circle cx="{svg.number(left)}" cy="{svg.number(y)}" r="4"/>',
        f'<path d="M{svg.number(right)} {svg.number(y - 2)}L{svg.number(right + 8)} {svg.number(y - 4)}'
        f'V{svg.number(y + 4)}L{svg.number(right)} {svg.number(y + 2)}Z"/>',
        svg.line(left - 5.2, y, right + 9.2, y, "c"),
        svg.line(left, y - 5.2, left, y + 5.2, "c"),
    ]
