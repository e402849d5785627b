"""Meshes shapes: triangles with normals, and the edges between their faces."""

import math

import numpy as np
from OCP.Bnd import Bnd_Box
from OCP.BRep import BRep_Tool
from OCP.BRepBndLib import BRepBndLib
from OCP.BRepMesh import BRepMesh_IncrementalMesh
from OCP.BRepTools import BRepTools
from OCP.IMeshTools import IMeshTools_MeshAlgoType, IMeshTools_Parameters
from OCP.TopAbs import TopAbs_FACE
from OCP.TopExp import TopExp_Explorer
from OCP.TopLoc import TopLoc_Location
from OCP.TopoDS import TopoDS, TopoDS_Face, TopoDS_Shape

from opendesign.cad.inside import edges, extraction
from opendesign.cad.inside.mesh import Mesh, MeshedFace
from opendesign.cad.inside.skin import Skin

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]

ANGLE = 0.2
FINEST, COARSEST = 0.005, 0.1
# A quarter of the triangles and of the time on curved faces, and still round to the eye.
ROUGH_ANGLE, ROUGHER = 0.5, 5
# Delabella is 3 to 10 times faster than Watson on plates with many holes; the triangles are the same.
FAST = IMeshTools_MeshAlgoType.IMeshTools_MeshAlgoType_Delabella
SURE = IMeshTools_MeshAlgoType.IMeshTools_MeshAlgoType_Watson


def meshes(shapes: list[TopoDS_Shape | Skin], areas: list[np.ndarray], folder: str) -> list[Mesh]:
    """Returns the meshes of shapes, whose faces have these areas (mm²); `folder` can be written to."""
    smooth = [(shape, own) for shape, own in zip(shapes, areas, strict=True) if not isinstance(shape, Skin)]
    made = iter(of_shapes([shape for shape, _ in smooth], [own for _, own in smooth], folder) if smooth else [])
    return [shape.mesh() if isinstance(shape, Skin) else next(made) for shape in shapes]


def of_shapes(shapes: list[TopoDS_Shape], areas: list[np.ndarray], folder: str) -> list[Mesh]:
    """Returns the meshes of shapes with surfaces."""
    deflections = [triangulate(shape) for shape in shapes]
    faces = [meshed_faces(shape) for shape in shapes]
    arrays = extracted(shapes, faces, folder)
    wrong = [
        (meshed.face, deflection)
        for own, area, deflection, (positions, _, triangles) in zip(faces, areas, deflections, arrays, strict=True)
        for meshed in misshapen(own, area, deflection, positions, triangles)
    ]
    if wrong:
        for face, deflection in wrong:
            BRepTools.Clean_s(face)
            mesh_with(face, deflection, SURE)
        faces = [meshed_faces(shape) for shape in shapes]
        arrays = extracted(shapes, faces, folder)
    return [finished(*each) for each in zip(shapes, faces, arrays, deflections, strict=True)]


def rough_meshes(shapes: list[TopoDS_Shape], folder: str) -> list[Mesh]:
    """Returns meshes for a first look, and leaves the shapes without any, so that fine ones come out the same."""
    deflections = [ROUGHER * fineness(shape) for shape in shapes]
    for shape, deflection in zip(shapes, deflections, strict=True):
        mesh_with(shape, deflection, FAST, ROUGH_ANGLE)
    faces = [meshed_faces(shape) for shape in shapes]
    arrays = extracted(shapes, faces, folder)
    made = [finished(*each) for each in zip(shapes, faces, arrays, deflections, strict=True)]
    for shape in shapes:
        BRepTools.Clean_s(shape)
    return made


def extracted(shapes: list[TopoDS_Shape], faces: list[list[MeshedFace]], folder: str) -> list[Arrays]:
    """Returns each shape's positions, normals and triangles."""
    nodes = [sum(meshed.triangulation.NbNodes() for meshed in own) for own in faces]
    counts = [sum(meshed.triangulation.NbTriangles() for meshed in own) for own in faces]
    if not any(counts):
        nothing = np.zeros((0, 3), np.float32)
        return [(nothing, nothing, nothing.astype(np.uint32)) for _ in shapes]
    positions, normals, triangles = extraction.bulk(shapes, folder)
    if len(positions) != sum(nodes) or len(triangles) != sum(counts):
        raise RuntimeError(f"{len(positions)} nodes and {len(triangles)} triangles: meshed {nodes} and {counts}")
    made = []
    node = triangle = 0
    for own_nodes, count in zip(nodes, counts, strict=True):
        some, own = slice(node, node + own_nodes), triangles[triangle : triangle + count]
        made.append((positions[some], normals[some], own - np.uint32(node)))
        node, triangle = node + own_nodes, triangle + count
    return made


