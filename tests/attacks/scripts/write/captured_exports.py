# ends: ok
import os

import cadquery as cq

box = cq.Workplane().box(1, 1, 1)
for place in ("/tmp/breach.step", "../../../../breach.stl", "/etc/cron.d/breach", "a\nb.step", "x" * 300 + ".step"):
    try:
        cq.exporters.export(box, place)
        cq.Assembly(box).save(place.replace("stl", "step"))
    except Exception as stopped:
        print("stopped", type(stopped).__name__)
    if place.startswith("/") and os.path.exists(place):
        print("BREACH: written", place)
result = box
