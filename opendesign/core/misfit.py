"""What of a promise is missed, to be drawn: the promised place beside the one that is there, in mm."""

from collections.abc import Sequence
from dataclasses import dataclass

Point = Sequence[float]
Box = Sequence[Point]


@dataclass(frozen=True)
class Shape:
    """A place that can be drawn: a round one (`ends`, `diameter`), a flat one (`corners`) or a `box`."""

    ends: tuple[Point, Point] | None = None
    diameter: float | None = None
    corners: Sequence[Point] | None = None
    box: Box | None = None


@dataclass(frozen=True)
class Figure:
    """One thing promised and what is there of it.

    `kind`: “round”, “flat” or “side” (of a box); `name`: which hole of the list from 1 on, which tag, or which side
    (such as “+x”); `line`: what is measured, from the promised place to the one found; `between`: the room between
    both, of a side.
    """

    kind: str
    name: str
    promised: Shape
    found: Shape | None = None
    line: tuple[Point, Point] | None = None
    between: Box | None = None


@dataclass(frozen=True)
class Misfit:
    """A figure of one part: its path, its build's key, by how much it misses (mm; None without measure), in words."""

    part: str
    build: str
    detail: str
    by_mm: float | None
    figure: Figure


def add(point: Point, way: Point, far: float = 1.0) -> tuple[float, ...]:
    """Returns the point so far along a way."""
    return tuple(a + far * b for a, b in zip(point, way, strict=True))


def less(one: Point, other: Point) -> tuple[float, ...]:
    """Returns the way from the other point to the one."""
    return add(one, other, -1.0)


def dot(one: Point, other: Point) -> float:
    """Returns how far one goes along the other, times the other's length."""
    return sum(a * b for a, b in zip(one, other, strict=True))


def along(point: Point, start: Point, way: Point) -> tuple[float, ...]:
    """Returns the point of a line (from a start, along a way of length 1) that is nearest to a point."""
    return add(start, way, dot(less(point, start), way))


def middle(points: Sequence[Point]) -> tuple[float, ...]:
    """Returns the point in the middle of some."""
    return tuple(sum(each) / len(points) for each in zip(*points, strict=True))


def of_side(name: str, promised: Box, own: Box, extent: Box) -> Figure:
    """Returns the figure of a box whose side (such as “+x”) is not where it is promised.

    `extent` is the box whose other two directions the room between both sides has.
    """
    axis, end = "xyz".index(name[-1]), 1 if name[0] == "+" else 0
    ends = promised[end][axis], own[end][axis]
    corners = [list(corner) for corner in extent]
    corners[0][axis], corners[1][axis] = min(ends), max(ends)
    start, finish = ([*middle(corners)] for _ in range(2))
    start[axis], finish[axis] = ends
    return Figure("side", name, Shape(box=promised), Shape(box=own), (start, finish), corners)


def of_round(name: str, at: Point, way: Point, diameter: float, found: tuple[Point, Point, float] | None) -> Figure:
    """Returns the figure of a hole or pin promised at a place, along a way of length 1, and the one that is there."""
    if found is None:
        stub = add(at, way, -diameter / 2), add(at, way, diameter / 2)
        return Figure("round", name, Shape(stub, diameter))
    *ends, own = found
    low, high = (along(end, at, way) for end in ends)
    promised = Shape((low, high), diameter)
    return Figure("round", name, promised, Shape((ends[0], ends[1]), own), _measured(at, way, (ends[0], ends[1])))


def _measured(at: Point, way: Point, ends: tuple[Point, Point]) -> tuple[Point, Point]:
    """Returns the line from a promised middle line to the one found, at the height of `at` or the end nearest to it."""
    length = dot(less(ends[1], ends[0]), way)
    share = dot(less(at, ends[0]), way) / length if length else 0.0
    inside = min(1.0, max(0.0, share))
    reached = add(ends[0], less(ends[1], ends[0]), inside)
    return (at, reached)


def label(misfit: Misfit) -> str:
    """Returns what is written beside a misfit: “hole 3: 0.80 mm”, “+x: 2.00 mm”, “hole 3: not there”."""
    figure = misfit.figure
    name = f"hole {figure.name}" if figure.kind == "round" and figure.name.isdecimal() else figure.name
    if figure.found is None or misfit.by_mm is None:
        return f"{name}: not there"
    return f"{name}: {misfit.by_mm:.2f} mm"


def chosen(misfits: Sequence[Misfit], part: str) -> list[Misfit]:
    """Returns the misfits of one part; without a path, those of the first part that has any."""
    wanted = part or (misfits[0].part if misfits else "")
    return [one for one in misfits if one.part == wanted]
