"""Reads 3MF (https://3mf.io/spec): meshes, components, transforms, units, names and colours."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np

from opendesign.cad.inside import colour, skin, xmltree
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.package import Package, Unpacked
from opendesign.cad.inside.parts import MOST_PARTS, Model, Part, clean, unique
from opendesign.cad.inside.skin import Skin

MILLIMETRES = {"micron": 0.001, "millimeter": 1.0, "centimeter": 10.0, "inch": 25.4, "foot": 304.8, "meter": 1000.0}
START = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"
PRODUCTION = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06 path"
USUAL = "3D/3dmodel.model"
DEEPEST = 30
MOST_STEPS = 20
# Components twice in each other, thirty deep, are a billion objects, even when none has a triangle.
MOST_VISITS = 20_000
Place = tuple[str, str]


@dataclass
class Body:
    """An object: a mesh of numbers, or components (which, where); `shade` is the (group, place) of its colour."""

    name: str
    shade: tuple[str, str]
    points: array = field(default_factory=lambda: array("d"))
    triangles: array = field(default_factory=lambda: array("q"))
    shades: Counter = field(default_factory=Counter)
    components: list[tuple[Place, np.ndarray]] = field(default_factory=list)


class Sheet:
    """One model file of the package while it is read."""

    def __init__(self, path: str, stream: Unpacked, name: str):
        self.path = path
        self.name = name
        self.unit = 1.0
        self.bodies: dict[str, Body] = {}
        self.items: list[tuple[Place, np.ndarray, str]] = []
        self.shades: dict[str, list[colour.Colour | None]] = {}
        self.body: Body | None = None
        self.group = ""
        xmltree.read(stream, name, self.begin, self.end)

    def begin(self, tag: str, given: dict) -> None:
        """Takes an element."""
        kind = tag.rpartition(" ")[2]
        if kind == "vertex" and self.body:
            self.body.points.extend((float(given["x"]), float(given["y"]), float(given["z"])))
        elif kind == "triangle" and self.body:
            self.body.triangles.extend((int(given["v1"]), int(given["v2"]), int(given["v3"])))
            if "pid" in given:
                self.body.shades[given["pid"], given.get("p1", "0")] += 1
        elif kind == "object":
            shade = (given.get("pid", ""), given.get("pindex", "0"))
            self.body = self.bodies[given["id"]] = Body(given.get("name", ""), shade)
        elif kind == "component" and self.body:
            self.body.components.append((self.place(given), self.matrix(given)))
        elif kind == "item":
            self.items.append((self.place(given), self.matrix(given), given.get("partnumber", "")))
        elif kind in ("basematerials", "colorgroup"):
            self.group = given["id"]
            self.shades[self.group] = []
        elif kind in ("base", "color"):
            self.shades[self.group].append(shade_of(given.get("displaycolor") or given.get("color")))
        elif kind == "model":
            self.unit = MILLIMETRES.get(given.get("unit", "millimeter"), 1.0)

    def end(self, tag: str) -> None:
        """Leaves an object."""
        if tag.endswith(" object"):
            self.body = None

    def place(self, given: dict) -> Place:
        """Returns which object an element means, perhaps in another file of the package."""
        return given.get(PRODUCTION, self.path).lstrip("/"), given["objectid"]

    def matrix(self, given: dict) -> np.ndarray:
        """Returns an element's transform (twelve numbers, row by row, for rows) as a 4 × 4 matrix for columns."""
        found = np.identity(4)
        if given.get("transform"):
            numbers = np.array(given["transform"].split(), float).reshape(4, 3)
            if not np.isfinite(numbers).all():
                raise Failure(
                    "geometry", f"{self.name} places an object at a position that is not a number.", self.name
                )
            found[:3] = numbers.T
            found[:3, 3] *= self.unit
        return found

    def colour_of(self, body: Body) -> colour.Colour | None:
        """Returns an object's colour, or that of most of its triangles."""
        group, place = body.shades.most_common(1)[0][0] if body.shades and not body.shade[0] else body.shade
        found = self.shades.get(group, [])
        return found[int(place)] if place.isdecimal() and int(place) < len(found) else None


