"""Says how far two shapes are the same: what they have in common over what they have together, once one is turned.

A turn and a shift, never a mirror: the left bracket is not the right one.
"""

from collections.abc import Mapping

import numpy as np
from OCP.BRep import BRep_Tool
from OCP.BRepGProp import BRepGProp
from OCP.GProp import GProp_GProps
from OCP.TopAbs import TopAbs_VERTEX
from OCP.TopExp import TopExp
from OCP.TopoDS import TopoDS, TopoDS_Shape
from OCP.TopTools import TopTools_IndexedMapOfShape

from opendesign.cad.inside import approximate, brep, difference, exact, measure, meshing, motion, pairing, step
from opendesign.cad.inside.failure import Failure

SIDES = ("one.brep", "other.brep")
TRIED = 4  # turns, the best first: the axes of inertia leave four
SAME = 0.999  # more is not looked for
DOUBTFUL = 0.5  # shapes whose faces lie on each other can be apart to the kernel: less is looked at by triangles too


def overlap(files: Mapping[str, bytes], folder: str) -> dict:
    """Returns the largest overlap found, 0 to 1, of the solids of `one.brep` and `other.brep`.

    `folder` can be written to. Raises Failure.
    """
    one, other = (brep.read(files[name], name) for name in SIDES)
    bulks = [measure.bulk(shape) for shape in (one, other)]
    if any(bulk.volume <= 0 for bulk in bulks):
        raise Failure("geometry", "One of the two has no volume.")
    bodies = [
        motion.Body(bulk.inertia, points(shape) - bulk.centre) for shape, bulk in zip((one, other), bulks, strict=True)
    ]
    best = 0.0
    for turn in motion.motions(*bodies, most=TRIED):
        moved = one.Moved(step.placed(placing(turn, bulks[0].centre, bulks[1].centre)), False)
        best = max(best, common(moved, other, folder))
        if best >= SAME:
            break
    return {"ok": True, "overlap": round(min(best, 1.0), 6)}


def placing(turn: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Returns the motion (4 × 4) that turns about one centre and carries it to another."""
    matrix = np.identity(4)
    matrix[:3, :3], matrix[:3, 3] = turn, end - turn @ start
    return matrix


def points(shape: TopoDS_Shape) -> np.ndarray:
    """Returns the middles of a shape's faces and its corners, which two ways to draw it have in common."""
    found = []
    for face in meshing.faces_of(shape):
        own = GProp_GProps()
        BRepGProp.SurfaceProperties_s(face, own)
        found.append(own.CentreOfMass().Coord())
    corners = TopTools_IndexedMapOfShape()
    TopExp.MapShapes_s(shape, TopAbs_VERTEX, corners)
    for number in range(1, corners.Extent() + 1):
        found.append(BRep_Tool.Pnt_s(TopoDS.Vertex_s(corners.FindKey(number))).Coord())
    return np.nan_to_num(np.array(found, float).reshape(-1, 3))


def common(one: TopoDS_Shape, other: TopoDS_Shape, folder: str) -> float:
    """Returns the overlap of two shapes where they are; by triangles where the exact way fails."""
    group = pairing.Group(pairing.pieces(one), pairing.pieces(other))
    change = exact.change(group)
    found = share(change) if change else 0.0
    return found if found >= DOUBTFUL else max(found, share(difference.by_meshes(group, folder)))


def share(change: exact.Change | approximate.Change) -> float:
    """Returns what two have in common over what they have together."""
    together = change.common_volume + change.added_volume + change.removed_volume
    return change.common_volume / together if together else 0.0
