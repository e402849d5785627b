# ends: ok
import builtins
import math
import os
import sys

import cadquery
import numpy
from prelude import attempt

for place in (builtins, sys, math, os, cadquery, cadquery.Workplane, numpy):
    if hasattr(place, "POISON"):
        print("BREACH: poisoned", place)
attempt("left module", __import__, "poison")
if "POISON" in os.environ or any("oison" in repr(finder) for finder in sys.meta_path):
    print("BREACH: environment")
left = [name for name in os.listdir(".") if name not in ("prelude.py", "model.py")]
if left or os.path.exists("/model/work/poison.py"):
    print("BREACH: left", left)
