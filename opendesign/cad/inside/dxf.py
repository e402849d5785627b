"""Writes plane curves as DXF R2010 in mm, a layer for each part, the same bytes for the same model."""

import io
import math
import re

import ezdxf
from ezdxf.layouts import Modelspace

from opendesign.cad.inside import colour, loops
from opendesign.cad.inside.curves import Arc, Chain, Curve, Spline
from opendesign.cad.inside.section import Section

MILLIMETRES = 4
STRANGE = re.compile(r"[<>/\\\":;?*=`|,\x00-\x1f]")
LONGEST_LAYER = 100
Places = list[tuple[float, float]]


def dxf(section: Section, stamp: dict[str, str]) -> bytes:
    """Returns a section or flat outline: closed runs of lines and arcs are one polyline, other curves what they are."""
    ezdxf.options.write_fixed_meta_data_for_testing = True
    drawing = ezdxf.new("R2010", units=MILLIMETRES)
    for name, value in stamp.items():
        drawing.header.custom_vars.append(name.capitalize(), value)
    space = drawing.modelspace()
    for one in section.cuts:
        layer = layer_name(one.part.name)
        if layer not in drawing.layers:
            made = drawing.layers.add(layer)
            if one.part.colour:
                made.rgb = colour.bytes_of(one.part.colour)[:3]
        for run in one.runs:
            add(space, run, {"layer": layer})
    # The library takes the classes every file declares from a set, whose order differs between processes.
    drawing.classes.add_required_classes(drawing.dxfversion)
    for key in sorted(drawing.classes.classes):
        drawing.classes.classes.move_to_end(key)
    stream = io.StringIO()
    drawing.write(stream)
    return stream.getvalue().encode()


def layer_name(name: str) -> str:
    """Returns a part's name as a layer may be called."""
    return STRANGE.sub("_", name).strip()[:LONGEST_LAYER] or "part"


def add(space: Modelspace, run: list[Curve], facts: dict) -> None:
    """Adds one run of curves."""
    if len(run) == 1 and isinstance(run[0], Arc) and run[0].closed and run[0].round:
        space.add_circle(run[0].centre, run[0].radius, facts)
    elif loops.closed(run) and all(isinstance(one, Chain) or is_round(one) for one in run):
        space.add_lwpolyline(corners(run), "xyb", close=True, dxfattribs=facts)
    else:
        for one in run:
            add_one(space, one, facts)


def is_round(one: Curve) -> bool:
    """Says whether a curve is a circle's arc."""
    return isinstance(one, Arc) and one.round


def corners(run: list[Curve]) -> list[tuple[float, float, float]]:
    """Returns a closed run as polyline corners: x, y and the bulge to the next (tan of a quarter of the angle)."""
    found = []
    for one in run:
        if isinstance(one, Arc):
            # A bulge has no end beyond half a turn: larger arcs go in two steps.
            steps = 2 if abs(one.sweep) > math.pi else 1
            bulge = math.tan(one.sweep / steps / 4)
            found += [(*plain(one.at(one.start + one.sweep * n / steps)), round(bulge, 12)) for n in range(steps)]
        else:
            found += [(*plain(point), 0.0) for point in one.points[:-1]]
    return found


def add_one(space: Modelspace, one: Curve, facts: dict) -> None:
    """Adds one curve as what it is."""
    if isinstance(one, Spline):
        entity = space.add_spline(dxfattribs=facts)
        entity.dxf.degree = one.degree
        entity.control_points = [(*plain(pole), 0.0) for pole in one.poles]
        entity.knots = one.knots.tolist()
        if not (abs(one.weights - one.weights[0]) < 1e-12).all():
            entity.weights = one.weights.tolist()
    elif isinstance(one, Arc):
        add_arc(space, one if one.sweep > 0 else one.reversed(), facts)
    elif len(one.points) == 2:
        space.add_line(plain(one.points[0]), plain(one.points[1]), facts)
    else:
        space.add_lwpolyline([plain(point) for point in one.points], dxfattribs=facts)


def add_arc(space: Modelspace, one: Arc, facts: dict) -> None:
    """Adds an anticlockwise arc of a circle or an ellipse."""
    if one.round:
        turned = math.atan2(one.half[1], one.half[0])
        start, end = (math.degrees(turned + angle) for angle in (one.start, one.start + one.sweep))
        space.add_arc(plain(one.centre), one.radius, start, end, dxfattribs=facts)
    else:
        space.add_ellipse(
            (*one.centre, 0), (*one.half, 0), one.ratio, one.start, one.start + one.sweep, dxfattribs=facts
        )


def plain(point) -> tuple[float, float]:
    """Returns a point to a millionth of a millimetre."""
    return loops.rounded(point)
