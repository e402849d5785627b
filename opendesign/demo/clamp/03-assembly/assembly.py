# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Clamp: all parts with their bolt; the first slider closes it."""

import cadquery as cq

from body import ARM, OPENING, REACH, SPINDLE_X, WIDTH, body
from knob import HEAD_DEPTH
from knob import HEIGHT as KNOB_HEIGHT
from knob import knob
from pad import HEIGHT as PAD_HEIGHT
from pad import SOCKET_DEPTH, pad

# --- View ---
GRIPPED = 18.0  # [0:1:28] Thickness of what is clamped, mm
BOLT = 70.0  # [50:5:100] Length of the M8 bolt, mm
SHOW_TABLE = True  # A piece of table in the mouth

BLUE = cq.Color(0.25, 0.33, 0.42)
ORANGE = cq.Color(0.86, 0.50, 0.32)
STEEL = cq.Color(0.72, 0.74, 0.76)
WOOD = cq.Color(0.80, 0.68, 0.52)

pad_top = OPENING - GRIPPED
bolt_end = pad_top - PAD_HEIGHT + SOCKET_DEPTH

bolt = cq.Workplane().circle(3.95).extrude(-BOLT).faces(">Z").edges().fillet(1.5)
head = cq.Workplane(origin=(0, 0, -BOLT)).polygon(6, 13.0 / 0.866).extrude(-5.3)
tripod = cq.Workplane().circle(3.1).extrude(11).faces(">Z").edges().chamfer(0.8)

clamp = cq.Assembly(name="camera clamp")
clamp.add(body, name="body", color=BLUE)
clamp.add(pad, name="pad", loc=cq.Location((SPINDLE_X, 0, pad_top - PAD_HEIGHT)), color=ORANGE)
clamp.add(bolt.union(head), name="bolt M8 x 70", loc=cq.Location((SPINDLE_X, 0, bolt_end)), color=STEEL)
clamp.add(
    knob, name="knob", loc=cq.Location((SPINDLE_X, 0, bolt_end - BOLT - HEAD_DEPTH + 0.1)), color=ORANGE
)
clamp.add(
    tripod, name="tripod screw", loc=cq.Location((SPINDLE_X - 6.0, 0, OPENING + ARM - 1)), color=STEEL
)
if SHOW_TABLE and GRIPPED > 0:
    table = cq.Workplane().box(70, 3.2 * WIDTH, GRIPPED, centered=(False, True, False))
    clamp.add(table, name="table", loc=cq.Location((6.5, 0, pad_top)), color=WOOD)

show_object(clamp, name="camera clamp")
