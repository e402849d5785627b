# SPDX-License-Identifier: {licence}
"""An open box with round corners.

Each constant below with a comment in brackets becomes a slider: [from:step:to], then what it means.
"""

import cadquery as cq

# --- Size ---
LENGTH = 60.0  # [20:1:200] Outside, left to right, mm
WIDTH = 40.0  # [20:1:200] Outside, front to back, mm
HEIGHT = 30.0  # [10:1:150] Outside, mm

# --- Walls ---
WALL = 2.0  # [1.2:0.2:5] Thickness of walls and floor, mm
CORNER = 6.0  # [1:0.5:10] Radius of the corners, mm

box = cq.Workplane().box(LENGTH, WIDTH, HEIGHT, centered=(True, True, False))
box = box.edges("|Z").fillet(CORNER).faces("<Z").edges().chamfer(min(1.0, WALL / 2))
box = box.faces(">Z").shell(-WALL)

show_object(box, name="box", options={"color": (0.45, 0.57, 0.66)})
