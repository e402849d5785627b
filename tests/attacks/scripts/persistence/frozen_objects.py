# ends: ok, script, invalid, geometry, empty, crash
import ctypes
import gc
import sys

import cadquery

gc.unfreeze()
for thing in gc.get_objects():
    if isinstance(thing, dict) and "box" in thing:
        thing["POISON"] = "poison"
    elif isinstance(thing, list):
        thing.append("POISON")
ctypes.memset(id(cadquery.Workplane.__doc__) + 64, 0x58, 8)
sys.modules["math"].POISON = "poison"
ctypes.cast(id(7) + 24, ctypes.POINTER(ctypes.c_int))[0] = 8  # seven is eight from now on, here
