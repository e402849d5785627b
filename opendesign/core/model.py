"""Model files: shapes that other programs have written, and which of them are parts of a design."""

import posixpath
import re
from collections.abc import Collection, Iterable, Sequence

# What an ending says of a file: the name of its engine.
ENGINES = {
    ".step": "step",
    ".stp": "step",
    ".iges": "iges",
    ".igs": "iges",
    ".brep": "brep",
    ".brp": "brep",
    ".stl": "stl",
    ".3mf": "3mf",
    ".dxf": "dxf",
    ".svg": "svg",
}
DRAWINGS = ("dxf", "svg")
# More model files than this in one tree are a library of shapes, and no page shows them all.
MOST_LISTED = 200
NEVER = re.compile(r"(?:^|/)\.[^/]|(?:^|/)(?:site-packages|node_modules)/")
# Folders that hold what scripts have made.
MADE = re.compile(
    r"(?:^|/)(?:exports?|exported|stls?|steps?|stp|3mfs?|dxfs?|svgs?|breps?|outputs?|out|builds?|built|dist|generated|"
    r"prints?|printable|gerbers?|renders?|artifacts?|releases?|target)/",
    re.IGNORECASE,
)
# Drawings that explain a design, and are none of its parts.
EXPLAINS = re.compile(
    r"(?:^|/)(?:docs?|documentation|images?|img|pictures?|media|assets|static|icons?|logos?|badges?|web|www|themes?)/"
    r"|(?:^|[/_-])(?:logo|icon|favicon|banner|badge|badges|wordmark|schematic|diagram|screenshot)s?(?:[_.-]|$)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(\d+)")


def model_engine(path: str) -> str:
    """Returns the engine that reads a model file (step, iges, brep, stl, 3mf, dxf, svg), nothing for any other file."""
    return ENGINES.get(posixpath.splitext(path)[1].lower(), "")


def listed_models(files: Iterable[str], read: Collection[str], scripts: Sequence[str]) -> list[str]:
    """The model files that are parts by evidence, the ones at the top first, names in natural order, at most 200.

    `read` are those that scripts read as input; `scripts` are the parts that are scripts. A file that a script
    reads, or has plainly made, is none; drawings are parts where there is nothing else.
    """
    models = [path for path in files if model_engine(path) and not NEVER.search(path)]
    solid = [path for path in models if model_engine(path) not in DRAWINGS]
    if scripts:
        stems = {(posixpath.dirname(path), _stem(path)) for path in scripts}
        solid = [path for path in solid if path not in read and not _made(path, stems)]
    elif not solid:
        solid = [path for path in models if not (model_engine(path) == "svg" and EXPLAINS.search(path))]
    return sorted(solid, key=_natural)[:MOST_LISTED]


def _made(path: str, stems: Collection[tuple[str, str]]) -> bool:
    """Says whether a script seems to have made a file: it lies where exports lie, or beside a script of its name."""
    return bool(MADE.search(path)) or (posixpath.dirname(path), _stem(path)) in stems


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0].lower()


def _natural(path: str) -> tuple:
    words = [int(word) if word.isdecimal() else word for word in NUMBER.split(path.lower())]
    # A word and a number never stand at the same place of two paths: split puts numbers at odd places.
    return path.count("/"), words
