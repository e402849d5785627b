"""Takes what designs show apart into named shapes in space."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import cadquery as cq
from OCP.BRep import BRep_Builder
from OCP.TopoDS import TopoDS_Compound, TopoDS_Shape

from opendesign.cad.inside import colour

CHANCE_NAME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DEEPEST = 100


@dataclass
class Leaf:
    """A shape where the design puts it; `path` holds its assemblies' names and its own, None where it has none."""

    path: tuple[str | None, ...]
    shape: TopoDS_Shape
    colour: colour.Colour | None


def of(thing: object, shade: colour.Colour | None) -> tuple[list[Leaf], list[str]]:
    """Returns the leaves of a thing and what could not be used of it."""
    warnings: list[str] = []
    found = list(walk(thing, (), shade, warnings, DEEPEST))
    return found, warnings


def walk(thing: object, path: tuple, shade: colour.Colour | None, warnings: list[str], depth: int) -> Iterable[Leaf]:
    """Yields the leaves of a thing of any kind that CadQuery, its viewers or build123d would show."""
    if depth == 0:
        warnings.append(f"it is nested more than {DEEPEST} deep")
    elif isinstance(thing, cq.Assembly):
        yield from of_assembly(thing, path, shade, None, warnings, depth)
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from walk(value, (*path, str(key)), shade, warnings, depth - 1)
    elif isinstance(thing, list | tuple | set | frozenset):
        for value in thing:
            yield from walk(value, (*path, None) if len(thing) > 1 else path, shade, warnings, depth - 1)
    elif (shape := shape_of(thing)) is not None:
        yield Leaf(path, shape, shade or colour.read(getattr(thing, "color", None)))
    elif (children := branches(thing)) is not None:
        yield from walk(children, path, shade, warnings, depth - 1)
    else:
        warnings.append(f"{type(thing).__name__} has no shape that could be shown")


def of_assembly(
    assembly: cq.Assembly,
    path: tuple,
    shade: colour.Colour | None,
    place: cq.Location | None,
    warnings: list[str],
    depth: int,
) -> Iterable[Leaf]:
    """Yields the leaves of an assembly; colours are inherited from above."""
    if depth == 0:
        warnings.append(f"its assemblies are nested more than {DEEPEST} deep")
        return
    place = place * assembly.loc if place else assembly.loc
    own = colour.read(assembly.color) or shade
    title = None if CHANCE_NAME.fullmatch(str(assembly.name)) else str(assembly.name)
    path = (*path, title)
    if assembly.obj is not None:
        shape = shape_of(assembly.obj)
        if shape is None:
            warnings.append(f"{title or 'a member'} has no shape")
        else:
            yield Leaf(path, shape.Moved(place.wrapped, False), own)
    for child in assembly.children:
        yield from of_assembly(child, path, own, place, warnings, depth - 1)


def shape_of(thing: object) -> TopoDS_Shape | None:
    """Returns the one shape of a thing, None if it has none."""
    if isinstance(thing, cq.Workplane):
        return of_workplane(thing)
    if isinstance(thing, cq.Sketch):
        return of_sketch(thing)
    wrapped = thing if isinstance(thing, TopoDS_Shape) else getattr(thing, "wrapped", None)
    if isinstance(wrapped, TopoDS_Shape) and not wrapped.IsNull():
        return None if build123d_assembly(thing) else wrapped
    return None


def build123d_assembly(thing: object) -> bool:
    """Says whether a thing is one of build123d's shapes that holds others."""
    return bool(getattr(thing, "children", None)) and hasattr(thing, "label") and not isinstance(thing, cq.Shape)


def branches(thing: object) -> object | None:
    """Returns what build123d's assemblies and builders hold."""
    if build123d_assembly(thing):
        return {str(child.label or place): child for place, child in enumerate(thing.children, 1)}
    for name in ("part", "sketch", "line"):
        held = getattr(thing, name, None)
        if isinstance(getattr(held, "wrapped", None), TopoDS_Shape):
            return held
    return None


def of_workplane(plane: cq.Workplane) -> TopoDS_Shape | None:
    """Returns what is on a workplane's stack, or its solid when there are only points on it."""
    shapes: list[TopoDS_Shape] = []
    for value in plane.vals():
        shape = of_sketch(value) if isinstance(value, cq.Sketch) else getattr(value, "wrapped", None)
        if isinstance(shape, TopoDS_Shape) and not shape.IsNull():
            shapes.append(shape)
    if not shapes or all(isinstance(value, cq.Vertex) for value in plane.vals()):
        try:
            solid = plane.findSolid()
        except ValueError:
            solid = None
        shapes = [solid.wrapped] if solid is not None and solid.wrapped is not None else shapes
    return shapes[0] if len(shapes) == 1 else compound(shapes)


def of_sketch(sketch: cq.Sketch) -> TopoDS_Shape | None:
    """Returns a sketch's faces, or its lines when it has none yet."""
    found = [piece.wrapped for piece in sketch] or [wire.wrapped for wire in sketch._wires]
    return compound([shape for shape in found if shape is not None and not shape.IsNull()])


def compound(shapes: list[TopoDS_Shape]) -> TopoDS_Shape | None:
    """Returns shapes as one, None if there is none."""
    if not shapes:
        return None
    builder, made = BRep_Builder(), TopoDS_Compound()
    builder.MakeCompound(made)
    for shape in shapes:
        builder.Add(made, shape)
    return made
