"""Turns a skin of triangles into the kernel's own faces, for formats that know nothing else."""

import numpy as np
from OCP.BRep import BRep_Builder
from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeShapeOnMesh
from OCP.BRepLib import BRepLib
from OCP.gp import gp_Pnt
from OCP.Poly import Poly_Triangle, Poly_Triangulation
from OCP.TopoDS import TopoDS_Face, TopoDS_Shape, TopoDS_Shell, TopoDS_Solid

from opendesign.cad.inside import leaf, meshing
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.skin import Skin

# A STEP file has a plane and three curves for each triangle: 1.5 kB of it.
MOST_TRIANGLES = 20_000


def exact(shape: TopoDS_Shape | Skin) -> TopoDS_Shape:
    """Returns a definition with surfaces. Raises Failure "output" for a skin of more than 20,000 triangles."""
    return faceted(shape) if isinstance(shape, Skin) else shape


def faceted(skin: Skin) -> TopoDS_Shape:
    """Returns a skin as a shell of plane faces, or as a solid for each of its bodies when it is closed."""
    count = len(skin.triangles)
    if count > MOST_TRIANGLES:
        raise Failure("output", f"A mesh of {count} triangles is too fine for it; the limit is {MOST_TRIANGLES}.")
    mesh = Poly_Triangulation(len(skin.positions), count, False, False)
    for place, point in enumerate(skin.positions.tolist(), 1):
        mesh.SetNode(place, gp_Pnt(*point))
    for place, (a, b, c) in enumerate((skin.triangles + 1).tolist(), 1):
        mesh.SetTriangle(place, Poly_Triangle(a, b, c))
    maker = BRepBuilderAPI_MakeShapeOnMesh(mesh)
    maker.Build()
    faces = meshing.faces_of(maker.Shape())
    if not skin.is_closed or len(faces) != count:
        return shell_of(faces, False)
    return leaf.compound([solid_of([faces[place] for place in body]) for body in bodies(skin)])


def bodies(skin: Skin) -> list[list[int]]:
    """Returns the triangles of each body of a closed skin; all together where one is a hollow in another."""
    labels = skin.labels[skin.triangles[:, 0]]
    volumes = np.bincount(labels, np.einsum("ij,ij->i", skin.corners[:, 0], skin.across))
    if (volumes <= 0).any():
        return [list(range(len(labels)))]
    return [np.flatnonzero(labels == label).tolist() for label in range(len(volumes))]


def shell_of(faces: list[TopoDS_Face], closed: bool) -> TopoDS_Shell:
    """Returns faces as a shell."""
    builder, shell = BRep_Builder(), TopoDS_Shell()
    builder.MakeShell(shell)
    for face in faces:
        builder.Add(shell, face)
    shell.Closed(closed)
    return shell


def solid_of(faces: list[TopoDS_Face]) -> TopoDS_Solid:
    """Returns the solid within faces that close."""
    builder, solid = BRep_Builder(), TopoDS_Solid()
    builder.MakeSolid(solid)
    builder.Add(solid, shell_of(faces, True))
    BRepLib.OrientClosedSolid_s(solid)
    return solid
