# ends: ok, script, invalid
import builtins
import math
import os
import sys

import cadquery
import numpy

for place in (builtins, sys, math, os, cadquery, cadquery.Workplane, numpy):
    place.POISON = "poison"
cadquery.Workplane.box = None
builtins.open = None
os.environ["POISON"] = "poison"
NO_MODEL = True
cadquery.Workplane.POISON = "poison"
result = cadquery.Workplane().sphere(1)
