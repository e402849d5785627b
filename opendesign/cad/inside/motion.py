"""Finds the motions that could carry one body onto another: turns about their centres, never a mirror.

The axes of inertia leave four turns. Where two of its moments are alike, the axes say nothing of the angle about the
third; then pairs of points of one are matched with pairs of the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

APART = 1e-3  # of the largest moment: nearer ones are alike, and their axes are chance
NEAR = 1e-4  # of a body's size: points whose distances differ by less may be the same
ROUND = 3  # decimals of a size in which distances are of one sort
MOST_POINTS = 200  # that are compared
MOST_PAIRS = 400
ALONG = 1e-2  # sine of the angle under which two points are on one line with the centre


@dataclass
class Body:
    """A body seen from its centre: inertia about it (3 × 3), and points that belong to it (n × 3)."""

    inertia: np.ndarray
    points: np.ndarray

    @property
    def size(self) -> float:
        """How far its points reach."""
        return float(np.linalg.norm(self.points, axis=1).max(initial=0.0)) or 1.0


def motions(one: Body, other: Body, most: int) -> list[np.ndarray]:
    """Returns at most so many turns (3 × 3, determinant 1) that could carry one onto the other, the best first."""
    found = [*by_axes(one, other)]
    if not distinct(one.inertia):
        found += by_pairs(one, other)
    theirs = few(other.points)
    ordered = sorted(found, key=lambda turn: misfit(few(one.points) @ turn.T, theirs))
    kept: list[np.ndarray] = []
    for turn in ordered:
        if all(np.abs(turn - each).max() > NEAR for each in kept):
            kept.append(turn)
        if len(kept) == most:
            break
    return kept


def distinct(inertia: np.ndarray) -> bool:
    """Says whether the three moments are far enough apart for their axes to be known."""
    moments = np.linalg.eigvalsh(inertia)
    return bool(np.diff(moments).min() > APART * max(abs(moments[-1]), 1e-30))


def by_axes(one: Body, other: Body) -> Iterator[np.ndarray]:
    """Yields the four turns that carry the axes of inertia of one onto those of the other."""
    mine, theirs = (right_handed(np.linalg.eigh(body.inertia)[1]) for body in (one, other))
    for first, second in product((1, -1), repeat=2):
        yield theirs @ np.diag([first, second, first * second]) @ mine.T


def right_handed(axes: np.ndarray) -> np.ndarray:
    """Returns axes with the last one turned round if they were left-handed."""
    return axes * [1, 1, np.sign(np.linalg.det(axes))]


def by_pairs(one: Body, other: Body) -> Iterator[np.ndarray]:
    """Yields the turns that carry two telling points of one onto two of the other that are as far from all."""
    near = NEAR * max(one.size, other.size)
    first, second = telling(one)
    if first is None or second is None:
        return
    mine, count = frame(first, second), 0
    for a in at_distance(other.points, np.linalg.norm(first), near):
        around = at_distance(other.points, np.linalg.norm(second), near)
        for b in around[np.abs(np.linalg.norm(around - a, axis=1) - np.linalg.norm(second - first)) <= near]:
            count += 1
            if count > MOST_PAIRS:
                return
            yield frame(a, b) @ mine.T


def telling(body: Body) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Returns two points not on one line with the centre, of distances as rare as there are."""
    lengths = np.linalg.norm(body.points, axis=1)
    sorts = np.round(lengths / body.size, ROUND)
    rare = {sort: int((sorts == sort).sum()) for sort in set(sorts.tolist())}
    order = sorted(range(len(lengths)), key=lambda place: (rare[float(sorts[place])], -lengths[place]))
    points = [body.points[place] for place in order if lengths[place] > ALONG * body.size]
    if not points:
        return None, None
    first = points[0]
    for point in points[1:]:
        if np.linalg.norm(np.cross(first, point)) > ALONG * np.linalg.norm(first) * np.linalg.norm(point):
            return first, point
    return first, None


def at_distance(points: np.ndarray, length: float, near: float) -> np.ndarray:
    """Returns the points so far from the centre."""
    return points[np.abs(np.linalg.norm(points, axis=1) - length) <= near]


def frame(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Returns the right-handed axes that two points span, as columns."""
    x = first / np.linalg.norm(first)
    z = np.cross(first, second)
    z = z / max(np.linalg.norm(z), 1e-30)
    return np.column_stack([x, np.cross(z, x), z])


def few(points: np.ndarray) -> np.ndarray:
    """Returns enough of many points, spread evenly over their order."""
    return points if len(points) <= MOST_POINTS else points[np.linspace(0, len(points) - 1, MOST_POINTS).astype(int)]


def misfit(points: np.ndarray, others: np.ndarray) -> float:
    """Returns how far points are from the nearest of others, on the average."""
    if not len(points) or not len(others):
        return 0.0
    return float(np.linalg.norm(points[:, None] - others[None], axis=2).min(axis=1).mean())
