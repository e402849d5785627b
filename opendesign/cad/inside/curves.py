"""Plane curves of drawings: what an edge is when one looks straight at its plane, in mm."""

import math
from dataclasses import dataclass

import numpy as np
from OCP.BRepAdaptor import BRepAdaptor_Curve
from OCP.GCPnts import GCPnts_TangentialDeflection
from OCP.Geom import Geom_BSplineCurve
from OCP.GeomAbs import GeomAbs_BSplineCurve, GeomAbs_Circle, GeomAbs_Ellipse, GeomAbs_Line
from OCP.gp import gp_Ax2, gp_Dir, gp_Pnt
from OCP.TopAbs import TopAbs_EDGE
from OCP.TopExp import TopExp_Explorer
from OCP.TopoDS import TopoDS, TopoDS_Edge, TopoDS_Shape

TURN = 2 * math.pi
ANGLE, DEFLECTION = 0.1, 0.01
LARGEST = 1e7  # mm; what is longer has no place in a drawing
SQUARE = 1e-9


@dataclass(frozen=True)
class Frame:
    """A plane through the origin of the model: its axes to the right and up, unit vectors at right angles."""

    right: tuple[float, float, float]
    up: tuple[float, float, float]

    @property
    def towards(self) -> tuple[float, float, float]:
        """The direction to the viewer."""
        x, y, z = np.cross(self.right, self.up)
        return float(x) + 0.0, float(y) + 0.0, float(z) + 0.0

    @property
    def axes(self) -> np.ndarray:
        """Both axes as columns (3 × 2)."""
        return np.array([self.right, self.up]).T

    def flat(self, points: np.ndarray) -> np.ndarray:
        """Returns points (n × 3) as seen in the plane (n × 2)."""
        return np.asarray(points, float) @ self.axes

    def placed(self) -> gp_Ax2:
        """Returns the plane as the kernel writes it."""
        return gp_Ax2(gp_Pnt(0, 0, 0), gp_Dir(*self.towards), gp_Dir(*self.right))


PLANE = Frame((1, 0, 0), (0, 1, 0))


@dataclass(frozen=True)
class Chain:
    """Straight lines from point to point (n × 2)."""

    points: np.ndarray

    def reversed(self) -> "Chain":
        """Returns it the other way round."""
        return Chain(self.points[::-1])


@dataclass(frozen=True)
class Arc:
    """An arc of an ellipse: centre, the half axis it is measured from (x, y), the other's share, start and sweep (rad).

    A ratio of 1 makes it a circle's. A sweep of a whole turn closes it, a negative one goes clockwise.
    """

    centre: tuple[float, float]
    half: tuple[float, float]
    ratio: float
    start: float
    sweep: float

    @property
    def radius(self) -> float:
        """The length of its half axis."""
        return math.hypot(*self.half)

    @property
    def closed(self) -> bool:
        """Whether it goes all the way round."""
        return abs(self.sweep) > TURN - 1e-6

    @property
    def round(self) -> bool:
        """Whether it is a circle's."""
        return abs(self.ratio - 1) < SQUARE

    def at(self, angle: float) -> tuple[float, float]:
        """Returns the point at an angle from the half axis."""
        x, y = self.half
        along, across = math.cos(angle), math.sin(angle) * self.ratio
        return self.centre[0] + along * x - across * y, self.centre[1] + along * y + across * x

    @property
    def points(self) -> np.ndarray:
        """Points along it, 0.1 rad apart at most."""
        count = max(2, math.ceil(abs(self.sweep) / ANGLE)) + 1
        return np.array([self.at(self.start + self.sweep * step / (count - 1)) for step in range(count)])

    def reversed(self) -> "Arc":
        """Returns it the other way round."""
        return Arc(self.centre, self.half, self.ratio, self.start + self.sweep, -self.sweep)


@dataclass(frozen=True)
class Spline:
    """A B-spline: degree, knots with their repetitions, poles (n × 2), weights (or none), and points along it."""

    degree: int
    knots: np.ndarray
    poles: np.ndarray
    weights: np.ndarray
    points: np.ndarray

    def reversed(self) -> "Spline":
        """Returns it the other way round."""
        knots = (self.knots[0] + self.knots[-1] - self.knots)[::-1]
        return Spline(self.degree, knots, self.poles[::-1], self.weights[::-1], self.points[::-1])


Curve = Chain | Arc | Spline


