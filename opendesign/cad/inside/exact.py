"""Compares solids exactly: one shared intersection for what was added, removed and kept."""

from dataclasses import dataclass

from OCP.BOPAlgo import BOPAlgo_BOP, BOPAlgo_Operation, BOPAlgo_PaveFiller
from OCP.BRepGProp import BRepGProp
from OCP.GProp import GProp_GProps
from OCP.Message import Message_ProgressRange
from OCP.TopAbs import TopAbs_SOLID
from OCP.TopExp import TopExp_Explorer
from OCP.TopoDS import TopoDS_Shape
from OCP.TopTools import TopTools_ListOfShape

from opendesign.cad.inside.pairing import Group

# Booleans can lose half a model without a word: what was kept and added must be what there is, to a thousandth.
CONSERVED = 1e-3
# More solids at once take minutes and go wrong silently.
MOST_SOLIDS = 12


@dataclass
class Change:
    """Solids in three groups with their volumes, mm³."""

    added: TopoDS_Shape
    removed: TopoDS_Shape
    common: TopoDS_Shape
    added_volume: float
    removed_volume: float
    common_volume: float


def change(group: Group) -> Change | None:
    """Returns what changed in a group of solids, None if the kernel cannot say it reliably."""
    if len(group.before) + len(group.after) > MOST_SOLIDS:
        return None
    after, before = ([piece.shape for piece in side] for side in (group.after, group.before))
    filler = BOPAlgo_PaveFiller()
    filler.SetRunParallel(False)
    filler.SetArguments(listed(after + before))
    filler.Perform(Message_ProgressRange())
    if filler.HasErrors():
        return None
    results = []
    for operation in ("CUT", "CUT21", "COMMON"):
        result = combined(filler, after, before, getattr(BOPAlgo_Operation, f"BOPAlgo_{operation}"))
        if result is None:
            return None
        results.append(result)
    added, removed, common = (volume(result) for result in results)
    new, old = (sum(piece.bulk.volume for piece in side) for side in (group.after, group.before))
    kept = abs(common + added - new) <= CONSERVED * new and abs(common + removed - old) <= CONSERVED * old
    sound = min(added, removed, common) >= -CONSERVED * max(new, old)
    return Change(*results, max(added, 0.0), max(removed, 0.0), max(common, 0.0)) if kept and sound else None


def combined(
    filler: BOPAlgo_PaveFiller, objects: list[TopoDS_Shape], tools: list[TopoDS_Shape], operation: object
) -> TopoDS_Shape | None:
    """Returns the result of an operation on shapes whose intersection is known, None if it fails."""
    work = BOPAlgo_BOP()
    work.SetRunParallel(False)
    for shape in objects:
        work.AddArgument(shape)
    for shape in tools:
        work.AddTool(shape)
    work.SetOperation(operation)
    work.PerformWithFiller(filler, Message_ProgressRange())
    return None if work.HasErrors() or work.Shape().IsNull() else work.Shape()


def listed(shapes: list[TopoDS_Shape]) -> TopTools_ListOfShape:
    """Returns shapes as the kernel's own list."""
    made = TopTools_ListOfShape()
    for shape in shapes:
        made.Append(shape)
    return made


def volume(shape: TopoDS_Shape) -> float:
    """Returns the volume of a shape's solids, mm³."""
    total = GProp_GProps()
    explorer = TopExp_Explorer(shape, TopAbs_SOLID)
    while explorer.More():
        own = GProp_GProps()
        BRepGProp.VolumeProperties_s(explorer.Current(), own)
        total.Add(own)
        explorer.Next()
    return total.Mass()
