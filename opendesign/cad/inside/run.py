"""What the jail calls: `warm` once before the first fork, `perform` once in every child."""

import os
import tempfile
from collections.abc import Callable, Mapping

from opendesign.cad.inside import (
    approximate,
    brep,
    building,
    difference,
    exports,
    fit,
    fonts,
    inspecting,
    leaf,
    measure,
    meshing,
    nearby,
    overlap,
    parts,
    remaking,
)
from opendesign.cad.inside.capture import Shown
from opendesign.cad.inside.clock import Clock, Tell, silent
from opendesign.cad.inside.failure import Failure

WARM = """import cadquery as cq
plate = cq.Workplane().box(20, 12, 4).edges("|Z").fillet(2).faces(">Z").workplane().hole(3).faces("<Z").shell(-0.5)
pin = cq.Workplane().circle(1.5).extrude(8).faces(">Z").chamfer(0.3)
model = cq.Assembly(name="warm").add(plate, name="plate", color=cq.Color("red")).add(pin, name="pin")
show_object(model)
"""
# build123d takes a second to import; exercised once, its children find it ready.
WARM_BUILD123D = """import build123d as bd
result = bd.fillet(bd.Box(4, 3, 2).edges(), 0.2) - bd.Cylinder(0.5, 2)
"""
STATES = ("before", "after")
REHEARSED = ("viewer", "step", "stl", "3mf", "glb", "brep", "png")  # what every build makes
FORMATS = ("viewer", "step", "stl", "3mf", "glb", "brep", "svg", "dxf")


def perform(job: dict, files: Mapping[str, bytes], deliver: Callable[[str, bytes], None], tell: Tell = silent) -> dict:
    """Does one job in the working folder and returns its result; files it makes are handed to `deliver` by name.

    `tell(stage)` hears what is being done; `tell(stage, sight)` also that the first file can be looked at.

    A "build" job has "part" (path of its script or model file among the files), "formats" and perhaps a "stamp"; a
    "remake" job is described in `remaking`, "inspect" in `inspecting`, "nearby" in `nearby`, "fit" in `fit`, "overlap"
    in `overlap`; a "difference" job has "formats" and may have "method" ("exact" or "mesh"), its files are before and
    after, .brep or .stl.
    """
    folder = os.path.join(os.getcwd(), "made")
    os.makedirs(folder)
    try:
        if job["kind"] == "build":
            return building.build(job, files, deliver, folder, Clock(tell))
        if job["kind"] == "inspect":
            return inspecting.inspection(job, files, Clock(tell))
        if job["kind"] == "remake":
            return remaking.remake(job, files, deliver, folder)
        if job["kind"] == "difference":
            tell("compare")
            return difference.difference(job, files, deliver, folder)
        if job["kind"] == "nearby":
            return nearby.nearby(job, files)
        if job["kind"] == "fit":
            return fit.fit(job, files, folder)
        if job["kind"] == "overlap":
            return overlap.overlap(files, folder)
        raise Failure("output", f"There is no job of kind {job['kind']!r}.")
    except Failure as failure:
        return failure.result()


def warm() -> None:
    """Imports and exercise everything a job needs, so that children inherit it; starts no thread.

    Raises what the kernel raises when it does not work.
    """
    approximate.stay_single()
    fonts.settle()
    names: dict = {}
    exec(WARM, {"show_object": lambda thing: names.update(thing=thing)})
    exec(WARM_BUILD123D, {})
    leaves, _ = leaf.of(names["thing"], None)
    model = parts.model([Shown(None, leaves, None)], "warm")
    with tempfile.TemporaryDirectory() as folder:
        bulks = [measure.bulk(shape) for shape in model.definitions]
        meshes = meshing.meshes(model.definitions, [bulk.areas for bulk in bulks], folder)
        measure.measure(model, bulks, meshes)
        for format in FORMATS:
            exports.export(format, model, meshes, folder)
        states = {f"{state}.brep": brep.written(shape) for state, shape in zip(STATES, model.definitions, strict=True)}
        for method in ("exact", "mesh"):
            job = {"formats": ["overlay"], "method": method}
            difference.difference(job, states, lambda name, content: None, folder)
        nearby.nearby({"names": ["warm"], "point": [0, 0, 0]}, {nearby.SHAPES: states["before.brep"]})


def rehearse() -> None:
    """Does a whole build in the working folder, for nothing. Raises RuntimeError if it fails."""
    job = {"kind": "build", "part": "warm.py", "formats": REHEARSED}
    result = perform(job, {"warm.py": WARM.encode()}, lambda name, content: None)
    if not result["ok"]:
        raise RuntimeError(result["error"]["message"])
