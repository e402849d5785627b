# SPDX-License-Identifier: MIT
"""Cable gland in one piece of TPU: pushed through the wall from outside, tightens on the cable."""

import cadquery as cq

# --- Cable ---
CABLE = 5.0  # [2.5:0.1:9] Diameter of the cable, mm
SQUEEZE = 0.6  # [0:0.1:1.2] The lips are smaller than the cable by, mm
LIPS = 4  # [2:1:6] Sealing lips on the cable

# --- Wall ---
HOLE = 12.0  # [8:0.5:20] Hole in the wall, mm
WALL = 2.4  # [1.6:0.2:4] Thickness of that wall, mm
TAIL = 16.0  # [10:0.5:30] Length outside the wall, mm
TIP = 7.0  # [5:0.5:12] Length inside the box, mm
BARB = 0.9  # [0.4:0.1:1.4] How far the barb grips behind it, mm

FLANGE = HOLE + 6.0


def profile() -> list[tuple[float, float]]:
    """Half the section: radius and height, the outside of the wall at 0, the box below."""
    hole, outer = CABLE / 2 + 0.3, HOLE / 2
    return [
        (hole, -WALL - TIP),
        (outer - 1.6, -WALL - TIP),
        (outer + BARB, -WALL - 0.6),
        (outer + BARB, -WALL),
        (outer - 0.1, -WALL),
        (outer - 0.1, 0.0),
        (FLANGE / 2, 0.0),
        (FLANGE / 2, 2.0),
        (FLANGE / 2 - 1.0, 3.0),
        (outer - 1.0, 3.0),
        (CABLE / 2 + 1.8, TAIL),
        (hole, TAIL),
    ]


def lips() -> cq.Workplane:
    """Rings inside that press on the cable, slanted against water from outside."""
    inner, root = (CABLE - SQUEEZE) / 2, CABLE / 2 + 0.4
    pitch = (TAIL + WALL) / (LIPS + 1)
    ring = cq.Workplane("XZ")
    for i in range(LIPS):
        z = -WALL + (i + 1) * pitch
        ring = ring.polyline([(root, z - 1.0), (inner, z + 0.2), (inner, z + 0.6), (root, z + 0.6)]).close()
    return ring.revolve(360, (0, 0, 0), (0, 1, 0))


def ribs() -> cq.Workplane:
    """Eight ribs on the flange for the fingers."""
    return cq.Workplane().polarArray(FLANGE / 2, 0, 360, 8).circle(1.0).extrude(2.0)


gland = cq.Workplane("XZ").polyline(profile()).close().revolve(360, (0, 0, 0), (0, 1, 0))
gland = gland.union(ribs()).union(lips())

show_object(gland, name="gland", options={"color": (0.24, 0.27, 0.31)})
