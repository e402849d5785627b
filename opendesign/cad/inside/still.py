"""Draws a model as a picture: shaded surfaces, dark edges, a transparent ground."""

from dataclasses import dataclass

import numpy as np

from opendesign.cad.inside import colour, png, shading
from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.parts import Model

WIDTH, HEIGHT = 640, 480
FINER = 3
MARGIN = 0.06
# From the front, a little to the right and above, as technical pictures are seen.
AZIMUTH, ELEVATION = np.radians(-58.0), np.radians(30.0)
MOST_TRIANGLES = 2_000_000


@dataclass
class Surface:
    """Triangles and edges in one colour, mm: positions, normals, triangles, lines, and how many lines are sharp."""

    positions: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray
    lines: np.ndarray
    sharp: int
    colour: colour.Colour


def still(model: Model, meshes: list[Mesh]) -> bytes:
    """Return a PNG of the model, 640 × 480."""
    surfaces = []
    for part in model.parts:
        mesh = meshes[part.definition]
        turn, shift = part.matrix[:3, :3], part.matrix[:3, 3]
        placed, normals = mesh.positions @ turn.T + shift, mesh.normals @ turn.T
        shade = part.colour or colour.STEEL
        surfaces.append(Surface(placed, normals, mesh.triangles, mesh.lines, mesh.sharp, shade))
    return picture(surfaces)


def picture(surfaces: list[Surface]) -> bytes:
    """Return a PNG of surfaces, 640 × 480."""
    scene = shading.Scene(gathered(surfaces), WIDTH, HEIGHT, FINER)
    return png.written(scene.drawn())


def gathered(surfaces: list[Surface]) -> shading.Sight:
    """Return all surfaces as one, seen by the camera: x to the right, y down, in pixels; z from 0, far, to 1."""
    counts = [len(surface.positions) for surface in surfaces]
    starts = np.cumsum([0, *counts])[:-1]
    positions = np.concatenate([surface.positions for surface in surfaces]).astype(np.float64)
    triangles = np.concatenate(
        [surface.triangles.astype(np.int64) + start for surface, start in zip(surfaces, starts, strict=True)]
    )
    if len(triangles) > MOST_TRIANGLES:
        triangles = triangles[:: -(-len(triangles) // MOST_TRIANGLES)]
    owner = np.repeat(np.arange(len(surfaces)), counts)
    axes = camera()
    view = positions @ axes.T
    used = np.concatenate([triangles.ravel(), *lines_of(surfaces, starts)])
    low, high = view[used].min(0), view[used].max(0)
    size = np.maximum(high - low, 1e-9)
    width, height = WIDTH * FINER, HEIGHT * FINER
    scale = (1 - 2 * MARGIN) * min(width / size[0], height / size[1])
    middle = (low + high) / 2
    seen = np.empty_like(view)
    seen[:, 0] = (view[:, 0] - middle[0]) * scale + width / 2
    seen[:, 1] = height / 2 - (view[:, 1] - middle[1]) * scale
    # All depths within the middle of the range, so that edges have room in front.
    seen[:, 2] = 0.05 + 0.9 * (view[:, 2] - low[2]) / size[2]
    normals = np.concatenate([surface.normals for surface in surfaces]).astype(np.float64) @ axes.T
    sharp, soft = [], []
    for surface, start in zip(surfaces, starts, strict=True):
        sharp.append(surface.lines[: surface.sharp].astype(np.int64) + start)
        soft.append(surface.lines[surface.sharp :].astype(np.int64) + start)
    colours = np.array([colour.linear(surface.colour) for surface in surfaces])
    depth = size[2] * scale / 0.9
    return shading.Sight(seen, normals, triangles, np.concatenate(sharp), np.concatenate(soft), owner, colours, depth)


def lines_of(surfaces: list[Surface], starts: np.ndarray) -> list[np.ndarray]:
    """Return the positions that lines use."""
    return [surface.lines.astype(np.int64).ravel() + start for surface, start in zip(surfaces, starts, strict=True)]


def camera() -> np.ndarray:
    """Return the camera's axes as rows: right, up, and towards the viewer."""
    towards = np.array([np.cos(ELEVATION) * np.cos(AZIMUTH), np.cos(ELEVATION) * np.sin(AZIMUTH), np.sin(ELEVATION)])
    right = np.array([-np.sin(AZIMUTH), np.cos(AZIMUTH), 0.0])
    return np.array([right, np.cross(towards, right), towards])
