"""Reads DXF drawings: a part for each layer, blocks unfolded, closed contours as faces, in mm."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

import ezdxf
import ezdxf.colors
import ezdxf.path
import ezdxf.recover
import ezdxf.units
import numpy as np
from cadquery.occ_impl.importers.dxf import DXF_CONVERTERS
from ezdxf.entities import DXFEntity
from OCP.BRepBuilderAPI import BRepBuilderAPI_Transform
from OCP.gp import gp_Trsf
from OCP.TopoDS import TopoDS_Edge, TopoDS_Shape

from opendesign.cad.inside import colour, contours, extent, leaf, parts, strokes
from opendesign.cad.inside.capture import Shown
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.parts import Model

DRAWN = {"LINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE", "LWPOLYLINE", "POLYLINE", "HELIX"}
DEEPEST = 12
MOST_ENTITIES = 50_000
LAYER_OF_BLOCK = "0"
LARGEST_SHEET = 10_000.0


def model(path: str, name: str) -> Model:
    """Returns the model of a DXF file. Raises Failure "geometry", "empty" or "output"."""
    drawing = opened(path, name)
    layers: dict[str, list[TopoDS_Edge]] = {}
    skipped: Counter[str] = Counter()
    for layer, entity in entities(drawing.modelspace(), name):
        lines = edges_if_sound(entity)
        if lines is None:
            skipped[entity.dxftype()] += 1
        else:
            layers.setdefault(layer, []).extend(lines)
    warnings = [f"{name}: left out: {listed(skipped)}"] if skipped else []
    factor, doubt = millimetres(drawing, [line for lines in layers.values() for line in lines])
    warnings += [f"{name}: {doubt}"] if doubt else []
    leaves = [
        leaf.Leaf((layer,), whole, shade_of(drawing, layer))
        for layer, lines in layers.items()
        if lines and (whole := leaf.compound(contours.shapes([scaled(line, factor) for line in lines]))) is not None
    ]
    if not leaves:
        raise Failure("empty", f"{name} holds no lines that could be shown.", name)
    made = parts.model([Shown(None, leaves, None)], PurePosixPath(name).stem)
    return Model(made.parts, made.definitions, [*made.warnings, *warnings])


def listed(skipped: Counter[str]) -> str:
    """Returns what was not drawn, in words."""
    return ", ".join(f"{count} {kind[:40]}" for kind, count in skipped.most_common(8))


def millimetres(drawing: ezdxf.document.Drawing, lines: list[TopoDS_Edge]) -> tuple[float, str]:
    """Returns how many mm the drawing's unit has, and what is doubtful about it.

    Libraries write "metres" into every drawing that nobody has told them the unit of: one of 150 m is of 150 mm.
    """
    factor = ezdxf.units.conversion_factor(drawing.units, ezdxf.units.MM) if drawing.units else 1.0
    box = extent.optimal(leaf.compound(lines), np.identity(4)) if lines and factor > 100 else None
    if box is not None and float(np.ptp(box, axis=0).max()) * factor > LARGEST_SHEET:
        return 1.0, "the unit it names would make it larger than 10 m, so its numbers are taken as mm"
    return factor, ""


def opened(path: str, name: str) -> ezdxf.document.Drawing:
    """Returns the drawing; one that breaks the rules is read as well as possible."""
    try:
        try:
            return ezdxf.readfile(path)
        except (ezdxf.DXFError, UnicodeDecodeError):
            return ezdxf.recover.readfile(path)[0]
    except OSError:
        raise Failure("geometry", f"{name} is not a DXF file.", name) from None
    except (ezdxf.DXFError, ValueError, KeyError, IndexError, AttributeError, TypeError) as trouble:
        reason = str(trouble)[:200] or type(trouble).__name__
        raise Failure("geometry", f"{name} is not a sound DXF file: {reason}.", name) from None


def entities(space: object, name: str) -> Iterator[tuple[str, DXFEntity]]:
    """Yields every entity with its layer, those of blocks too. Raises Failure for blocks without end."""
    count = 0
    waiting = [(entity, entity.dxf.layer, 0) for entity in reversed(list(space))]
    while waiting:
        entity, layer, depth = waiting.pop()
        count += entity.mcount if entity.dxftype() == "INSERT" else 1
        if depth > DEEPEST or count > MOST_ENTITIES:
            what = (
                f"nests its blocks more than {DEEPEST} deep" if depth > DEEPEST else f"has over {MOST_ENTITIES} lines"
            )
            raise Failure("output", f"{name} {what}.", name)
        if entity.dxftype() == "INSERT":
            inner = [(each, own_layer(each, layer), depth + 1) for each in unfolded(entity)]
            waiting += reversed(inner)
        else:
            yield layer, entity


def unfolded(insert: DXFEntity) -> Iterator[DXFEntity]:
    """Yields what a block holds, where it is inserted, as often as it is."""
    for each in insert.multi_insert() if insert.mcount > 1 else (insert,):
        yield from each.virtual_entities()


def own_layer(entity: DXFEntity, above: str) -> str:
    """Returns the layer of an entity in a block: layer 0 means that of the block."""
    return above if entity.dxf.layer == LAYER_OF_BLOCK else entity.dxf.layer


def edges_if_sound(entity: DXFEntity) -> list[TopoDS_Edge] | None:
    """Returns an entity's edges, None for one that is no line, or contradicts itself: the others are still drawn."""
    if entity.dxftype() not in DRAWN:
        return None
    try:
        return edges(entity)
    except (ezdxf.DXFError, ValueError, TypeError, ZeroDivisionError):
        return None


