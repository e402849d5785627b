"""Writes a model in the formats people take away."""

import re
from collections.abc import Callable
from dataclasses import replace

from opendesign.cad.inside import brep, drawing, dxf, facets, meshfiles, section, step, still, viewer
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
    "png-large": lambda model, meshes, folder: still.still(model, meshes, still.LARGE),
    "brep": lambda model, meshes, folder: brep.brep(model),
    "svg": lambda model, meshes, folder: drawing.drawing(model, meshes),
    "dxf": lambda model, meshes, folder: dxf.dxf(section.natural(model, meshes), model.stamp),
}
DRAWN = ("svg", "dxf")  # formats that need surfaces
# A section through a plane x, y or z, so many mm from the origin: `dxf-z-12.5`, `svg-x--3`.
SECTION = re.compile(r"(dxf|svg)-([xyz])-(-?[0-9]{1,5}(?:\.[0-9]{1,3})?)")


def export(format: str, model: Model, meshes: list[Mesh], folder: str) -> bytes:
    """Returns the model as a file of the format; `folder` can be written to. Raises Failure "output"."""
    if format.startswith(DRAWN):
        model = replace(model, definitions=[facets.exact(shape) for shape in model.definitions])
    if cut := SECTION.fullmatch(format):
        found = section.at(model, meshes, cut[2], float(cut[3]))
        return dxf.dxf(found, model.stamp) if cut[1] == "dxf" else drawing.of_section(found, model)
    if format not in WRITERS:
        raise Failure("output", f"There is no format {format!r}; there are {', '.join(sorted(WRITERS))}.")
    return WRITERS[format](model, meshes, folder)
