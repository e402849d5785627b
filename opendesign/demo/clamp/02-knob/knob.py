# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Knob: a star around the head of an M8 bolt."""

from math import cos, pi, sin

import cadquery as cq

# --- Size ---
DIAMETER = 38.0  # [28:1:60] Knob, over its lobes, mm
HEIGHT = 15.0  # [10:0.5:24] Knob, mm
LOBES = 6  # [3:1:10] Places for fingers

# --- Bolt ---
HEAD = 13.2  # [12.8:0.1:14] Across flats of the bolt's head, mm
HEAD_DEPTH = 5.6  # [4:0.2:8] Depth of its seat, mm


def star() -> cq.Workplane:
    """The outline with round hollows between the lobes, softened above and below."""
    radius = DIAMETER / 2
    hollow = radius * pi / LOBES * 0.52
    reach = radius + hollow * 0.45
    places = [(reach * cos(2 * pi * i / LOBES), reach * sin(2 * pi * i / LOBES)) for i in range(LOBES)]
    sketch = cq.Sketch().circle(radius).push(places).circle(hollow, mode="s").reset()
    sketch = sketch.vertices().fillet(min(2.0, hollow * 0.3))
    # a bevel along the star fails where hollows are small; a bevelled disc cuts it for any number of lobes
    disc = cq.Workplane().circle(radius + 0.01).extrude(HEIGHT).faces("<Z or >Z").edges().chamfer(1.8)
    return disc.intersect(cq.Workplane().placeSketch(sketch).extrude(HEIGHT))


knob = star()
knob = knob.cut(cq.Workplane().circle(4.3).extrude(HEIGHT))
knob = knob.cut(cq.Workplane().polygon(6, HEAD / 0.866).extrude(HEAD_DEPTH))
dish = cq.Workplane(origin=(0, 0, HEIGHT)).circle(DIAMETER / 2 - 8.0).extrude(-1.0)
knob = knob.cut(dish)

if "show_object" in globals():
    show_object(knob, name="knob", options={"color": (0.86, 0.50, 0.32)})
