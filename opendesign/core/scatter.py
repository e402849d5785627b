"""A scatter of named points: where each lies in its drawing, and where its name can stand clear of all others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from opendesign.core.plot import ticks

WIDTH, HEIGHT = 720.0, 420.0
LEFT, RIGHT, TOP, BOTTOM = 84.0, 20.0, 20.0, 52.0
DOT = 5.0
LETTER = 7.0  # px a letter at most, on average, of a name set in 12 px
LINE = 15.0  # px from one line of names to the next
LONGEST = 28  # letters of a name that are shown

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Dot:
    """A point: its number in the order given, its place, and the place of its name with its letters; none, no room."""

    number: int
    x: float
    y: float
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0

    @property
    def box(self) -> Box | None:
        """The corners of its name."""
        if not self.label:
            return None
        return self.label_x, self.label_y - LINE + 4, self.label_x + len(self.label) * LETTER, self.label_y + 4


@dataclass(frozen=True)
class Scatter:
    """A drawing `WIDTH` × `HEIGHT`: dots in the order given, and the ticks of both axes as (place, value)."""

    dots: list[Dot]
    across: list[tuple[float, float]]
    down: list[tuple[float, float]]


def scatter(points: Sequence[tuple[float, float]], names: Sequence[str], first: Iterable[int] = ()) -> Scatter:
    """Returns where points lie, and names where there is room; those of the `first` numbers are placed first."""
    if not points:
        return Scatter([], [], [])
    xs, ys = (ticks(min(values), max(values)) for values in zip(*points, strict=True))
    across, down = _scale(xs, LEFT, WIDTH - RIGHT), _scale(ys, HEIGHT - BOTTOM, TOP)
    places = [(across(x), down(y)) for x, y in points]
    return Scatter(place(places, names, first), [(across(each), each) for each in xs], [(down(y), y) for y in ys])


def place(
    places: Sequence[tuple[float, float]], names: Sequence[str], first: Iterable[int] = (), beside: Iterable[Box] = ()
) -> list[Dot]:
    """Returns dots at these places with names that touch neither each other, nor a dot, the edge, or boxes `beside`."""
    taken: list[Box] = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in dict.fromkeys(places)]
    taken += beside
    found: dict[int, Dot] = {}
    for number in dict.fromkeys([*first, *range(len(places))]):
        x, y = places[number]
        dot = _named(number, x, y, shortened(names[number]), taken)
        found[number] = dot
        if dot.box:
            taken.append(dot.box)
    return [found[number] for number in range(len(places))]


def shortened(name: str, longest: int = LONGEST) -> str:
    """Returns a name of at most so many letters."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def overlap(one: Box, other: Box) -> bool:
    """Says whether two boxes (left, top, right, bottom) share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _named(number: int, x: float, y: float, name: str, taken: Sequence[Box]) -> Dot:
    wide, gap = len(name) * LETTER, DOT + 3
    # Up and right first: steps along a front leave to the right and arrive from above.
    corners = ((x + gap, y - gap), (x - gap - wide, y + LINE), (x + gap, y + LINE), (x - gap - wide, y - gap))
    sides = ((x + gap, y + 4), (x - gap - wide, y + 4), (x - wide / 2, y - gap - 3), (x - wide / 2, y + gap + LINE - 4))
    for left, base in (*corners, *sides) if name else ():
        dot = Dot(number, x, y, name, round(left, 2), round(base, 2))
        box = dot.box
        if box and _inside(box) and not any(overlap(box, other) for other in taken):
            return dot
    return Dot(number, x, y)


def _inside(box: Box) -> bool:
    return box[0] >= LEFT and box[1] >= TOP - 4 and box[2] <= WIDTH and box[3] <= HEIGHT - BOTTOM + 4


def _scale(values: Sequence[float], start: float, end: float) -> Callable[[float], float]:
    low, high = values[0], values[-1]

    def placed(value: float) -> float:
        return round(start + (value - low) / (high - low) * (end - start), 2)

    return placed
