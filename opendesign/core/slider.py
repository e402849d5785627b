"""Ranges and steps that make a pleasant slider for a number."""

import math

# A slider is about 400 px long: a finer step could not be hit with a finger or a mouse.
POSITIONS = 400
NICE_ENDS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
NICE_STEPS = (1, 2, 5)


def nice_end(value: float) -> float:
    """The least round number that is not below a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next((tidy(end * power) for end in NICE_ENDS if end * power >= value * (1 - 1e-9)), tidy(10 * power))


def nice_step(span: float, *points: float) -> float:
    """A round step for a span in which all points are reached from the first one."""
    power = math.floor(math.log10(span / POSITIONS))
    steps = [tidy(step * 10.0**exponent) for exponent in range(power, power - 7, -1) for step in (5, 2, 1)]
    fitting = (step for step in steps if step <= span / POSITIONS * (1 + 1e-9))
    first = points[0] if points else 0.0
    return next((step for step in fitting if all(on_grid(p - first, step) for p in points)), steps[-1])


def on_grid(value: float, step: float) -> bool:
    """Says whether a value is a multiple of a step, but for the noise of floating point."""
    return abs(value / step - round(value / step)) < 1e-6


def around(value: float, unit: str = "") -> tuple[float, float]:
    """A range of the value's own sign for a number about which nothing is declared."""
    size = abs(value)
    if unit == "deg" and size <= 360:
        end = 360.0
    else:
        end = nice_end(4 * size) if size else 10.0
    if not value:
        return -end, end
    return (0.0, end) if value > 0 else (-end, 0.0)


def tidy(value: float) -> float:
    """The number without the noise of floating point: 12 significant digits, no negative zero."""
    return float(f"{value:.12g}") + 0.0
