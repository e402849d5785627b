"""Gives what the camera sees its light: three lamps, soft shade in corners, dark edges and outlines."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from opendesign.cad.inside import inking, raster

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
# Rows of the picture drawn at once: their fine pixels stay in a processor's cache, and little memory is touched.
BAND = 48
# How many fine rows around a band have a say in its outlines.
AROUND = 2
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


class Layer:
    """Solid or clear surfaces: light (4 × height × width, linear, premultiplied), share of ink, and depth, per pixel.

    `triangles` are all that it shows, `sharp` and `soft` are points along its lines.
    """

    def __init__(self, sight: Sight, chosen: np.ndarray, solid: bool, width: int, height: int):
        self.triangles = np.flatnonzero(chosen)
        self.sharp, self.soft = (points(sight, lines, solid) for lines in (sight.sharp, sight.soft))
        self.light = np.zeros((4, height, width), np.float32)
        self.ink, self.depth = np.zeros((2, height, width), np.float32)


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
        self.low, self.high = self.corners[:, :, 1].min(axis=1), self.corners[:, :, 1].max(axis=1)
        self.surface = sight.owner[sight.triangles[:, 0]]
        self.colours = sight.colours.T.astype(np.float32)
        normals = sight.normals[sight.triangles]
        bent = sight.striped[self.surface] | (normals != normals[:, :1]).any(axis=(1, 2))
        even = np.flatnonzero(~bent)
        # By the numbers in a canvas, where 0 is nothing: which triangles differ in colour within, and that of others.
        self.bent = np.concatenate([[False], bent])
        self.plain = np.zeros((4, len(self.bent)), np.float32)
        self.plain[:, 1 + even] = self.shaded(even, *self.corners[even, 0, :2].T)

    def drawn(self) -> np.ndarray:
        """Returns the picture (height × width × 4, uint8)."""
        solid = self.sight.colours[self.surface, 3] >= 1
        chosen = [(solid, True)] if solid.all() else [(solid, True), (~solid, False)]
        layers = [Layer(self.sight, mask, kind, self.width, self.height) for mask, kind in chosen]
        for top in range(0, self.height, BAND):
            self.draw(layers, top, min(top + BAND, self.height))
        light, *over = map(self.finish, layers)
        for glass in over:
            light = glass + light * (1 - glass[3])
        return finished(light)

    def draw(self, layers: list[Layer], top: int, bottom: int) -> None:
        """Draws some rows of each layer; what stands before it hides it and its lines."""
        front = None
        for layer in layers:
            canvas = self.canvas(layer, top, bottom)
            if front is not None:
                canvas.keys[canvas.keys < front.keys] = 0
                np.maximum(front.keys, canvas.keys, out=front.keys)
            front = front or canvas
            self.ink(layer, canvas, front, top, bottom)

    def canvas(self, layer: Layer, top: int, bottom: int) -> raster.Canvas:
        """Returns a canvas with a layer's triangles in some rows of the picture, and in a few around them."""
        first, last = max(top * self.finer - AROUND, 0), min(bottom * self.finer + AROUND, self.height * self.finer)
        canvas = raster.Canvas.blank(self.width * self.finer, first, last)
        there = (self.low[layer.triangles] < last) & (self.high[layer.triangles] > first)
        raster.draw(canvas, self.corners, self.planes, layer.triangles[there])
        return canvas

    def ink(self, layer: Layer, canvas: raster.Canvas, front: raster.Canvas, top: int, bottom: int) -> None:
        """Fills rows of a layer: light, depth, and ink where lines are that `front` does not hide."""
        fine = self.finer / self.sight.depth
        sharp, soft = (inking.lines(front, self.planes, each, 1.5 * fine) for each in (layer.sharp, layer.soft))
        sharp |= inking.outline(canvas, OUTLINE_STEP * fine)
        soft &= ~sharp
        inner = slice(top * self.finer - canvas.top, bottom * self.finer - canvas.top)
        shares = self.mean(sharp[inner])
        layer.ink[top:bottom] = SHARP * shares + SOFT * self.mean(soft[inner])
        nearest = self.reduced(canvas.keys[inner], np.maximum)
        layer.depth[top:bottom] = raster.depths(nearest)
        layer.light[:, top:bottom] = self.surfaces(canvas.keys[inner], nearest, shares > 0, top)

    def reduced(self, fine: np.ndarray, how: np.ufunc) -> np.ndarray:
        """Returns what a function of two makes of the fine pixels of each pixel.

        Slice by slice: numpy is slow along axes of two or three.
        """
        steps = range(self.finer)
        rows = reduce(how, (fine[place :: self.finer] for place in steps))
        return reduce(how, (rows[:, place :: self.finer] for place in steps))

    def mean(self, mask: np.ndarray) -> np.ndarray:
        """Returns the share of each pixel that a fine mask covers."""
        return self.reduced(mask.view(np.uint8), np.add).astype(np.float32) / self.finer**2

    def surfaces(self, keys: np.ndarray, nearest: np.ndarray, mixed: np.ndarray, top: int) -> np.ndarray:
        """Returns the light of some rows: one sample in each pixel, but every fine pixel of the mixed ones."""
        number = nearest & raster.NUMBER
        light = np.take(self.plain, number, axis=1)
        down, right = np.nonzero(self.bent[number] & ~mixed)
        middle = (right + 0.5) * self.finer, (top + down + 0.5) * self.finer
        light[:, down, right] = self.shaded(number[down, right] - 1, *middle)
        down, right = np.nonzero(mixed)
        row, column = np.divmod(np.arange(self.finer**2)[:, None], self.finer)
        y, x = down * self.finer + row, right * self.finer + column
        number = keys[y, x] & raster.NUMBER
        fine = np.take(self.plain, number, axis=1)
        bent = np.nonzero(self.bent[number])
        fine[:, *bent] = self.shaded(number[bent] - 1, x[bent] + 0.5, top * self.finer + y[bent] + 0.5)
        light[:, down, right] = fine.sum(axis=1, dtype=np.float64) / self.finer**2
        return light

    def shaded(self, triangle: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Returns the colour of triangles at points (fine pixels), worked out for as many as fit into a cache."""
        light = np.empty((4, len(triangle)), np.float32)
        for start in range(0, len(triangle), PIECE):
            piece = slice(start, start + PIECE)
            light[:, piece] = self.shaded_piece(triangle[piece], x[piece], y[piece])
        return light

    def shaded_piece(self, triangle: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Returns the colour of a few triangles at points."""
        normal = self.normal_at(triangle, x, y)
        tone = AMBIENT + SKY * normal[1]
        shine = np.zeros(len(tone), np.float32)
        for lamp, strength in LAMPS:
            tone += strength * np.maximum(lamp @ normal, 0)
            half = lamp + np.float32([0, 0, 1])
            shine += strength * glossy(np.maximum(half / np.linalg.norm(half) @ normal, 0))
        owner = self.surface[triangle]
        if self.sight.striped.any():
            tone *= 1 - STRIPE_DARK * self.sight.striped[owner] * stripes((x + y) / self.finer)
        colours = self.colours[:, owner]
        colours[:3] *= tone
        colours[:3] += GLOSS * shine
        colours[3] = np.minimum(colours[3], 1)
        colours[:3] *= colours[3]
        return colours

    def normal_at(self, triangle: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Returns surface normals (3 × n) between triangles' corners, turned to the viewer."""
        seen, place = distinct(triangle, len(self.corners))
        a, b, c = (self.corners[seen, corner, :2].T for corner in range(3))
        u, v = b - a, c - a
        area = u[0] * v[1] - u[1] * v[0]
        area = np.where(np.abs(area) < 1e-12, 1.0, area)
        right, down = x - a[0, place], y - a[1, place]
        # The pixel's middle may lie just outside a thin triangle: stay within its corners.
        first = np.clip(right * (v[1] / area)[place] - down * (v[0] / area)[place], 0, 1)
        second = np.clip(down * (u[0] / area)[place] - right * (u[1] / area)[place], 0, 1)
        n, m, o = self.sight.normals[self.sight.triangles[seen]].transpose(1, 2, 0)
        found = n[:, place]
        found += (m - n)[:, place] * first
        found += (o - n)[:, place] * second
        found /= np.maximum(np.sqrt((found * found).sum(axis=0)), 1e-6)
        found *= np.where(found[2] < 0, -1, 1)
        return found.astype(np.float32)

    def finish(self, layer: Layer) -> np.ndarray:
        """Returns a layer's light, darker in corners, with its ink."""
        layer.light[:3] *= self.corner_shade(layer.depth)
        pixel = np.flatnonzero(layer.ink)
        ink = layer.ink.reshape(-1)[pixel]
        for light, black in zip(layer.light.reshape(4, -1), INK, strict=True):
            light[pixel] = light[pixel] * (1 - ink) + ink * black
        return layer.light

    def corner_shade(self, depth: np.ndarray) -> np.ndarray:
        """Returns how much light reaches each pixel: less where its surroundings stand before it.

        Unsharp masking of the depth buffer (Luft, Colditz and Deussen 2006).
        """
        depth = depth / np.float32(raster.DEPTHS)
        weight, total = (blurred(blurred(each, CORNER), CORNER) for each in (depth > 0, depth))
        before = (total / np.maximum(weight, 1e-9) - depth) * (self.sight.depth / self.finer)
        return 1 - CORNER_DARK * np.clip(before / (3 * CORNER), 0, 1)


def points(sight: Sight, lines: np.ndarray, solid: bool) -> np.ndarray:
    """Returns points along lines on solid or on clear surfaces."""
    ends = sight.positions[lines[(sight.colours[sight.owner[lines[:, 0]], 3] >= 1) == solid]]
    return raster.along(ends[:, 0], ends[:, 1])


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


def blurred(picture: np.ndarray, radius: int) -> np.ndarray:
    """Returns the mean over a square around each pixel of a picture, by running sums."""
    for _axis in (0, 1):
        size, across = picture.shape
        sums = np.zeros((size + 2 * radius + 1, across), np.float32)
        for row in range(size):
            np.add(sums[radius + row], picture[row], out=sums[radius + 1 + row])
        sums[radius + 1 + size :] = sums[radius + size]
        mean = (sums[2 * radius + 1 :] - sums[:size]) / (2 * radius + 1)
        picture = np.ascontiguousarray(mean.T)
    return picture


def finished(light: np.ndarray) -> np.ndarray:
    """Returns premultiplied linear light as bytes in sRGB (IEC 61966-2-1)."""
    _, height, width = light.shape
    light = light.reshape(4, -1)
    picture = np.zeros((height * width, 4), np.uint8)
    pixel = np.flatnonzero(light[3])
    alpha = light[3, pixel]
    picture[pixel, 3] = np.round(np.clip(alpha, 0, 1) * 255)
    alpha = np.maximum(alpha, 1e-6)
    for channel in range(3):
        plain = np.clip(light[channel, pixel] / alpha, 0, 1)
        bent = np.where(plain <= 0.0031308, plain * 12.92, 1.055 * plain ** (1 / 2.4) - 0.055)
        picture[pixel, channel] = np.round(bent * 255)
    return picture.reshape(height, width, 4)
