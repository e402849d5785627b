# ends: ok
import cadquery
from OCP.IFSelect import IFSelect_RetDone
from OCP.IGESControl import IGESControl_Reader
from OCP.Message import Message_ProgressRange
from OCP.RWGltf import RWGltf_CafReader
from OCP.RWStl import RWStl
from OCP.TCollection import TCollection_AsciiString
from prelude import SECRET, attempt

print("BREACH: IGES" if IGESControl_Reader().ReadFile(SECRET) == IFSelect_RetDone else "stopped: IGES")
for place in ("/etc/passwd", SECRET + ".stl", SECRET + ".step"):
    attempt(f"DXF {place}", cadquery.importers.importDXF, place)
    attempt(f"BREP {place}", cadquery.importers.importBrep, place)
    mesh = RWStl.ReadFile_s(place, Message_ProgressRange())
    print("BREACH: STL" if mesh is not None else "stopped: STL", place)
done = RWGltf_CafReader().Perform(TCollection_AsciiString(SECRET + ".step"), Message_ProgressRange())
print("BREACH: scene" if done else "stopped: scene")
attempt("font", lambda: cadquery.Workplane().text("x", 5, 1, fontPath=SECRET).val().wrapped.nothing)
