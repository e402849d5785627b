# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Mount for a microphone: the Paris shoe, drawn again from the one in my hand."""

import cadquery as cq

THICK = 8.0  # [7:0.5:10] How high it stands, mm
LIPS = [(6.4, 10), (6.4, 6.4), (9.4, 6.4), (9.4, 4.2)]  # right half of the slot, from above

plan = cq.Sketch().rect(20, 25).vertices().fillet(2)
mount = cq.Workplane().placeSketch(plan).extrude(THICK)
outline = LIPS + [(-across, high) for across, high in reversed(LIPS)]
mount = mount.cut(cq.Workplane("YZ", origin=(-7.4, 0, 0)).polyline(outline).close().extrude(30))
mount = mount.cut(cq.Workplane().circle(3.3).extrude(THICK))
mount = mount.cut(cq.Workplane(origin=(0, 0, 2.2)).circle(5.5).extrude(2))

if "show_object" in globals():
    show_object(mount, name="mount", options={"color": (0.45, 0.52, 0.60)})
