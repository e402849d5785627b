"""Reads STEP, IGES and BREP with the kernel: the tree of assemblies, names, colours and shared shapes, in mm."""

from collections import Counter
from pathlib import PurePosixPath

from OCP.BRep import BRep_Tool
from OCP.BRepBuilderAPI import BRepBuilderAPI_MakeSolid, BRepBuilderAPI_Sewing
from OCP.BRepLib import BRepLib
from OCP.IFSelect import IFSelect_RetDone
from OCP.IGESCAFControl import IGESCAFControl_Reader
from OCP.Message import Message, Message_PrinterOStream
from OCP.Quantity import Quantity_ColorRGBA
from OCP.STEPCAFControl import STEPCAFControl_Reader
from OCP.TCollection import TCollection_ExtendedString
from OCP.TDataStd import TDataStd_Name
from OCP.TDF import TDF_Label, TDF_LabelSequence
from OCP.TDocStd import TDocStd_Document
from OCP.TopAbs import TopAbs_FACE, TopAbs_SHELL, TopAbs_SOLID
from OCP.TopExp import TopExp_Explorer
from OCP.TopLoc import TopLoc_Location
from OCP.TopoDS import TopoDS, TopoDS_Shape
from OCP.XCAFDoc import XCAFDoc_ColorTool, XCAFDoc_ColorType, XCAFDoc_DocumentTool, XCAFDoc_ShapeTool

from opendesign.cad.inside import brep as text
from opendesign.cad.inside import colour, leaf, meshing, parts
from opendesign.cad.inside.capture import Shown
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.parts import Model

DEEPEST = 50
MOST_LEAVES = parts.MOST_PARTS
# Assemblies twice in each other, fifty deep, have no end, even when they hold nothing.
MOST_VISITS = 20_000
# How far apart the faces of an IGES file may lie and still share an edge, mm.
GAP = 0.01
KINDS = (
    XCAFDoc_ColorType.XCAFDoc_ColorSurf,
    XCAFDoc_ColorType.XCAFDoc_ColorGen,
    XCAFDoc_ColorType.XCAFDoc_ColorCurv,
)


def step(path: str, name: str) -> Model:
    """Returns the model of a STEP file. Raises Failure "geometry" or "empty"."""
    return of_reader(STEPCAFControl_Reader(), path, name, "STEP", sewn=False)


def iges(path: str, name: str) -> Model:
    """Returns the model of an IGES file, its loose faces joined to solids. Raises Failure "geometry" or "empty"."""
    return of_reader(IGESCAFControl_Reader(), path, name, "IGES", sewn=True)


def brep(content: bytes, name: str) -> Model:
    """Returns the model of a BREP file, text or binary. Raises Failure "geometry" or "empty"."""
    shape = text.read(content, name)
    return modelled([leaf.Leaf((), shape, None)], name)


def of_reader(
    reader: STEPCAFControl_Reader | IGESCAFControl_Reader, path: str, name: str, kind: str, sewn: bool
) -> Model:
    """Reads a file into a document and takes its leaves."""
    without_colours()
    reader.SetNameMode(True)
    reader.SetColorMode(True)
    if reader.ReadFile(path) != IFSelect_RetDone:
        raise Failure("geometry", f"{name} is not a {kind} file, or it is cut short.", name)
    kept = TDocStd_Document(TCollection_ExtendedString("imported"))
    if not reader.Transfer(kept):
        raise Failure("geometry", f"{name} is a {kind} file, but its shapes cannot be read.", name)
    leaves = Document(kept, name).leaves()
    if sewn:
        leaves = [leaf.Leaf(one.path, solid_of(one.shape), one.colour) for one in leaves]
    return modelled(leaves, name)


def without_colours() -> None:
    """Makes the kernel's messages plain: they go into the build's log, which is no terminal."""
    for printer in Message.DefaultMessenger_s().Printers():
        if isinstance(printer, Message_PrinterOStream):
            printer.SetToColorize(False)


def modelled(leaves: list[leaf.Leaf], name: str) -> Model:
    """Returns leaves as a model; what has neither faces nor company with faces is left out."""
    found = [one for one in leaves if not parts.is_empty(one.shape)]
    faced = [one for one in found if TopExp_Explorer(one.shape, TopAbs_FACE).More()]
    found = faced or found
    if not found:
        raise Failure("empty", f"{name} holds no shapes.", name)
    demand_surfaces([one.shape for one in found], name)
    return parts.model([Shown(None, found, None)], PurePosixPath(name).stem)


def demand_surfaces(shapes: list[TopoDS_Shape], name: str) -> None:
    """Refuses faces that are only triangles: the kernel's measures read a surface that is not there."""
    for shape in shapes:
        for face in meshing.faces_of(shape):
            if BRep_Tool.Surface_s(face) is None:
                raise Failure("geometry", f"{name} holds faces without a surface, only triangles.", name)


