"""Joins the triangles of faces into one closed skin."""

import numpy as np


def welded(positions: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns positions (n × 3) without twins and the triangles over them, without those that fell to a line.

    Faces share the points of their common edge exactly, so equal numbers are equal points.
    """
    if not len(triangles):
        return positions[:0], triangles[:0]
    used = np.unique(triangles)
    rows = np.ascontiguousarray(positions[used] + np.float32(0)).view(np.dtype((np.void, 12))).ravel()
    _, kept, twin = np.unique(rows, return_index=True, return_inverse=True)
    # In the order of their first use, so that neighbours stay close and files small.
    order = np.argsort(kept, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    number = np.zeros(len(positions), np.int64)
    number[used] = rank[twin.ravel()]
    joined = number[triangles]
    whole = (joined[:, 0] != joined[:, 1]) & (joined[:, 1] != joined[:, 2]) & (joined[:, 0] != joined[:, 2])
    return positions[used][kept[order]], joined[whole]
