"""Draws triangles and lines into a depth buffer with numpy alone: machines without a screen have no graphics library.

A triangle is cut into rows, rows into pixels; a 64-bit maximum over (depth, triangle) keeps the nearest of each pixel.
"""

import sys
from dataclasses import dataclass

import numpy as np

# Pixels worked on at once: what stays in a processor's cache.
BATCH = 50_000
DEPTHS = np.float64(2**31)
NUMBER = np.int64(0xFFFFFFFF)


@dataclass
class Canvas:
    """A depth buffer of some rows of a picture: per pixel depth << 32 | triangle + 1 of what is nearest, or 0."""

    width: int
    top: int
    bottom: int
    keys: np.ndarray

    @classmethod
    def blank(cls, width: int, top: int, bottom: int) -> "Canvas":
        """Returns an empty canvas."""
        return cls(width, top, bottom, np.zeros((bottom - top, width), np.int64))


def depths(keys: np.ndarray) -> np.ndarray:
    """Returns the depths (0 … 2^31, float32) of keys, read where they lie: a shifted copy would be twice as large."""
    high = 1 if sys.byteorder == "little" else 0
    return keys.view(np.int32)[..., high::2].astype(np.float32)


@dataclass
class Planes:
    """Depth over the picture for each triangle, z = at + dx · x + dy · y, and its nearest corner's."""

    at: np.ndarray
    dx: np.ndarray
    dy: np.ndarray
    nearest: np.ndarray

    @classmethod
    def through(cls, corners: np.ndarray) -> "Planes":
        """Returns the planes of triangles (n × 3 × 3: x, y in pixels, z from 0, far, to 1, near)."""
        a = corners[:, 0]
        u, v = corners[:, 1] - a, corners[:, 2] - a
        area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
        flat = np.abs(area) < 1e-12
        area = np.where(flat, 1.0, area)
        dx = np.where(flat, 0.0, (u[:, 2] * v[:, 1] - v[:, 2] * u[:, 1]) / area)
        dy = np.where(flat, 0.0, (v[:, 2] * u[:, 0] - u[:, 2] * v[:, 0]) / area)
        return cls(a[:, 2] - dx * a[:, 0] - dy * a[:, 1], dx, dy, corners[:, :, 2].max(axis=1))

    def depth(self, triangles: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Returns the depth of triangles at points."""
        return self.at[triangles] + self.dx[triangles] * x + self.dy[triangles] * y


def draw(canvas: Canvas, corners: np.ndarray, planes: Planes, chosen: np.ndarray) -> None:
    """Draws the chosen of all triangles (numbers) into the canvas."""
    row, left, length, owner = rows(corners[chosen], canvas)
    owner = chosen[owner]
    ends = np.cumsum(length)
    start = 0
    while start < len(row):
        base = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, base + BATCH, "right")), start + 1)
        batch = slice(start, stop)
        fill(canvas, planes, row[batch], left[batch], length[batch], owner[batch])
        start = stop


def rows(corners: np.ndarray, canvas: Canvas) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Returns the rows of pixels inside triangles that a canvas has: their y, first x, length, and triangle."""
    order = np.argsort(corners[:, :, 1], axis=1)
    low, middle, high = (corners[np.arange(len(corners)), order[:, place], :2] for place in range(3))
    first = np.clip(np.ceil(low[:, 1] - 0.5), canvas.top, canvas.bottom).astype(np.int64)
    last = np.clip(np.ceil(high[:, 1] - 0.5), canvas.top, canvas.bottom).astype(np.int64)
    counts = np.maximum(last - first, 0)
    owner = np.repeat(np.arange(len(corners)), counts)
    row = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts - first, counts)
    y = row + 0.5
    base, slope = sides(low, high)
    across = base[owner] + slope[owner] * y
    base, slope = (np.concatenate(pair) for pair in zip(sides(low, middle), sides(middle, high), strict=True))
    bent = owner + np.where(y < np.repeat(middle[:, 1], counts), 0, len(corners))
    other = base[bent] + slope[bent] * y
    left = np.clip(np.ceil(np.minimum(across, other) - 0.5), 0, canvas.width).astype(np.int64)
    right = np.clip(np.ceil(np.maximum(across, other) - 0.5), 0, canvas.width).astype(np.int64)
    kept = np.flatnonzero(right > left)
    return row[kept], left[kept], (right - left)[kept], owner[kept]


def sides(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns lines from start to end as x = base + slope · y."""
    rise = end[:, 1] - start[:, 1]
    slope = (end[:, 0] - start[:, 0]) / np.where(rise == 0, 1.0, rise)
    return start[:, 0] - slope * start[:, 1], slope


def fill(
    canvas: Canvas, planes: Planes, row: np.ndarray, left: np.ndarray, length: np.ndarray, owner: np.ndarray
) -> None:
    """Keeps the nearest triangle in every pixel of some rows."""
    # Depth from 1 on, so that even the farthest triangle is above the empty key.
    begin = planes.depth(owner, left + 0.5, row + 0.5) * (DEPTHS - 2) + 1
    step = planes.dx[owner] * (DEPTHS - 2)
    offset = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    depth = np.repeat(step, length)
    depth *= offset
    depth += np.repeat(begin, length)
    keys = np.clip(depth, 1, DEPTHS - 1, out=depth).astype(np.int64)
    keys <<= 32
    keys |= np.repeat(owner + 1, length)
    offset += np.repeat((row - canvas.top) * canvas.width + left, length)
    np.maximum.at(canvas.keys.reshape(-1), offset, keys)


def along(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Returns points along lines (n × 3 each), at least one for each pixel, in rows of x, y, z."""
    counts = np.ceil(np.abs(ends - starts)[:, :2].max(axis=1)).astype(np.int64) + 1
    owner = np.repeat(np.arange(len(starts)), counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    part = place / np.maximum(counts - 1, 1)[owner]
    return starts[owner] + (ends - starts)[owner] * part[:, None]


def visible(canvas: Canvas, planes: Planes, points: np.ndarray, slack: float) -> np.ndarray:
    """Returns the pixels of a canvas with points that nothing hides by more than `slack`."""
    x, y = points[:, 0], points[:, 1]
    points = points[(x >= 0) & (x < canvas.width) & (y >= canvas.top) & (y < canvas.bottom)]
    x, y, z = points.T
    pixel = (y.astype(np.int64) - canvas.top) * canvas.width + x.astype(np.int64)
    if not len(planes.at):
        return pixel
    triangle = (canvas.keys.reshape(-1)[pixel] & NUMBER) - 1
    # Beside a steep triangle its plane rises beyond its own corners.
    front = np.minimum(planes.depth(triangle, x, y), planes.nearest[triangle])
    front[triangle < 0] = -1.0
    return pixel[z >= front - slack]
