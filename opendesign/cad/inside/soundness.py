"""Finds what is unusual about a shape, and where: what will not print or combine, and what was hardly meant.

Each finding is a table of facts: "kind", and as far as they are known "at" (mm, in the shape's own space), "count",
"value" (mm) and "fault" (the kernel's word). The sentences are made outside, in the reader's language.
"""

import numpy as np
from OCP.BRep import BRep_Tool
from OCP.BRepCheck import BRepCheck_Analyzer
from OCP.GeomAbs import GeomAbs_Plane
from OCP.TopAbs import TopAbs_EDGE, TopAbs_FACE
from OCP.TopExp import TopExp
from OCP.TopoDS import TopoDS, TopoDS_Shape
from OCP.TopTools import TopTools_IndexedDataMapOfShapeListOfShape

from opendesign.cad.inside import faults, meshing, walls
from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.skin import Skin

# The kernel compares every hole of a face with every other: 1.5 s for a plate of 256, 37 s for one of 900. Beyond
# this such a face is not checked by itself, but all others are, and that edges and triangles join.
MOST_HOLES = 100
# Thinner than a printer's step or a sheet of foil by far; rounding makes walls of some 1e-7 mm.
THINNEST = 0.01
TINY, HUGE = 1.0, 3000.0
# Beyond this a mesh is only weighed (3 ms for 100,000 triangles); joining it would take 0.1 s.
MOST_JOINED = 8000
# Beyond this triangles are not looked at: 800,000 of them cost a second.
MOST_WEIGHED = 150_000


class Soundness:
    """What is found out about one definition: `valid` by the kernel, a list of findings, and its thinnest `wall`.

    The wall (mm) is the thinnest at some places; None where a shape is faulty, has no volume or too many triangles.
    """

    def __init__(self, shape: TopoDS_Shape | Skin, own: object, mesh: Mesh):
        skin = isinstance(shape, Skin)
        self.findings = gaps_of(shape) if skin else faults_of(shape)
        self.valid = not self.findings
        self.wall: float | None = None
        self.solid = own.solids > 0
        if own.solids == 0:
            if skin:
                return
            self.findings.append({"kind": bare_kind(shape, own, mesh)})
            return
        if own.volume < 0:
            self.findings.append({"kind": "inside-out"})
        if not skin:
            self.findings += opening(shape, mesh)
        if not self.findings:
            self.wall, at = sampled(own, mesh)
            if self.wall is not None and self.wall < THINNEST:
                self.findings.append({"kind": "thin", "value": self.wall, "at": at})
        if own.solids > 1:
            self.findings.append({"kind": "bodies", "count": own.solids})


def gaps_of(skin: Skin) -> list[dict]:
    """Returns that a mesh from a file is not closed: it must be, to be geometry that other programs can rely on."""
    return [] if skin.is_closed else [{"kind": "open", "count": skin.open_edges}]


def faults_of(shape: TopoDS_Shape) -> list[dict]:
    """Returns the first thing that the kernel calls wrong with a shape, or nothing."""
    faces = meshing.faces_of(shape)
    checked = [face for face in faces if face.NbChildren() <= MOST_HOLES]
    for piece in [shape] if len(checked) == len(faces) else checked:
        analyzer = BRepCheck_Analyzer(piece, True, False)
        if not analyzer.IsValid():
            return [faults.fault(piece, analyzer)]
    return []


def bare_kind(shape: TopoDS_Shape, own: object, mesh: Mesh) -> str:
    """Returns what a shape without a solid is: "flat" (a drawing in one plane), "surface" or "lines"."""
    if not own.faces:
        return "lines"
    return "flat" if is_flat(shape, mesh) else "surface"


def is_flat(shape: TopoDS_Shape, mesh: Mesh) -> bool:
    """Says whether all faces lie in one plane."""
    planes = all(faults.surface_kind(face) == GeomAbs_Plane for face in meshing.faces_of(shape))
    if not planes or not len(mesh.triangles):
        return False
    points = mesh.positions[np.unique(mesh.triangles)].astype(np.float64)
    normal = mesh.normals[mesh.triangles[0, 0]].astype(np.float64)
    return bool(np.ptp(points @ normal) < max(1e-4, 1e-5 * np.abs(points).max()))


def opening(shape: TopoDS_Shape, mesh: Mesh) -> list[dict]:
    """Returns where a solid's skin is open: edges with one face only, else a mesh that is not closed."""
    meeting = TopTools_IndexedDataMapOfShapeListOfShape()
    TopExp.MapShapesAndAncestors_s(shape, TopAbs_EDGE, TopAbs_FACE, meeting)
    free = []
    for place in range(1, meeting.Extent() + 1):
        around = meeting.FindFromIndex(place)
        if around.Extent() == 1:
            edge = TopoDS.Edge_s(meeting.FindKey(place))
            if not BRep_Tool.Degenerated_s(edge) and not BRep_Tool.IsClosed_s(edge, TopoDS.Face_s(around.First())):
                free.append(edge)
    if free:
        return [{"kind": "open", "count": len(free), "at": faults.middle(free[0])}]
    return leak(mesh)


def leak(mesh: Mesh) -> list[dict]:
    """Returns where the triangles of a closed solid leave a gap, as programs that print will see it."""
    if not 0 < len(mesh.triangles) <= MOST_WEIGHED:
        return []
    corners = mesh.positions[mesh.triangles].astype(np.float64)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2
    area = np.linalg.norm(across, axis=1).sum()
    # The sum over a closed skin is nothing; single precision leaves some 1e-6 of the area.
    if np.linalg.norm(across.sum(0)) > 1e-4 * area:
        return [{"kind": "leaky", "at": walls.gap(mesh)}]
    gap = walls.gap(mesh) if len(mesh.triangles) <= MOST_JOINED else None
    return [{"kind": "leaky", "at": gap}] if gap else []


def sampled(own: object, mesh: Mesh) -> tuple[float | None, list[float]]:
    """Returns how thin a solid is, mm, and where: everywhere by its volume, or at the thinnest of some places."""
    middle = own.centre.tolist()
    mean = 2 * own.volume / own.area if own.area else 0.0
    if mean < THINNEST:
        return max(mean, 0.0), middle
    if not 0 < len(mesh.triangles) <= MOST_WEIGHED:
        return None, middle
    thinnest, at = walls.thinnest(mesh)
    return (thinnest, at) if np.isfinite(thinnest) else (None, middle)


def scale(box: np.ndarray) -> list[dict]:
    """Returns whether everything together (2 × 3, mm) looks as if its numbers were metres, inches or micrometres."""
    largest = float((box[1] - box[0]).max())
    if 0 < largest < TINY:
        return [{"kind": "tiny", "value": largest}]
    return [{"kind": "huge", "value": largest}] if largest > HUGE else []
