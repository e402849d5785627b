# ends: ok
import os

import cadquery as cq

# Words that mean nothing: the engine waits for the end itself.
os.write(7, b"x" * 60000)
result = cq.Workplane().box(10, 20, 30)
