"""Looks at triangles as a slicer does: is the skin closed, and how thick is what lies behind it."""

import numpy as np

from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.welding import welded

# Rays times triangles: about 5 ms.
MOST_CROSSINGS = 100_000
MOST_RAYS = 24


def gap(mesh: Mesh) -> list[float] | None:
    """Returns the middle of an edge that does not join exactly two triangles (mm), None for a closed skin."""
    positions, triangles = welded(mesh.positions, mesh.triangles)
    starts, ends = triangles.ravel(), np.roll(triangles, -1, axis=1).ravel()
    keys = np.minimum(starts, ends) * (len(positions) + 1) + np.maximum(starts, ends)
    _, first, uses = np.unique(keys, return_index=True, return_counts=True)
    # Two bodies that touch along an edge share it between four triangles, and both are closed.
    odd = np.flatnonzero(uses % 2)
    if not len(odd):
        return None
    place = first[odd[0]]
    return positions[[starts[place], ends[place]]].astype(np.float64).mean(0).tolist()


def thinnest(mesh: Mesh) -> tuple[float, list[float]]:
    """Returns the thinnest of the walls behind the largest triangles of the largest faces, mm, and where it is.

    A ray goes in from the middle of each; infinity where it meets nothing.
    """
    corners = mesh.positions[mesh.triangles].astype(np.float64)
    sides = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    across = np.cross(*sides)
    size = np.linalg.norm(across, axis=1)
    chosen = of_each_face(mesh, size)[: max(1, min(MOST_RAYS, MOST_CROSSINGS // max(len(corners), 1)))]
    best, at = np.inf, [0.0, 0.0, 0.0]
    for number in chosen[size[chosen] > 0]:
        middle, into = corners[number].mean(0), -across[number] / size[number]
        distance = met(middle, into, corners[:, 0], *sides)
        # Only what looks the other way is the far side of a wall.
        distance[across @ into <= 0] = np.inf
        distance[number] = np.inf
        if distance.min(initial=np.inf) < best:
            best, at = float(distance.min()), middle.tolist()
    return best, at


def of_each_face(mesh: Mesh, size: np.ndarray) -> np.ndarray:
    """Returns the largest triangle of each face, those of the largest faces first."""
    ends = np.cumsum([meshed.triangulation.NbTriangles() for meshed in mesh.faces])
    if not len(ends) or ends[-1] != len(size):
        return np.argsort(-size)
    starts = np.concatenate([[0], ends[:-1]])
    largest = [start + int(np.argmax(size[start:end])) for start, end in zip(starts, ends, strict=True)]
    return np.array(largest)[np.argsort(-np.add.reduceat(size, starts))]


def met(point: np.ndarray, into: np.ndarray, corner: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Returns how far a ray goes to each triangle, infinity for those it misses (Möller and Trumbore, 1997)."""
    turned = np.cross(into, other)
    scale = np.einsum("ij,ij->i", one, turned)
    with np.errstate(divide="ignore", invalid="ignore"):
        from_corner = point - corner
        first = np.einsum("ij,ij->i", from_corner, turned) / scale
        lifted = np.cross(from_corner, one)
        second = lifted @ into / scale
        distance = np.einsum("ij,ij->i", other, lifted) / scale
        hit = (first >= 0) & (second >= 0) & (first + second <= 1) & (distance >= 0)
    return np.where(hit, distance, np.inf)