class Document:
    """A file's tree of labels, on the way to leaves."""

    def __init__(self, kept: TDocStd_Document, name: str):
        self.kept = kept
        self.name = name
        self.shapes = XCAFDoc_DocumentTool.ShapeTool_s(kept.Main())
        self.colours = XCAFDoc_DocumentTool.ColorTool_s(kept.Main())
        self.found: list[leaf.Leaf] = []
        self.visits = 0

    def leaves(self) -> list[leaf.Leaf]:
        """Returns every instance of every shape, where its assemblies put it."""
        tops = TDF_LabelSequence()
        self.shapes.GetFreeShapes(tops)
        for label in tops:
            self.walk(label, (), TopLoc_Location(), None, DEEPEST)
        return self.found

    def walk(
        self, label: TDF_Label, path: tuple, place: TopLoc_Location, shade: colour.Colour | None, depth: int
    ) -> None:
        """Adds the leaves below a label; colours are inherited from above."""
        self.visits += 1
        if depth == 0 or self.visits > MOST_VISITS:
            raise Failure("geometry", f"{self.name} nests its assemblies without end.", self.name)
        shade = self.colour_of(label) or shade
        path = (*path, title(label))
        if XCAFDoc_ShapeTool.IsAssembly_s(label):
            for component in labels(label):
                self.enter(component, path, place, shade, depth)
            return
        if len(self.found) >= MOST_LEAVES:
            raise Failure("output", f"{self.name} holds more than {MOST_LEAVES} shapes.", self.name)
        shape = XCAFDoc_ShapeTool.GetShape_s(label)
        if shape is not None and not shape.IsNull():
            self.found.append(leaf.Leaf(path, shape.Moved(place, False), shade or self.inner_colour(label)))

    def enter(
        self, component: TDF_Label, path: tuple, place: TopLoc_Location, shade: colour.Colour | None, depth: int
    ) -> None:
        """Walks into what a component is an instance of, under the component's own name where it has one."""
        meant = TDF_Label()
        if not XCAFDoc_ShapeTool.GetReferredShape_s(component, meant):
            return
        own = XCAFDoc_ShapeTool.GetLocation_s(component)
        before = len(self.found)
        self.walk(meant, path, place * own, self.colour_of(component) or shade, depth - 1)
        called = title(component)
        # "NAUO12" and the like are numbers that writers give, not names.
        if called and not called.startswith(("NAUO", "=>[")):
            for one in self.found[before:]:
                one.path = (*path, called, *one.path[len(path) + 1 :])

    def colour_of(self, label: TDF_Label) -> colour.Colour | None:
        """Returns a label's own colour."""
        shade = Quantity_ColorRGBA()
        for kind in KINDS:
            if XCAFDoc_ColorTool.GetColor_s(label, kind, shade):
                return colour.read_rgba(shade)
        return None

    def inner_colour(self, label: TDF_Label) -> colour.Colour | None:
        """Returns the colour that most of a shape's faces and solids have."""
        inner = TDF_LabelSequence()
        XCAFDoc_ShapeTool.GetSubShapes_s(label, inner)
        found = Counter(shade for one in inner if (shade := self.colour_of(one)))
        return found.most_common(1)[0][0] if found else None


def labels(assembly: TDF_Label) -> list[TDF_Label]:
    """Returns the components of an assembly."""
    found = TDF_LabelSequence()
    XCAFDoc_ShapeTool.GetComponents_s(assembly, found, False)
    return list(found)


def title(label: TDF_Label) -> str | None:
    """Returns a label's name."""
    found = TDataStd_Name()
    if not label.FindAttribute(TDataStd_Name.GetID_s(), found):
        return None
    return found.Get().ToExtString().strip() or None


def solid_of(shape: TopoDS_Shape) -> TopoDS_Shape:
    """Returns loose faces as a solid when they close, and any other shape as it is."""
    if TopExp_Explorer(shape, TopAbs_SOLID).More() or not TopExp_Explorer(shape, TopAbs_FACE).More():
        return shape
    sewing = BRepBuilderAPI_Sewing(GAP)
    sewing.Add(shape)
    sewing.Perform()
    sewed = sewing.SewedShape()
    solids = []
    explorer = TopExp_Explorer(sewed, TopAbs_SHELL)
    while explorer.More():
        shell = TopoDS.Shell_s(explorer.Current())
        if not BRep_Tool.IsClosed_s(shell):
            return shape
        solid = BRepBuilderAPI_MakeSolid(shell).Solid()
        BRepLib.OrientClosedSolid_s(solid)
        solids.append(solid)
        explorer.Next()
    # A face that was sewn to nothing stands beside the shells.
    if not solids or TopExp_Explorer(sewed, TopAbs_FACE, TopAbs_SHELL).More():
        return shape
    return solids[0] if len(solids) == 1 else leaf.compound(solids)
