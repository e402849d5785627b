# SPDX-License-Identifier: {licence}
"""A box around a circuit board, and its lid."""

import cadquery as cq

# --- Board ---
BOARD_LENGTH = 70.0  # [20:1:150] Board, left to right, mm
BOARD_WIDTH = 45.0  # [20:1:120] Board, front to back, mm
ROOM = 20.0  # [10:1:80] Room above the floor, mm
AIR = 1.0  # [0.2:0.1:5] Between board and walls, mm

# --- Walls ---
WALL = 2.0  # [1.2:0.2:4] Thickness of walls, floor and lid, mm
CORNER = 4.0  # [1:0.5:8] Radius of the inner corners, mm
CLEARANCE = 0.2  # [0.1:0.05:0.5] Air around the lip of the lid, mm

# --- Openings ---
CABLE = 8.0  # [0:0.5:12] Hole for a cable in the rear wall, 0 for none, mm

# --- Feet ---
FOOT_HEIGHT = 4.0  # [2:0.5:10] Height of the feet for the board, mm
FOOT_HOLE = 2.1  # [1.5:0.1:3] Core hole of their screws, mm

inner = (BOARD_LENGTH + 2 * AIR, BOARD_WIDTH + 2 * AIR)


def slab(grow: float, height: float, z: float) -> cq.Workplane:
    """A plate of the inner outline, grown on all sides."""
    sketch = cq.Sketch().rect(inner[0] + 2 * grow, inner[1] + 2 * grow).vertices().fillet(CORNER + grow)
    return cq.Workplane(origin=(0, 0, z)).placeSketch(sketch).extrude(height)


box = slab(WALL, WALL + ROOM, 0).faces("<Z").edges().chamfer(0.8).cut(slab(0, ROOM, WALL))
feet = cq.Workplane(origin=(0, 0, WALL)).rarray(BOARD_LENGTH - 8, BOARD_WIDTH - 8, 2, 2)
box = box.union(feet.circle(3.0).circle(FOOT_HOLE / 2).extrude(FOOT_HEIGHT))
if CABLE > 0:
    hole = cq.Workplane("XZ", origin=(0, inner[1] / 2 - 1, WALL + ROOM * 0.55))
    box = box.cut(hole.circle(min(CABLE, ROOM * 0.8) / 2).extrude(-WALL - 2))

lid = slab(WALL, WALL, 0).faces(">Z").edges().chamfer(0.8)
lid = lid.union(slab(-CLEARANCE, 3.0, -3.0).cut(slab(-CLEARANCE - 1.4, 3.0, -3.0)))

show_object(box, name="box", options={"color": (0.88, 0.85, 0.79)})
show_object(lid.translate((0, 0, WALL + ROOM + 15)), name="lid", options={"color": (0.45, 0.57, 0.47)})
