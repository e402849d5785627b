# ends: ok
import os

import cadquery
from OCP.BRep import BRep_Builder
from OCP.BRepTools import BRepTools
from OCP.IFSelect import IFSelect_RetDone
from OCP.STEPControl import STEPControl_Reader
from OCP.StlAPI import StlAPI_Writer
from OCP.TopoDS import TopoDS_Shape
from prelude import SECRET, attempt

status = STEPControl_Reader().ReadFile(SECRET + ".step")
print("BREACH: STEP" if status == IFSelect_RetDone else "stopped: STEP", status)
shape = TopoDS_Shape()
read = BRepTools.Read_s(shape, SECRET + ".brep", BRep_Builder())
print("BREACH: BREP" if read else "stopped: BREP")
attempt("importStep", cadquery.importers.importStep, SECRET + ".step")
solid = cadquery.Workplane().box(1, 1, 1).val().wrapped
for place in ("/tmp/x.stl", "/model/x.stl", SECRET):
    print("BREACH: STL written" if StlAPI_Writer().Write(solid, place) and os.path.exists(place) else "stopped", place)