def misshapen(
    faces: list[MeshedFace],
    areas: np.ndarray,
    deflection: float,
    positions: np.ndarray,
    triangles: np.ndarray,
) -> list[MeshedFace]:
    """Returns the faces whose triangles do not have the area of their surface, more or less."""
    if not faces:
        return []
    corners = positions[triangles].astype(np.float64)
    sizes = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    starts = np.cumsum([0, *(meshed.triangulation.NbTriangles() for meshed in faces)])[:-1]
    meshed_areas = np.add.reduceat(sizes, starts)
    wanted = areas[[meshed.number for meshed in faces]]
    wrong = np.abs(meshed_areas - wanted) > 0.03 * wanted + deflection * np.sqrt(np.maximum(wanted, 0))
    return [faces[place] for place in np.flatnonzero(wrong)]


def finished(shape: TopoDS_Shape, faces: list[MeshedFace], arrays: Arrays, deflection: float) -> Mesh:
    """Returns a mesh with its edges added."""
    positions, normals, triangles = arrays
    points, lines, sharp = edges.of(shape, faces, normals, deflection)
    if len(points):
        lines = np.where(lines < 0, -1 - lines + len(positions), lines)
        positions = np.concatenate([positions, points])
        normals = np.concatenate([normals, np.tile(np.float32([0, 0, 1]), (len(points), 1))])
    return Mesh(positions, normals, triangles, lines.astype(np.uint32), sharp, faces, deflection)


def triangulate(shape: TopoDS_Shape) -> float:
    """Meshes a shape to its fineness and 0.2 rad; returns the deflection."""
    deflection = fineness(shape)
    mesh_with(shape, deflection, FAST)
    for face in faces_of(shape):
        triangulation = BRep_Tool.Triangulation_s(face, TopLoc_Location())
        if triangulation is None or triangulation.NbTriangles() == 0:
            BRepTools.Clean_s(face)
            mesh_with(face, deflection, SURE)
    return deflection


def fineness(shape: TopoDS_Shape) -> float:
    """Returns how far a mesh may be from its shape, mm: 0.1 % of its size, 0.005 to 0.1 mm, more above 500 mm."""
    size = diagonal(shape)
    return min(max(size / 1000, FINEST), max(COARSEST, size / 5000))


def mesh_with(shape: TopoDS_Shape, deflection: float, algorithm: IMeshTools_MeshAlgoType, angle: float = ANGLE) -> None:
    """Meshes a shape in one thread."""
    wanted = IMeshTools_Parameters()
    wanted.Deflection, wanted.Angle = deflection, angle
    wanted.InParallel, wanted.Relative = False, False
    wanted.MeshAlgo = algorithm
    BRepMesh_IncrementalMesh(shape, wanted)


def diagonal(shape: TopoDS_Shape) -> float:
    """Returns a shape's size in mm, roughly; 100 for what has none or no end."""
    box = Bnd_Box()
    BRepBndLib.Add_s(shape, box, False)
    if box.IsVoid() or box.IsOpen():
        return 100.0
    size = math.sqrt(box.SquareExtent())
    return size if 0 < size < 1e7 else 100.0


def faces_of(shape: TopoDS_Shape) -> list[TopoDS_Face]:
    """Returns the faces of a shape in the order of OCCT's own iteration, shared ones as often as they occur."""
    found = []
    explorer = TopExp_Explorer(shape, TopAbs_FACE)
    while explorer.More():
        found.append(TopoDS.Face_s(explorer.Current()))
        explorer.Next()
    return found


def meshed_faces(shape: TopoDS_Shape) -> list[MeshedFace]:
    """Returns the faces of a shape that have triangles."""
    found: list[MeshedFace] = []
    first = 0
    for number, face in enumerate(faces_of(shape)):
        location = TopLoc_Location()
        triangulation = BRep_Tool.Triangulation_s(face, location)
        if triangulation is not None and triangulation.NbTriangles():
            found.append(MeshedFace(face, triangulation, location, first, number))
            first += triangulation.NbNodes()
    return found
