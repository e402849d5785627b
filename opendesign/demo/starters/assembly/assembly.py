# SPDX-License-Identifier: {licence}
"""Assembly: both parts and the screw they turn on."""

import cadquery as cq

import dimensions as d
from arm import arm
from stand import CHEEK, stand

# --- View ---
ANGLE = 30.0  # [-20:5:200] Angle of the arm, degrees

span = d.FORK + 2 * CHEEK
screw = cq.Workplane("XZ", origin=(0, span / 2 + 4, 0)).circle(d.SCREW).extrude(4).faces(">Y").edges().chamfer(0.6)
screw = screw.union(cq.Workplane("XZ", origin=(0, span / 2, 0)).circle(d.SCREW / 2).extrude(span + 4))

axis = cq.Location((0, 0, d.AXIS))
whole = cq.Assembly(name="assembly")
whole.add(stand, name="stand", color=cq.Color(0.30, 0.39, 0.46))
turned = axis * cq.Location((0, 0, 0), (0, 1, 0), -ANGLE)
whole.add(arm, name="arm", loc=turned, color=cq.Color(0.86, 0.52, 0.34))
whole.add(screw, name="screw", loc=axis, color=cq.Color(0.72, 0.74, 0.76))

show_object(whole, name="assembly")