class Reading:
    """A package on its way to a model."""

    def __init__(self, content: bytes, name: str):
        self.name = name
        self.package = Package(content, name)
        self.sheets: dict[str, Sheet] = {}
        self.skins: dict[Place, Skin] = {}
        self.places: dict[tuple, int] = {}
        self.made = Model([], [], [])
        self.taken: dict[tuple[str, ...], int] = {}
        self.visits = 0

    def model(self) -> Model:
        """Returns the model of everything that is to be built."""
        top = self.sheet(self.root())
        items = top.items or [((top.path, number), np.identity(4), "") for number in top.bodies]
        for place, matrix, number in items:
            self.add(place, matrix, (), None, DEEPEST, number)
        if not self.made.parts:
            raise Failure("empty", f"{self.name} holds nothing to be built.", self.name)
        return self.made

    def root(self) -> str:
        """Returns the path of the model file."""
        targets: list[str] = []

        def begin(_: str, given: dict) -> None:
            """Takes the relationship that names the model."""
            if given.get("Type") == START:
                targets.append(given.get("Target", ""))

        if "_rels/.rels" in self.package:
            xmltree.read(self.package.open("_rels/.rels"), self.name, begin, lambda _: None)
        return (targets or [USUAL])[0].lstrip("/")

    def sheet(self, path: str) -> Sheet:
        """Returns a model file of the package, read once."""
        if path not in self.sheets:
            self.sheets[path] = Sheet(path, self.package.open(path), self.name)
        return self.sheets[path]

    def add(
        self, place: Place, matrix: np.ndarray, path: tuple, shade: colour.Colour | None, depth: int, number: str = ""
    ) -> None:
        """Adds an object, or what it is composed of, where the matrix puts it."""
        sheet = self.sheet(place[0])
        body = sheet.bodies.get(place[1])
        self.visits += 1
        if body is None or depth == 0 or self.visits > MOST_VISITS:
            trouble = "refers to an object that it does not hold" if body is None else "has components without end"
            raise Failure("geometry", f"{self.name} {trouble}.", self.name)
        # Our own files say in the part number where in its assemblies an instance stands.
        steps = number.split("/") if number else [body.name or PurePosixPath(self.name).stem]
        path = (*path, *map(clean, steps[-MOST_STEPS:]))
        shade = sheet.colour_of(body) or shade
        for inner, move in body.components:
            self.add(inner, matrix @ move, path, shade, depth - 1)
        if not body.triangles:
            return
        if len(self.made.parts) >= MOST_PARTS:
            raise Failure("output", f"{self.name} holds more than {MOST_PARTS} objects.", self.name)
        definition, matrix = self.defined(place, body, sheet.unit, matrix)
        self.made.parts.append(Part(unique(path, self.taken), definition, matrix, shade))

    def defined(self, place: Place, body: Body, unit: float, matrix: np.ndarray) -> tuple[int, np.ndarray]:
        """Returns the number of an object's skin, and where it stands; what scales or mirrors goes into the skin."""
        if place not in self.skins:
            self.skins[place] = skin_of(body, unit, self.name)
        turn = matrix[:3, :3]
        rigid = np.allclose(turn @ turn.T, np.identity(3), atol=1e-6) and np.linalg.det(turn) > 0
        key = (place, None if rigid else matrix.tobytes())
        if key not in self.places:
            self.places[key] = len(self.made.definitions)
            own = self.skins[place]
            self.made.definitions.append(own if rigid else own.moved(matrix))
        return self.places[key], matrix if rigid else np.identity(4)


def model(content: bytes, name: str) -> Model:
    """Returns the model of a 3MF file. Raises Failure "geometry", "empty" or "output"."""
    try:
        return Reading(content, name).model()
    except (KeyError, ValueError, OverflowError) as trouble:
        raise Failure("geometry", f"{name} is not sound 3MF: {str(trouble)[:200]}.", name) from None


def skin_of(body: Body, unit: float, name: str) -> Skin:
    """Returns the skin of a mesh."""
    points = np.array(body.points).reshape(-1, 3) * unit
    triangles = np.array(body.triangles).reshape(-1, 3)
    if not len(points) or triangles.min() < 0 or triangles.max() >= len(points):
        raise Failure("geometry", f"{name} has a triangle over points that it does not hold.", name)
    return skin.joined(points, triangles, name)


def shade_of(text: str | None) -> colour.Colour | None:
    """Returns the colour of #RRGGBB or #RRGGBBAA, None for anything else."""
    try:
        numbers = list(bytes.fromhex((text or "").lstrip("#")))
    except ValueError:
        return None
    return colour.rounded([number / 255 for number in [*numbers, 255][:4]]) if len(numbers) in (3, 4) else None
