"""Joins the lines of a drawing to contours, and closed contours to faces with holes, in the plane z = 0."""

import numpy as np
from OCP.BRep import BRep_Tool
from OCP.BRepAdaptor import BRepAdaptor_CompCurve
from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeFace
from OCP.BRepCheck import BRepCheck_Analyzer
from OCP.GCPnts import GCPnts_TangentialDeflection
from OCP.gp import gp_Pln
from OCP.ShapeAnalysis import ShapeAnalysis_FreeBounds
from OCP.ShapeFix import ShapeFix_Face
from OCP.TopoDS import TopoDS, TopoDS_Edge, TopoDS_Shape, TopoDS_Wire
from OCP.TopTools import TopTools_HSequenceOfShape

# Ends this close meet, mm: drawings written with three digits leave gaps of 0.001.
GAP = 0.002
# Asking every contour about every other takes a second at this many.
MOST_NESTED = 3_000
FLAT = 1e-4


def shapes(edges: list[TopoDS_Edge]) -> list[TopoDS_Shape]:
    """Returns faces for closed contours, a contour inside another being a hole, and wires for open ones."""
    wires = joined(edges)
    closed = [wire for wire in wires if BRep_Tool.IsClosed_s(wire)]
    rest: list[TopoDS_Shape] = [wire for wire in wires if not BRep_Tool.IsClosed_s(wire)]
    outlines = [outline(wire) for wire in closed]
    flat = [bool(len(points) > 2 and np.abs(points[:, 2]).max() < FLAT) for points in outlines]
    if not any(flat) or len(closed) > MOST_NESTED:
        return [*closed, *rest]
    rest += [wire for wire, is_flat in zip(closed, flat, strict=True) if not is_flat]
    level = [(wire, points[:, :2]) for wire, points, is_flat in zip(closed, outlines, flat, strict=True) if is_flat]
    for outer, holes in nested([points for _, points in level]):
        wanted = [level[place][0] for place in (outer, *holes)]
        face = faced(wanted[0], wanted[1:])
        rest += [face] if face is not None else wanted
    return rest


def joined(edges: list[TopoDS_Edge]) -> list[TopoDS_Wire]:
    """Returns edges as wires, as long as they can be."""
    loose, made = TopTools_HSequenceOfShape(), TopTools_HSequenceOfShape()
    for edge in edges:
        loose.Append(edge)
    ShapeAnalysis_FreeBounds.ConnectEdgesToWires_s(loose, GAP, False, made)
    return [TopoDS.Wire_s(made.Value(place)) for place in range(1, made.Length() + 1)]


def outline(wire: TopoDS_Wire) -> np.ndarray:
    """Returns points along a wire (n × 3, mm), close enough to tell inside from outside."""
    curve = BRepAdaptor_CompCurve(wire)
    found = GCPnts_TangentialDeflection(curve, 0.2, 0.05, 2)
    points = [found.Value(place).Coord() for place in range(1, found.NbPoints() + 1)]
    return np.array(points).reshape(-1, 3)


def nested(outlines: list[np.ndarray]) -> list[tuple[int, list[int]]]:
    """Returns each outline that bounds material, with those that are holes in it: outside, inside, outside …"""
    boxes = np.array([[points.min(0), points.max(0)] for points in outlines])
    inside: list[list[int]] = []
    for place, points in enumerate(outlines):
        within = (boxes[:, 0] <= boxes[place, 0]).all(1) & (boxes[:, 1] >= boxes[place, 1]).all(1)
        within[place] = False
        around = [int(other) for other in np.flatnonzero(within) if surrounds(outlines[other], points)]
        # Two equal contours surround each other; the first is taken as the outer one.
        inside.append([other for other in around if other < place or not surrounds(points, outlines[other])])
    found: dict[int, list[int]] = {place: [] for place, around in enumerate(inside) if len(around) % 2 == 0}
    for place, around in enumerate(inside):
        # Contours that cross each other can lie in none that bounds material: then they are outer ones.
        bounding = [other for other in around if other in found]
        if len(around) % 2 and bounding:
            found[max(bounding, key=lambda other: len(inside[other]))].append(place)
        elif len(around) % 2:
            found[place] = []
    return list(found.items())


def surrounds(outer: np.ndarray, inner: np.ndarray) -> bool:
    """Says whether a point in the middle of an inner contour's first stretch lies inside an outer contour."""
    x, y = (inner[0] + inner[1]) / 2
    ax, ay = outer.T
    bx, by = np.roll(outer, -1, axis=0).T
    crossing = (ay > y) != (by > y)
    at = ax[crossing] + (y - ay[crossing]) / (by[crossing] - ay[crossing]) * (bx[crossing] - ax[crossing])
    return int((at > x).sum()) % 2 == 1


def faced(outer: TopoDS_Wire, holes: list[TopoDS_Wire]) -> TopoDS_Shape | None:
    """Returns a face within a wire without its holes, None if the kernel cannot make a sound one."""
    maker = BRepBuilderAPI_MakeFace(gp_Pln(), outer, True)
    if not maker.IsDone():
        return None
    for hole in holes:
        maker.Add(hole)
    fix = ShapeFix_Face(maker.Face())
    fix.FixOrientation()
    fix.Perform()
    face = fix.Face()
    return face if BRepCheck_Analyzer(face, True, False).IsValid() else None
