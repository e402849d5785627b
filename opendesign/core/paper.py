"""Draws places of a part on paper, as SVG: circles, outlines and words in mm, as one of three views shows them."""

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

from opendesign.core.misfit import Point, Shape, less

ROUND_ON = 0.99  # cosine: a hole that points at the eye is a circle


@dataclass(frozen=True)
class View:
    """A view of the drawing, or a part of one: the axes it shows, its scale and where its origin lies on the paper."""

    axes: tuple[int, int]
    scale: float
    left: float
    bottom: float

    def place(self, point: Point) -> tuple[float, float]:
        """Returns a point of the part on the paper."""
        return self.left + point[self.axes[0]] * self.scale, self.bottom - point[self.axes[1]] * self.scale


@dataclass(frozen=True)
class Paper:
    """What is seen: left, top, width and height of the view in mm, and how high letters are."""

    left: float
    top: float
    width: float
    height: float
    letter: float = 5.0

    @property
    def pen(self) -> float:
        """How wide lines are."""
        return self.letter / 10


def faces(shape: Shape, view: View) -> float:
    """Returns the cosine between a round shape's middle line and the way one looks."""
    assert shape.ends
    way = less(shape.ends[1], shape.ends[0])
    depth = ({0, 1, 2} - set(view.axes)).pop()
    return abs(way[depth]) / (math.hypot(*way) or 1.0)


def shape_of(shape: Shape, view: View, kind: str) -> str:
    """Returns a shape as it is seen in a view: a circle, or the lines around it."""
    if shape.ends and shape.diameter and faces(shape, view) > ROUND_ON:
        x, y = view.place(shape.ends[1])
        return (
            f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="{number(shape.diameter / 2 * view.scale)}"/>'
        )
    return f'<path class="{kind}" d="{outline(shape, view)}"/>'


def outline(shape: Shape, view: View) -> str:
    """Returns the steps around a shape that is no circle in the view."""
    if shape.ends and shape.diameter:
        (ax, ay), (bx, by) = (view.place(end) for end in shape.ends)
        length = math.hypot(bx - ax, by - ay) or 1.0
        half = shape.diameter / 2 * view.scale
        x, y = -(by - ay) / length * half, (bx - ax) / length * half
        points = [(ax + x, ay + y), (bx + x, by + y), (bx - x, by - y), (ax - x, ay - y)]
    elif shape.box:
        (ax, ay), (bx, by) = (view.place(corner) for corner in shape.box)
        points = [(ax, ay), (bx, ay), (bx, by), (ax, by)]
    else:
        points = [view.place(corner) for corner in shape.corners or ()]
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def text(x: float, y: float, words: str, kind: str) -> str:
    """Returns words, which are only words whatever is in them."""
    return f'<text class="{kind}" x="{number(x)}" y="{number(y)}">{escape(words)}</text>'


def number(value: float) -> str:
    """Returns a number as SVG takes it, with three digits at most."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
