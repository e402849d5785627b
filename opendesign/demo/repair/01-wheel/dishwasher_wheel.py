# SPDX-License-Identifier: CC0-1.0
"""Wheel for the lower basket of a dishwasher, snapped on a round pin."""

import cadquery as cq

# --- Rim ---
DIAMETER = 38.0  # [24:0.5:60] Wheel, mm
WIDTH = 10.0  # [6:0.5:16] Tread, mm
RIM = 3.2  # [2:0.2:6] Thickness of the rim, mm

# --- Hub ---
PIN = 8.0  # [4:0.1:14] Pin the wheel runs on, mm
PLAY = 0.4  # [0.1:0.05:0.8] Added to the bore, mm
HUB = 14.0  # [9:0.5:24] Outside of the hub, mm
HUB_LENGTH = 15.0  # [8:0.5:24] Length of the hub, mm
SNAP = 0.3  # [0:0.1:1] Ridge at the end of the bore that holds the pin, mm

# --- Spokes ---
SPOKES = 5  # [3:1:9] Number of spokes
SPOKE = 3.2  # [2:0.2:6] Thickness of a spoke, mm


def rim() -> cq.Workplane:
    """The tread, a little domed so that it runs over the edge of the door."""
    outer, inner = DIAMETER / 2, DIAMETER / 2 - RIM
    half = WIDTH / 2
    section = cq.Workplane("XZ").moveTo(inner, -half).lineTo(outer - 0.8, -half)
    section = section.threePointArc((outer, 0), (outer - 0.8, half)).lineTo(inner, half).close()
    return section.revolve(360, (0, 0, 0), (0, 1, 0)).edges("%CIRCLE").chamfer(0.5)


def spokes() -> cq.Workplane:
    """Straight spokes from hub to rim."""
    reach = DIAMETER / 2 - RIM / 2
    one = cq.Workplane().box(reach, SPOKE, WIDTH * 0.6).translate((reach / 2, 0, 0))
    turns = [one.rotate((0, 0, 0), (0, 0, 1), 360 / SPOKES * i) for i in range(SPOKES)]
    star = turns[0]
    for turn in turns[1:]:
        star = star.union(turn)
    return star


def hub() -> cq.Workplane:
    """The bearing, longer than the tread on the side of the basket."""
    radius = max(HUB, PIN + 4.0) / 2
    body = cq.Workplane(origin=(0, 0, -WIDTH / 2)).circle(radius).extrude(HUB_LENGTH)
    return body.faces("<Z or >Z").edges().chamfer(0.6)


def bore() -> cq.Workplane:
    """The hole with a ridge near its far end and a slope to push the pin in."""
    radius = (PIN + PLAY) / 2
    start, end = -WIDTH / 2, -WIDTH / 2 + HUB_LENGTH
    profile = [(0, start), (radius + 0.8, start), (radius, start + 0.8)]
    if SNAP > 0:
        profile += [(radius, end - 3), (radius - SNAP, end - 2.4), (radius - SNAP, end - 1.8)]
        profile += [(radius + 0.2, end - 1.2)]
    profile += [(radius + 0.2, end), (0, end)]
    return cq.Workplane("XZ").polyline(profile).close().revolve(360, (0, 0, 0), (0, 1, 0))


wheel = rim().union(spokes()).union(hub()).cut(bore())

show_object(wheel, name="dishwasher wheel", options={"color": (0.47, 0.60, 0.68)})
