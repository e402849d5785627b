# SPDX-License-Identifier: {licence}
"""Stand: a foot with a fork."""

import cadquery as cq

import dimensions as d

# --- Foot ---
FOOT = 60.0  # [40:1:120] Diameter of the foot, mm
FOOT_HEIGHT = 6.0  # [3:0.5:12] Height of the foot, mm

# --- Fork ---
CHEEK = 5.0  # [3:0.5:10] Thickness of a cheek, mm

foot = cq.Workplane().circle(FOOT / 2).extrude(FOOT_HEIGHT).faces(">Z").edges().fillet(2.0)
side = cq.Workplane("XZ", origin=(0, d.FORK / 2 + CHEEK, 0)).rect(2 * d.EYE, 2 * d.AXIS)
cheeks = side.extrude(d.FORK + 2 * CHEEK).intersect(cq.Workplane().box(200, 200, 400).translate((0, 0, 200)))
head = cq.Workplane("XZ", origin=(0, d.FORK / 2 + CHEEK, d.AXIS)).circle(d.EYE)
cheeks = cheeks.union(head.extrude(d.FORK + 2 * CHEEK))
gap = cq.Workplane().box(4 * d.EYE, d.FORK, 100, centered=(True, True, False))
cheeks = cheeks.cut(gap.translate((0, 0, FOOT_HEIGHT)))
axis = cq.Workplane("XZ", origin=(0, 100, d.AXIS)).circle(d.SCREW / 2 + d.CLEARANCE / 2).extrude(200)
stand = foot.union(cheeks).cut(axis)

if "show_object" in globals():
    show_object(stand, name="stand", options={"color": (0.30, 0.39, 0.46)})
