"""Reads STL, binary and text; a text file's solids keep their names. STL has no unit: mm is what printers take."""

import re
from pathlib import PurePosixPath

import numpy as np

from opendesign.cad.inside import skin
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.meshfiles import FACET
from opendesign.cad.inside.parts import Model, Part, clean, unique

HEAD = 84
SOLID = re.compile(rb"^[ \t]*solid\b[ \t]*([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
VERTEX = re.compile(rb"\bvertex\s+(\S{1,40})\s+(\S{1,40})\s+(\S{1,40})", re.IGNORECASE)


def model(content: bytes, name: str) -> Model:
    """Returns the model of an STL file. Raises Failure "geometry", "empty" or "output"."""
    count = int.from_bytes(content[80:HEAD], "little")
    if len(content) >= HEAD and len(content) == HEAD + count * FACET.itemsize:
        return of_binary(content, count, name)
    if b"\0" not in content[:1000] and SOLID.match(content) and b"facet" in content[:100_000].lower():
        return of_text(content, name)
    if len(content) > HEAD + count * FACET.itemsize and count:
        found = of_binary(content, count, name)
        found.warnings.append(f"{name}: there is more in the file than its {count} triangles; the rest was left out")
        return found
    message = f"{name} is not an STL file, or it is cut short: it promises {count} triangles in {len(content)} bytes."
    raise Failure("geometry", message, name)


def of_binary(content: bytes, count: int, name: str) -> Model:
    """Returns the one skin of a binary file."""
    corners = np.frombuffer(content, FACET, count, HEAD)["corners"]
    part = Part((clean(PurePosixPath(name).stem),), 0, np.identity(4), None)
    return Model([part], [skin.skin(corners, name)], [])


def of_text(content: bytes, name: str) -> Model:
    """Returns the solids of a text file, each a skin under its name."""
    begins = list(SOLID.finditer(content))
    ends = [*(found.start() for found in begins[1:]), len(content)]
    made, taken = Model([], [], []), {}
    for found, end in zip(begins, ends, strict=True):
        corners = VERTEX.findall(content, found.end(), end)
        if not corners:
            continue
        if len(corners) % 3:
            raise Failure("geometry", f"{name} is cut short: a triangle has fewer than three corners.", name)
        points = np.array([number for corner in corners for number in corner]).astype(np.float32)
        label = found[1].decode(errors="replace").strip() if len(begins) > 1 else ""
        path = unique((clean(label or PurePosixPath(name).stem),), taken)
        made.parts.append(Part(path, len(made.definitions), np.identity(4), None))
        made.definitions.append(skin.skin(points.reshape(-1, 3, 3), name))
        if len(made.parts) > 1000:
            raise Failure("output", f"{name} holds more than 1,000 solids.", name)
    if not made.parts:
        raise Failure("empty", f"{name} holds no triangles.", name)
    return made
