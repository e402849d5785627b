"""Measures parts: volume, area, box, centre, validity and a fingerprint. Lengths in mm.

Everything but the box is computed once per definition and moved to each instance.
"""

from dataclasses import dataclass

import numpy as np
from OCP.BRepGProp import BRepGProp
from OCP.GProp import GProp_GProps
from OCP.TopAbs import TopAbs_EDGE, TopAbs_FACE, TopAbs_SOLID
from OCP.TopExp import TopExp, TopExp_Explorer
from OCP.TopoDS import TopoDS_Shape
from OCP.TopTools import TopTools_IndexedMapOfShape

from opendesign.cad.inside import extent, meshing, slopes, soundness
from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.parts import Model, Part
from opendesign.cad.inside.skin import Skin
from opendesign.cad.inside.soundness import Soundness

MOST_REMARKS = 100


@dataclass
class Bulk:
    """What one definition is made of: mm³, mm², its centre (mm) and inertia about it (mm⁵, 3 × 3), its counts,
    and the areas of its faces in the order of TopExp_Explorer.
    """

    volume: float
    area: float
    centre: np.ndarray
    inertia: np.ndarray
    solids: int
    faces: int
    edges: int
    areas: np.ndarray


def bulk(shape: TopoDS_Shape | Skin) -> Bulk:
    """Measures one definition."""
    if isinstance(shape, Skin):
        solids = shape.bodies if shape.is_closed else 0
        counts = solids, len(shape.triangles), shape.edges
        return Bulk(shape.volume, shape.area, *shape.moments(), *counts, np.zeros(0))
    solid, skin, line = GProp_GProps(), GProp_GProps(), GProp_GProps()
    solids = TopTools_IndexedMapOfShape()
    explorer = TopExp_Explorer(shape, TopAbs_SOLID)
    while explorer.More():
        own = GProp_GProps()
        BRepGProp.VolumeProperties_s(explorer.Current(), own)
        solid.Add(own)
        solids.Add(explorer.Current())
        explorer.Next()
    areas = face_areas(shape, skin)
    weighed = solid if solid.Mass() else skin
    if not skin.Mass():
        BRepGProp.LinearProperties_s(shape, line)
        weighed = line
    counts = [count(shape, kind) for kind in (TopAbs_FACE, TopAbs_EDGE)]
    inertia = weighed.MatrixOfInertia()
    return Bulk(
        finite(solid.Mass()),
        finite(skin.Mass()),
        np.nan_to_num(weighed.CentreOfMass().Coord()),
        np.nan_to_num([[inertia.Value(row, column) for column in (1, 2, 3)] for row in (1, 2, 3)]),
        solids.Extent(),
        *counts,
        areas,
    )


def face_areas(shape: TopoDS_Shape, skin: GProp_GProps) -> np.ndarray:
    """Returns the area of every face, mm², and adds it to the properties of the whole skin."""
    areas = []
    for face in meshing.faces_of(shape):
        own = GProp_GProps()
        BRepGProp.SurfaceProperties_s(face, own)
        skin.Add(own)
        areas.append(finite(own.Mass()))
    return np.array(areas)


def count(shape: TopoDS_Shape, kind: object) -> int:
    """Returns how many different parts of a kind a shape has."""
    found = TopTools_IndexedMapOfShape()
    TopExp.MapShapes_s(shape, kind, found)
    return found.Extent()


def finite(number: float) -> float:
    """Returns the number, 0 for one that is none."""
    return number if np.isfinite(number) else 0.0


def measure(model: Model, bulks: list[Bulk], meshes: list[Mesh]) -> tuple[list[dict], dict, list[dict]]:
    """Returns a measurement of each part, one of everything together, and remarks on what is unusual.

    Raises Failure "geometry" for a shape without an end.
    """
    extents = [
        shape if isinstance(shape, Skin) else extent.Extent(shape, mesh)
        for shape, mesh in zip(model.definitions, meshes, strict=True)
    ]
    sound = [Soundness(*each) for each in zip(model.definitions, bulks, meshes, strict=True)]
    slants = [slopes.Slopes(*each) for each in zip(model.definitions, meshes, strict=True)]
    shapes = []
    remarks: list[dict] = []
    for part in model.parts:
        own = sound[part.definition]
        box = extents[part.definition].box(part.matrix)
        areas = slants[part.definition].areas(part.matrix) if own.solid else None
        shapes.append(of_part(part, bulks[part.definition], own.valid, box) | of_print(areas, own.wall))
        remarks += [placed(finding, part) for finding in own.findings]
    everything = total(model.parts, shapes, bulks)
    remarks += [finding | {"shape": ""} for finding in soundness.scale(np.array(everything["bbox_mm"]))]
    return shapes, everything, remarks[:MOST_REMARKS]


