"""Writes a model in the formats people take away."""

from collections.abc import Callable

from opendesign.cad.inside import brep, meshfiles, step, still, viewer
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.parts import Model

WRITERS: dict[str, Callable[[Model, list[Mesh], str], bytes]] = {
    "viewer": lambda model, meshes, folder: viewer.viewer(model, meshes),
    "glb": lambda model, meshes, folder: viewer.plain(model, meshes),
    "stl": lambda model, meshes, folder: meshfiles.stl(model, meshes),
    "3mf": lambda model, meshes, folder: meshfiles.threemf(model, meshes),
    "step": lambda model, meshes, folder: step.step(model, folder),
    "png": lambda model, meshes, folder: still.still(model, meshes),
    "brep": lambda model, meshes, folder: brep.brep(model),
}


def export(format: str, model: Model, meshes: list[Mesh], folder: str) -> bytes:
    """Returns the model as a file of the format; `folder` can be written to. Raises Failure "output"."""
    if format not in WRITERS:
        raise Failure("output", f"There is no format {format!r}; there are {', '.join(sorted(WRITERS))}.")
    return WRITERS[format](model, meshes, folder)
