"""Turns what a script has shown into parts: named instances of shapes that are stored once."""

import math
from dataclasses import dataclass, field

import numpy as np
from OCP.TopAbs import TopAbs_EDGE, TopAbs_FACE, TopAbs_Orientation, TopAbs_VERTEX
from OCP.TopExp import TopExp_Explorer
from OCP.TopLoc import TopLoc_Location
from OCP.TopoDS import TopoDS_Shape
from OCP.TopTools import TopTools_IndexedMapOfShape

from opendesign.cad.inside import colour, leaf
from opendesign.cad.inside.capture import Shown
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.skin import Skin

MOST_PARTS = 1000
LONGEST_NAME = 100


@dataclass
class Part:
    """One instance: its path of names, which definition it shows, where (a 4 × 4 matrix, mm) and its colour."""

    path: tuple[str, ...]
    definition: int
    matrix: np.ndarray
    colour: colour.Colour | None

    @property
    def name(self) -> str:
        """Returns the path as one name."""
        return "/".join(self.path)


@dataclass
class Model:
    """All parts of a build, and the shapes or skins they are instances of, each at its own origin.

    `stamp` says where it comes from (design, revision, licence, source …), for the formats that can carry it.
    `tags` are the faces of each part that its script has named, in its place; none where they are not known.
    """

    parts: list[Part]
    definitions: list[TopoDS_Shape | Skin]
    warnings: list[str]
    title: str = ""
    stamp: dict[str, str] = field(default_factory=dict)
    tags: list[leaf.Tags] = field(default_factory=list)


def model(shown: list[Shown], stem: str) -> Model:
    """Returns the parts of what was shown; things without a name are called by the script's stem.

    Raises Failure "empty" when nothing has a shape, "output" when there are more than 1,000 parts.
    """
    leaves = [(path, one) for thing in shown for path, one in named(thing, stem)]
    if len(leaves) > MOST_PARTS:
        raise Failure("output", f"The script makes {len(leaves)} shapes; a part may have {MOST_PARTS} at most.")
    taken: dict[tuple[str, ...], int] = {}
    warnings, whole, tags = [], [], []
    for path, one in leaves:
        if is_empty(one.shape):
            warnings.append(f"{'/'.join(path)}: the shape is empty and was left out")
        else:
            whole.append((unique(path, taken), one.shape, one.colour))
            tags.append(one.tags)
    if not whole:
        raise Failure("empty", "The script makes only empty shapes: nothing is left to show.")
    return Model(*instances(whole), warnings, clean(stem), tags=tags)


def instances(placed: list[tuple[tuple[str, ...], TopoDS_Shape, colour.Colour | None]]) -> tuple[list, list]:
    """Returns the parts of placed shapes (path, shape, colour) and their definitions: what is shared comes once."""
    found: list[Part] = []
    definitions: list[TopoDS_Shape] = []
    known = TopTools_IndexedMapOfShape()
    places: dict[tuple[int, TopAbs_Orientation], int] = {}
    for path, whole, shade in placed:
        shape, matrix = at_origin(whole)
        key = (known.Add(shape), shape.Orientation())
        if key not in places:
            places[key] = len(definitions)
            definitions.append(shape)
        found.append(Part(path, places[key], matrix, shade))
    return found, definitions


def named(shown: Shown, stem: str) -> list[tuple[tuple[str, ...], leaf.Leaf]]:
    """Returns the leaves of a thing with complete paths."""
    title = shown.name or stem
    pairs = []
    for one in shown.leaves:
        steps = [title if place == 0 else "part" for place in range(max(1, len(one.path)))]
        for place, step in enumerate(one.path):
            if step and not (place == 0 and shown.name):
                steps[place] = step
        pairs.append((tuple(clean(step) for step in steps), one))
    return pairs


def clean(name: str) -> str:
    """Returns a name without what cannot be printed, and without the path's separator."""
    kept = "".join(letter if letter.isprintable() and letter != "/" else "_" for letter in name)
    return kept.strip()[:LONGEST_NAME] or "part"


def unique(path: tuple[str, ...], taken: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    """Returns the path, with a number at its end if it is taken, and takes it; `taken` counts the uses of each."""
    found = path
    while found in taken:
        taken[path] += 1
        found = (*path[:-1], f"{path[-1]}-{taken[path]}")
    taken[found] = 1
    return found


def is_empty(shape: TopoDS_Shape) -> bool:
    """Says whether a shape has neither faces nor edges, nor even a point."""
    return not any(TopExp_Explorer(shape, kind).More() for kind in (TopAbs_FACE, TopAbs_EDGE, TopAbs_VERTEX))


def at_origin(shape: TopoDS_Shape) -> tuple[TopoDS_Shape, np.ndarray]:
    """Returns the shape without its place, and the place; what scales or mirrors stays with the shape."""
    if shape.Location().IsIdentity():
        return shape, np.identity(4)
    move = shape.Location().Transformation()
    matrix = np.identity(4)
    matrix[:3] = [[move.Value(row, column) for column in range(1, 5)] for row in range(1, 4)]
    if not np.isfinite(matrix).all():
        raise Failure("geometry", "A shape is placed at a position that is not a number.")
    if abs(move.ScaleFactor() - 1) > 1e-9 or not math.isclose(np.linalg.det(matrix[:3, :3]), 1, abs_tol=1e-6):
        return shape, np.identity(4)
    return shape.Located(TopLoc_Location()), matrix
