"""The files of a build: those made with every build, those made when somebody first asks, and sections."""

import hashlib
import re
from collections.abc import Mapping

from opendesign.core.build import FORMATS
from opendesign.core.errors import NotFound
from opendesign.core.text import slug
from opendesign.core.value import plain

# Made from the exact shapes when somebody first asks, and kept.
ON_DEMAND = ("svg", "dxf", "png-large")
MEDIA = {
    "viewer": "model/gltf-binary",
    "step": "model/step",
    "stl": "model/stl",
    "3mf": "model/3mf",
    "glb": "model/gltf-binary",
    "brep": "application/octet-stream",
    "png": "image/png",
    "png-large": "image/png",
    "svg": "image/svg+xml",
    "dxf": "image/vnd.dxf",
}
# A section through a plane x, y or z at so many mm: one way to write each number, so that each is made once.
SECTION = re.compile(r"(dxf|svg)-([xyz])-(0|-?(?:[1-9][0-9]{0,4}|0(?=\.))(?:\.[0-9]{0,2}[1-9])?)")
LONGEST_NAME = 120  # characters of a download's name: file systems allow 255 bytes, people read far less
FURTHEST = 99_999.999  # mm


def is_output(name: str) -> bool:
    """Says whether a build can have a file of this name."""
    return name in MEDIA or SECTION.fullmatch(name) is not None


def demand_output(name: str) -> None:
    """Raises NotFound for a name that no file of a build has."""
    if not is_output(name):
        known = ", ".join([*FORMATS, *ON_DEMAND])
        raise NotFound(f"There is no format “{name[:40]}”; formats are {known}, and sections such as dxf-z-12.5.")


def section(kind: str, axis: str, offset: float) -> str:
    """Returns the name of a section as "dxf" or "svg": `dxf-z-12.5`; the offset (mm) is rounded to 0.001.

    Raises NotFound for another kind or axis, or a plane further than 99,999.999 mm away.
    """
    if not abs(offset) <= FURTHEST:
        raise NotFound("A section lies between -99999.999 and 99999.999 mm.")
    number = f"{round(offset, 3) + 0.0:.3f}".rstrip("0").rstrip(".")
    name = f"{kind}-{axis}-{number}"
    if not SECTION.fullmatch(name):
        raise NotFound(f"There is no section “{name[:40]}”: it is dxf or svg, through a plane x, y or z.")
    return name


def section_of(name: str) -> tuple[str, float] | None:
    """Returns axis and offset (mm) of a section by its name, None for another file."""
    found = SECTION.fullmatch(name)
    return (found[2], float(found[3])) if found else None


def media(name: str) -> str:
    """Returns the media type of a file of a build, or of a comparison's overlay."""
    return MEDIA.get(kind(name), MEDIA["glb"])


def kind(name: str) -> str:
    """Returns the format of a file: `dxf` for `dxf-z-12.5`."""
    found = SECTION.fullmatch(name)
    return found[1] if found else name


def ending(name: str) -> str:
    """Returns how a download's name ends: `.viewer.glb`, `.large.png`, `.z12.5.dxf`, `.step`."""
    if found := SECTION.fullmatch(name):
        return f".{found[2]}{found[3]}.{found[1]}"
    return {"viewer": ".viewer.glb", "png-large": ".large.png"}.get(name, f".{name}")


def download_name(design: str, part: str, sha: str, values: Mapping[str, object], name: str) -> str:
    """A file name such as `laptop-case-lid-1a2b3c4-wall2.4.step`: safe characters, at most 120 of them.

    `part` is the script's path; `values` are those that differ from the design's own.
    """
    last = ending(name)
    words = [slug(design), slug(part.removesuffix(".py").removesuffix("/__init__")), slug(sha[:7])]
    stem = "-".join(word for word in words if word)[: LONGEST_NAME - 20] or "part"
    asked = "-".join(slug(each) + slug(plain(value), keep_sign=True) for each, value in sorted(values.items()))
    if len(stem) + 1 + len(asked) + len(last) > LONGEST_NAME:
        asked = hashlib.sha256(asked.encode()).hexdigest()[:8]
    return (f"{stem}-{asked}" if asked else stem) + last
