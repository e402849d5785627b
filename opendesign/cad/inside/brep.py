"""Writes and reads the kernel's own text format, exactly and without meshes."""

import io
import re

from OCP.BRep import BRep_Builder
from OCP.BRepTools import BRepTools
from OCP.Message import Message_ProgressRange
from OCP.TopoDS import TopoDS_Shape
from OCP.TopTools import TopTools_FormatVersion

from opendesign.cad.inside import facets, leaf, step
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.parts import Model

# How smoothly two faces meet; the kernel writes the two in either order, by their place in memory.
CONTINUITY = re.compile(rb"(?<=\n)4 ([CG][0-9N]) (\d+) (\d+) (\d+) (\d+) ?\r?\n")
LONGEST_LINE = 98  # the kernel gives up on longer ones


def brep(model: Model) -> bytes:
    """Returns all parts as one compound in BREP text, below lines about its origin, which readers skip."""
    told = (
        f"# {name}: {value}".encode("ascii", "replace")[:LONGEST_LINE] + b"\n" for name, value in model.stamp.items()
    )
    exact = [facets.exact(shape) for shape in model.definitions]
    shapes = [exact[part.definition].Moved(step.placed(part.matrix), False) for part in model.parts]
    return b"".join(told) + written(shapes[0] if len(shapes) == 1 else leaf.compound(shapes))


def written(shape: TopoDS_Shape) -> bytes:
    """Returns a shape as BREP text, without triangles."""
    stream = io.BytesIO()
    version = TopTools_FormatVersion.TopTools_FormatVersion_CURRENT
    BRepTools.Write_s(shape, stream, False, False, version, Message_ProgressRange())
    return CONTINUITY.sub(sorted_sides, stream.getvalue())


def sorted_sides(found: re.Match) -> bytes:
    """Returns an edge's line about two faces with the lower number first."""
    one, other = (int(found[2]), int(found[3])), (int(found[4]), int(found[5]))
    return b"4 %s %d %d %d %d\n" % (found[1], *min(one, other), *max(one, other))


def read(content: bytes, name: str) -> TopoDS_Shape:
    """Returns the shape of a BREP text. Raises Failure "geometry" if it holds none."""
    shape = TopoDS_Shape()
    BRepTools.Read_s(shape, io.BytesIO(content), BRep_Builder(), Message_ProgressRange())
    if shape.IsNull():
        raise Failure("geometry", f"{name} holds no shape.")
    return shape
