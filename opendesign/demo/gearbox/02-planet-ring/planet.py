# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Planet gear, with a seat for a brass bushing; print one for each planet of the train."""

import cadquery as cq

import train as t
from involute import circle, outline, prism

# --- Bore ---
BUSHING = 6.0  # [4:0.1:8] Outside of the bushing, mm
PRESS_FIT = 0.05  # [-0.1:0.05:0.2] Added to the seat: more is looser, mm

# --- Face ---
RECESS = 0.6  # [0:0.1:1.5] Depth of the ring-shaped recess on both faces, mm


def recess() -> cq.Workplane:
    """A ring on both faces that leaves only rim and hub to rub on the carrier."""
    inner = BUSHING / 2 + 1.2
    outer = t.MODULE * (t.PLANET_TEETH - 2.5) / 2 - 0.9
    ring = cq.Workplane().circle(outer).circle(inner).extrude(RECESS)
    return ring.union(ring.translate((0, 0, t.FACE_WIDTH - RECESS)))


planet = prism(
    outline(t.PLANET_TEETH, t.MODULE, t.PRESSURE_ANGLE, t.BACKLASH / 2),
    [circle((BUSHING + PRESS_FIT) / 2)],
    t.FACE_WIDTH,
)
if RECESS > 0:
    planet = planet.cut(recess())

if "show_object" in globals():
    show_object(planet, name="planet", options={"color": (0.93, 0.76, 0.42)})
