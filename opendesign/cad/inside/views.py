"""Projects models onto planes and finds out which lines are hidden."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from OCP.BRep import BRep_Tool
from OCP.BRepAdaptor import BRepAdaptor_Curve
from OCP.BRepLib import BRepLib
from OCP.GeomAbs import GeomAbs_Circle
from OCP.HLRAlgo import HLRAlgo_Projector
from OCP.HLRBRep import HLRBRep_Algo, HLRBRep_HLRToShape, HLRBRep_PolyAlgo, HLRBRep_PolyHLRToShape
from OCP.TopAbs import TopAbs_EDGE
from OCP.TopExp import TopExp, TopExp_Explorer
from OCP.TopoDS import TopoDS, TopoDS_Shape

from opendesign.cad.inside import curves, loops
from opendesign.cad.inside.curves import TURN, Chain, Curve, Frame

DIAGONAL = 2**-0.5
FRAMES = {
    "front": Frame((1, 0, 0), (0, 0, 1)),
    "top": Frame((1, 0, 0), (0, 1, 0)),
    "right": Frame((0, 1, 0), (0, 0, 1)),
    "iso": Frame((DIAGONAL, DIAGONAL, 0), (-(6**-0.5), 6**-0.5, 2 * 6**-0.5)),
}
# Lines by how they are drawn, and what the kernel calls them: thick, thin, dashed.
VISIBLE = ("VCompound", "OutLineVCompound")
SMOOTH = ("Rg1LineVCompound", "RgNLineVCompound")
HIDDEN = ("HCompound", "OutLineHCompound")
# 107 faces take 20 ms a view exactly and 10 ms by their triangles; 660 take 2,700 ms and 65 ms.
MOST_EXACT = 200
# More parts than that hide one another so much that dashes tell nothing: assemblies are drawn without.
MOST_DASHED = 4
MOST_MARKS = 150
NEAR = 1e-3


Runs = list[list[Curve]]
Lines = Callable[[tuple[str, ...]], Runs]


@dataclass
class View:
    """What is seen from one side, in mm: runs of curves, circles to mark (x, y, radius), the corners around."""

    visible: Runs = field(default_factory=list)
    smooth: Runs = field(default_factory=list)
    hidden: Runs = field(default_factory=list)
    circles: list[tuple[float, float, float]] = field(default_factory=list)
    low: np.ndarray = field(default_factory=lambda: np.zeros(2))
    high: np.ndarray = field(default_factory=lambda: np.zeros(2))


def view(shapes: list[TopoDS_Shape], name: str, exact: bool) -> View:
    """Returns meshed shapes as they are seen from one side; `exact` by their surfaces, else by their triangles."""
    frame = FRAMES[name]
    lines = exact_lines(shapes, frame) if exact else meshed_lines(shapes, frame)
    made = View(lines(VISIBLE), lines(SMOOTH))
    points = [one.points for runs in (made.visible, made.smooth) for run in runs for one in run]
    if points:
        every = np.concatenate(points)
        made.low, made.high = every.min(0), every.max(0)
    if name == "iso":
        return made
    made.circles = circles(shapes, frame)
    if len(shapes) <= MOST_DASHED:
        made.hidden = without(lines(HIDDEN), made.visible)
    elif points:
        made.circles = [one for one in made.circles if is_drawn(one, every)]
    return made


def exact_lines(shapes: list[TopoDS_Shape], frame: Frame) -> Lines:
    """Returns a function from kinds of lines to runs of curves, found by the surfaces."""
    algorithm = HLRBRep_Algo()
    for shape in shapes:
        algorithm.Add(shape)
    algorithm.Projector(HLRAlgo_Projector(frame.placed()))
    algorithm.Update()
    algorithm.Hide()
    found = HLRBRep_HLRToShape(algorithm)

    def lines(kinds: tuple[str, ...]) -> Runs:
        """Returns the curves of some kinds."""
        made = []
        for kind in kinds:
            compound = getattr(found, kind)()
            if compound is not None and not compound.IsNull():
                BRepLib.BuildCurves3d_s(compound)
                made += [curves.curve(edge, curves.PLANE) for edge in curves.edges_of(compound)]
        return loops.joined([one for one in made if one is not None])

    return lines


def meshed_lines(shapes: list[TopoDS_Shape], frame: Frame) -> Lines:
    """Returns a function from kinds of lines to runs of straight pieces, found by the triangles."""
    algorithm = HLRBRep_PolyAlgo()
    for shape in shapes:
        algorithm.Load(shape)
    algorithm.Projector(HLRAlgo_Projector(frame.placed()))
    algorithm.Update()
    found = HLRBRep_PolyHLRToShape()
    found.Update(algorithm)

    def lines(kinds: tuple[str, ...]) -> Runs:
        """Returns the pieces of some kinds."""
        compounds = [getattr(found, kind)() for kind in kinds]
        made = [pieces(one) for one in compounds if one is not None and not one.IsNull()]
        return loops.chained(np.concatenate(made)) if made else []

    return lines


def pieces(compound: TopoDS_Shape) -> np.ndarray:
    """Returns straight edges as pairs of points (n × 2 × 2)."""
    made = []
    explorer = TopExp_Explorer(compound, TopAbs_EDGE)
    while explorer.More():
        edge = TopoDS.Edge_s(explorer.Current())
        for end in (TopExp.FirstVertex_s, TopExp.LastVertex_s):
            made.append(BRep_Tool.Pnt_s(end(edge)).Coord())
        explorer.Next()
    return np.array(made, float).reshape(-1, 2, 3)[:, :, :2]


def without(runs: Runs, others: Runs) -> Runs:
    """Returns runs without the curves that lie on others: what is hidden behind a visible line is not drawn."""
    known = {loops.place_of(one) for run in others for one in run}
    straight = [
        np.stack([one.points[:-1], one.points[1:]], 1) for run in others for one in run if isinstance(one, Chain)
    ]
    lines = np.concatenate(straight) if straight else np.zeros((0, 2, 2))
    kept = [[one for one in run if loops.place_of(one) not in known and not lies_on(one, lines)] for run in runs]
    return [run for run in kept if run]


def lies_on(one: Curve, lines: np.ndarray) -> bool:
    """Says whether both ends and the middle of a curve lie on one of some straight lines (n × 2 × 2)."""
    points = one.points[[0, len(one.points) // 2, -1]]
    along = lines[:, 1] - lines[:, 0]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-12)
    off = points[None] - lines[:, :1]
    beside = np.abs(off[:, :, 0] * along[:, None, 1] - off[:, :, 1] * along[:, None, 0]) / length[:, None]
    ahead = (off * along[:, None]).sum(axis=2) / length[:, None]
    inside = (beside < NEAR) & (ahead > -NEAR) & (ahead < length[:, None] + NEAR)
    return bool(inside.all(axis=1).any())


def is_drawn(circle: tuple[float, float, float], points: np.ndarray) -> bool:
    """Says whether at least six points of what is visible lie on a circle."""
    x, y, radius = circle
    return int((np.abs(np.hypot(points[:, 0] - x, points[:, 1] - y) - radius) < NEAR * 20).sum()) >= 6


def circles(shapes: list[TopoDS_Shape], frame: Frame) -> list[tuple[float, float, float]]:
    """Returns centre and largest radius of the whole circles that face the viewer; none when there are too many."""
    found: dict[tuple[float, float], float] = {}
    for shape in shapes:
        for edge in curves.edges_of(shape):
            if BRep_Tool.Degenerated_s(edge) or not BRep_Tool.IsGeometric_s(edge):
                continue
            adaptor = BRepAdaptor_Curve(edge)
            if adaptor.GetType() != GeomAbs_Circle or adaptor.LastParameter() - adaptor.FirstParameter() < TURN - NEAR:
                continue
            one = curves.arc(adaptor, frame, 0, TURN)
            if one is not None:
                centre = round(one.centre[0], 3) + 0.0, round(one.centre[1], 3) + 0.0
                found[centre] = max(found.get(centre, 0.0), one.radius)
    return [(*centre, radius) for centre, radius in sorted(found.items())] if len(found) <= MOST_MARKS else []
