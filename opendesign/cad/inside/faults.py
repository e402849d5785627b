"""Says what the kernel finds wrong with a shape, and where."""

from OCP.Bnd import Bnd_Box
from OCP.BRepAdaptor import BRepAdaptor_Surface
from OCP.BRepBndLib import BRepBndLib
from OCP.BRepCheck import BRepCheck_Analyzer, BRepCheck_Status
from OCP.TopAbs import TopAbs_EDGE, TopAbs_FACE, TopAbs_SHELL, TopAbs_SOLID, TopAbs_VERTEX, TopAbs_WIRE
from OCP.TopExp import TopExp
from OCP.TopoDS import TopoDS_Face, TopoDS_Shape
from OCP.TopTools import TopTools_IndexedMapOfShape

KINDS = (TopAbs_WIRE, TopAbs_EDGE, TopAbs_FACE, TopAbs_SHELL, TopAbs_SOLID, TopAbs_VERTEX)
MOST_LOOKED_AT = 5000


def fault(shape: TopoDS_Shape, analyzer: BRepCheck_Analyzer) -> dict:
    """Returns the first thing that the kernel calls wrong: its word for it, and the middle of where it is."""
    found: dict = {"kind": "invalid"}
    for kind in KINDS:
        pieces = TopTools_IndexedMapOfShape()
        TopExp.MapShapes_s(shape, kind, pieces)
        for place in range(1, min(pieces.Extent(), MOST_LOOKED_AT) + 1):
            word = said(analyzer, pieces.FindKey(place))
            if word:
                return found | {"fault": word, "at": middle(pieces.FindKey(place))}
    return found


def said(analyzer: BRepCheck_Analyzer, piece: TopoDS_Shape) -> str:
    """Returns what is wrong with one piece, alone or in what it belongs to; "" for nothing."""
    result = analyzer.Result(piece)
    words = list(result.Status())
    result.InitContextIterator()
    while result.MoreShapeInContext():
        words += list(result.StatusOnShape())
        result.NextShapeInContext()
    wrong = [word for word in words if word != BRepCheck_Status.BRepCheck_NoError]
    return wrong[0].name.removeprefix("BRepCheck_") if wrong else ""


def middle(shape: TopoDS_Shape) -> list[float] | None:
    """Returns the middle of a shape's box, mm; None if it has none."""
    box = Bnd_Box()
    BRepBndLib.Add_s(shape, box, False)
    if box.IsVoid() or box.IsOpen():
        return None
    low, high = box.CornerMin().Coord(), box.CornerMax().Coord()
    return [(a + b) / 2 for a, b in zip(low, high, strict=True)]


def surface_kind(face: TopoDS_Face) -> object:
    """Returns what kind of surface a face lies on."""
    return BRepAdaptor_Surface(face, False).GetType()
