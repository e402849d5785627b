"""Writes STEP AP214 files with names, colours and shared shapes, the same bytes for the same model."""

import os
import re

import numpy as np
from OCP.BRepBuilderAPI import BRepBuilderAPI_Copy
from OCP.gp import gp_Trsf
from OCP.IFSelect import IFSelect_RetDone
from OCP.Interface import Interface_Static
from OCP.Quantity import Quantity_Color, Quantity_ColorRGBA, Quantity_TypeOfColor
from OCP.STEPCAFControl import STEPCAFControl_Writer
from OCP.STEPControl import STEPControl_StepModelType
from OCP.TCollection import TCollection_ExtendedString
from OCP.TDataStd import TDataStd_Name
from OCP.TDF import TDF_Label
from OCP.TDocStd import TDocStd_Document
from OCP.TopLoc import TopLoc_Location
from OCP.XCAFDoc import XCAFDoc_ColorTool, XCAFDoc_ColorType, XCAFDoc_DocumentTool, XCAFDoc_ShapeTool

from opendesign.cad.inside import facets, styles
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.parts import Model, Part

FILE_NAME = re.compile(rb"FILE_NAME\(.*?\);", re.DOTALL)
DESCRIPTION = re.compile(rb"FILE_DESCRIPTION\(.*?\);", re.DOTALL)
UNUSUAL = re.compile(r"[^ -~]+")
EPOCH = "1970-01-01T00:00:00"
# The kernel counts how many files its process has written.
COUNTER = re.compile(rb"Open CASCADE STEP translator ([0-9.]+) [0-9.]+")


def step(model: Model, folder: str) -> bytes:
    """Returns the model as a STEP file; `folder` can be written to. Raises Failure "output"."""
    document = TDocStd_Document(TCollection_ExtendedString("step"))
    fill(document, model)
    path = os.path.join(folder, "model.step")
    Interface_Static.SetIVal_s("write.surfacecurve.mode", 0)
    Interface_Static.SetCVal_s("write.step.unit", "MM")
    writer = STEPCAFControl_Writer()
    writer.SetColorMode(True)
    writer.SetNameMode(True)
    writer.Transfer(document, STEPControl_StepModelType.STEPControl_AsIs)
    if writer.Write(path) != IFSelect_RetDone:
        raise Failure("output", "The STEP file could not be written; the model may be larger than its work folder.")
    with open(path, "rb") as file:
        content = file.read()
    os.unlink(path)
    content = FILE_NAME.sub(lambda _: file_name(model), content, count=1)
    if model.stamp:
        content = DESCRIPTION.sub(lambda _: description(model.stamp), content, count=1)
    return styles.ordered(COUNTER.sub(rb"Open CASCADE STEP translator \1", content))


def file_name(model: Model) -> bytes:
    """Returns the header's entity that names the file, its author, and under which licence it may be used."""
    stamp = model.stamp
    facts = [stamp.get("design", "model"), stamp.get("date", EPOCH), stamp.get("owner", "OpenDesign")]
    name, date, owner, source, licence = map(quoted, [*facts, stamp.get("source", ""), stamp.get("licence", "")])
    return f"FILE_NAME({name},{date},({owner}),({source}),'OpenDesign','OpenDesign',{licence});".encode()


def description(stamp: dict[str, str]) -> bytes:
    """Returns the header's entity that describes the file, a text for each fact."""
    texts = ",".join(quoted(f"{name}: {value}") for name, value in stamp.items())
    return f"FILE_DESCRIPTION(({texts}),'2;1');".encode()


def quoted(text: str) -> str:
    """Returns a text as STEP writes it (ISO 10303-21): other letters than ASCII's as UTF-16 in hexadecimal."""
    plain = text.replace("\\", "\\\\").replace("'", "''")
    return "'" + UNUSUAL.sub(lambda found: f"\\X2\\{found[0].encode('utf-16-be').hex().upper()}\\X0\\", plain) + "'"


def fill(document: TDocStd_Document, model: Model) -> None:
    """Puts the parts into a document, as a tree of assemblies when there is more than one."""
    shapes = XCAFDoc_DocumentTool.ShapeTool_s(document.Main())
    colours = XCAFDoc_DocumentTool.ColorTool_s(document.Main())
    labels: dict[tuple, TDF_Label] = {}
    assemblies: dict[tuple, TDF_Label] = {}
    single = len(model.parts) == 1 and np.array_equal(model.parts[0].matrix, np.identity(4))
    for part in model.parts:
        # One product per shape and colour: many programs ignore the colours of instances.
        key = (part.definition, part.colour)
        if key not in labels:
            again = any(definition == part.definition for definition, _ in labels)
            labels[key] = product(shapes, colours, model, part, again)
        if not single:
            above = assembly(shapes, assemblies, part.path[:-1] or ("model",))
            component = shapes.AddComponent(above, labels[key], placed(part.matrix))
            name(component, part.path[-1])
    shapes.UpdateAssemblies()


def product(shapes: XCAFDoc_ShapeTool, colours: XCAFDoc_ColorTool, model: Model, part: Part, again: bool) -> TDF_Label:
    """Adds a part's shape, named and coloured; `again` makes a copy for another colour that shares the geometry."""
    shape = facets.exact(model.definitions[part.definition])
    label = shapes.NewShape()
    shapes.SetShape(label, BRepBuilderAPI_Copy(shape, False, True).Shape() if again else shape)
    name(label, part.path[-1])
    if part.colour:
        red, green, blue, opacity = part.colour
        shade = Quantity_Color(red, green, blue, Quantity_TypeOfColor.Quantity_TOC_sRGB)
        colours.SetColor(label, Quantity_ColorRGBA(shade, opacity), XCAFDoc_ColorType.XCAFDoc_ColorGen)
    return label


def assembly(shapes: XCAFDoc_ShapeTool, known: dict[tuple, TDF_Label], path: tuple[str, ...]) -> TDF_Label:
    """Returns the assembly of a path, made with those above it where it is new."""
    if path not in known:
        label = known[path] = shapes.NewShape()
        name(label, path[-1])
        if len(path) > 1:
            component = shapes.AddComponent(assembly(shapes, known, path[:-1]), label, TopLoc_Location())
            name(component, path[-1])
    return known[path]


def placed(matrix: np.ndarray) -> TopLoc_Location:
    """Returns a 4 × 4 matrix as a location."""
    move = gp_Trsf()
    move.SetValues(*(float(number) for number in matrix[:3].ravel()))
    return TopLoc_Location(move)


def name(label: TDF_Label, text: str) -> None:
    """Names a label."""
    TDataStd_Name.Set_s(label, TCollection_ExtendedString(text, True))
