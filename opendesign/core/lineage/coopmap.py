"""The coopetition map: each pair of designs by how much it cooperates (across) and competes (up), 0 to 1."""

from collections.abc import Sequence
from dataclasses import dataclass

from opendesign.core.lineage.pair import WORDS
from opendesign.core.scatter import BOTTOM, HEIGHT, LEFT, LINE, RIGHT, TOP, WIDTH, Dot, place

Names = tuple[str, float, float, str]
INSET = 30.0  # px from the frame to the first and last values, so that a name has room at every dot
WIDEST = 120.0  # px of the name of a corner, in any language


@dataclass(frozen=True)
class Pair:
    """A relative as one design sees it: its name, and how much the two cooperate and compete."""

    name: str
    coop: float
    competition: float


@dataclass(frozen=True)
class Map:
    """The drawing: a dot for each pair, the lines between the corners, and each corner's name, place and anchor."""

    dots: list[Dot]
    across: float
    down: float
    corners: list[Names]


def coopmap(pairs: Sequence[Pair], cooperating: float, competing: float) -> Map:
    """Returns where pairs lie when they count as cooperating, and as competing, from these values on.

    Those values lie in the middle and each half has a scale of its own, so that every corner is as large. What is
    outside of 0 to 1 lies on the edge. The strongest pairs get their names first.
    """
    places = [(_across(each.coop, cooperating), _down(each.competition, competing)) for each in pairs]
    strong = sorted(range(len(pairs)), key=lambda each: (-pairs[each].coop - pairs[each].competition, each))
    ends = ((LEFT + 8, "start"), (WIDTH - RIGHT - 8, "end"))
    heights = (HEIGHT - BOTTOM - 8, TOP + 16)
    corners = [
        (name, ends[number % 2][0], heights[number // 2], ends[number % 2][1]) for number, name in enumerate(WORDS)
    ]
    boxes = [
        (x - (anchor == "end") * WIDEST, y - LINE, x + (anchor == "start") * WIDEST, y + 4)
        for _name, x, y, anchor in corners
    ]
    dots = place(places, [each.name for each in pairs], strong, boxes)
    return Map(dots, _across(cooperating, cooperating), _down(competing, competing), corners)


def _across(value: float, middle: float) -> float:
    return round(LEFT + INSET + _share(value, middle) * (WIDTH - LEFT - RIGHT - 2 * INSET), 2)


def _down(value: float, middle: float) -> float:
    return round(HEIGHT - BOTTOM - INSET - _share(value, middle) * (HEIGHT - BOTTOM - TOP - 2 * INSET), 2)


def _share(value: float, middle: float) -> float:
    """Returns how far along a value lies: up to the middle within the first half, from there on within the second."""
    held = min(1.0, max(0.0, value))
    return 0.5 * held / middle if held < middle else 0.5 + 0.5 * (held - middle) / (1 - middle)