def placed(finding: dict, part: Part) -> dict:
    """Returns what was found in a definition as found in one of its instances."""
    at = finding.get("at")
    where = None if at is None else lengths(part.matrix[:3, :3] @ np.array(at) + part.matrix[:3, 3])
    return finding | {"shape": part.name, "at": where}


def of_part(part: Part, own: Bulk, valid: bool, box: np.ndarray | None) -> dict:
    """Returns the measurement of one part."""
    centre = part.matrix[:3, :3] @ own.centre + part.matrix[:3, 3]
    return {
        "name": part.name,
        "path": list(part.path),
        "volume_mm3": significant(own.volume),
        "area_mm2": significant(own.area),
        "bbox_mm": lengths(np.zeros((2, 3)) if box is None else box),
        "centre_mm": lengths(centre),
        "valid": valid,
        "solids": own.solids,
        "faces": own.faces,
        "edges": own.edges,
        "colour": list(part.colour) if part.colour else None,
        "inertia_mm5": principal(own.inertia),
    }


def of_print(areas: tuple[float, float] | None, wall: float | None) -> dict:
    """Returns what printing depends on: level planes and overhangs (mm²), and the thinnest wall of some places (mm)."""
    level, overhang = areas or (None, None)
    facts = {"level_mm2": level, "overhang_mm2": overhang, "wall_mm": wall}
    return {name: None if value is None else significant(value) for name, value in facts.items()}


def together(shapes: list[dict]) -> dict:
    """Returns what printing all depends on: sums where every one is known, and the thinnest wall of all."""
    walls = [shape["wall_mm"] for shape in shapes if shape["wall_mm"] is not None]
    facts: dict = {"wall_mm": min(walls, default=None)}
    for name in ("level_mm2", "overhang_mm2"):
        own = [shape[name] for shape in shapes]
        facts[name] = None if None in own else significant(sum(own))
    return facts


def total(parts: list[Part], shapes: list[dict], bulks: list[Bulk]) -> dict:
    """Returns the measurement of all parts together; mass is volume, or area where nothing has a volume."""
    boxes = np.array([shape["bbox_mm"] for shape in shapes])
    own = [bulks[part.definition] for part in parts]
    weights = np.array([one.volume for one in own])
    if not weights.any():
        weights = np.array([one.area for one in own])
    if not weights.sum():
        weights = np.ones(len(own))
    centres = np.array(
        [part.matrix[:3, :3] @ one.centre + part.matrix[:3, 3] for part, one in zip(parts, own, strict=True)]
    )
    centre = weights @ centres / weights.sum()
    inertia = np.zeros((3, 3))
    for part, one, weight, at in zip(parts, own, weights, centres, strict=True):
        turn, arm = part.matrix[:3, :3], at - centre
        # The parallel axis theorem (Steiner).
        inertia += turn @ one.inertia @ turn.T + weight * (arm @ arm * np.identity(3) - np.outer(arm, arm))
    return {
        "volume_mm3": significant(sum(one.volume for one in own)),
        "area_mm2": significant(sum(one.area for one in own)),
        "bbox_mm": lengths([boxes[:, 0].min(0), boxes[:, 1].max(0)]),
        "centre_mm": lengths(centre),
        "valid": all(shape["valid"] for shape in shapes),
        "solids": sum(one.solids for one in own),
        "faces": sum(one.faces for one in own),
        "edges": sum(one.edges for one in own),
        "parts": len(parts),
        "inertia_mm5": principal(inertia),
        **together(shapes),
    }


def principal(inertia: np.ndarray) -> list[float]:
    """Returns the principal moments of inertia: they are the same however a shape is turned."""
    return [significant(float(value)) for value in np.linalg.eigvalsh((inertia + inertia.T) / 2)]


def significant(number: float) -> float:
    """Returns the number to nine digits, so that noise of the last bits never shows."""
    return float(f"{finite(number):.9g}") + 0.0


def lengths(values: object) -> list:
    """Returns lengths in mm to a nanometre, without minus zeros."""
    return (np.round(np.nan_to_num(values), 6) + 0.0).tolist()
