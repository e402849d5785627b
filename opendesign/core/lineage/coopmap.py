"""The coopetition map: each pair of designs by how much it cooperates (across) and competes (up), 0 to 1."""

from collections.abc import Sequence
from dataclasses import dataclass

from opendesign.core.scatter import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Dot, place

MIDDLE = 0.5  # from here on a pair counts as cooperating, or as competing
CORNERS = ("apart", "allies", "rivals", "coopetitors")


@dataclass(frozen=True)
class Pair:
    """A relative as one design sees it: its name, how much the two cooperate and compete, and where that is told."""

    name: str
    coop: float
    competition: float
    href: str = ""

    @property
    def corner(self) -> str:
        """Which of the four corners it lies in."""
        return corner(self.coop, self.competition)


@dataclass(frozen=True)
class Map:
    """The drawing: a dot for each pair, the lines between the corners, and where each corner's name stands."""

    dots: list[Dot]
    across: float
    down: float
    corners: list[tuple[str, float, float, str]]


def corner(coop: float, competition: float) -> str:
    """Returns the corner of a pair: apart, allies, rivals or coopetitors."""
    return CORNERS[(coop >= MIDDLE) + 2 * (competition >= MIDDLE)]


def coopmap(pairs: Sequence[Pair]) -> Map:
    """Returns where pairs lie; values outside of 0 to 1 lie on the edge. The strongest pairs get their names first."""
    places = [(_across(each.coop), _down(each.competition)) for each in pairs]
    strong = sorted(range(len(pairs)), key=lambda each: (-pairs[each].coop - pairs[each].competition, each))
    ends = ((LEFT + 8, "start"), (WIDTH - RIGHT - 8, "end"))
    heights = (HEIGHT - BOTTOM - 8, TOP + 16)
    corners = [
        (name, ends[number % 2][0], heights[number // 2], ends[number % 2][1]) for number, name in enumerate(CORNERS)
    ]
    return Map(place(places, [each.name for each in pairs], strong), _across(MIDDLE), _down(MIDDLE), corners)


def _across(value: float) -> float:
    return round(LEFT + _held(value) * (WIDTH - LEFT - RIGHT), 2)


def _down(value: float) -> float:
    return round(HEIGHT - BOTTOM - _held(value) * (HEIGHT - BOTTOM - TOP), 2)


def _held(value: float) -> float:
    return min(1.0, max(0.0, value))
