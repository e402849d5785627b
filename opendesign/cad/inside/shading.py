"""Gives what the camera sees its light: three lamps, soft shade in corners, dark edges and outlines."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from opendesign.cad.inside import raster

# Lamps as the camera sees them (right, up, towards the viewer), with their strength: key, fill, rim.
LAMPS = tuple(
    (np.float32(lamp) / np.float32(np.linalg.norm(lamp)), strength)
    for lamp, strength in (((-0.45, 0.75, 0.55), 0.78), ((0.85, 0.15, 0.5), 0.32), ((0.1, 0.9, -0.4), 0.20))
)
AMBIENT, SKY = 0.30, 0.12
GLOSS = 0.10
SHARP, SOFT = 0.80, 0.16
INK = np.float32([0.010, 0.013, 0.018, 1.0])
OUTLINE_STEP = 6
PIECE = 16_384  # pixels whose colours are worked out at once
# How far, in picture pixels, corners darken their surroundings, and how much.
CORNER, CORNER_DARK = 9, 0.42
# A stripe every so many pixels of the picture, how wide it is, how much darker.
STRIPE, STRIPE_WIDE, STRIPE_DARK = 14, 5, 0.5


@dataclass
class Sight:
    """What the camera sees: positions (pixels; z 0 … 1), normals, triangles, lines, and each position's surface.

    `colours` are the surfaces' (linear light, opacity), and which are `striped`; `depth` is how many pixels lie between
    z = 0 and z = 1.
    """

    positions: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray
    sharp: np.ndarray
    soft: np.ndarray
    owner: np.ndarray
    colours: np.ndarray
    striped: np.ndarray
    depth: float = 1.0


class Scene:
    """A picture in the making: what is where is drawn `finer` times as fine, colours once per pixel.

    Between surfaces of different colour lies a dark line, always: so the lines alone have to be smooth.
    """

    def __init__(self, sight: Sight, width: int, height: int, finer: int):
        self.sight = sight
        self.width = width
        self.height = height
        self.finer = finer
        self.corners = sight.positions[sight.triangles]
        self.planes = raster.Planes.through(self.corners)
        self.surface = sight.owner[sight.triangles[:, 0]]

    def drawn(self) -> np.ndarray:
        """Returns the picture (height × width × 4, uint8)."""
        opaque = self.sight.colours[self.surface, 3] >= 1
        base = self.canvas(opaque)
        light = self.layer(base, base, True)
        if not opaque.all():
            glass = self.canvas(~opaque)
            front = raster.Canvas(glass.width, glass.height, np.maximum(glass.keys, base.keys))
            glass.keys[glass.keys < base.keys] = 0
            over = self.layer(glass, front, False)
            light = over + light * (1 - over[..., 3:])
        return finished(light)

    def canvas(self, chosen: np.ndarray) -> raster.Canvas:
        """Returns a canvas with the triangles chosen by a mask."""
        canvas = raster.Canvas.blank(self.width * self.finer, self.height * self.finer)
        raster.draw(canvas, self.corners, self.planes, np.flatnonzero(chosen))
        return canvas

    def blocks(self, fine: np.ndarray) -> np.ndarray:
        """Returns fine pixels as height × finer × width × finer."""
        return fine.reshape(self.height, self.finer, self.width, self.finer)

    def reduced(self, fine: np.ndarray, how: np.ufunc) -> np.ndarray:
        """Returns what a function of two makes of the fine pixels of each pixel, height × width.

        Slice by slice: numpy is slow along axes of two or three.
        """
        blocks = self.blocks(fine)
        rows = reduce(how, (blocks[:, place] for place in range(self.finer)))
        return reduce(how, (rows[:, :, place] for place in range(self.finer)))

    def mean(self, mask: np.ndarray) -> np.ndarray:
        """Returns the share of each pixel that a fine mask covers."""
        return self.reduced(mask.view(np.uint8), np.add).astype(np.float32) / self.finer**2

    def layer(self, canvas: raster.Canvas, front: raster.Canvas, solid: bool) -> np.ndarray:
        """Returns shaded pixels with the lines that `front` does not hide (premultiplied, linear)."""
        covered = (canvas.keys > 0).reshape(canvas.height, canvas.width)
        jump = OUTLINE_STEP * self.finer / self.sight.depth
        sharp = self.lines(front, self.sight.sharp, solid) | outline(canvas, covered, jump)
        soft = self.lines(front, self.sight.soft, solid) & ~sharp
        shares = self.mean(sharp)
        light = self.surfaces(canvas, shares.ravel() > 0, solid)
        ink = (SHARP * shares + SOFT * self.mean(soft)).reshape(-1, 1)
        light *= 1 - ink
        light += ink * INK
        return light.reshape(self.height, self.width, 4)

    def surfaces(self, canvas: raster.Canvas, mixed: np.ndarray, solid: bool) -> np.ndarray:
        """Returns shaded pixels: one sample in each, but every fine pixel of the mixed ones."""
        nearest = self.reduced(canvas.keys, np.maximum).ravel()
        light = np.zeros((self.height * self.width, 4), np.float32)
        pixel = np.flatnonzero((nearest > 0) & ~mixed)
        x, y = (pixel % self.width + 0.5) * self.finer, (pixel // self.width + 0.5) * self.finer
        light[pixel] = self.shaded(numbers(nearest[pixel]), x, y, solid)
        chosen = np.flatnonzero(mixed)
        down, right = np.divmod(np.arange(self.finer**2), self.finer)
        first = chosen // self.width * self.finer * canvas.width + chosen % self.width * self.finer
        blocks = canvas.keys[first[:, None] + down * canvas.width + right]
        block, inner = np.nonzero(blocks)
        pixel = chosen[block]
        x = pixel % self.width * self.finer + inner % self.finer + 0.5
        y = pixel // self.width * self.finer + inner // self.finer + 0.5
        fine = self.shaded(numbers(blocks[block, inner]), x, y, solid)
        for channel in range(4):
            sums = np.bincount(block, fine[:, channel], len(chosen))
            light[chosen, channel] = sums / self.finer**2
        light[:, :3] *= self.corner_shade(nearest)[:, None]
        return light

    def shaded(self, triangle: np.ndarray, x: np.ndarray, y: np.ndarray, solid: bool) -> np.ndarray:
        """Returns the colour of triangles at points (fine pixels), worked out for as many as fit into a cache."""
        light = np.empty((len(triangle), 4), np.float32)
        for start in range(0, len(triangle), PIECE):
            piece = slice(start, start + PIECE)
            light[piece] = self.shaded_piece(triangle[piece], x[piece], y[piece], solid)
        return light

    def shaded_piece(self, triangle: np.ndarray, x: np.ndarray, y: np.ndarray, solid: bool) -> np.ndarray:
        """Returns the colour of a few triangles at points."""
        normal = self.normal_at(triangle, x, y)
        tone = AMBIENT + SKY * normal[:, 1]
        shine = np.zeros(len(normal), np.float32)
        for lamp, strength in LAMPS:
            tone += strength * np.maximum(normal @ lamp, 0)
            half = lamp + np.float32([0, 0, 1])
            shine += strength * glossy(np.maximum(normal @ (half / np.linalg.norm(half)), 0))
        owner = self.surface[triangle]
        colours = self.sight.colours[owner].astype(np.float32)
        if self.sight.striped.any():
            tone *= 1 - STRIPE_DARK * self.sight.striped[owner] * stripes((x + y) / self.finer)
        colours[:, :3] = colours[:, :3] * tone[:, None] + GLOSS * shine[:, None]
        if solid:
            colours[:, 3] = 1
        colours[:, :3] *= colours[:, 3:]
        return colours

    def normal_at(self, triangle: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Returns surface normals between triangles' corners, turned to the viewer."""
        seen, place = distinct(triangle, len(self.corners))
        a, b, c = (self.corners[seen, corner, :2] for corner in range(3))
        u, v = b - a, c - a
        area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
        area = np.where(np.abs(area) < 1e-12, 1.0, area)[place]
        right, down = x - a[place, 0], y - a[place, 1]
        # The pixel's middle may lie just outside a thin triangle: stay within its corners.
        first = np.clip((right * v[place, 1] - down * v[place, 0]) / area, 0, 1)[:, None]
        second = np.clip((down * u[place, 0] - right * u[place, 1]) / area, 0, 1)[:, None]
        normals = self.sight.normals[self.sight.triangles[seen]].astype(np.float32)
        found = normals[place, 0] * (1 - first - second) + normals[place, 1] * first + normals[place, 2] * second
        found /= np.maximum(np.sqrt(np.einsum("ij,ij->i", found, found)), 1e-6)[:, None]
        found[found[:, 2] < 0] *= -1
        return found.astype(np.float32)

    def corner_shade(self, nearest: np.ndarray) -> np.ndarray:
        """Returns how much light reaches each pixel: less where its surroundings stand before it.

        Unsharp masking of the depth buffer (Luft, Colditz and Deussen 2006).
        """
        covered = (nearest > 0).reshape(self.height, self.width)
        depth = raster.depths(nearest).reshape(covered.shape) / np.float32(raster.DEPTHS)
        weight, total = covered.astype(np.float32), np.where(covered, depth, np.float32(0))
        for _ in range(2):
            weight, total = blurred(weight, CORNER), blurred(total, CORNER)
        before = (total / np.maximum(weight, 1e-9) - depth) * (self.sight.depth / self.finer)
        return (1 - CORNER_DARK * np.clip(before / (3 * CORNER), 0, 1)).ravel()

    def lines(self, canvas: raster.Canvas, lines: np.ndarray, solid: bool) -> np.ndarray:
        """Returns a fine mask of the visible parts of lines on solid or on clear surfaces, one pixel wide."""
        mask = np.zeros((canvas.height, canvas.width), bool)
        lines = lines[(self.sight.colours[self.sight.owner[lines[:, 0]], 3] >= 1) == solid]
        if len(lines):
            ends = self.sight.positions[lines]
            slack = 1.5 * self.finer / self.sight.depth
            mask.ravel()[raster.visible_points(canvas, self.planes, ends[:, 0], ends[:, 1], slack)] = True
        return wider(mask)


