"""Draws a model as a picture: shaded surfaces with dark edges on a transparent ground."""

from dataclasses import dataclass

import numpy as np
from OCP.TopAbs import TopAbs_FACE, TopAbs_SOLID
from OCP.TopExp import TopExp_Explorer

from opendesign.cad.inside import colour, png, shading
from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.parts import Model
from opendesign.cad.inside.skin import Skin

# Width, height, and how many times as finely lines are drawn: 0.3 and 0.7 s for an assembly of 22 parts.
SMALL, LARGE = (640, 480, 3), (1600, 1200, 2)
Size = tuple[int, int, int]
MARGIN = 0.06
# From the front, a little to the right and above, as technical pictures are seen.
AZIMUTH, ELEVATION = np.radians(-58.0), np.radians(30.0)
MOST_TRIANGLES = 2_000_000


@dataclass
class Surface:
    """Triangles and edges in one colour, mm: positions, normals, triangles, lines, and how many lines are sharp.

    The inside of a `closed` one is never seen. A `striped` one is told apart by that where colours are not.
    """

    positions: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray
    lines: np.ndarray
    sharp: int
    colour: colour.Colour
    closed: bool = False
    striped: bool = False


def still(model: Model, meshes: list[Mesh], size: Size = SMALL) -> bytes:
    """Returns a PNG of the model, 640 × 480 unless another size is asked for."""
    closed = [is_closed(shape, mesh) for shape, mesh in zip(model.definitions, meshes, strict=True)]
    surfaces = []
    for part in model.parts:
        mesh = meshes[part.definition]
        turn, shift = part.matrix[:3, :3], part.matrix[:3, 3]
        placed, normals = mesh.positions @ turn.T + shift, mesh.normals @ turn.T
        shade = part.colour or colour.STEEL
        outside_only = closed[part.definition]
        surfaces.append(Surface(placed, normals, mesh.triangles, mesh.lines, mesh.sharp, shade, outside_only))
    return picture(surfaces, size, model.stamp)


def is_closed(shape: object, mesh: Mesh) -> bool:
    """Says whether a shape is solids alone, and not inside out."""
    if isinstance(shape, Skin):
        return shape.is_closed and shape.volume > 0
    if not len(mesh.triangles) or TopExp_Explorer(shape, TopAbs_FACE, TopAbs_SOLID).More():
        return False
    a, b, c = (mesh.positions[mesh.triangles[:, corner]].astype(np.float64) for corner in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c))) > 0


def picture(surfaces: list[Surface], chosen: Size = SMALL, stamp: dict[str, str] | None = None) -> bytes:
    """Returns a PNG of surfaces, 640 × 480 or of another size, that tells its origin (`stamp`)."""
    *full, finer = chosen
    crowd = gathered(surfaces)
    used = np.concatenate([crowd.triangles.ravel(), crowd.sharp.ravel(), crowd.soft.ravel()])
    if not len(used):
        return png.written(np.zeros((full[1], full[0], 4), np.uint8), stamp or {})
    low, high = crowd.positions[used].min(0), crowd.positions[used].max(0)
    size = np.maximum(high - low, 1e-9)
    scale = (1 - 2 * MARGIN) * min(full[0] / size[0], full[1] / size[1])
    # Only what the model covers is drawn, and then put into the middle.
    width, height = (min(int(np.ceil(size[axis] * scale)) + 6, full[axis]) for axis in (0, 1))
    framed = (crowd.positions - (low + high) / 2) * scale * finer
    framed[:, :2] = framed[:, :2] * (1, -1) + (width * finer / 2, height * finer / 2)
    # Depths stay within the middle of their range, so that edges have room in front.
    crowd.depth = size[2] * scale * finer / 0.9
    framed[:, 2] = 0.5 + framed[:, 2] / crowd.depth
    crowd.positions = framed
    drawn = shading.Scene(crowd, width, height, finer).drawn()
    whole = np.zeros((full[1], full[0], 4), np.uint8)  # not before: drawing takes the most memory of a small job
    left, top = (full[0] - width) // 2, (full[1] - height) // 2
    whole[top : top + height, left : left + width] = drawn
    return png.written(whole, stamp or {})


def gathered(surfaces: list[Surface]) -> shading.Sight:
    """Returns all surfaces as one, turned to the camera: x to the right, y up, z towards the viewer; mm."""
    counts = [len(surface.positions) for surface in surfaces]
    starts = np.cumsum([0, *counts])[:-1]
    axes = camera()
    positions = np.concatenate([surface.positions for surface in surfaces]).astype(np.float64) @ axes.T
    normals = np.concatenate([surface.normals for surface in surfaces]).astype(np.float64) @ axes.T
    pieces: tuple[list, list, list] = [], [], []
    for surface, start in zip(surfaces, starts, strict=True):
        triangles = surface.triangles.astype(np.int64) + start
        lines = surface.lines.astype(np.int64) + start
        pieces[0].append(outer(triangles, positions) if surface.closed else triangles)
        pieces[1].append(lines[: surface.sharp])
        pieces[2].append(lines[surface.sharp :])
    triangles, sharp, soft = (np.concatenate(group) for group in pieces)
    triangles = triangles[:: max(1, -(-len(triangles) // MOST_TRIANGLES))]
    colours = np.array([colour.linear(surface.colour) for surface in surfaces])
    owner = np.repeat(np.arange(len(surfaces)), counts)
    striped = np.array([surface.striped for surface in surfaces])
    return shading.Sight(positions, normals, triangles, sharp, soft, owner, colours, striped)


def outer(triangles: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Returns the triangles that face the viewer."""
    a, b, c = (positions[triangles[:, corner], :2] for corner in range(3))
    u, v = b - a, c - a
    return triangles[u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0] > 0]


def camera() -> np.ndarray:
    """Returns the camera's axes as rows: right, up, and towards the viewer."""
    flat = np.array([np.cos(AZIMUTH), np.sin(AZIMUTH), 0.0])
    towards = flat * np.cos(ELEVATION) + np.array([0, 0, np.sin(ELEVATION)])
    right = np.array([-flat[1], flat[0], 0.0])
    return np.array([right, np.cross(towards, right), towards])
