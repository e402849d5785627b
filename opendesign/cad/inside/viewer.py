"""Writes the file our viewer shows: one GLB with a mesh and edge lines per part, shared shapes stored once."""

from opendesign.cad.inside import colour
from opendesign.cad.inside.gltf import LINES, TRIANGLES, Scene
from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.parts import Model

EDGE: colour.Colour = (0.13, 0.15, 0.18, 1.0)


def viewer(model: Model, meshes: list[Mesh]) -> bytes:
    """Returns the GLB with edges."""
    return written(model, meshes, True)


def plain(model: Model, meshes: list[Mesh]) -> bytes:
    """Returns the GLB for other programs: surfaces only, if there are any."""
    return written(model, meshes, not any(len(mesh.triangles) for mesh in meshes))


def written(model: Model, meshes: list[Mesh], lines: bool) -> bytes:
    """Returns a GLB with a node per part; its extras hold the part's place in the build, path and colour."""
    scene = Scene(model.stamp)
    shared: dict[int, list[dict]] = {}
    made: dict[tuple, int] = {}
    for number, part in enumerate(model.parts):
        mesh = meshes[part.definition]
        if part.definition not in shared:
            shared[part.definition] = primitives(scene, mesh, lines)
        shade = part.colour or colour.STEEL
        key = (part.definition, shade)
        if not shared[part.definition]:
            continue
        if key not in made:
            made[key] = scene.mesh(part.path[-1], painted(scene, shared[part.definition], shade))
        extras = {"part": number, "path": part.name, "colour": list(part.colour) if part.colour else None}
        scene.node(part.name, made[key], part.matrix, extras)
    return scene.written()


def primitives(scene: Scene, mesh: Mesh, lines: bool) -> list[dict]:
    """Adds a mesh's arrays and returns its primitives without materials: triangles and lines share their positions."""
    found: list[dict] = []
    if not len(mesh.positions):
        return found
    positions = scene.points(mesh.positions, bounds=True)
    count = len(mesh.positions)
    if len(mesh.triangles):
        attributes = {"POSITION": positions, "NORMAL": scene.points(mesh.normals)}
        indices = scene.indices(mesh.triangles, count)
        found.append({"attributes": attributes, "indices": indices, "mode": TRIANGLES})
    if lines and len(mesh.lines):
        indices = scene.indices(mesh.lines, count)
        extras = {"sharp": mesh.sharp}
        found.append({"attributes": {"POSITION": positions}, "indices": indices, "mode": LINES, "extras": extras})
    return found


def painted(scene: Scene, shapes: list[dict], shade: colour.Colour) -> list[dict]:
    """Returns primitives with materials: the part's colour on surfaces, one dark colour on edges."""
    surface, edge = scene.material(shade), scene.material(EDGE, "edge", 1.0)
    return [{**shape, "material": surface if shape["mode"] == TRIANGLES else edge} for shape in shapes]