def numbers(keys: np.ndarray) -> np.ndarray:
    """Returns the triangles that a canvas's keys stand for."""
    return (keys & raster.NUMBER).astype(np.int64) - 1


def distinct(numbers: np.ndarray, end: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the different ones of numbers below `end`, and the place of each number among them."""
    found = np.zeros(end, bool)
    found[numbers] = True
    return np.flatnonzero(found), (np.cumsum(found) - 1)[numbers]


def stripes(along: np.ndarray) -> np.ndarray:
    """Returns how much of a stripe, 0 to 1, is at places along them (pixels), with soft borders."""
    off = np.abs(along / STRIPE % 1 - 0.5) * STRIPE
    return np.clip(STRIPE_WIDE / 2 + 0.5 - off, 0, 1).astype(np.float32)


def glossy(cosine: np.ndarray) -> np.ndarray:
    """Returns the 24th power, by which a highlight fades."""
    eighth = cosine * cosine
    eighth *= eighth
    eighth *= eighth
    return eighth * eighth * eighth


def outline(canvas: raster.Canvas, covered: np.ndarray, jump: float) -> np.ndarray:
    """Returns a fine mask of where the picture ends, or what is behind lies further back than `jump`."""
    border = covered & wider(~covered)
    depth = raster.depths(canvas.keys).reshape(covered.shape)
    jump *= raster.DEPTHS
    for turned, mask in ((depth, border), (depth.T, border.T)):
        step = turned[1:] - turned[:-1]
        last = len(step) - 1
        for falls in (True, False):
            # A steep plane steps evenly; an edge before something else steps once. Few places step far at all.
            place, line = np.nonzero(step < -jump if falls else step > jump)
            kept = place > 0 if falls else place < last
            place, line = place[kept], line[kept]
            far, other = step[place, line], step[place - 1 if falls else place + 1, line]
            once = (np.abs(far - other) > 0.7 * jump) & (np.abs(other) * np.sign(other * far) < 0.3 * np.abs(far))
            mask[place[once] + (not falls), line[once]] = True
    return wider(border) & covered


def wider(mask: np.ndarray) -> np.ndarray:
    """Returns a mask grown by one pixel to each side."""
    grown = mask.copy()
    grown[1:] |= mask[:-1]
    grown[:-1] |= mask[1:]
    wide = grown.copy()
    wide[:, 1:] |= grown[:, :-1]
    wide[:, :-1] |= grown[:, 1:]
    return wide


def blurred(picture: np.ndarray, radius: int) -> np.ndarray:
    """Returns the mean over a square around each pixel, by running sums."""
    for axis in (0, 1):
        widths = [(radius + 1, radius) if place == axis else (0, 0) for place in (0, 1)]
        sums = np.cumsum(np.pad(picture, widths, "constant"), axis=axis)
        size = picture.shape[axis]
        ahead = np.take(sums, range(2 * radius + 1, 2 * radius + 1 + size), axis=axis)
        picture = (ahead - np.take(sums, range(size), axis=axis)) / (2 * radius + 1)
    return picture


def finished(light: np.ndarray) -> np.ndarray:
    """Returns premultiplied linear light as bytes in sRGB (IEC 61966-2-1)."""
    alpha = light[:, :, 3:]
    plain = np.clip(light[:, :, :3] / np.maximum(alpha, 1e-6), 0, 1)
    bent = np.where(plain <= 0.0031308, plain * 12.92, 1.055 * plain ** (1 / 2.4) - 0.055)
    return np.round(np.concatenate([bent, np.clip(alpha, 0, 1)], axis=2) * 255).astype(np.uint8)
