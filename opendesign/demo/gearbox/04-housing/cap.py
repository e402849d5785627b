# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Output cap: holds the ball bearing of the carrier and the heads of the long screws."""

import cadquery as cq

import housing as h
import train as t

# --- Bearing: 6802, 15 × 24 × 5 ---
BEARING = 24.0  # [19:0.05:26] Outside of the bearing, mm
BEARING_WIDTH = 5.0  # [4:0.5:6] Its width, mm
SEAT_FIT = 0.05  # [-0.1:0.05:0.2] Added to the seat: more is looser, mm

# --- Look ---
POCKETS = 6  # [0:1:8] Pockets on the face that save plastic
EDGE_RADIUS = 2.0  # [0.5:0.25:2.5] Rounding of the outer edge, mm

cap = h.outside(h.CAP).faces(">Z").edges().fillet(EDGE_RADIUS)
cap = cap.cut(h.screw_holes(h.CAP))
heads = cq.Workplane(origin=(0, 0, h.CAP - 3.2)).pushPoints(h.screw_places()).circle(3.1).extrude(4)
cap = cap.cut(heads)
cap = cap.cut(cq.Workplane().circle((BEARING + SEAT_FIT) / 2).extrude(BEARING_WIDTH))
cap = cap.cut(cq.Workplane().circle(BEARING / 2 - 2.0).extrude(h.CAP))
if POCKETS > 0:
    middle = (BEARING / 2 + 2.4 + t.RING_ROOT - 1.5) / 2
    width = t.RING_ROOT - 1.5 - BEARING / 2 - 2.4
    pocket = cq.Workplane(origin=(0, 0, h.CAP - 2.5)).polarArray(middle, 0, 360, POCKETS)
    cap = cap.cut(pocket.slot2D(width, min(7.0, width * 0.7)).extrude(4))

if "show_object" in globals():
    show_object(cap, name="output cap", options={"color": (0.25, 0.32, 0.39)})
