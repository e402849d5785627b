"""Looks at triangles as one who prints does: what lies level, and what hangs over nothing."""

import numpy as np
from OCP.GeomAbs import GeomAbs_Plane
from OCP.TopoDS import TopoDS_Shape

from opendesign.cad.inside import faults
from opendesign.cad.inside.mesh import Mesh
from opendesign.cad.inside.skin import Skin

# A plane is closed by top and bottom layers when its normal is within 45° of upright, else by perimeters.
LEVEL = 0.7
# Printers bridge what leans less than 45° from upright by itself.
STEEP = float(np.cos(np.radians(45.0))) + 1e-6
ON_BED = 0.01
# Beyond this nothing is said: a million triangles take 0.1 s and 100 MB.
MOST_TRIANGLES = 150_000


class Slopes:
    """The triangles of one definition by how they lean, each instance standing on its own lowest point."""

    def __init__(self, shape: TopoDS_Shape | Skin, mesh: Mesh):
        self.known = 0 < len(mesh.triangles) <= MOST_TRIANGLES
        self.kept: dict[tuple, tuple[float, float]] = {}
        if not self.known:
            return
        self.corners = mesh.positions[mesh.triangles].astype(np.float64)
        a, b, c = (self.corners[:, place] for place in range(3))
        self.across = np.cross(b - a, c - a) / 2
        self.sizes = np.linalg.norm(self.across, axis=1)
        self.plane = in_planes(shape, mesh)

    def areas(self, matrix: np.ndarray) -> tuple[float, float] | None:
        """Returns the area of level planes and that of overhangs of more than 45°, mm²; None for too many triangles."""
        if not self.known:
            return None
        up = matrix[2, :3]
        turn = tuple(np.round(up, 6).tolist())
        if turn not in self.kept:
            self.kept[turn] = self.measured(up)
        return self.kept[turn]

    def measured(self, up: np.ndarray) -> tuple[float, float]:
        """Returns both areas with this way up."""
        rise, heights = self.across @ up, self.corners @ up
        level = self.plane & (np.abs(rise) > LEVEL * self.sizes)
        hanging = (rise < -STEEP * self.sizes) & (heights.max(1) > heights.min() + ON_BED)
        return float(self.sizes[level].sum()), float(self.sizes[hanging].sum())


def in_planes(shape: TopoDS_Shape | Skin, mesh: Mesh) -> np.ndarray:
    """Says of each triangle whether its face is a plane; those of a file are planes themselves."""
    everything = np.ones(len(mesh.triangles), bool)
    if isinstance(shape, Skin):
        return everything
    counts = [meshed.triangulation.NbTriangles() for meshed in mesh.faces]
    planes = [faults.surface_kind(meshed.face) == GeomAbs_Plane for meshed in mesh.faces]
    return np.repeat(np.array(planes, bool), counts) if sum(counts) == len(everything) else everything
