# ends: ok
import os

import cadquery
from OCP.BRepTools import BRepTools
from OCP.STEPControl import STEPControl_AsIs, STEPControl_Writer
from prelude import ENGINE, SECRET

shape = cadquery.Workplane().box(1, 1, 1).val().wrapped
writer = STEPControl_Writer()
writer.Transfer(shape, STEPControl_AsIs)
for place in (
    "/tmp/x",
    "/model/x",
    "/scratch/x",
    "/dev/shm/x",
    SECRET,
    ENGINE,
    os.path.dirname(cadquery.__file__) + "/x",
):
    before = os.path.exists(place)
    BRepTools.Write_s(shape, place)
    writer.Write(place)
    print("BREACH: written" if os.path.exists(place) and not before else "stopped", place)
