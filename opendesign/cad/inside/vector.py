"""Reads SVG drawings: shapes and paths, transforms and units; no text, no pictures, no scripts, nothing fetched."""

import io
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np
from OCP.TopoDS import TopoDS_Edge

from opendesign.cad.inside import contours, leaf, outline, parts, strokes, xmltree
from opendesign.cad.inside.capture import Shown
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.parts import Model
from opendesign.cad.inside.plan import listed

SVG = "http://www.w3.org/2000/svg"
LINKS = ("href", "http://www.w3.org/1999/xlink href")
# CSS: 96 px are an inch.
UNITS = {"mm": 1.0, "cm": 10.0, "in": 25.4, "px": 25.4 / 96, "pt": 25.4 / 72, "pc": 25.4 / 6, "": 25.4 / 96}
LENGTH = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([a-z]*)\s*")
GROUPS = {"g", "svg", "a", "switch"}
NOT_DRAWN = {"defs", "clippath", "mask", "symbol", "pattern", "marker", "metadata", "title", "desc", "style", "filter"}
MOST_CURVES = 50_000
DEEPEST_USE = 8


@dataclass
class Node:
    """An element with what is inside it."""

    tag: str
    given: dict
    inner: list["Node"] = field(default_factory=list)


class Drawing:
    """An SVG file on its way to edges."""

    def __init__(self, content: bytes, name: str):
        self.name = name
        self.open: list[Node] = [Node("", {})]
        self.named: dict[str, Node] = {}
        self.edges: list[TopoDS_Edge] = []
        self.skipped: Counter[str] = Counter()
        self.uses = 0
        xmltree.read(io.BytesIO(content), name, self.begin, self.end)

    def begin(self, tag: str, given: dict) -> None:
        """Takes an element of SVG; what stands in other languages stays without a meaning."""
        space, _, kind = tag.rpartition(" ")
        node = Node(kind if space in ("", SVG) else "", given)
        self.open[-1].inner.append(node)
        self.open.append(node)
        if "id" in given:
            self.named.setdefault(given["id"], node)

    def end(self, _: str) -> None:
        """Leaves an element."""
        self.open.pop()

    def drawn(self) -> list[TopoDS_Edge]:
        """Returns all edges, in mm, the lower left corner of the page at the origin."""
        top = self.open[0].inner[0]
        if top.tag != "svg":
            raise Failure("geometry", f"{self.name} is not an SVG file: it begins with <{top.tag[:40]}>.", self.name)
        frame = page(top.given)
        for node in top.inner:
            self.draw(node, frame, 0)
        return self.edges

    def draw(self, node: Node, frame: np.ndarray, uses: int) -> None:
        """Adds the edges of an element; `frame` (3 × 3) leads from its units to mm."""
        kind = node.tag.lower()
        if not kind or kind in NOT_DRAWN or is_hidden(node.given):
            return
        frame = frame @ transform(node.given.get("transform", ""))
        if kind in GROUPS:
            for inner in node.inner:
                self.draw(inner, frame, uses)
        elif kind == "use":
            self.use(node, frame, uses)
        elif kind in outline.SHAPES:
            self.add(outline.SHAPES[kind](node.given), frame)
        else:
            self.skipped[kind] += 1

    def use(self, node: Node, frame: np.ndarray, uses: int) -> None:
        """Draws an element of this file once more; one of another file is not fetched."""
        link = next((node.given[key] for key in LINKS if key in node.given), "")
        meant = self.named.get(link[1:]) if link.startswith("#") else None
        self.uses += 1
        if uses >= DEEPEST_USE or self.uses > MOST_CURVES:
            raise Failure("output", f"{self.name} uses its shapes inside themselves, without end.", self.name)
        if meant is None:
            self.skipped["use of another file"] += 1
            return
        moved = frame @ shifted(outline.number(node.given, "x"), outline.number(node.given, "y"))
        if meant.tag == "symbol":
            for inner in meant.inner:
                self.draw(inner, moved, uses + 1)
        else:
            self.draw(meant, moved, uses + 1)

    def add(self, pieces: list[list[np.ndarray]], frame: np.ndarray) -> None:
        """Adds curves (each a list of 2 or 4 points in the element's units)."""
        if len(self.edges) + len(pieces) > MOST_CURVES:
            raise Failure("output", f"{self.name} has more than {MOST_CURVES} curves.", self.name)
        for piece in pieces:
            placed = [frame @ (*point, 1.0) for point in piece]
            self.edges += strokes.bezier([(point[0], point[1], 0.0) for point in placed])


