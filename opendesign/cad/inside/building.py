"""Performs a build: runs the script, measures what it makes, and delivers the files asked for."""

import os
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from opendesign.cad.inside import (
    exports,
    form,
    glimpse,
    holes,
    imported,
    measure,
    meshing,
    parts,
    repository,
    results,
    standins,
    tags,
)
from opendesign.cad.inside.capture import Capture, Shown
from opendesign.cad.inside.clock import Clock
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.parts import Model
from opendesign.cad.inside.script import Script

Deliver = Callable[[str, bytes], None]


def build(job: dict, files: Mapping[str, bytes], deliver: Deliver, folder: str, clock: Clock) -> dict:
    """Builds a part in the working folder; returns measurements, warnings and seconds by stage.

    `folder` can be written to and is none of the script's business. Raises Failure.
    """
    clock.begin("files")
    work = os.getcwd()
    # Two folders deep, as scripts write to `../..`.
    root = os.path.join(work, "home", "design")
    os.makedirs(root)
    if job["part"] not in files:
        raise Failure("script", f"There is no file {job['part']}.", job["part"])
    repository.lay_out(root, files)
    clock.begin("script")
    model, warnings = made_from(root, job["part"], files[job["part"]])
    model.title, model.stamp = PurePosixPath(job["part"]).stem, job.get("stamp", {})
    os.chdir(work)
    clock.begin("measure")
    bulks = [measure.bulk(shape) for shape in model.definitions]
    areas = [bulk.areas for bulk in bulks]
    sight = glimpse.coarse(job, model, areas, deliver, folder, clock)
    clock.begin("mesh", sight)
    meshes = meshing.meshes(model.definitions, areas, folder)
    sight = sight or glimpse.fine(job, model, meshes, deliver, folder, clock)
    clock.begin("measure", sight)
    shapes, total, remarks = measure.measure(model, bulks, meshes)
    places = {"holes": holes.holes(model), "tags": tags.tags(model), "form": form.form(model, bulks)}
    for format in [format for format in job["formats"] if not (format == "viewer" and sight == "viewer")]:
        clock.begin(format)
        try:
            deliver(format, exports.export(format, model, meshes, folder))
        except Failure as refusal:
            # A mesh too fine for STEP, lines for a printer: the other formats are as good as ever.
            if format == "viewer" or len(job["formats"]) == 1:
                raise
            model.warnings.append(f"There is no {format.upper()} file: {refusal.message}")
    clock.end()
    warnings = list(dict.fromkeys([*warnings, *model.warnings]))[:100]
    made = {"shapes": shapes, "total": total, "remarks": remarks, "warnings": warnings, **places}
    return {"ok": True, **made, "seconds": clock.seconds}


def made_from(root: str, part: str, content: bytes) -> tuple[Model, list[str]]:
    """Returns the model of a model file or of a script, with warnings. Raises Failure."""
    if imported.is_model(part):
        return imported.model(content, os.path.join(root, part), part), []
    return made_by(Script(root, part, content))


def made_by(script: Script) -> tuple[Model, list[str]]:
    """Runs a script and returns the model of what it shows, with warnings.

    Raises Failure "empty" when it shows nothing, and the script's own failures.
    """
    capture = Capture(script.path, script.root)
    repository.open_to_import(script.root, script.part)
    repository.let_write(script.root)
    standins.install(capture)
    shown: list[Shown] = []
    left: dict = {}

    def found(variables: dict) -> bool:
        """Keeps what the script has put forward, and says whether that is anything."""
        left.update(variables)
        shown[:] = results.choose(capture, variables, script.source)
        return bool(shown)

    script.run(found)
    if not shown:
        shown = called(script, capture, left)
    if not shown:
        detail = f" ({capture.warnings[0]})" if capture.warnings else ""
        message = f"The script shows nothing{detail}: call show_object(shape), or name the shape `result`."
        raise Failure("empty", message, script.part)
    return parts.model(shown, PurePosixPath(script.part).stem), capture.warnings


def called(script: Script, capture: Capture, variables: dict) -> list[Shown]:
    """Returns what the script's functions and classes make, as it has shown nothing by itself; raises Failure."""
    try:
        return results.of_makers(capture, variables, script.source)
    except BaseException as trouble:
        raise script.failure(trouble) from None
