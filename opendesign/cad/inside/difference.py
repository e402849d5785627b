"""Performs a comparison of two states of a part: what was added, removed and kept, in numbers and in colours."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from OCP.GProp import GProp_GProps
from OCP.TopoDS import TopoDS_Shape

from opendesign.cad.inside import approximate, brep, colour, exact, leaf, measure, meshing, pairing, still, stl
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.gltf import Scene
from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.skin import Skin
from opendesign.cad.inside.viewer import EDGE, TRIANGLES, primitives

COLOURS: dict[str, colour.Colour] = {
    "added": (0.16, 0.62, 0.33, 1.0),
    "removed": (0.82, 0.22, 0.20, 1.0),
    "common": (0.66, 0.69, 0.73, 0.45),
}
PICTURES = {"png": still.SMALL, "png-large": still.LARGE}


@dataclass
class Outcome:
    """What became of the parts of a model: exact shapes and meshes by kind, volumes in mm³, and how they were found."""

    shapes: dict[str, list[TopoDS_Shape]] = field(default_factory=lambda: {kind: [] for kind in COLOURS})
    meshes: dict[str, list[Mesh]] = field(default_factory=lambda: {kind: [] for kind in COLOURS})
    volumes: dict[str, float] = field(default_factory=lambda: dict.fromkeys(COLOURS, 0.0))
    method: str = "exact"

    def whole(self, kind: str, shape: TopoDS_Shape | Skin, volume: float) -> None:
        """Counts a shape as being of one kind from end to end."""
        if isinstance(shape, Skin):
            self.meshes[kind].append(shape.mesh())
            self.method = "mesh"
        else:
            self.shapes[kind].append(shape)
        self.volumes[kind] += volume

    def changed(self, change: exact.Change | approximate.Change) -> None:
        """Counts a change."""
        for kind in COLOURS:
            body = getattr(change, kind)
            (self.meshes if isinstance(body, Mesh) else self.shapes)[kind].append(body)
            self.volumes[kind] += getattr(change, f"{kind}_volume")
        if isinstance(change, approximate.Change):
            self.method = "mesh"


def difference(job: dict, files: Mapping[str, bytes], deliver: Callable[[str, bytes], None], folder: str) -> dict:
    """Compares two states, of which one may be missing; returns volumes and status: both are measured already.

    Their files are before.brep and after.brep, or .stl for what is only known by its triangles.
    `folder` can be written to. Raises Failure.
    """
    began = time.perf_counter()
    states = {state: shape for state in ("before", "after") if (shape := read(state, files)) is not None}
    if not states:
        raise Failure("empty", "There is nothing to compare: neither before.brep nor after.brep is given.")
    bulks = {state: measure.bulk(shape) for state, shape in states.items()}
    outcome = compared(states, bulks, job.get("method", "exact"), folder)
    surfaces = drawn(outcome, folder)
    if "overlay" in job["formats"]:
        deliver("overlay", overlay(surfaces))
    for name, size in PICTURES.items():
        if name in job["formats"]:
            deliver(name, picture(surfaces, size))
    return {
        "ok": True,
        "method": outcome.method,
        "status": status(bulks),
        "added_mm3": measure.significant(outcome.volumes["added"]),
        "removed_mm3": measure.significant(outcome.volumes["removed"]),
        "common_mm3": measure.significant(outcome.volumes["common"]),
        "seconds": {"difference": round(time.perf_counter() - began, 4)},
    }


def read(state: str, files: Mapping[str, bytes]) -> TopoDS_Shape | Skin | None:
    """Returns the shape of a state, None if it is not given."""
    if f"{state}.brep" in files:
        return brep.read(files[f"{state}.brep"], f"{state}.brep")
    if f"{state}.stl" in files:
        return stl.model(files[f"{state}.stl"], f"{state}.stl").definitions[0]
    return None


def status(bulks: dict[str, measure.Bulk]) -> str:
    """Returns in a word what happened to the part."""
    if "before" not in bulks:
        return "added"
    if "after" not in bulks:
        return "removed"
    if pairing.is_same(bulks["before"], bulks["after"]):
        return "unchanged"
    return "moved" if pairing.is_alike(bulks["before"], bulks["after"]) else "changed"


def compared(
    states: dict[str, TopoDS_Shape | Skin], bulks: dict[str, measure.Bulk], method: str, folder: str
) -> Outcome:
    """Compares the solids of two states; surfaces without volume count as exchanged when they differ."""
    outcome = Outcome()
    word = status(bulks)
    if word == "unchanged":
        outcome.whole("common", states["after"], bulks["after"].volume)
        return outcome
    if any(bulk.solids == 0 for bulk in bulks.values()):
        for state, kind in (("before", "removed"), ("after", "added")):
            if state in states:
                outcome.whole(kind, states[state], bulks[state].volume)
        return outcome
    before, after = pairing.pieces(states.get("before")), pairing.pieces(states.get("after"))
    same, gone, new = pairing.matched(before, after)
    for piece in same:
        outcome.whole("common", piece.shape, piece.bulk.volume)
    for group in pairing.groups(gone, new):
        if not group.before or not group.after:
            for kind, left in (("added", group.after), ("removed", group.before)):
                for piece in left:
                    outcome.whole(kind, piece.shape, piece.bulk.volume)
            continue
        change = exact.change(group) if method == "exact" and not group.has_skins else None
        outcome.changed(change or by_meshes(group, folder))
    return outcome


def by_meshes(group: pairing.Group, folder: str) -> approximate.Change:
    """Compares a group of solids by their triangles."""
    every = [*group.before, *group.after]
    shapes, areas = [piece.shape for piece in every], [piece.bulk.areas for piece in every]
    meshes = meshing.meshes(shapes, areas, folder)
    return approximate.change(meshes[: len(group.before)], meshes[len(group.before) :])


def drawn(outcome: Outcome, folder: str) -> list[tuple[str, Mesh]]:
    """Returns what there is to show, by kind."""
    kinds = [kind for kind in COLOURS if outcome.shapes[kind]]
    compounds = [leaf.compound(outcome.shapes[kind]) for kind in kinds]
    areas = [measure.face_areas(shape, GProp_GProps()) for shape in compounds]
    surfaces = list(zip(kinds, meshing.meshes(compounds, areas, folder), strict=True)) if kinds else []
    surfaces += [(kind, mesh) for kind, meshes in outcome.meshes.items() for mesh in meshes]
    return [(kind, mesh) for kind, mesh in surfaces if len(mesh.triangles) or len(mesh.lines)]


def overlay(surfaces: list[tuple[str, Mesh]]) -> bytes:
    """Returns a GLB with nodes and materials named for what happened: added, removed, common."""
    scene = Scene({})
    for kind, mesh in surfaces:
        paints = {True: scene.material(COLOURS[kind], kind), False: scene.material(EDGE, "edge", 1.0)}
        painted = [{**shape, "material": paints[shape["mode"] == TRIANGLES]} for shape in primitives(scene, mesh, True)]
        scene.node(kind, scene.mesh(kind, painted), np.identity(4), {"kind": kind})
    return scene.written()


def picture(surfaces: list[tuple[str, Mesh]], size: still.Size) -> bytes:
    """Returns a PNG of the difference: what was removed is striped."""
    shown = [
        still.Surface(mesh.positions, mesh.normals, mesh.triangles, mesh.lines, mesh.sharp, COLOURS[kind])
        for kind, mesh in surfaces
    ]
    for (kind, _), surface in zip(surfaces, shown, strict=True):
        surface.striped = kind == "removed"
    return still.picture(shown, size)
