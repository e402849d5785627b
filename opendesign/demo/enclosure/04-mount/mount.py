# SPDX-License-Identifier: MIT
"""Wall mount: two screws in the wall, the box slides in from above and snaps."""

import cadquery as cq

from rail import RAIL_HEIGHT, RAIL_WIDTH, rail

# --- Plate ---
LENGTH = 56.0  # [40:1:120] Height on the wall, mm
MARGIN = 9.0  # [5:0.5:20] Plate on both sides of the rail, mm
PLATE = 3.0  # [2:0.2:5] Thickness behind the rail, mm

# --- Fit ---
CLEARANCE = 0.25  # [0.1:0.05:0.5] Air around the rail, mm
STOP = 4.0  # [2:0.5:8] Closed end that the box rests on, mm

# --- Screws ---
SCREW = 4.5  # [3:0.5:6] Hole for the wall's screws, mm
HEAD = 9.0  # [6:0.5:12] Their countersunk heads, mm
DISTANCE = 26.0  # [16:1:90] From one screw to the other, mm

THICKNESS = PLATE + RAIL_HEIGHT
SIZE = (RAIL_WIDTH + 2 * MARGIN, LENGTH)


def plate() -> cq.Workplane:
    """The body with its rounded corners and soft front edge; the wall at z = 0."""
    body = cq.Workplane().placeSketch(cq.Sketch().rect(*SIZE).vertices().fillet(5)).extrude(THICKNESS)
    return body.faces(">Z").edges().fillet(1.5)


def spring() -> cq.Workplane:
    """Slits that free a tongue with a bump, to be cut; the bump remains."""
    slits = cq.Workplane(origin=(0, LENGTH / 2 - 7.5, 0)).pushPoints([(-7, 0), (7, 0)])
    return slits.rect(1.2, 15.0).extrude(PLATE)


channel = rail(LENGTH, CLEARANCE).translate((0, STOP, THICKNESS))
mount = plate().cut(channel).cut(spring())
bump = cq.Workplane("YZ", origin=(-5, LENGTH / 2 - 3.5, PLATE - CLEARANCE - 0.2)).circle(1.0).extrude(10)
mount = mount.union(bump)
holes = cq.Workplane(origin=(0, -6, PLATE - CLEARANCE)).rarray(1, DISTANCE, 1, 2)
mount = mount.cut(holes.circle(SCREW / 2).extrude(-PLATE))
sink = cq.Solid.makeCone(SCREW / 2, HEAD / 2, (HEAD - SCREW) / 2)
top = PLATE - CLEARANCE - (HEAD - SCREW) / 2
for y in (-DISTANCE / 2 - 6, DISTANCE / 2 - 6):
    mount = mount.cut(cq.Workplane(obj=sink.moved(cq.Location((0, y, top)))))

show_object(mount, name="wall mount", options={"color": (0.45, 0.57, 0.47)})
