"""Measures how far a shape reaches, exactly and without the kernel's slow way wherever the mesh already knows.

`AddOptimal` needs 18 ms for one torus face, 72 ms for a small box with fillets. But the highest mesh node of a face,
where the surface's normal points along the axis, is the face's highest point; only faces that might reach beyond
the highest node known, and do not end in such a node, are asked.
"""

import numpy as np
from OCP.Bnd import Bnd_Box
from OCP.BRep import BRep_Tool
from OCP.BRepAdaptor import BRepAdaptor_Surface
from OCP.BRepBndLib import BRepBndLib
from OCP.GeomAbs import GeomAbs_Cone, GeomAbs_Cylinder, GeomAbs_Plane, GeomAbs_Sphere
from OCP.gp import gp_Trsf
from OCP.TopAbs import TopAbs_EDGE, TopAbs_FACE, TopAbs_SOLID
from OCP.TopExp import TopExp_Explorer
from OCP.TopLoc import TopLoc_Location
from OCP.TopoDS import TopoDS, TopoDS_Shape

from opendesign.cad.inside import leaf, summit
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.meshing import Mesh

ALONG = 1 - 1e-8
LARGEST = 1e7
# Surfaces of which the kernel knows the reach by formula.
QUICK = {GeomAbs_Plane, GeomAbs_Cylinder, GeomAbs_Cone, GeomAbs_Sphere}


class Extent:
    """A meshed shape whose reach is asked along many axes; answers are kept, as instances share them."""

    def __init__(self, shape: TopoDS_Shape, mesh: Mesh):
        self.shape = shape
        self.mesh = mesh
        self.starts = np.array([meshed.first for meshed in mesh.faces])
        self.end = mesh.faces[-1].first + mesh.faces[-1].triangulation.NbNodes() if mesh.faces else 0
        # In a closed solid a plane's bent edges belong to curved faces too, so those alone need be asked.
        self.closed = not TopExp_Explorer(shape, TopAbs_FACE, TopAbs_SOLID).More()
        self.known: dict[tuple, float] = {}
        self.boxes: dict[int, np.ndarray | None] = {}

    def box(self, matrix: np.ndarray) -> np.ndarray | None:
        """Returns the lowest and highest x, y, z (2 × 3, mm) of the shape placed by a 4 × 4 matrix, None if empty.

        Raises Failure "geometry" for a shape that is infinite or larger than 10 km.
        """
        if not self.mesh.faces:
            found = optimal(self.shape, matrix)
        else:
            turn, shift = matrix[:3, :3], matrix[:3, 3]
            found = np.array([[-self.reach(-axis) for axis in turn], [self.reach(axis) for axis in turn]]) + shift
            if len(self.mesh.positions) > self.end:
                free = self.mesh.positions[self.end :] @ turn.T + shift
                found = np.array([np.minimum(found[0], free.min(0)), np.maximum(found[1], free.max(0))])
        if found is not None and not (np.isfinite(found).all() and np.abs(found).max() < LARGEST):
            raise Failure("geometry", "A shape is infinite, or larger than 10 km; give every length an end.")
        return found

    def reach(self, axis: np.ndarray) -> float:
        """Returns how far the shape reaches along an axis of its own space, mm."""
        key = tuple(np.round(axis, 12) + 0.0)
        if key not in self.known:
            self.known[key] = self.farthest(axis)
        return self.known[key]

    def farthest(self, axis: np.ndarray) -> float:
        """Measures how far the shape reaches along an axis."""
        heights = self.mesh.positions[: self.end].astype(np.float64) @ axis
        peaks = np.maximum.reduceat(heights, self.starts)
        best = int(np.argmax(peaks))
        known = self.height(best, heights, axis)
        # Heights come from single precision: those this close to the best may be the best.
        close = peaks[best] - 1e-6 * max(1.0, abs(peaks[best]))
        # A face rises above its nodes by its deflection at most; it is given twice that.
        for number in np.flatnonzero(peaks + 2 * self.mesh.deflection > known):
            top = self.starts[number] + int(np.argmax(self.section(heights, number)))
            if abs(self.mesh.normals[top] @ axis) >= ALONG or (self.closed and self.is_plane(number)):
                known = max(known, self.height(number, heights, axis)) if peaks[number] >= close else known
            else:
                known = max(known, self.face_reach(number, top, axis))
        return known

    def section(self, heights: np.ndarray, number: int) -> np.ndarray:
        """Returns the heights of one face's nodes."""
        last = self.starts[number + 1] if number + 1 < len(self.starts) else self.end
        return heights[self.starts[number] : last]

    def height(self, number: int, heights: np.ndarray, axis: np.ndarray) -> float:
        """Returns the height of a face's highest node in double precision."""
        meshed = self.mesh.faces[number]
        node = meshed.triangulation.Node(int(np.argmax(self.section(heights, number))) + 1)
        return float(np.dot(node.Transformed(meshed.location.Transformation()).Coord(), axis))

    def is_plane(self, number: int) -> bool:
        """Says whether a face is flat."""
        return BRepAdaptor_Surface(self.mesh.faces[number].face, False).GetType() == GeomAbs_Plane

    def face_reach(self, number: int, top: int, axis: np.ndarray) -> float:
        """Returns how far a face with its highest node at `top` reaches along an axis; -infinity if it is empty."""
        meshed = self.mesh.faces[number]
        if BRepAdaptor_Surface(meshed.face, False).GetType() in QUICK:
            return self.shape_reach(number, meshed.face, axis)
        rim = leaf.compound(edges_of(meshed.face))
        inside = summit.summit(meshed, top - meshed.first, axis)
        return max(inside, -np.inf if rim is None else self.shape_reach(number, rim, axis))

    def shape_reach(self, number: int, shape: TopoDS_Shape, axis: np.ndarray) -> float:
        """Returns how far a shape reaches along an axis; boxes along the main axes are kept by the face's number."""
        along = int(np.argmax(np.abs(axis)))
        if abs(axis[along]) <= 1 - 1e-12:
            box = optimal(shape, turned_up(axis))
            return -np.inf if box is None else float(box[1, 2])
        if number not in self.boxes:
            self.boxes[number] = optimal(shape, np.identity(4))
        box = self.boxes[number]
        if box is None:
            return -np.inf
        return float(box[1, along] if axis[along] > 0 else -box[0, along])