def edges_of(shape: TopoDS_Shape) -> list[TopoDS_Edge]:
    """Returns the edges of a shape, each once."""
    found: dict[int, list[TopoDS_Edge]] = {}
    explorer = TopExp_Explorer(shape, TopAbs_EDGE)
    while explorer.More():
        edge = TopoDS.Edge_s(explorer.Current())
        twins = found.setdefault(hash(edge), [])
        if not any(edge.IsSame(other) for other in twins):
            twins.append(edge)
        explorer.Next()
    return [edge for twins in found.values() for edge in twins]


def curve(edge: TopoDS_Edge, frame: Frame) -> Curve | None:
    """Returns an edge as it is seen in a plane; None for one without length or end."""
    adaptor = BRepAdaptor_Curve(edge)
    first, last = adaptor.FirstParameter(), adaptor.LastParameter()
    if not -LARGEST < first < last < LARGEST:
        return None
    kind = adaptor.GetType()
    if kind == GeomAbs_Line:
        ends = [adaptor.Value(place).Coord() for place in (first, last)]
        return Chain(frame.flat(np.array(ends)))
    if kind in (GeomAbs_Circle, GeomAbs_Ellipse):
        found = arc(adaptor, frame, first, last)
        if found is not None:
            return found
    points = sampled(adaptor, frame)
    if kind == GeomAbs_BSplineCurve and len(points) > 2:
        return spline(adaptor.BSpline(), frame, first, last, points)
    return Chain(points) if len(points) > 1 else None


def arc(adaptor: BRepAdaptor_Curve, frame: Frame, first: float, last: float) -> Arc | None:
    """Returns a circle's or ellipse's part, None when its plane is not the frame's."""
    is_circle = adaptor.GetType() == GeomAbs_Circle
    conic = adaptor.Circle() if is_circle else adaptor.Ellipse()
    facing = float(np.dot(conic.Axis().Direction().Coord(), frame.towards))
    if abs(abs(facing) - 1) > SQUARE:
        return None
    length = conic.Radius() if is_circle else conic.MajorRadius()
    ratio = 1.0 if is_circle else conic.MinorRadius() / length
    centre = frame.flat(np.array([conic.Location().Coord()]))[0]
    half = frame.flat(np.array([conic.XAxis().Direction().Coord()]))[0] * length
    turn = 1 if facing > 0 else -1
    return Arc(pair(centre), pair(half), ratio, turn * first, turn * (last - first))


def spline(base: Geom_BSplineCurve, frame: Frame, first: float, last: float, points: np.ndarray) -> Curve:
    """Returns the part of a B-spline between two parameters."""
    copy = base.Copy()
    if copy.IsPeriodic():
        copy.SetNotPeriodic()
    if not copy.FirstParameter() - SQUARE <= first < last <= copy.LastParameter() + SQUARE:
        return Chain(points)
    copy.Segment(max(first, copy.FirstParameter()), min(last, copy.LastParameter()))
    count = copy.NbPoles()
    poles = frame.flat(np.array([copy.Pole(place).Coord() for place in range(1, count + 1)]))
    weights = np.array([copy.Weight(place) for place in range(1, count + 1)])
    knots = [copy.Knot(place) for place in range(1, copy.NbKnots() + 1) for _ in range(copy.Multiplicity(place))]
    return Spline(copy.Degree(), np.array(knots), poles, weights, points)


def sampled(adaptor: BRepAdaptor_Curve, frame: Frame) -> np.ndarray:
    """Returns points along a curve, at most 0.01 mm and 0.1 rad from it."""
    found = GCPnts_TangentialDeflection(adaptor, ANGLE, DEFLECTION, 2)
    values = [found.Value(place).Coord() for place in range(1, found.NbPoints() + 1)]
    return frame.flat(np.array(values, float).reshape(-1, 3))


def extremes(one: Curve) -> np.ndarray:
    """Returns points along a curve, with those of an arc that lie furthest to each side."""
    if not isinstance(one, Arc):
        return one.points
    (x, y), turn = one.half, math.copysign(1, one.sweep)
    furthest = [math.atan2(-one.ratio * y, x), math.atan2(one.ratio * x, y)]
    angles = [angle + half for angle in furthest for half in (0, math.pi)]
    ahead = [(turn * (angle - one.start)) % TURN for angle in angles]
    found = [one.at(one.start + turn * way) for way in ahead if way <= abs(one.sweep)]
    return np.concatenate([one.points, np.array(found).reshape(-1, 2)])


def pair(numbers: np.ndarray) -> tuple[float, float]:
    """Returns two numbers of an array."""
    return float(numbers[0]), float(numbers[1])
