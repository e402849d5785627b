"""Surfaces given by triangles alone, as in STL and 3MF files: what is known of them without the kernel."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.mesh import Mesh
from opendesign.cad.inside.welding import welded

LARGEST = 1e7
MOST_TRIANGLES = 2_000_000
# Triangles that meet at more than 25° have an edge between them.
FEATURE = np.cos(np.radians(25.0))
# A corner shares its point's normal when it turns from it by less than half of that.
SMOOTH = np.cos(np.radians(12.5))
# Lines are for the eye; a scan's rough skin has more of them than anybody sees through.
MOST_LINES = 200_000


@dataclass(frozen=True, eq=False)
class Skin:
    """Triangles (m × 3) over positions (n × 3, mm, double precision) of which no two are the same."""

    positions: np.ndarray
    triangles: np.ndarray

    @cached_property
    def corners(self) -> np.ndarray:
        """The corners of every triangle (m × 3 × 3), seen from the middle of the whole: sums stay exact far out."""
        return (self.positions - self.middle)[self.triangles]

    @cached_property
    def middle(self) -> np.ndarray:
        """The middle of the box, mm."""
        return (self.positions.min(0) + self.positions.max(0)) / 2

    @cached_property
    def across(self) -> np.ndarray:
        """A vector across every triangle, as long as twice its area (m × 3, mm²)."""
        a, b, c = (self.corners[:, place] for place in range(3))
        return np.cross(b - a, c - a)

    @cached_property
    def sides(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The sides of all triangles, in order: sorted keys of point pairs, which side each is, which way it runs."""
        starts = self.triangles.ravel()
        ends = np.roll(self.triangles, -1, axis=1).ravel()
        keys = np.minimum(starts, ends) * len(self.positions) + np.maximum(starts, ends)
        order = np.argsort(keys, kind="stable")
        return keys[order], order, np.where(starts < ends, 1, -1)[order]

    @cached_property
    def edges(self) -> int:
        """How many different edges there are."""
        keys = self.sides[0]
        return 1 + int((keys[1:] != keys[:-1]).sum())

    @cached_property
    def open_edges(self) -> int:
        """How many edges do not have as many triangles on one side as on the other: 0 for a closed skin."""
        keys, _, ways = self.sides
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        return int((np.add.reduceat(ways, starts) != 0).sum())

    @property
    def is_closed(self) -> bool:
        """True when the skin has an inside."""
        return self.open_edges == 0

    @cached_property
    def labels(self) -> np.ndarray:
        """The number of the body that each position belongs to, from 0 on: bodies do not hang together."""
        a, b, c = self.triangles.T
        pairs = (np.concatenate([a, b]), np.concatenate([b, c]))
        count = len(self.positions)
        links = coo_array((np.ones(len(pairs[0]), np.int8), pairs), shape=(count, count))
        return connected_components(links, directed=False)[1]

    @property
    def bodies(self) -> int:
        """How many bodies there are; positions that no triangle has are none."""
        return int((np.bincount(self.labels[self.triangles[:, 0]]) > 0).sum())

    @property
    def area(self) -> float:
        """The area of all triangles, mm²."""
        return float(np.linalg.norm(self.across, axis=1).sum() / 2)

    @property
    def volume(self) -> float:
        """The volume inside, mm³, by the divergence theorem; near enough for a skin with small holes."""
        return float(np.einsum("ij,ij->", self.corners[:, 0], self.across) / 6)

    def moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Returns the centre (mm) and the inertia about it (3 × 3, mm⁵), of the volume or else of the surface."""
        solid = self.is_closed and abs(self.volume) > 1e-12
        weights = np.einsum("ij,ij->i", self.corners[:, 0], self.across) / 6 if solid else self.surfaces
        sums = self.corners.sum(1)
        # Second moments of a tetrahedron with one corner at the origin, and of a triangle.
        first, second = (1 / 4, 1 / 20) if solid else (1 / 3, 1 / 12)
        total = weights.sum() or 1.0
        centre = first * (weights @ sums) / total
        spread = second * (
            np.einsum("t,tki,tkj->ij", weights, self.corners, self.corners)
            + np.einsum("t,ti,tj->ij", weights, sums, sums)
        )
        spread -= total * np.outer(centre, centre)
        return centre + self.middle, np.trace(spread) * np.identity(3) - spread

    @property
    def surfaces(self) -> np.ndarray:
        """The area of each triangle, mm²."""
        return np.linalg.norm(self.across, axis=1) / 2

    def box(self, matrix: np.ndarray) -> np.ndarray:
        """Returns the lowest and highest x, y, z (2 × 3, mm) of the skin placed by a 4 × 4 matrix."""
        placed = self.positions @ matrix[:3, :3].T + matrix[:3, 3]
        return np.array([placed.min(0), placed.max(0)])

    def moved(self, matrix: np.ndarray) -> "Skin":
        """Returns the skin changed by any 4 × 4 matrix; a mirrored one is turned right side out again."""
        placed = self.positions @ matrix[:3, :3].T + matrix[:3, 3]
        mirrored = np.linalg.det(matrix[:3, :3]) < 0
        return Skin(placed, self.triangles[:, ::-1] if mirrored else self.triangles)

    def mesh(self) -> Mesh:
        """Returns the triangles with normals, smooth where they meet at less than 25°, and lines where at more."""
        flat = self.across / np.maximum(np.linalg.norm(self.across, axis=1, keepdims=True), 1e-300)
        corner = self.triangles.ravel()
        owner = np.repeat(np.arange(len(self.triangles)), 3)
        pull = np.repeat(self.across, 3, axis=0)
        count = len(self.positions)
        sums = np.stack([np.bincount(corner, pull[:, axis], count) for axis in range(3)], axis=1)
        smooth = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-300)
        alone = np.einsum("ij,ij->i", smooth[corner], flat[owner]) < SMOOTH
        # Corners that turn away from their point's normal get a point of their own.
        shown = corner.copy()
        shown[alone] = count + np.arange(int(alone.sum()))
        positions = np.concatenate([self.positions, self.positions[corner[alone]]]).astype(np.float32)
        normals = np.concatenate([smooth, flat[owner[alone]]]).astype(np.float32)
        lines = self.features(flat)
        return Mesh(positions, normals, shown.reshape(-1, 3).astype(np.uint32), lines, len(lines), [], 0.0)

    def features(self, flat: np.ndarray) -> np.ndarray:
        """Returns the edges (k × 2) where triangles with these normals meet at more than 25°, none if too many."""
        keys, order, _ = self.sides
        paired = np.flatnonzero(keys[1:] == keys[:-1])
        one, other = order[paired] // 3, order[paired + 1] // 3
        bent = keys[paired[np.einsum("ij,ij->i", flat[one], flat[other]) < FEATURE]]
        if len(bent) > MOST_LINES:
            bent = bent[:0]
        return np.stack([bent // len(self.positions), bent % len(self.positions)], axis=1).astype(np.uint32)


def skin(corners: np.ndarray, name: str) -> Skin:
    """Returns the skin of triangles given by their corners (m × 3 × 3, mm), equal points joined, slivers left out.

    Raises Failure naming the file: "empty" without triangles, "geometry" for coordinates that are none or too large,
    "output" for more than two million triangles.
    """
    demand_count(len(corners), name)
    points = corners.reshape(-1, 3)
    return joined(points, np.arange(len(points)).reshape(-1, 3), name)


def joined(points: np.ndarray, triangles: np.ndarray, name: str) -> Skin:
    """Returns the skin of triangles over points (n × 3, mm), of which some may be the same; raises as `skin`."""
    demand_count(len(triangles), name)
    if not (np.isfinite(points).all() and np.abs(points).max() < LARGEST):
        raise Failure("geometry", f"{name} has coordinates that are no numbers, or larger than 10 km.", name)
    positions, whole = welded(points, triangles)
    if not len(whole):
        raise Failure("empty", f"All triangles of {name} are points or lines: there is no surface.", name)
    return Skin(positions.astype(np.float64), whole.astype(np.int64))


def demand_count(count: int, name: str) -> None:
    """Refuses no triangles, and more than two million."""
    if not count:
        raise Failure("empty", f"{name} holds no triangles.", name)
    if count > MOST_TRIANGLES:
        raise Failure("output", f"{name} holds {count} triangles; {MOST_TRIANGLES} can be shown.", name)
