"""Turns SVG's shapes and paths into curves of two or four points (https://www.w3.org/TR/SVG2/paths.html)."""

import re
from collections.abc import Callable, Iterator

import numpy as np

from opendesign.cad.inside import strokes

TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
# An arc's two flags may stand without a space between them.
ARC = re.compile(r"[\s,]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
FLAG = re.compile(r"[\s,]*([01])")
COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
Curve = list[np.ndarray]


def number(given: dict, name: str, default: float = 0.0) -> float:
    """Returns an attribute in user units; an ending such as px is passed over."""
    found = ARC.match(given.get(name, ""))
    return float(found[1]) if found else default


def point(x: float, y: float) -> np.ndarray:
    """Returns a point."""
    return np.array([x, y], float)


def rect(given: dict) -> list[Curve]:
    """Returns a rectangle, with round corners if it has them."""
    x, y, wide, high = (number(given, name) for name in ("x", "y", "width", "height"))
    if wide <= 0 or high <= 0:
        return []
    rx, ry = number(given, "rx", -1.0), number(given, "ry", -1.0)
    rx, ry = (ry if rx < 0 else rx), (rx if ry < 0 else ry)
    rx, ry = min(max(rx, 0.0), wide / 2), min(max(ry, 0.0), high / 2)
    if rx == 0 or ry == 0:
        corners = [point(x, y), point(x + wide, y), point(x + wide, y + high), point(x, y + high)]
        return closed(corners)
    arc = f"a{rx} {ry} 0 0 1"
    text = f"M{x + rx} {y}h{wide - 2 * rx}{arc} {rx} {ry}v{high - 2 * ry}{arc} {-rx} {ry}h{2 * rx - wide}"
    return list(Path(f"{text}{arc} {-rx} {-ry}v{2 * ry - high}{arc} {rx} {-ry}z").curves())


def round_shape(x: float, y: float, rx: float, ry: float) -> list[Curve]:
    """Returns an ellipse."""
    if rx <= 0 or ry <= 0:
        return []
    half = f"a{rx} {ry} 0 1 1"
    return list(Path(f"M{x - rx} {y}{half} {2 * rx} 0{half} {-2 * rx} 0z").curves())


def circle(given: dict) -> list[Curve]:
    """Returns a circle."""
    radius = number(given, "r")
    return round_shape(number(given, "cx"), number(given, "cy"), radius, radius)


def ellipse(given: dict) -> list[Curve]:
    """Returns an ellipse."""
    return round_shape(*(number(given, name) for name in ("cx", "cy", "rx", "ry")))


def line(given: dict) -> list[Curve]:
    """Returns a line."""
    return [[point(number(given, "x1"), number(given, "y1")), point(number(given, "x2"), number(given, "y2"))]]


def polyline(given: dict) -> list[Curve]:
    """Returns an open row of lines."""
    return closed(points(given))[:-1]


def polygon(given: dict) -> list[Curve]:
    """Returns a closed row of lines."""
    return closed(points(given))


def points(given: dict) -> list[np.ndarray]:
    """Returns the attribute `points`; a last number without a partner is passed over."""
    numbers = [float(found[1]) for found in ARC.finditer(given.get("points", ""))]
    return [point(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=False)]


def closed(corners: list[np.ndarray]) -> list[Curve]:
    """Returns the lines around corners, the last one back to the first."""
    return [[start, end] for start, end in zip(corners, [*corners[1:], *corners[:1]], strict=True)]


def path(given: dict) -> list[Curve]:
    """Returns a path."""
    return list(Path(given.get("d", "")).curves())


class Path:
    """The data of a path while it is read; what comes after a mistake is left out, as browsers do."""

    def __init__(self, text: str):
        self.text = text
        self.at = self.start = point(0, 0)
        self.control: np.ndarray | None = None
        self.before = ""

    def curves(self) -> Iterator[Curve]:
        """Yields the curves."""
        for letter, numbers in self.commands():
            upper, relative = letter.upper(), letter.islower()
            origin = self.at if relative else point(0, 0)
            yield from self.step(upper, numbers, origin)
            self.before = upper

    def commands(self) -> Iterator[tuple[str, list[float]]]:
        """Yields each command with its numbers, repeated ones too."""
        letter, place = "", 0
        while place < len(self.text):
            found = TOKEN.search(self.text, place)
            if not found:
                return
            if found[1]:
                letter, place = found[1], found.end()
                if letter in "Zz":
                    yield letter, []
                    continue
            elif not letter or letter in "Zz":
                return
            numbers, place = self.numbers(letter.upper(), place)
            if numbers is None:
                return
            yield letter, numbers
            letter = {"M": "L", "m": "l"}.get(letter, letter)

    def numbers(self, upper: str, place: int) -> tuple[list[float] | None, int]:
        """Returns the numbers of one command and where they end; None when they are missing."""
        found: list[float] = []
        for count in range(COUNTS[upper]):
            pattern = FLAG if upper == "A" and count in (3, 4) else ARC
            match = pattern.match(self.text, place)
            if not match:
                return None, place
            found.append(float(match[1]))
            place = match.end()
        return found, place

    def step(self, upper: str, numbers: list[float], origin: np.ndarray) -> Iterator[Curve]:
        """Yields the curves of one command and moves on."""
        ends = [origin + pair for pair in np.array(numbers).reshape(-1, 2)] if upper in "MLCSQT" else []
        begin = self.at
        if upper == "M":
            self.at = self.start = ends[0]
        elif upper in "LHVZ":
            self.at = self.straight(upper, numbers, origin, ends)
            yield [begin, self.at]
        elif upper in "CS":
            first = ends[0] if upper == "C" else self.mirrored("CS")
            self.control, self.at = ends[-2], ends[-1]
            yield [begin, first, *ends[-2:]]
        elif upper in "QT":
            middle = ends[0] if upper == "Q" else self.mirrored("QT")
            self.control, self.at = middle, ends[-1]
            yield [begin, begin + (middle - begin) * 2 / 3, self.at + (middle - self.at) * 2 / 3, self.at]
        else:
            self.at = origin + numbers[5:7]
            large, forward = numbers[3] == 1, numbers[4] == 1
            for three in strokes.sweep(
                begin, self.at, (numbers[0], numbers[1]), np.radians(numbers[2]), large, forward
            ):
                yield [begin, *three]
                begin = three[-1]

    def straight(self, upper: str, numbers: list[float], origin: np.ndarray, ends: list[np.ndarray]) -> np.ndarray:
        """Returns where a straight command ends."""
        if upper == "L":
            return ends[0]
        if upper == "H":
            return point(origin[0] + numbers[0], self.at[1])
        return point(self.at[0], origin[1] + numbers[0]) if upper == "V" else self.start

    def mirrored(self, kinds: str) -> np.ndarray:
        """Returns the last control point seen from the other side, if the last command was of one of these kinds."""
        return (
            2 * self.at - self.control if self.before in kinds and self.before and self.control is not None else self.at
        )


SHAPES: dict[str, Callable[[dict], list[Curve]]] = {
    "rect": rect,
    "circle": circle,
    "ellipse": ellipse,
    "line": line,
    "polyline": polyline,
    "polygon": polygon,
    "path": path,
}
