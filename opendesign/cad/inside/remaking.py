"""Makes more files of what was built before, from its exact shapes: the script does not run again."""

from collections.abc import Callable, Mapping

from OCP.GProp import GProp_GProps
from OCP.TopoDS import TopoDS_Iterator, TopoDS_Shape

from opendesign.cad.inside import brep, drawing, exports, measure, meshing, parts
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.parts import Model

SHAPES = "model.brep"
EXACT = {"step", "brep"}  # written without triangles, which cost an assembly 0.3 s


def remake(job: dict, files: Mapping[str, bytes], deliver: Callable[[str, bytes], None], folder: str) -> dict:
    """Writes the formats of a job from `model.brep`, whose parts the job names in order; `folder` can be written to.

    A job has "formats", "title", "stamp" and "parts" ([{"path": [names], "colour"}]); "careful" draws by triangles
    alone, where the kernel's exact algorithm has failed before. Raises Failure.
    """
    shape = brep.read(files[SHAPES], SHAPES)
    model = opened(shape, job["parts"])
    model.title, model.stamp = job["title"], job["stamp"]
    meshes = [] if set(job["formats"]) <= EXACT else meshed(model, folder)
    for format in job["formats"]:
        if format == "svg" and job.get("careful"):
            deliver(format, drawing.drawing(model, meshes, exact=False))
        else:
            deliver(format, exports.export(format, model, meshes, folder))
    return {"ok": True}


def meshed(model: Model, folder: str) -> list[meshing.Mesh]:
    """Returns the meshes of a model's definitions."""
    areas = [measure.face_areas(definition, GProp_GProps()) for definition in model.definitions]
    return meshing.meshes(model.definitions, areas, folder)


def opened(shape: TopoDS_Shape, named: list[dict]) -> Model:
    """Returns the model that `brep.brep` wrote: its parts in their places, shapes that are shared stored once."""
    shapes = children(shape) if len(named) > 1 else [shape]
    if len(shapes) != len(named):
        raise Failure("invalid", f"{len(shapes)} shapes were kept of {len(named)} parts.")
    colours = [tuple(words["colour"]) if words["colour"] else None for words in named]
    paths = [tuple(words["path"]) for words in named]
    return Model(*parts.instances(list(zip(paths, shapes, colours, strict=True))), [])


def children(shape: TopoDS_Shape) -> list[TopoDS_Shape]:
    """Returns the shapes a compound was made of."""
    found, inner = [], TopoDS_Iterator(shape)
    while inner.More():
        found.append(inner.Value())
        inner.Next()
    return found