def svg(content: bytes, name: str) -> Model:
    """Returns the model of an SVG file: one part of faces and lines. Raises Failure "geometry", "empty", "output"."""
    drawing = Drawing(content, name)
    whole = leaf.compound(contours.shapes(drawing.drawn())) if drawing.open else None
    if whole is None:
        raise Failure("empty", f"{name} draws no lines: text and pictures are not shown as shapes.", name)
    made = parts.model([Shown(None, [leaf.Leaf((), whole, None)], None)], PurePosixPath(name).stem)
    warnings = [f"{name}: left out: {listed(drawing.skipped)}"] if drawing.skipped else []
    return Model(made.parts, made.definitions, [*made.warnings, *warnings])


def page(given: dict) -> np.ndarray:
    """Returns the way (3 × 3) from the units of the outermost element to mm, y upwards from the page's lower edge."""
    sides = [length(given.get(name, "")) for name in ("width", "height")]
    box = [float(word) for word in re.split(r"[\s,]+", given.get("viewBox", "").strip()) if word]
    if len(box) != 4 or min(box[2:]) <= 0:
        height = sides[1] if sides[1] is not None else 0.0
        return np.array([[UNITS["px"], 0, 0], [0, -UNITS["px"], height], [0, 0, 1.0]])
    factors = [side / own for side, own in zip(sides, box[2:], strict=True) if side]
    factor = min(factors) if factors else UNITS["px"]
    return np.array([[factor, 0, -box[0] * factor], [0, -factor, (box[1] + box[3]) * factor], [0, 0, 1.0]])


def length(text: str) -> float | None:
    """Returns a length in mm, None for none or one that depends on the window."""
    found = LENGTH.fullmatch(text)
    return float(found[1]) * UNITS[found[2]] if found and found[2] in UNITS else None


def is_hidden(given: dict) -> bool:
    """Says whether an element is not to be seen."""
    style = given.get("style", "").replace(" ", "")
    return given.get("display") == "none" or "display:none" in style or given.get("visibility") == "hidden"


def shifted(x: float, y: float) -> np.ndarray:
    """Returns a move."""
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])


def transform(text: str) -> np.ndarray:
    """Returns an element's transform as a 3 × 3 matrix. Raises ValueError."""
    whole = np.identity(3)
    for kind, words in re.findall(r"([a-zA-Z]+)\s*\(([^)]*)\)", text[:10_000]):
        numbers = [float(word) for word in re.split(r"[\s,]+", words.strip()) if word]
        whole = whole @ one_transform(kind, numbers)
    return whole


def one_transform(kind: str, numbers: list[float]) -> np.ndarray:
    """Returns one step of a transform. Raises ValueError."""
    if kind == "matrix" and len(numbers) == 6:
        a, b, c, d, e, f = numbers
        return np.array([[a, c, e], [b, d, f], [0, 0, 1.0]])
    if kind == "translate" and len(numbers) in (1, 2):
        return shifted(*(numbers if len(numbers) == 2 else [numbers[0], 0.0]))
    if kind == "scale" and len(numbers) in (1, 2):
        return np.diag([numbers[0], numbers[-1], 1.0])
    if kind == "rotate" and len(numbers) in (1, 3):
        angle = math.radians(numbers[0])
        turn = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1.0]])
        return shifted(*numbers[1:]) @ turn @ shifted(-numbers[1], -numbers[2]) if len(numbers) == 3 else turn
    if kind in ("skewX", "skewY") and len(numbers) == 1:
        slant = math.tan(math.radians(numbers[0]))
        return np.array(
            [[1, slant, 0], [0, 1, 0], [0, 0, 1.0]] if kind == "skewX" else [[1, 0, 0], [slant, 1, 0], [0, 0, 1.0]]
        )
    raise ValueError(f"{kind[:40]} is no transform")
