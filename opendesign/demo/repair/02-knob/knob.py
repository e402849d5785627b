# SPDX-License-Identifier: CC0-1.0
"""Knob for a cooker, a radio or a thermostat, on a shaft with a flat."""

import cadquery as cq

# --- Size ---
DIAMETER = 40.0  # [18:0.5:60] Skirt of the knob, mm
HEIGHT = 22.0  # [12:0.5:34] Whole height, mm
GRIP = 9.0  # [5:0.5:16] Thickness of the grip, mm
SKIRT = 6.0  # [3:0.5:10] Height of the skirt, mm

# --- Shaft ---
SHAFT = 6.0  # [3:0.05:10] Diameter of the shaft, mm
FLAT = 1.5  # [0:0.1:3] Depth of its flat, 0 for a round shaft, mm
DEPTH = 14.0  # [6:0.5:22] How far it goes into the knob, mm
TURN = 0.0  # [0:15:345] Direction of the flat against the pointer, degrees

# --- Look ---
RIBS = 36  # [0:6:60] Fine ribs around the skirt


def skirt() -> cq.Workplane:
    """The round lower part with its ribs."""
    body = cq.Workplane().circle(DIAMETER / 2).extrude(SKIRT).faces(">Z").edges().chamfer(1.6, 2.4)
    if RIBS > 0:
        ribs = cq.Workplane(origin=(0, 0, -1)).polarArray(DIAMETER / 2 + 0.3, 0, 360, RIBS).circle(0.7)
        body = body.cut(ribs.extrude(SKIRT + 2))
    return body


def grip() -> cq.Workplane:
    """The bar for thumb and finger, with soft edges."""
    length = DIAMETER - 6.0
    bar = cq.Workplane().slot2D(length, GRIP, 90).extrude(HEIGHT)
    return bar.faces(">Z").edges().fillet(min(2.4, GRIP / 2 - 0.6))


def shaft() -> cq.Workplane:
    """The hole for the shaft, as D when it has a flat."""
    depth = min(DEPTH, HEIGHT - 2.0)
    radius = SHAFT / 2 + 0.1
    hole = cq.Workplane().circle(radius).extrude(depth)
    if FLAT > 0:
        cut = cq.Workplane(origin=(0, 2 * radius - FLAT, 0)).rect(4 * radius, 2 * radius).extrude(depth)
        hole = hole.cut(cut)
    mouth = cq.Workplane(obj=cq.Solid.makeCone(radius + 0.8, radius, 0.8))
    return hole.union(mouth).rotate((0, 0, 0), (0, 0, 1), TURN)


knob = skirt().union(grip())
hollow = cq.Workplane().circle(DIAMETER / 2 - 2.4).circle(SHAFT / 2 + 3.0).extrude(SKIRT - 2.4)
knob = knob.cut(hollow).cut(shaft())
pointer = cq.Workplane(origin=(0, DIAMETER / 2 - 7.0, HEIGHT)).rect(1.6, 9.0).extrude(-0.8)
knob = knob.cut(pointer)

show_object(knob, name="knob", options={"color": (0.24, 0.27, 0.31)})
