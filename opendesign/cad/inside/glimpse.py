"""Lets whoever waits see a part before all is known of it: a coarse mesh where the fine one takes long.

Meshing takes a tenth to a fifth of a build of most parts (8 to 95 ms of the demo's), where a second mesh would only
cost; but three fifths of one with many balls, tori or threads, where a coarse one is there in a quarter of the time.
So the fine mesh's triangles are estimated from what the faces are, which costs 3 µs a face.
"""

import math
from collections.abc import Callable

import numpy as np
from OCP.BRepAdaptor import BRepAdaptor_Surface
from OCP.GeomAbs import (
    GeomAbs_BSplineSurface,
    GeomAbs_Cone,
    GeomAbs_Cylinder,
    GeomAbs_Plane,
    GeomAbs_Sphere,
    GeomAbs_Torus,
)
from OCP.TopoDS import TopoDS_Face, TopoDS_Shape

from opendesign.cad.inside import meshing, viewer
from opendesign.cad.inside.clock import Clock
from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.parts import Model
from opendesign.cad.inside.skin import Skin

# At 3 to 6 µs a triangle; below this a coarse mesh is seen less than 150 ms sooner.
WORTHWHILE = 50_000
# How many times the triangles of an even grid the kernel makes of balls and tori, as measured.
BALL, TORUS = 3.5, 5.0
# Spans of a free-form surface turn by about this many steps each way.
SPAN_TRIANGLES = 2 * 6 * 6
Deliver = Callable[[str, bytes], None]


def coarse(job: dict, model: Model, areas: list[np.ndarray], deliver: Deliver, folder: str, clock: Clock) -> str:
    """Delivers a coarse viewer's file first if that is wanted and worthwhile; returns "coarse", or "" for none."""
    if not job.get("sight") or any(isinstance(shape, Skin) for shape in model.definitions):
        return ""
    shown = [part.definition for part in model.parts]
    triangles = sum(expected(model.definitions[number], areas[number]) for number in set(shown))
    if triangles < WORTHWHILE:
        return ""
    clock.begin("coarse")
    deliver("coarse", viewer.viewer(model, meshing.rough_meshes(model.definitions, folder)))
    return "coarse"


def fine(job: dict, model: Model, meshes: list[Mesh], deliver: Deliver, folder: str, clock: Clock) -> str:
    """Delivers the viewer's file before the measuring if that is wanted; returns "viewer", or "" for none."""
    if not job.get("sight") or "viewer" not in job["formats"]:
        return ""
    clock.begin("viewer")
    deliver("viewer", viewer.viewer(model, meshes))
    return "viewer"


def expected(shape: TopoDS_Shape, areas: np.ndarray) -> float:
    """Estimates how many triangles the fine mesh of a shape has whose faces have these areas, mm²."""
    deflection = meshing.fineness(shape)
    return sum(
        on_face(face, area, deflection) for face, area in zip(meshing.faces_of(shape), areas, strict=True) if area > 0
    )


def on_face(face: TopoDS_Face, area: float, deflection: float) -> float:
    """Estimates the triangles of one face; those of planes are few, or as many as their curved neighbours have."""
    surface = BRepAdaptor_Surface(face, False)
    kind = surface.GetType()
    if kind == GeomAbs_Plane:
        return 0.0
    if kind in (GeomAbs_Cylinder, GeomAbs_Cone):
        # A strip of two triangles a step, and as many again on the planes it ends in.
        turn = abs(surface.LastUParameter() - surface.FirstUParameter())
        radius = surface.Cylinder().Radius() if kind == GeomAbs_Cylinder else surface.Cone().RefRadius()
        return 4 * turn / step(radius, deflection)
    if kind == GeomAbs_Sphere:
        radius = surface.Sphere().Radius()
        return BALL * 2 * area / (radius * step(radius, deflection)) ** 2
    if kind == GeomAbs_Torus:
        torus = surface.Torus()
        small, large = torus.MinorRadius(), torus.MajorRadius() + torus.MinorRadius()
        return TORUS * 2 * area / (small * step(small, deflection) * large * step(large, deflection))
    if kind != GeomAbs_BSplineSurface:
        return SPAN_TRIANGLES
    return SPAN_TRIANGLES * max(1, surface.NbUKnots() - 1) * max(1, surface.NbVKnots() - 1)


def step(radius: float, deflection: float) -> float:
    """Returns the angle between two nodes on a circle of this radius."""
    if radius <= deflection:
        return 1.0
    return min(meshing.ANGLE, 2 * math.acos(1 - deflection / radius))
