# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Motor plate: screwed to a NEMA 17 motor, closes the gearbox on that side."""

import cadquery as cq

import housing as h

# --- Motor ---
PILOT = 22.4  # [20:0.1:25] Collar of the motor, mm
HOLE_PITCH = 31.0  # [26:0.5:47] Distance of the motor's screws, mm

# --- Edge ---
CHAMFER = 1.0  # [0.2:0.2:1.6] Bevel towards the motor, mm

plate = h.outside(h.PLATE).faces("<Z").edges().chamfer(CHAMFER)
plate = plate.cut(cq.Workplane().circle(PILOT / 2).extrude(h.PLATE))
plate = plate.cut(h.screw_holes(h.PLATE))
nuts = cq.Workplane().pushPoints(h.screw_places()).polygon(6, 6.5).extrude(2.6)
plate = plate.cut(nuts)
top = plate.faces(">Z").workplane(origin=(0, 0, h.PLATE))
plate = top.rarray(HOLE_PITCH, HOLE_PITCH, 2, 2).cskHole(3.4, 6.4, 90, depth=h.PLATE)

if "show_object" in globals():
    show_object(plate, name="motor plate", options={"color": (0.25, 0.32, 0.39)})
