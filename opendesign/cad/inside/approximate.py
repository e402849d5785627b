"""Compares solids by their triangles (manifold3d): never wrong by much, where the exact way gives up."""

import os
from dataclasses import dataclass

import manifold3d
import numpy as np

from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.mesh import Mesh
from opendesign.cad.inside.skin import Skin
from opendesign.cad.inside.welding import welded

# Curved faces meshed twice differ by slivers thinner than this: mean thickness 2 V / A, mm.
THINNEST = 0.01


@dataclass
class Change:
    """Closed skins in three groups with their volumes, mm³."""

    added: Mesh
    removed: Mesh
    common: Mesh
    added_volume: float
    removed_volume: float
    common_volume: float


def stay_single() -> None:
    """Makes manifold3d work in one thread for good: it decides at its first use, by the processors it may run on."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        ball = manifold3d.Manifold.sphere(1, 32)
        (ball - ball.translate((0.5, 0, 0))).volume()
    finally:
        os.sched_setaffinity(0, allowed)


def change(before: list[Mesh], after: list[Mesh]) -> Change:
    """Returns what changed between two sets of meshed solids. Raises Failure "geometry" if one is not closed."""
    old, new = whole(before), whole(after)
    thinnest = max(THINNEST, max(mesh.deflection for mesh in [*before, *after]) / 10)
    skins = [thick(result, thinnest) for result in (new - old, old - new, new ^ old)]
    meshes = [crisp(skin) for skin in skins]
    return Change(*meshes, *(float(skin.volume()) for skin in skins))


def whole(meshes: list[Mesh]) -> manifold3d.Manifold:
    """Returns meshes as one body."""
    bodies = []
    for mesh in meshes:
        positions, triangles = welded(mesh.positions, mesh.triangles)
        skin = manifold3d.Mesh(np.ascontiguousarray(positions, np.float32), triangles.astype(np.uint32))
        body = manifold3d.Manifold(skin)
        if body.status() != manifold3d.Error.NoError:
            skin.merge()
            body = manifold3d.Manifold(skin)
        if body.status() != manifold3d.Error.NoError:
            raise Failure("geometry", "A solid's skin is not closed, so the two states cannot be compared.")
        bodies.append(body)
    return manifold3d.Manifold.batch_boolean(bodies, manifold3d.OpType.Add)


def thick(body: manifold3d.Manifold, thinnest: float) -> manifold3d.Manifold:
    """Returns a body without its slivers."""
    kept = [
        part
        for part in body.decompose()
        if part.volume() > 0 and 2 * part.volume() / max(part.surface_area(), 1e-12) >= thinnest
    ]
    return manifold3d.Manifold.compose(kept) if kept else manifold3d.Manifold()


def crisp(body: manifold3d.Manifold) -> Mesh:
    """Returns a body's triangles with normals and lines where faces meet at more than 25°."""
    skin = body.to_mesh()
    points = np.asarray(skin.vert_properties, np.float32)[:, :3]
    triangles = np.asarray(skin.tri_verts, np.int64).reshape(-1, 3)
    if not len(triangles):
        return Mesh(points[:0], points[:0], triangles.astype(np.uint32), np.zeros((0, 2), np.uint32), 0, [], 0.0)
    return Skin(points.astype(np.float64), triangles).mesh()
