"""Reads model files that other programs have written, as a model like any script's."""

from collections.abc import Callable
from pathlib import PurePosixPath

from opendesign.cad.inside import document, plan, stl, threemf, vector
from opendesign.cad.inside.failure import Failure, left_by_lfs
from opendesign.cad.inside.parts import Model

# By ending: what reads the file's bytes; `path` is where it lies on disk, `name` what the design calls it.
READERS: dict[str, Callable[[bytes, str, str], Model]] = {
    ".step": lambda content, path, name: document.step(path, name),
    ".stp": lambda content, path, name: document.step(path, name),
    ".iges": lambda content, path, name: document.iges(path, name),
    ".igs": lambda content, path, name: document.iges(path, name),
    ".brep": lambda content, path, name: document.brep(content, name),
    ".brp": lambda content, path, name: document.brep(content, name),
    ".stl": lambda content, path, name: stl.model(content, name),
    ".3mf": lambda content, path, name: threemf.model(content, name),
    ".dxf": lambda content, path, name: plan.model(path, name),
    ".svg": lambda content, path, name: vector.svg(content, name),
}


def is_model(name: str) -> bool:
    """Says whether a file of this name is read as a model, and not run as a script."""
    return PurePosixPath(name).suffix.lower() in READERS


def model(content: bytes, path: str, name: str) -> Model:
    """Returns what a model file holds, in mm. Raises Failure that names the file and says what is wrong with it."""
    if not content:
        raise Failure("empty", f"{name} is empty.", name)
    if message := left_by_lfs(content, name):
        raise Failure("geometry", message, name)
    try:
        return READERS[PurePosixPath(name).suffix.lower()](content, path, name)
    except Failure as failure:
        failure.file = failure.file or name
        raise
    except MemoryError:
        raise Failure("memory", f"Reading {name} needs more memory than it may have.", name) from None
    except RecursionError:
        raise Failure("geometry", f"{name} is nested too deeply to be read.", name) from None
    except Exception as trouble:
        # Whatever a reader trips over: the file is at fault, not the person who looks at it.
        kind = type(trouble).__name__
        raise Failure("geometry", f"{name} cannot be read ({kind}: {str(trouble)[:200]}).", name) from None
