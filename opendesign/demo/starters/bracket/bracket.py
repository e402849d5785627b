# SPDX-License-Identifier: {licence}
"""An angle with a gusset and countersunk holes."""

import cadquery as cq

# --- Size ---
WIDTH = 30.0  # [16:1:80] Along the edge, mm
LEG = 45.0  # [20:1:120] Lower leg, mm
RISE = 60.0  # [20:1:160] Upright leg, mm
THICKNESS = 5.0  # [2:0.5:10] Both legs, mm

# --- Screws ---
SCREW = 4.5  # [3:0.5:8] Hole of a screw, mm
HEAD = 9.0  # [5:0.5:14] Its countersunk head, mm
SCREWS = 2  # [1:1:3] Screws in each leg

# --- Gusset ---
GUSSET = 4.0  # [0:0.5:10] Thickness of the gusset, 0 for none, mm
ROUND = 6.0  # [1:0.5:7] Radius of the outer corners, mm


def leg(length: float) -> cq.Workplane:
    """A flat leg along x with countersunk holes from above."""
    plate = cq.Workplane().box(length, WIDTH, THICKNESS, centered=(False, True, False))
    plate = plate.edges("|Z and >X").fillet(ROUND)
    free = length - THICKNESS - 6.0
    places = [(THICKNESS + 3.0 + free * (i + 0.5) / SCREWS, 0.0) for i in range(SCREWS)]
    if SCREWS == 1 or GUSSET == 0:
        on = places
    else:  # beside the gusset
        on = [(x, (WIDTH / 2 - HEAD / 2 - 1.5) * (1 if i % 2 else -1)) for i, (x, _) in enumerate(places)]
    top = plate.faces(">Z").workplane(origin=(0, 0, THICKNESS))
    return top.pushPoints(on).cskHole(SCREW, HEAD, 90)


lower = leg(LEG)
upright = leg(RISE).rotate((0, 0, 0), (0, 1, 0), -90).mirror("YZ")
bracket = lower.union(upright)
if GUSSET > 0:
    side = cq.Workplane("XZ", origin=(0, GUSSET / 2, 0)).moveTo(THICKNESS - 0.1, THICKNESS - 0.1)
    gusset = side.lineTo(LEG * 0.6, THICKNESS - 0.1).lineTo(THICKNESS - 0.1, RISE * 0.6).close()
    bracket = bracket.union(gusset.extrude(GUSSET))

show_object(bracket, name="bracket", options={"color": (0.84, 0.55, 0.36)})
