# SPDX-License-Identifier: CC0-1.0
"""Clip that holds the rod of a freezer's flap or a toilet seat's hinge."""

import cadquery as cq

# --- Rod ---
ROD = 6.0  # [2:0.1:16] Rod the clip grips, mm
OPENING = 0.78  # [0.6:0.02:0.95] Mouth of the clip as part of the rod
SPRING = 2.2  # [1.2:0.1:4] Thickness of the arms, mm

# --- Base ---
LENGTH = 34.0  # [16:1:80] Base from end to end, mm
WIDTH = 12.0  # [6:0.5:30] Along the rod, mm
BASE = 3.6  # [2:0.2:6] Thickness of the base, mm
SCREW = 3.5  # [2:0.1:5] Two screws, mm
RISE = 5.0  # [1:0.5:20] From the base to the rod, mm

radius = ROD / 2
centre = BASE + RISE + radius


def clip() -> cq.Workplane:
    """The ring with its mouth, on a neck that runs into the base."""
    side = cq.Workplane("XZ", origin=(0, WIDTH / 2, centre))
    ring = side.circle(radius + SPRING).extrude(WIDTH)
    neck = cq.Workplane("XZ", origin=(0, WIDTH / 2, 0)).moveTo(-radius - SPRING - 3.0, BASE - 0.01)
    neck = neck.lineTo(radius + SPRING + 3.0, BASE - 0.01).lineTo(radius + SPRING * 0.6, centre)
    neck = neck.lineTo(-radius - SPRING * 0.6, centre).close().extrude(WIDTH)
    return ring.union(neck)


def mouth() -> cq.Workplane:
    """Seat of the rod, and the funnel through which it snaps in."""
    seat = cq.Workplane("XZ", origin=(0, WIDTH, centre)).circle(radius + 0.1).extrude(2 * WIDTH)
    half, top = radius * OPENING, radius + SPRING + 1.0
    funnel = cq.Workplane("XZ", origin=(0, WIDTH, centre))
    funnel = funnel.polyline([(-half, 0), (half, 0), (half, radius * 0.8), (half + SPRING, top)])
    funnel = funnel.lineTo(-half - SPRING, top).lineTo(-half, radius * 0.8).close().extrude(2 * WIDTH)
    return seat.union(funnel)


base = cq.Workplane().placeSketch(cq.Sketch().rect(LENGTH, WIDTH).vertices().fillet(3)).extrude(BASE)
base = base.faces(">Z").edges().chamfer(0.6)
part = base.union(clip()).cut(mouth())
part = part.cut(cq.Workplane().rarray(LENGTH - 10.0, 1, 2, 1).circle(SCREW / 2).extrude(BASE))

show_object(part, name="hinge clip", options={"color": (0.80, 0.66, 0.44)})
