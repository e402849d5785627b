# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Sizes that more than one part must agree on; lengths in millimetres.

Every part is drawn with the middle of the case at x = y = 0 and the hinge towards +y.
"""

# --- Outside ---
CASE_WIDTH = 244.0  # [236:1:380] Width of the closed case, mm
CASE_DEPTH = 172.0  # [168:1:260] Depth from palm edge to hinge axis, mm
BASE_HEIGHT = 19.0  # [17:0.5:32] Height of the base without the deck, mm
DECK_THICKNESS = 3.0  # [2.6:0.2:4] Thickness of the keyboard deck, mm
LID_THICKNESS = 9.0  # [9:0.5:14] Thickness of the closed lid, mm
BEZEL_THICKNESS = 1.8  # [1.2:0.2:2.4] Thickness of the frame in front of the screen, mm
LID_GAP = 1.0  # [0.6:0.2:2] Air between the closed lid and the deck, mm
CORNER_RADIUS = 12.0  # [6:1:20] Radius of the corners seen from above, mm

# --- Walls ---
WALL = 2.4  # [1.6:0.4:4] Side walls: six lines of a 0.4 mm nozzle, mm
SKIN = 2.0  # [1.2:0.2:3] Floor of the base and back of the lid, mm
CLEARANCE = 0.3  # [0.1:0.05:0.6] Air between printed parts that touch, mm

# --- Fasteners ---
SCREW_HOLE = 3.4  # [2.2:0.1:4.5] Hole a screw passes through, mm
SCREW_HEAD = 6.0  # [4:0.1:8] Diameter of the countersunk head, mm
INSERT_HOLE = 4.0  # [1.8:0.1:5] Hole for the M3 heat-set insert, mm
BOSS_DIAMETER = 8.0  # [5:0.2:10] Outside of the boss around it, mm

# --- Board ---
BOARD_SIZE = (85.0, 56.0)  # [40:100] Length and width of the board, mm
BOARD_HOLES = (58.0, 49.0)  # [30:80] Distances of its fixing holes, mm
BOARD_HOLE_EDGE = 3.5  # [2:0.1:6] From the board's edge to the first hole, mm
BOARD_CENTRE = (-72.5, 42.0)  # [-120:70] Middle of the board in the case: connectors face left, mm

# --- Screen: a common 10.1-inch panel, 16:10 ---
PANEL_SIZE = (229.5, 149.0, 3.6)  # [3:310] Outline and thickness of the panel, mm
PANEL_VIEW = (217.5, 136.5)  # [100:300] What is lit, mm
PANEL_CENTRE_Y = -7.0  # [-14:0.5:-4] Off the middle: the hinge needs the room behind, mm

# --- Hinge ---
HINGE_X = 84.0  # [70:1:96] Middle of each hinge from the middle of the case, mm
HINGE_WIDTH = 36.0  # [30:1:44] Width of a hinge along its axis, mm
BARREL_RADIUS = 6.0  # [5:0.25:6.5] Radius around the pin, mm
LEAF_DEPTH = 17.0  # [16:0.5:18] From the axis to the end of the leaf, mm
LEAF_THICKNESS = 4.0  # [3:0.2:5] Thickness of a leaf, mm
LEAF_SCREWS = 20.0  # [16:0.5:24] Between the two screws of a leaf, mm

# --- Follows from the above ---
AXIS_Z = BASE_HEIGHT + DECK_THICKNESS + LID_GAP / 2
DECK_SCREWS = [
    *((side * (CASE_WIDTH / 2 - 10), y) for side in (-1, 1) for y in (10 - CASE_DEPTH / 2, -26.0)),
    *((side * 52.0, 10 - CASE_DEPTH / 2) for side in (-1, 1)),
    (0.0, CASE_DEPTH / 2 - 10),
]