def edges(entity: DXFEntity) -> list[TopoDS_Edge]:
    """Returns an entity's edges in drawing units: true circles where it has them, else lines and Bézier curves."""
    kind = entity.dxftype()
    if kind in ("LWPOLYLINE", "POLYLINE"):
        if kind == "LWPOLYLINE" or entity.is_2d_polyline or entity.is_3d_polyline:
            return [edge for each in entity.virtual_entities() for edge in edges(each)]
        return []
    upright = tuple(entity.dxf.get("extrusion", (0, 0, 1))) == (0, 0, 1)
    if kind == "LINE":
        return strokes.line(tuple(entity.dxf.start), tuple(entity.dxf.end))
    if kind in ("ARC", "CIRCLE") and upright:
        angles = (entity.dxf.start_angle, entity.dxf.end_angle) if kind == "ARC" else (0.0, 360.0)
        return strokes.arc(tuple(entity.dxf.center), entity.dxf.radius, *angles)
    if kind in ("SPLINE", "ELLIPSE") and (exact := list(DXF_CONVERTERS[kind](entity))):
        return [edge.wrapped for edge in exact]
    return along(ezdxf.path.make_path(entity))


def along(path: ezdxf.path.Path) -> list[TopoDS_Edge]:
    """Returns the edges of one of ezdxf's paths."""
    found: list[TopoDS_Edge] = []
    start = tuple(path.start)
    for command in path.commands():
        between = [tuple(getattr(command, name)) for name in ("ctrl", "ctrl1", "ctrl2") if hasattr(command, name)]
        found += strokes.bezier([start, *between, tuple(command.end)])
        start = tuple(command.end)
    return found


def scaled(shape: TopoDS_Shape, factor: float) -> TopoDS_Shape:
    """Returns a shape in mm."""
    if factor == 1.0:
        return shape
    move = gp_Trsf()
    move.SetScaleFactor(factor)
    return BRepBuilderAPI_Transform(shape, move, True).Shape()


def shade_of(drawing: ezdxf.document.Drawing, layer: str) -> colour.Colour | None:
    """Returns a layer's colour; black and white mean none, as they depend on the paper."""
    if layer not in drawing.layers:
        return None
    found = drawing.layers.get(layer)
    number = abs(found.dxf.color)
    if found.dxf.hasattr("true_color"):
        return colour.from_numbers([*ezdxf.colors.int2rgb(found.dxf.true_color)])
    return colour.from_numbers([*ezdxf.colors.aci2rgb(number)]) if 0 < number < 256 and number not in (7, 250) else None
