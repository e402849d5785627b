"""A plot of values in order: where its steps, marks and ticks lie, in the units of its drawing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 84.0, 16.0, 16.0, 28.0
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Mark:
    """A value that is known: its number in the order, and where it lies."""

    number: int
    x: float
    y: float


@dataclass(frozen=True)
class Plot:
    """A drawing `WIDTH` × `HEIGHT`: marks, the SVG path of the steps between them, and ticks (y, value)."""

    marks: list[Mark]
    path: str
    ticks: list[tuple[float, float]]


def plot(values: Sequence[float | None]) -> Plot:
    """Returns where values (None: not known) lie when each stands for the time until the next; gaps stay gaps."""
    known = [value for value in values if value is not None]
    if not known:
        return Plot([], "", [])
    steps = ticks(min(known), max(known))
    low, high = steps[0], steps[-1]

    def down(value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - BOTTOM - TOP), 2)

    def across(number: float) -> float:
        return round(LEFT + number / len(values) * (WIDTH - LEFT - RIGHT), 2)

    path, drawing = [], False
    for number, value in enumerate(values):
        if value is not None:
            start = f"V {down(value)}" if drawing else f"M {across(number)} {down(value)}"
            path.append(f"{start} H {across(number + 1)}")
        drawing = value is not None
    marks = [Mark(number, across(number), down(value)) for number, value in enumerate(values) if value is not None]
    return Plot(marks, " ".join(path), [(down(value), value) for value in steps])


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Returns round values, evenly apart, the first at most `low` and the last at least `high`, never only one."""
    if high - low <= abs(high) * 1e-9:
        apart = abs(high) * 0.1 or 1.0
        low, high = low - apart, high + apart
    power = 10.0 ** math.floor(math.log10((high - low) / about))
    step = next((nice * power for nice in NICE if nice * power * about >= high - low), 10 * power)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]
