"""Takes the edges of meshed shapes as lines over the nodes of their faces."""

from typing import TYPE_CHECKING

import numpy as np
from OCP.BRep import BRep_Tool
from OCP.BRepAdaptor import BRepAdaptor_Curve
from OCP.GCPnts import GCPnts_TangentialDeflection
from OCP.TopAbs import TopAbs_EDGE, TopAbs_FACE
from OCP.TopExp import TopExp
from OCP.TopoDS import TopoDS, TopoDS_Edge, TopoDS_Shape
from OCP.TopTools import TopTools_IndexedDataMapOfShapeListOfShape, TopTools_IndexedMapOfShape

if TYPE_CHECKING:
    from opendesign.cad.inside.mesh import MeshedFace

# Faces whose normals differ by less than 3° along their edge are tangent.
TANGENT = 0.9986
ANGLE = 0.2


def of(
    shape: TopoDS_Shape, faces: list["MeshedFace"], normals: np.ndarray, deflection: float
) -> tuple[np.ndarray, np.ndarray, int]:
    """Returns points of edges without faces (p × 3), lines as pairs of nodes (k × 2), and how many of them are sharp.

    A node of -1 or less is the point -1 - node. Sharp lines come first; a face's seam with itself is no edge.
    """
    face_map, first = TopTools_IndexedMapOfShape(), {}
    for meshed in faces:
        first.setdefault(face_map.Add(meshed.face), meshed)
    meeting = TopTools_IndexedDataMapOfShapeListOfShape()
    TopExp.MapShapesAndAncestors_s(shape, TopAbs_EDGE, TopAbs_FACE, meeting)
    chains: list[list[int]] = []
    middles: list[tuple[int, int]] = []
    points: list[np.ndarray] = []
    for place in range(1, meeting.Extent() + 1):
        edge = TopoDS.Edge_s(meeting.FindKey(place))
        if BRep_Tool.Degenerated_s(edge):
            continue
        around = meeting.FindFromIndex(place)
        if around.Extent() == 0:
            free = discrete(edge, deflection)
            if len(free) < 2:
                continue
            start = sum(map(len, points))
            chains.append([-1 - start - number for number in range(len(free))])
            middles.append((-1, -1))
            points.append(free)
            continue
        sides = [first.get(face_map.FindIndex(face)) for face in (around.First(), around.Last())]
        if sides[0] is not None and sides[1] is not None and not is_seam(edge, around.Extent(), sides):
            add_chain(edge, sides, chains, middles)
    lines, sharp = split(chains, middles, normals)
    return np.concatenate(points) if points else np.zeros((0, 3), np.float32), lines, sharp


def is_seam(edge: TopoDS_Edge, count: int, sides: list["MeshedFace"]) -> bool:
    """Says whether a face meets itself along an edge."""
    return count > 1 and sides[0] is sides[1] and BRep_Tool.IsClosed_s(edge, sides[0].face)


def add_chain(edge: TopoDS_Edge, sides: list["MeshedFace"], chains: list, middles: list) -> None:
    """Adds an edge's nodes on its first face, and its middle node on both faces."""
    polygons = [BRep_Tool.PolygonOnTriangulation_s(edge, side.triangulation, side.location) for side in sides]
    if polygons[0] is None:
        return
    nodes, offset = polygons[0].Nodes(), sides[0].first - 1
    # `.Value` one by one: iterating over the array costs 70 times as much.
    chain = [nodes.Value(number) + offset for number in range(1, nodes.Length() + 1)]
    chains.append(chain)
    middle = len(chain) // 2
    if sides[0] is sides[1] or polygons[1] is None or polygons[1].NbNodes() != len(chain):
        middles.append((-1, -1))
    else:
        middles.append((chain[middle], polygons[1].Nodes().Value(middle + 1) + sides[1].first - 1))


def discrete(edge: TopoDS_Edge, deflection: float) -> np.ndarray:
    """Returns points along an edge that has no face; none for an edge without a curve or an end."""
    if not BRep_Tool.IsGeometric_s(edge):
        return np.zeros((0, 3), np.float32)
    curve = BRepAdaptor_Curve(edge)
    if not -1e9 < curve.FirstParameter() < curve.LastParameter() < 1e9:
        return np.zeros((0, 3), np.float32)
    found = GCPnts_TangentialDeflection(curve, ANGLE, deflection, 2)
    values = [found.Value(number).Coord() for number in range(1, found.NbPoints() + 1)]
    return np.array(values, np.float32).reshape(-1, 3)


def split(chains: list[list[int]], middles: list[tuple[int, int]], normals: np.ndarray) -> tuple[np.ndarray, int]:
    """Returns the chains as lines, those between tangent faces last, and the number of the others."""
    if not chains:
        return np.zeros((0, 2), np.int64), 0
    pairs = np.array(middles)
    tangent = pairs[:, 0] >= 0
    dots = np.einsum("ij,ij->i", normals[pairs[tangent, 0]], normals[pairs[tangent, 1]])
    tangent[tangent] = dots > TANGENT
    flat = np.array([node for chain in chains for node in chain], np.int64)
    ends = np.cumsum([len(chain) for chain in chains])
    lines = np.stack([flat[:-1], flat[1:]], axis=1)
    kept = np.ones(len(lines), bool)
    kept[ends[:-1][ends[:-1] > 0] - 1] = False
    owner = np.repeat(np.arange(len(chains)), [len(chain) for chain in chains])[:-1]
    soft = tangent[owner]
    return np.concatenate([lines[kept & ~soft], lines[kept & soft]]), int((kept & ~soft).sum())
