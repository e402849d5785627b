"""Finds the faces of a build that are nearest to a point, and says what each is; what one is held by, others decide.

Lengths in mm, everything in the build's own coordinates.
"""

import math
from collections.abc import Iterable, Mapping

from OCP.Bnd import Bnd_Box
from OCP.BRep import BRep_Tool
from OCP.BRepAdaptor import BRepAdaptor_Surface
from OCP.BRepBndLib import BRepBndLib
from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeVertex
from OCP.BRepExtrema import BRepExtrema_DistShapeShape
from OCP.BRepGProp import BRepGProp, BRepGProp_Face
from OCP.GeomAbs import GeomAbs_Cone, GeomAbs_Cylinder, GeomAbs_Plane, GeomAbs_Sphere, GeomAbs_Torus
from OCP.gp import gp_Pnt, gp_Vec
from OCP.GProp import GProp_GProps
from OCP.ShapeAnalysis import ShapeAnalysis_Surface
from OCP.TopoDS import TopoDS_Face

from opendesign.cad.inside import brep, meshing, remaking
from opendesign.cad.inside.failure import Failure

SHAPES = "model.brep"
MOST_FACES = 48  # described, the nearest (core/pin.py); all others are farther away
MOST_LOOKED_AT = 50_000  # 10 µs each
DIGITS = 6
KINDS = {
    GeomAbs_Plane: "plane",
    GeomAbs_Cylinder: "cylinder",
    GeomAbs_Cone: "cone",
    GeomAbs_Sphere: "sphere",
    GeomAbs_Torus: "torus",
}


def nearby(job: dict, files: Mapping[str, bytes]) -> dict:
    """Returns the faces of `model.brep` nearest to the "point" of a job, the nearest first; "names" are its parts'.

    Raises Failure.
    """
    shape, names, point = brep.read(files[SHAPES], SHAPES), job["names"], gp_Pnt(*job["point"])
    shapes = remaking.children(shape) if len(names) > 1 else [shape]
    if len(shapes) != len(names):
        raise Failure("invalid", f"{len(shapes)} shapes were kept of {len(names)} parts.")
    every = [(name, face) for name, each in zip(names, shapes, strict=True) for face in meshing.faces_of(each)]
    if len(every) > MOST_LOOKED_AT:
        raise Failure("output", f"{len(every)} faces are too many to look through.")
    found = [described(name, face, point) for name, face in nearest(every, point)]
    return {"ok": True, "faces": sorted((each for each in found if each), key=lambda each: each["away"])}


def nearest(every: Iterable[tuple[str, TopoDS_Face]], point: gp_Pnt) -> list[tuple[str, TopoDS_Face]]:
    """Returns the faces whose boxes are nearest to the point."""
    here = Bnd_Box(point, point)
    boxed = []
    for number, (name, face) in enumerate(every):
        box = Bnd_Box()
        BRepBndLib.Add_s(face, box, False)
        if not box.IsVoid():
            boxed.append((box.Distance(here), number, name, face))
    return [(name, face) for _, _, name, face in sorted(boxed, key=lambda each: each[:2])[:MOST_FACES]]


def described(name: str, face: TopoDS_Face, point: gp_Pnt) -> dict | None:
    """Returns what a face is, its point nearest to the given one and how it looks there; None for a broken face."""
    extrema = BRepExtrema_DistShapeShape(BRepBuilderAPI_MakeVertex(point).Vertex(), face)
    if not extrema.IsDone() or extrema.NbSolution() == 0:
        return None
    near = extrema.PointOnShape2(1)
    outward = outward_at(face, near)
    properties, box = GProp_GProps(), Bnd_Box()
    BRepGProp.SurfaceProperties_s(face, properties)
    BRepBndLib.AddOptimal_s(face, box, False, False)
    if outward is None or box.IsVoid():
        return None
    low, high = box.CornerMin().Coord(), box.CornerMax().Coord()
    facts = {
        "shape": name,
        **surface_of(face, outward),
        "area_mm2": properties.Mass(),
        "middle": [(a + b) / 2 for a, b in zip(low, high, strict=True)],
        "size": [b - a for a, b in zip(low, high, strict=True)],
        "near": near.Coord(),
        "normal": outward,
        "away": extrema.Value(),
    }
    return {key: rounded(value) for key, value in facts.items()}


def outward_at(face: TopoDS_Face, near: gp_Pnt) -> tuple[float, float, float] | None:
    """Returns the direction out of the material at a point of a face; None at a tip, where there is none."""
    place = ShapeAnalysis_Surface(BRep_Tool.Surface_s(face)).ValueOfUV(near, 1e-6)
    at, normal = gp_Pnt(), gp_Vec()
    BRepGProp_Face(face).Normal(place.X(), place.Y(), at, normal)
    if normal.Magnitude() < 1e-12:
        return None
    return normal.Normalized().Coord()


def surface_of(face: TopoDS_Face, outward: tuple[float, float, float]) -> dict:
    """Returns the kind of a face's surface, and for a regular one direction, place and radii.

    A plane has its outward normal and the point nearest to the origin, a cylinder its axis and the axis' point nearest
    to the origin, a cone axis, tip and half angle (rad), a sphere its centre, a torus axis, centre and two radii.
    """
    surface = BRepAdaptor_Surface(face, False)
    kind = KINDS.get(surface.GetType(), "other")
    if kind == "plane":
        at = surface.Plane().Location().Coord()
        return regular(kind, outward, along((0, 0, 0), outward, dot(at, outward)))
    if kind == "cylinder":
        form = surface.Cylinder()
        axis, at = upward(form.Axis().Direction().Coord()), form.Location().Coord()
        return regular(kind, axis, along(at, axis, -dot(at, axis)), form.Radius())
    if kind == "cone":
        cone = surface.Cone()
        return regular(kind, upward(cone.Axis().Direction().Coord()), cone.Apex().Coord(), abs(cone.SemiAngle()))
    if kind == "sphere":
        ball = surface.Sphere()
        return regular(kind, (0, 0, 0), ball.Location().Coord(), ball.Radius())
    if kind == "torus":
        ring = surface.Torus()
        axis = upward(ring.Axis().Direction().Coord())
        return regular(kind, axis, ring.Location().Coord(), ring.MajorRadius(), ring.MinorRadius())
    return regular(kind, (0, 0, 0), (0, 0, 0))


def regular(kind: str, direction: tuple, place: tuple, *radii: float) -> dict:
    """Returns the facts of a surface, with as many radii for each kind."""
    return {"kind": kind, "direction": direction, "place": place, "radii": [*radii, 0.0, 0.0][:2]}


def upward(axis: tuple[float, float, float]) -> tuple[float, float, float]:
    """Returns an axis without its sense: the first coordinate that is not zero is positive."""
    first = next((each for each in axis if abs(each) > 1e-6), 1.0)
    return axis if first > 0 else (-axis[0], -axis[1], -axis[2])


def along(start: tuple, way: tuple, far: float) -> tuple[float, float, float]:
    """Returns the point so far from another one in a direction."""
    return start[0] + far * way[0], start[1] + far * way[1], start[2] + far * way[2]


def dot(one: tuple, other: tuple) -> float:
    """Returns the product of two vectors."""
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


def rounded(value: object) -> object:
    """Returns numbers to a millionth, so that the same face reads the same."""
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0
    return [rounded(float(each)) for each in value] if isinstance(value, list | tuple) else value
