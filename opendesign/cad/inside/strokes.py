"""Makes edges of plain numbers; what has no length is no edge."""

import math
from collections.abc import Sequence

import numpy as np
from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeEdge
from OCP.Geom import Geom_BezierCurve
from OCP.gp import gp_Ax2, gp_Circ, gp_Dir, gp_Pnt
from OCP.TColgp import TColgp_Array1OfPnt
from OCP.TopoDS import TopoDS_Edge

Point = Sequence[float]
SHORTEST = 1e-6
LARGEST = 1e7


def line(start: Point, end: Point) -> list[TopoDS_Edge]:
    """Returns a straight edge between two points."""
    demand([start, end])
    if math.dist(start, end) < SHORTEST:
        return []
    return [BRepBuilderAPI_MakeEdge(gp_Pnt(*start), gp_Pnt(*end)).Edge()]


def arc(centre: Point, radius: float, start: float, end: float) -> list[TopoDS_Edge]:
    """Returns an arc in the plane of x and y, between two angles in degrees; 360 of them are a circle."""
    demand([centre, (radius, start, end)])
    if abs(radius) < SHORTEST:
        return []
    circle = gp_Circ(gp_Ax2(gp_Pnt(*centre), gp_Dir(0, 0, 1)), abs(radius))
    turn = (end - start) % 360.0
    if turn < 1e-9:
        return [BRepBuilderAPI_MakeEdge(circle).Edge()]
    first = math.radians(start % 360.0)
    return [BRepBuilderAPI_MakeEdge(circle, first, first + math.radians(turn)).Edge()]


def bezier(points: Sequence[Point]) -> list[TopoDS_Edge]:
    """Returns the Bézier curve of two, three or four points."""
    demand(points)
    if len(points) == 2:
        return line(*points)
    if max(math.dist(points[0], point) for point in points) < SHORTEST:
        return []
    poles = TColgp_Array1OfPnt(1, len(points))
    for place, point in enumerate(points, 1):
        poles.SetValue(place, gp_Pnt(*point))
    return [BRepBuilderAPI_MakeEdge(Geom_BezierCurve(poles)).Edge()]


def demand(points: Sequence[Point]) -> None:
    """Raises ValueError unless all coordinates are numbers below 10 km."""
    if not all(math.isfinite(number) and abs(number) < LARGEST for point in points for number in point):
        raise ValueError("a coordinate is no number, or larger than 10 km")


def sweep(start: np.ndarray, end: np.ndarray, radii: tuple[float, float], tilt: float, large: bool, forward: bool):
    """Yields the Bézier curves (3 more points each, x and y) of SVG's arc from start to end, as its appendix B.2 says.

    Each spans 45° at most, so that the curve stays within 0.000,004 of the radius.
    """
    rx, ry = (abs(radius) for radius in radii)
    if rx < SHORTEST or ry < SHORTEST or np.allclose(start, end, rtol=0, atol=1e-12):
        yield [start + (end - start) / 3, start + (end - start) * 2 / 3, end]
        return
    turn = np.array([[math.cos(tilt), -math.sin(tilt)], [math.sin(tilt), math.cos(tilt)]])
    half = turn.T @ ((start - end) / 2)
    grown = (half[0] / rx) ** 2 + (half[1] / ry) ** 2
    if grown > 1:
        rx, ry = rx * math.sqrt(grown), ry * math.sqrt(grown)
    spread = (rx * half[1]) ** 2 + (ry * half[0]) ** 2
    root = math.sqrt(max(0.0, ((rx * ry) ** 2 - spread) / spread)) * (-1 if large == forward else 1)
    middle = root * np.array([rx * half[1] / ry, -ry * half[0] / rx])
    centre = turn @ middle + (start + end) / 2
    first = math.atan2((half[1] - middle[1]) / ry, (half[0] - middle[0]) / rx)
    last = math.atan2((-half[1] - middle[1]) / ry, (-half[0] - middle[0]) / rx)
    span = (last - first) % (2 * math.pi)
    span = span if forward else span - 2 * math.pi
    axes = turn * [rx, ry]
    count = max(1, math.ceil(abs(span) / (math.pi / 4) - 1e-9))
    reach = 4 / 3 * math.tan(span / count / 4)
    for number in range(count):
        a, b = (first + span * (number + step) / count for step in (0, 1))
        from_point, to_point = (np.array([math.cos(angle), math.sin(angle)]) for angle in (a, b))
        from_way, to_way = (np.array([-math.sin(angle), math.cos(angle)]) for angle in (a, b))
        between = [from_point + reach * from_way, to_point - reach * to_way, to_point]
        yield [centre + axes @ point for point in between]
