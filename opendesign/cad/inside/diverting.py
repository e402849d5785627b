"""Stands in for file exporters: what they would write is captured, and written when the script reads it."""

import os
import sys
from collections.abc import Callable

import build123d
import cadquery as cq

from opendesign.cad.inside.capture import Capture
from opendesign.cad.inside.owed import Owed

PATHS = ("fname", "fileName", "file_path", "path", "file_name")  # what exporters call the path


def divert_exporters(capture: Capture) -> None:
    """Makes everything that writes a model to a file hand it to the capture."""
    owed = Owed()
    owed.watch()

    def first(thing: object, _: bool) -> object:
        return thing

    def told(_: object, done: bool) -> bool:
        return done

    def divert(owner: object, answer: Callable, *names: str) -> None:
        """Replaces those of an owner's exporters that exist."""
        for name in names:
            if hasattr(owner, name):
                setattr(owner, name, diverted(capture, owed, getattr(owner, name), answer))

    exporters = cq.occ_impl.exporters
    divert(exporters.dxf, first, "exportDXF")
    divert(exporters.svg, first, "exportSVG")
    divert(cq.exporters, first, "export", "exportDXF")
    # Names of older and of later versions; the scripts are the same.
    cq.exporters.exportShape = lambda thing, *_, **__: capture.take(capture.exported, thing, None, None)
    cq.exporters.exportSVG, cq.exporters.exportDXFProjection = exporters.svg.exportSVG, cq.exporters.exportDXF
    for module in (exporters.assembly, sys.modules["cadquery.assembly"]):
        names = ("exportAssembly", "exportStepMeta", "exportCAF", "exportGLTF", "exportVRML", "exportVTKJS")
        divert(module, told, *names)
    divert(cq.Assembly, first, "save", "export")
    divert(cq.Workplane, first, "export", "exportSvg")
    divert(cq.Sketch, first, "export")
    divert(cq.Shape, first, "export")
    divert(cq.Shape, told, "exportStl", "exportStep", "exportBrep", "exportBin")
    for module in (build123d, build123d.exporters3d):
        divert(module, told, "export_step", "export_stl", "export_gltf", "export_brep", "export_3mf")
    divert_build123d(capture, owed)
    divert_importers(capture, owed)


def diverted(capture: Capture, owed: Owed, real: Callable, answer: Callable) -> Callable:
    """Returns what stands in for an exporter: it captures, and the real one writes when the file is read."""

    def export(thing: object, path: object = None, *more: object, **options: object) -> object:
        named = next((name for name in PATHS if path is None and name in options), None)
        path = options.pop(named) if named else path
        if owed.paying:
            return real(thing, path, *more, **options)
        owed.forget(path)
        capture.export(thing, path)
        owed.owe(path, lambda place: real(thing, place, *more, **options))
        return answer(thing, True)

    return export


def divert_importers(capture: Capture, owed: Owed) -> None:
    """Gives a script that reads what it has itself exported the shapes of it, since no file was written."""
    read = cq.importers.importStep

    def read_back(path: object, *more: object, **options: object) -> cq.Workplane:
        written = capture.written.get(os.path.abspath(path)) if isinstance(path, str | os.PathLike) else None
        if not written:
            return read(path, *more, **options)
        return cq.Workplane("XY").newObject([cq.Shape.cast(each.shape) for each in written])

    cq.importers.importStep = read_back
    # These read by the kernel, which opens its files itself.
    for owner, names in (
        (cq.importers, ("importBrep", "importBin")),
        (build123d, ("import_step", "import_brep", "import_stl", "import_svg")),
    ):
        for name in names:
            setattr(owner, name, owed.paid(getattr(owner, name)))
    for name in ("importBrep", "importBin"):
        setattr(cq.Shape, name, staticmethod(owed.paid(getattr(cq.Shape, name))))


def divert_build123d(capture: Capture, owed: Owed) -> None:
    """Does the same for build123d's drawings and meshes, which are objects that shapes are added to."""

    def divert(exporter: type, group: list) -> None:
        add, write = exporter.add_shape, exporter.write

        def taken(self: object, shape: object, *more: object, **options: object) -> object:
            self.__dict__.setdefault("_captured", []).append((shape, more, options))
            capture.take(group, shape, None, None)
            return self

        def left(self: object, path: object, *more: object, **options: object) -> None:
            def written(place: str) -> None:
                for shape, added, given in self.__dict__.pop("_captured", []):
                    add(self, shape, *added, **given)
                write(self, place, *more, **options)

            if isinstance(path, str | os.PathLike):
                owed.forget(path)
                capture.leave(os.fspath(path))
                owed.owe(path, written)

        exporter.add_shape, exporter.write = taken, left

    divert(build123d.ExportSVG, capture.drawn)
    divert(build123d.ExportDXF, capture.drawn)
    divert(build123d.Mesher, capture.exported)
