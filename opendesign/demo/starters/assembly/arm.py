# SPDX-License-Identifier: {licence}
"""Arm: turns in the fork of the stand."""

import cadquery as cq

import dimensions as d

# --- Arm ---
LENGTH = 80.0  # [40:1:160] From the axis to the end, mm
WIDTH = 12.0  # [8:0.5:18] Height of the arm, mm

thickness = d.FORK - 2 * d.CLEARANCE
eye = cq.Workplane("XZ", origin=(0, thickness / 2, 0)).circle(d.EYE - 0.5).extrude(thickness)
bar = cq.Workplane().box(LENGTH, thickness, WIDTH, centered=(False, True, True)).edges(">X and |Y").fillet(WIDTH * 0.45)
axis = cq.Workplane("XZ", origin=(0, 100, 0)).circle(d.SCREW / 2 + d.CLEARANCE / 2).extrude(200)
end = cq.Workplane("XZ", origin=(LENGTH - WIDTH / 2, 100, 0)).circle(WIDTH / 5).extrude(200)
arm = eye.union(bar).cut(axis).cut(end)

if "show_object" in globals():
    show_object(arm, name="arm", options={"color": (0.86, 0.52, 0.34)})
