"""Finds where dark lines run in a picture: where it ends, where one thing stands before another, and along edges."""

import numpy as np

from opendesign.cad.inside import raster


def outline(canvas: raster.Canvas, jump: float) -> np.ndarray:
    """Returns a mask of where the picture ends, or what is behind lies further back than `jump`.

    It holds for a canvas's rows but two at each border that is not the picture's own.
    """
    covered = canvas.keys > 0
    border = covered & wider(~covered)
    depth, marks = raster.depths(canvas.keys), border.reshape(-1)
    for pixel in (far_steps(depth, axis, jump * raster.DEPTHS) for axis in (0, 1)):
        marks[pixel] = True
    border = wider(border)
    border &= covered
    return border


def far_steps(depth: np.ndarray, axis: int, jump: float) -> np.ndarray:
    """Returns the pixels (numbers, row by row) in front of a step along an axis.

    A steep plane steps evenly; an edge before something else steps once. Few places step far at all.
    """
    flat, (height, width) = depth.reshape(-1), depth.shape
    stride, size = (width, height) if axis == 0 else (1, width)
    step = flat[stride:] - flat[:-stride]
    place = np.flatnonzero(np.abs(step) > jump)
    falls = step[place] < 0
    at = place // width if axis == 0 else place % width
    kept = (at < size - 1) & np.where(falls, at > 0, at < size - 2)  # along a row, the last one leads into the next
    place, falls = place[kept], falls[kept]
    far, other = step[place], step[np.where(falls, place - stride, place + stride)]
    once = (np.abs(far - other) > 0.7 * jump) & (np.abs(other) * np.sign(other * far) < 0.3 * np.abs(far))
    return np.where(falls, place, place + stride)[once]


def lines(canvas: raster.Canvas, planes: raster.Planes, points: np.ndarray, slack: float) -> np.ndarray:
    """Returns a mask of the visible ones of points along lines, one pixel wide to each side."""
    mask = np.zeros(canvas.keys.shape, bool)
    mask.reshape(-1)[raster.visible(canvas, planes, points, slack)] = True
    return wider(mask)


def wider(mask: np.ndarray) -> np.ndarray:
    """Returns a mask grown by one pixel to each side."""
    grown = mask.copy()
    grown[1:] |= mask[:-1]
    grown[:-1] |= mask[1:]
    wide = grown.copy()
    wide[:, 1:] |= grown[:, :-1]
    wide[:, :-1] |= grown[:, 1:]
    return wide