def edges_of(face: TopoDS_Shape) -> list[TopoDS_Shape]:
    """Returns the edges around a face that are curves."""
    found = []
    explorer = TopExp_Explorer(face, TopAbs_EDGE)
    while explorer.More():
        if not BRep_Tool.Degenerated_s(TopoDS.Edge_s(explorer.Current())):
            found.append(explorer.Current())
        explorer.Next()
    return found


def turned_up(axis: np.ndarray) -> np.ndarray:
    """Returns a rotation (4 × 4) that makes an axis of length 1 the z axis."""
    other = np.zeros(3)
    other[int(np.argmin(np.abs(axis)))] = 1
    x = np.cross(axis, other)
    x /= np.linalg.norm(x)
    turn = np.identity(4)
    turn[:3, :3] = [x, np.cross(axis, x), axis]
    return turn


def optimal(shape: TopoDS_Shape, matrix: np.ndarray) -> np.ndarray | None:
    """Returns the kernel's tight box of a shape placed by a matrix; without meshes and tolerances, None if empty."""
    if not np.array_equal(matrix, np.identity(4)):
        move = gp_Trsf()
        move.SetValues(*(float(number) for number in matrix[:3].ravel()))
        shape = shape.Moved(TopLoc_Location(move), False)
    found = Bnd_Box()
    BRepBndLib.AddOptimal_s(shape, found, False, False)
    if found.IsVoid():
        return None
    if found.IsOpen():
        return np.full((2, 3), np.inf)
    return np.array(found.Get()).reshape(2, 3)
