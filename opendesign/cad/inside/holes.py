"""Finds round holes: cylinders with the material outside, all the way round. Lengths in mm.

A slot's ends and the fillets of a pocket go only part of the way round, so they are none.
"""

import math

import numpy as np
from OCP.BRepAdaptor import BRepAdaptor_Surface
from OCP.GeomAbs import GeomAbs_Cylinder
from OCP.TopAbs import TopAbs_REVERSED
from OCP.TopoDS import TopoDS_Face, TopoDS_Shape

from opendesign.cad.inside import meshing
from opendesign.cad.inside.parts import Model
from opendesign.cad.inside.skin import Skin

MOST_HOLES = 500
MOST_FACES = 5000  # 4 µs each
ROUND = 0.95 * 2 * math.pi  # a hole that another one crosses is not whole
ALIKE = 4  # decimals of mm in which the faces of one hole agree

Point = tuple[float, float, float]
Found = tuple[Point, Point, float]


def holes(model: Model) -> list[dict] | None:
    """Returns the holes of every part: its name, both ends of the axis, the diameter; None for too many to tell."""
    if sum(0 if isinstance(each, Skin) else len(meshing.faces_of(each)) for each in model.definitions) > MOST_FACES:
        return None
    known = [[] if isinstance(each, Skin) else of_shape(each) for each in model.definitions]
    if sum(len(known[part.definition]) for part in model.parts) > MOST_HOLES:
        return None
    found = []
    for part in model.parts:
        turn, shift = part.matrix[:3, :3], part.matrix[:3, 3]
        for start, end, diameter in known[part.definition]:
            ends = np.round([turn @ start + shift, turn @ end + shift], 6) + 0.0
            found.append({"shape": part.name, "ends": ends.tolist(), "diameter": round(diameter, 6)})
    return found


def of_shape(shape: TopoDS_Shape) -> list[Found]:
    """Returns start, end and diameter of each hole of one definition."""
    lines: dict[tuple, list[tuple[Point, Point, float, float, float, float]]] = {}
    for face in meshing.faces_of(shape):
        hollow = hollow_of(face)
        if hollow is not None:
            key = tuple(round(number, ALIKE) + 0.0 for number in (*hollow[0], *hollow[1], hollow[2]))
            lines.setdefault(key, []).append(hollow)
    found = []
    for pieces in lines.values():
        axis, foot, radius = pieces[0][:3]
        for low, high in whole(sorted(piece[3:] for piece in pieces)):
            found.append((along(foot, axis, low), along(foot, axis, high), 2 * radius))
    return found


def along(foot: Point, axis: Point, far: float) -> Point:
    """Returns the point of an axis so far from its foot."""
    return foot[0] + far * axis[0], foot[1] + far * axis[1], foot[2] + far * axis[2]


def hollow_of(face: TopoDS_Face) -> tuple[Point, Point, float, float, float, float] | None:
    """Returns the cylinder of a face with the material outside, as `round_of` does; None for any other face."""
    return round_of(face, True)


def round_of(face: TopoDS_Face, hollow: bool) -> tuple[Point, Point, float, float, float, float] | None:
    """Returns axis, the axis' point nearest to the origin, radius, both ends along the axis and the sweep (rad).

    None for a face that is no cylinder, or has the material on the other side than `hollow` says.
    """
    surface = BRepAdaptor_Surface(face, False)
    if surface.GetType() != GeomAbs_Cylinder:
        return None
    cylinder = surface.Cylinder()
    if ((face.Orientation() == TopAbs_REVERSED) == cylinder.Position().Direct()) != hollow:
        return None
    trimmed = BRepAdaptor_Surface(face, True)
    axis, origin = cylinder.Axis().Direction().Coord(), cylinder.Location().Coord()
    height = sum(a * b for a, b in zip(axis, origin, strict=True))
    foot = along(origin, axis, -height)
    low, high = trimmed.FirstVParameter() + height, trimmed.LastVParameter() + height
    if next(number for number in axis if abs(number) > 1e-6) < 0:  # one hole's faces may point either way
        axis, low, high = (-axis[0], -axis[1], -axis[2]), -high, -low
    sweep = trimmed.LastUParameter() - trimmed.FirstUParameter()
    return axis, foot, cylinder.Radius(), low, high, sweep


def whole(pieces: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Returns the stretches of an axis, in order, that pieces (low, high, sweep) go all the way round on the whole."""
    stretches: list[list[float]] = []  # low, high, area seen as length × angle
    for low, high, sweep in pieces:
        if stretches and low <= stretches[-1][1] + 10**-ALIKE:
            stretches[-1][1] = max(stretches[-1][1], high)
            stretches[-1][2] += (high - low) * sweep
        else:
            stretches.append([low, high, (high - low) * sweep])
    return [(low, high) for low, high, area in stretches if high > low and area >= ROUND * (high - low)]
