# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Cold shoe: microphones and lamps slide in; a 1/4 inch screw holds it to the body."""

import cadquery as cq

# --- Size ---
WIDTH = 25.0  # [22:0.5:32] Block, across, mm
LENGTH = 20.0  # [18:0.5:30] Block, along, mm
HEIGHT = 8.0  # [7:0.1:12] Block, mm
CORNER = 2.0  # [0.5:0.5:4] Rounding of its corners, mm

# --- Slot ---
FOOT = 18.8  # [18.5:0.1:19.2] Room for a foot, across, mm
FOOT_HEIGHT = 2.2  # [2:0.1:2.6] Room for a foot, mm
MOUTH = 12.8  # [12:0.1:14] Between the lips that hold it down, mm
LIP = 1.6  # [1.2:0.1:2.4] Thickness of the lips, mm
STOP = 2.6  # [1.6:0.2:4] Wall at the end of the slot, mm

# --- Screw ---
SCREW = 6.6  # [6.4:0.1:7] Hole for 1/4 inch, mm
HEAD = 11.0  # [10:0.5:12.5] Seat of its flat head, mm
HEAD_DEPTH = 2.0  # [1:0.2:3] Depth of that seat, mm

FLOOR = HEIGHT - LIP - FOOT_HEIGHT


def slot() -> cq.Workplane:
    """What slides in: a foot, and the neck between the lips."""
    foot = cq.Workplane(origin=(0, STOP, FLOOR)).box(FOOT, LENGTH, FOOT_HEIGHT, centered=(True, True, False))
    neck = cq.Workplane(origin=(0, STOP, FLOOR)).box(MOUTH, LENGTH, HEIGHT, centered=(True, True, False))
    return foot.union(neck)


shoe = cq.Workplane().box(WIDTH, LENGTH, HEIGHT, centered=(True, True, False)).edges("|Z").fillet(CORNER)
shoe = shoe.cut(slot())
shoe = shoe.faces("<Z").workplane().hole(SCREW)
shoe = shoe.cut(cq.Workplane(origin=(0, 0, FLOOR - HEAD_DEPTH)).circle(HEAD / 2).extrude(HEAD_DEPTH))

if "show_object" in globals():
    show_object(shoe, name="shoe", options={"color": (0.86, 0.50, 0.32)})
