"""Takes what designs show apart into named shapes in space."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import cadquery as cq
from OCP.BRep import BRep_Builder
from OCP.TopAbs import TopAbs_FACE
from OCP.TopoDS import TopoDS, TopoDS_Compound, TopoDS_Face, TopoDS_Shape

from opendesign.cad.inside import colour

CHANCE_NAME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DEEPEST = 100
MOST_TAGS = 100
Tags = dict[str, list[TopoDS_Face]]


@dataclass
class Leaf:
    """A shape where the design puts it; `path` holds its assemblies' names and its own, None where it has none.

    `tags` are the faces the script has named with `tag`, there too.
    """

    path: tuple[str | None, ...]
    shape: TopoDS_Shape
    colour: colour.Colour | None
    tags: Tags = field(default_factory=dict)


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
    elif is_named(thing):
        above = path[:-1] if path[-1:] == (None,) else path
        yield from walk(thing[1], (*above, thing[0]), shade, warnings, depth - 1)
    elif isinstance(thing, list | tuple | set | frozenset):
        for value in thing:
            yield from walk(value, (*path, None) if len(thing) > 1 else path, shade, warnings, depth - 1)
    elif (shape := shape_of(thing)) is not None:
        yield Leaf(path, shape, shade or colour.read(getattr(thing, "color", None)), tags_of(thing))
    elif (children := branches(thing)) is not None:
        yield from walk(children, path, shade, warnings, depth - 1)
    else:
        warnings.append(f"{type(thing).__name__} has no shape that could be shown")


def is_named(thing: object) -> bool:
    """Says whether a thing is a pair of a name and what has it."""
    return isinstance(thing, tuple) and len(thing) == 2 and isinstance(thing[0], str) and bool(thing[0])


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
            yield Leaf(path, shape.Moved(place.wrapped, False), own, tags_of(assembly.obj, place))
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


def tags_of(thing: object, place: cq.Location | None = None) -> Tags:
    """Returns the faces that a workplane's script has tagged, by tag; whatever else is tagged is no face."""
    named = getattr(getattr(thing, "ctx", None), "tags", {}) if isinstance(thing, cq.Workplane) else {}
    found: Tags = {}
    for name, plane in list(named.items())[:MOST_TAGS]:
        things = getattr(plane, "objects", [])
        faces = [one.wrapped for one in things if isinstance(one, cq.Face) and is_face(one.wrapped)]
        if faces:
            moved = [face.Moved(place.wrapped, False) if place else face for face in faces]
            found[str(name)] = [TopoDS.Face_s(face) for face in moved]
    return found


def is_face(shape: object) -> bool:
    """Says whether a kernel's shape is a face, and is there at all."""
    return isinstance(shape, TopoDS_Shape) and not shape.IsNull() and shape.ShapeType() == TopAbs_FACE


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
