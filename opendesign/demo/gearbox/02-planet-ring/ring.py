# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Ring gear and housing in one: the middle slice of the gearbox."""

import cadquery as cq

import housing as h
import train as t
from involute import circle, outline, prism

# --- Outside ---
GROOVES = 2  # [0:1:4] Grooves around the outside, for grip and cooling
GROOVE_DEPTH = 0.8  # [0.2:0.1:1.2] Depth of a groove, mm


def sleeve(inner: float) -> cq.Workplane:
    """A grooved drum with an ear for each screw, open in the middle."""
    drum = cq.Workplane().circle(h.RADIUS).circle(inner).extrude(h.HEIGHT)
    pitch = h.HEIGHT / (GROOVES + 1)
    for i in range(GROOVES):
        at = cq.Workplane(origin=(0, 0, (i + 1) * pitch - 1.0))
        drum = drum.cut(at.circle(h.RADIUS + 1).circle(h.RADIUS - GROOVE_DEPTH).extrude(2.0))
    drum = drum.union(cq.Workplane().pushPoints(h.screw_places()).circle(h.EAR).extrude(h.HEIGHT))
    return drum.cut(h.screw_holes(h.HEIGHT))


inner = t.RING_ROOT + 0.6
teeth = outline(t.RING_TEETH, t.MODULE, t.PRESSURE_ANGLE, -t.BACKLASH / 2, above=1.25, below=1.0)
# planets with an even number of teeth show the ring a gap where an odd one shows a tooth
turn = 180 / t.RING_TEETH if t.PLANET_TEETH % 2 == 0 else 0.0
gear = prism(circle(inner), [teeth], h.HEIGHT).rotate((0, 0, 0), (0, 0, 1), turn)
# the two share one cylinder and nothing else: glued, the union takes half the time
ring = sleeve(inner).union(gear, glue=True)

if "show_object" in globals():
    show_object(ring, name="ring", options={"color": (0.36, 0.45, 0.53)})
