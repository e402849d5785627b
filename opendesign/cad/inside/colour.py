"""Reads the many ways in which designs write a colour.

A colour is four numbers from 0 to 1: red, green, blue (sRGB, as in style sheets) and opacity.
"""

from collections.abc import Sequence

import cadquery as cq
from OCP.Quantity import Quantity_Color, Quantity_ColorRGBA, Quantity_TypeOfColor

Colour = tuple[float, float, float, float]

STEEL: Colour = (0.55, 0.62, 0.70, 1.0)


def read(value: object, opacity: object = None) -> Colour | None:
    """Returns the colour a design means, None if it means none or nothing known."""
    try:
        found = from_value(value)
        if found is None:
            return None if opacity is None else (*STEEL[:3], clamped(float(opacity)))
        return found if opacity is None else (*found[:3], clamped(float(opacity)))
    except (TypeError, ValueError, AttributeError):
        return None


def from_value(value: object) -> Colour | None:
    """Returns the colour written as CadQuery's Color, a name, a #hex, or 3 or 4 numbers up to 1 or 255."""
    if value is None:
        return None
    if isinstance(value, str):
        value = cq.Color(value)
    wrapped = getattr(value, "wrapped", None)
    if wrapped is not None:
        return read_rgba(wrapped)
    if isinstance(value, Quantity_Color):
        return rounded((*value.Values(Quantity_TypeOfColor.Quantity_TOC_sRGB), 1.0))
    return from_numbers(list(value))


def read_rgba(shade: Quantity_ColorRGBA) -> Colour:
    """Returns the kernel's own colour."""
    return rounded((*shade.GetRGB().Values(Quantity_TypeOfColor.Quantity_TOC_sRGB), shade.Alpha()))


def from_numbers(numbers: Sequence[float]) -> Colour | None:
    """Returns the colour of 3 or 4 numbers; any above 1 means that the colours go to 255."""
    if len(numbers) not in (3, 4):
        return None
    rgb = [float(number) for number in numbers[:3]]
    opacity = float(numbers[3]) if len(numbers) == 4 else 1.0
    if max(rgb) > 1:
        rgb = [number / 255 for number in rgb]
    return rounded((*rgb, opacity / 255 if opacity > 1 else opacity))


def rounded(numbers: Sequence[float]) -> Colour:
    """Returns the colour cut to its range and to four digits."""
    red, green, blue, opacity = (round(clamped(float(number)), 4) for number in numbers)
    return red, green, blue, opacity


def clamped(number: float) -> float:
    """Returns the number cut to 0 … 1; no-numbers are refused."""
    if number != number:
        raise ValueError("not a number")
    return min(max(number, 0.0), 1.0)


def linear(colour: Colour) -> list[float]:
    """Returns the colour as glTF wants it: linear light (IEC 61966-2-1), opacity unchanged."""
    bent = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return [round(part, 5) for part in (*bent, colour[3])]


def bytes_of(colour: Colour) -> tuple[int, int, int, int]:
    """Returns the colour as numbers from 0 to 255."""
    red, green, blue, opacity = (round(part * 255) for part in colour)
    return red, green, blue, opacity
