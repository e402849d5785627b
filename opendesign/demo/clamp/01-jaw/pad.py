# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Pad: snaps on the round end of the bolt, swivels, and spares the table."""

import cadquery as cq

# --- Size ---
DIAMETER = 23.0  # [16:0.5:34] Pad, mm
HEIGHT = 11.0  # [9:0.5:16] Pad, mm

# --- Socket ---
SOCKET = 8.4  # [7.8:0.05:9] Hole for the end of the bolt, mm
SOCKET_DEPTH = 7.0  # [5:0.5:12] Its depth, mm
SLITS = 4  # [2:1:6] Slits that let the collar give

# --- Face ---
RINGS = 3  # [0:1:5] Rings on the face, for grip


def shape() -> cq.Workplane:
    """A dish with a narrow collar below."""
    radius = DIAMETER / 2
    collar = SOCKET / 2 + 2.2
    profile = [(0, 0), (collar, 0), (collar, HEIGHT - 5.5), (radius, HEIGHT - 3.0), (radius, HEIGHT), (0, HEIGHT)]
    dish = cq.Workplane("XZ").polyline(profile).close().revolve(360, (0, 0, 0), (0, 1, 0))
    return dish.faces(">Z").edges().fillet(0.8)


def socket() -> cq.Workplane:
    """The hole, narrower at its mouth, with the slits across."""
    depth = min(SOCKET_DEPTH, HEIGHT - 2.0)
    hole = cq.Workplane(origin=(0, 0, 0.9)).circle(SOCKET / 2).extrude(depth - 0.9)
    hole = hole.union(cq.Workplane().circle(SOCKET / 2 - 0.3).extrude(1.0))
    slit = cq.Workplane().rect(1.0, DIAMETER).extrude(HEIGHT - 6.5)
    for i in range(SLITS // 2 + SLITS % 2):
        hole = hole.union(slit.rotate((0, 0, 0), (0, 0, 1), 360 / SLITS * i))
    return hole


pad = shape().cut(socket())
for i in range(RINGS):
    radius = (i + 1) * (DIAMETER / 2 - 1.5) / (RINGS + 0.5)
    groove = cq.Workplane(origin=(0, 0, HEIGHT - 0.5)).circle(radius + 0.4).circle(radius - 0.4).extrude(1)
    pad = pad.cut(groove)

if "show_object" in globals():
    show_object(pad, name="pad", options={"color": (0.86, 0.50, 0.32)})
