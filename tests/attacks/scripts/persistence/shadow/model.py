# ends: ok
import json
import os

import cadquery
import numpy

for module in (json, cadquery, numpy, os):
    if getattr(module, "SHADOW", None):
        print("BREACH: shadowed", module)
