"""Cuts models with planes, and finds the outline of what is flat: curves by part, as one looks at them."""

from dataclasses import dataclass

import numpy as np
from OCP.BRepAlgoAPI import BRepAlgoAPI_Section
from OCP.BRepLib import BRepLib
from OCP.gp import gp_Dir, gp_Pln, gp_Pnt
from OCP.TopoDS import TopoDS_Shape

from opendesign.cad.inside import curves, extent, loops, step
from opendesign.cad.inside.curves import Curve, Frame
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.parts import Model, Part

# Looking at a cut from the side that a view of the drawing has: from above, from the right, from the front.
FRAMES = {"z": Frame((1, 0, 0), (0, 1, 0)), "x": Frame((0, 1, 0), (0, 0, 1)), "y": Frame((1, 0, 0), (0, 0, 1))}
FLAT = 1e-6  # mm; what is thinner has no thickness
PRISM = 2e-3  # a mesh's volume is that near to the solid's


@dataclass
class Cut:
    """What one part shows in a plane: runs of connected curves."""

    part: Part
    runs: list[list[Curve]]


@dataclass
class Section:
    """Where a model was cut (or lies, when it is flat), and what is to be seen there."""

    axis: str
    offset: float
    flat: bool
    cuts: list[Cut]


def at(model: Model, meshes: list[Mesh], axis: str, offset: float) -> Section:
    """Returns the section through a plane x, y or z = offset (mm). Raises Failure "output" where there is nothing."""
    place = "xyz".index(axis)
    cuts = []
    for part, (low, high) in zip(model.parts, boxes(model, meshes), strict=True):
        if low[place] - FLAT <= offset <= high[place] + FLAT:
            runs = cut(located(model, part), axis, offset)
            cuts += [Cut(part, runs)] if runs else []
    if not cuts:
        low, high = whole(model, meshes)
        message = (
            f"There is nothing at {axis} = {offset:g} mm: the part lies between {low[place]:g} and {high[place]:g} mm."
        )
        raise Failure("output", message)
    return Section(axis, offset, False, cuts)


def natural(model: Model, meshes: list[Mesh]) -> Section:
    """Returns the outline of a flat model, the profile of a plate, else the section at mid-height (z)."""
    low, high = whole(model, meshes)
    for place in (2, 1, 0):
        if high[place] - low[place] <= FLAT:
            return outline(model, "xyz"[place], float(low[place]))
    middle = (low + high) / 2
    volume = sum(volume_of(meshes[part.definition]) for part in model.parts)
    thinnest = int(np.argmin(high - low))
    if thinnest != 2:
        upright = at(model, meshes, "xyz"[thinnest], float(middle[thinnest]))
        if volume and abs(filled(upright) * (high - low)[thinnest] / volume - 1) < PRISM:
            return upright
    return at(model, meshes, "z", float(middle[2]))


def outline(model: Model, axis: str, offset: float) -> Section:
    """Returns all edges of a model that lies in one plane."""
    cuts = [Cut(part, runs_of(located(model, part), FRAMES[axis])) for part in model.parts]
    return Section(axis, offset, True, [one for one in cuts if one.runs])


def cut(shape: TopoDS_Shape, axis: str, offset: float) -> list[list[Curve]]:
    """Returns the curves in which a plane cuts a shape."""
    normal = [float(letter == axis) for letter in "xyz"]
    plane = gp_Pln(gp_Pnt(*(part * offset for part in normal)), gp_Dir(*normal))
    tool = BRepAlgoAPI_Section(shape, plane, False)
    tool.Approximation(True)
    tool.ComputePCurveOn1(False)
    tool.Build()
    if not tool.IsDone():
        raise Failure("geometry", f"The kernel could not cut the part at {axis} = {offset:g} mm.")
    return runs_of(tool.Shape(), FRAMES[axis])


def runs_of(shape: TopoDS_Shape, frame: Frame) -> list[list[Curve]]:
    """Returns the edges of a shape, joined, as seen in a plane."""
    BRepLib.BuildCurves3d_s(shape)
    found = [curves.curve(edge, frame) for edge in curves.edges_of(shape)]
    return loops.joined([one for one in found if one is not None])


def located(model: Model, part: Part) -> TopoDS_Shape:
    """Returns a part's shape where the part is."""
    return model.definitions[part.definition].Moved(step.placed(part.matrix), False)


def boxes(model: Model, meshes: list[Mesh]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Returns the lowest and highest corner of each part; no room at all for one without points."""
    extents = [extent.Extent(shape, mesh) for shape, mesh in zip(model.definitions, meshes, strict=True)]
    empty = (np.full(3, np.inf), np.full(3, -np.inf))
    found = []
    for part in model.parts:
        box = extents[part.definition].box(part.matrix)
        found.append(empty if box is None else (box[0], box[1]))
    return found


def whole(model: Model, meshes: list[Mesh]) -> tuple[np.ndarray, np.ndarray]:
    """Returns the lowest and highest corner of a model. Raises Failure "output" when it has no extent."""
    low, high = (np.array(corners) for corners in zip(*boxes(model, meshes), strict=True))
    low, high = np.round(low.min(0), 6) + 0.0, np.round(high.max(0), 6) + 0.0
    if not np.isfinite(np.concatenate([low, high])).all():
        raise Failure("output", "There are only points: nothing can be drawn.")
    return low, high


def volume_of(mesh: Mesh) -> float:
    """Returns the volume inside a mesh, mm³."""
    a, b, c = (mesh.positions[mesh.triangles[:, corner]].astype(float) for corner in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c))) / 6


def filled(section: Section) -> float:
    """Returns the area of material in a section, mm²: outlines less the holes in them."""
    total = 0.0
    for one in section.cuts:
        areas = sorted((abs(loops.area(run)) for run in one.runs if loops.closed(run)), reverse=True)
        total += sum(areas[:1]) - sum(areas[1:])
    return total
