# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Sun gear: sits on the motor's shaft with a D-shaped hole and a set screw."""

import cadquery as cq

import train as t
from involute import outline, prism

# --- Shaft ---
SHAFT = 5.0  # [4:0.05:6.5] Diameter of the motor's shaft, mm
SHAFT_FLAT = 0.5  # [0:0.1:1] Depth of the flat on the shaft, mm
FIT = 0.1  # [0:0.05:0.3] Added to the hole, mm

# --- Hub ---
HUB_DIAMETER = 12.0  # [10:0.5:13] Hub towards the motor, mm
HUB_LENGTH = 6.0  # [4:0.5:8] Length of the hub, mm
SET_SCREW = 2.5  # [0:0.1:3.3] Core hole of the M3 set screw, 0 for none, mm

WIDTH = t.FACE_WIDTH + 0.4  # a little more than the planets on both sides


def shaft_hole() -> cq.Workplane:
    """The round hole with its flat, through everything."""
    radius = (SHAFT + FIT) / 2
    hole = cq.Workplane(origin=(0, 0, -HUB_LENGTH)).circle(radius).extrude(HUB_LENGTH + WIDTH)
    if SHAFT_FLAT > 0:
        flat = cq.Workplane(origin=(0, radius + radius - SHAFT_FLAT, -HUB_LENGTH))
        hole = hole.cut(flat.rect(3 * radius, 2 * radius).extrude(HUB_LENGTH + WIDTH))
    return hole


sun = prism(outline(t.SUN_TEETH, t.MODULE, t.PRESSURE_ANGLE, t.BACKLASH / 2), [], WIDTH)
hub = cq.Workplane(origin=(0, 0, -HUB_LENGTH)).circle(HUB_DIAMETER / 2).extrude(HUB_LENGTH)
sun = sun.union(hub.faces("<Z").edges().chamfer(0.6)).cut(shaft_hole())
if SET_SCREW > 0:
    screw = cq.Workplane("XZ", origin=(0, 0, -HUB_LENGTH / 2)).circle(SET_SCREW / 2).extrude(-HUB_DIAMETER)
    sun = sun.cut(screw)

if "show_object" in globals():
    show_object(sun, name="sun", options={"color": (0.83, 0.48, 0.27)})
