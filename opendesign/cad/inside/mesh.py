"""What triangles are kept in: the mesh of a shape, and the faces it was made from."""

from dataclasses import dataclass

import numpy as np
from OCP.Poly import Poly_Triangulation
from OCP.TopLoc import TopLoc_Location
from OCP.TopoDS import TopoDS_Face


@dataclass
class MeshedFace:
    """A face with its triangulation, where its nodes begin among its shape's, and its number among all faces."""

    face: TopoDS_Face
    triangulation: Poly_Triangulation
    location: TopLoc_Location
    first: int
    number: int


@dataclass
class Mesh:
    """A shape in triangles, mm: positions and normals (n × 3), triangles (m × 3) and lines (k × 2) of positions.

    The first `sharp` lines lie on edges where faces meet at an angle, the others where they are tangent.
    """

    positions: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray
    lines: np.ndarray
    sharp: int
    faces: list[MeshedFace]
    deflection: float
