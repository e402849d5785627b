# ends: ok
import os
import sys

import cadquery

for place in (
    ".",
    os.path.dirname(cadquery.__file__),
    os.path.dirname(os.__file__),
    "/model",
    "/model/work",
    "/dev/shm",
    "/tmp",
):
    for name in ("poison.py", "sitecustomize.py", "cadquery.py", "numpy.py", "__pycache__/os.cpython-311.pyc"):
        try:
            with open(os.path.join(place, name), "w") as left:
                left.write("POISON = True\nprint('BREACH: imported')")
        except OSError:
            continue
sys.path.insert(0, ".")
