# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Hinge: two leaves on a steel rod of 3 mm; the same leaves serve left and right."""

import cadquery as cq

import dimensions as d

# --- Pin ---
PIN_DIAMETER = 3.0  # [2:0.5:4] Steel rod the hinge turns on, mm
PIN_PLAY = 0.2  # [0.05:0.05:0.4] Added to the hole of the rod, mm

# --- Knuckles ---
KNUCKLES = 3  # [3:2:7] Knuckles on the axis, the outer ones on the base
KNUCKLE_GAP = 0.4  # [0.2:0.1:0.8] Air between two knuckles, mm

# --- Leaf ---
FILLET = 2.0  # [0.5:0.5:3] Rounding of the free corners, mm

OUTER = d.BARREL_RADIUS
HEIGHT_BASE = d.DECK_THICKNESS + d.LID_GAP / 2  # from the top of the lower leaf to the axis
HEIGHT_LID = d.LID_GAP / 2  # from the near face of the upper leaf to the axis


def knuckle_spans(first: int) -> list[tuple[float, float]]:
    """Where the knuckles of one leaf begin and end along the axis."""
    pitch = d.HINGE_WIDTH / KNUCKLES
    left = -d.HINGE_WIDTH / 2
    ends = [(left + i * pitch, left + (i + 1) * pitch) for i in range(first, KNUCKLES, 2)]
    gap = KNUCKLE_GAP / 2
    return [(a + (gap if a > left else 0), b - (gap if b < -left - 0.01 else 0)) for a, b in ends]


def barrel(span: tuple[float, float], low: float) -> cq.Workplane:
    """One knuckle and the neck that joins it to the leaf; the axis is x."""
    start, end = span
    side = cq.Workplane("YZ", origin=(start, 0, 0))
    round_part = side.circle(OUTER).extrude(end - start)
    reach = OUTER + 2 * d.CLEARANCE + 0.5  # into the leaf
    foot = side.moveTo(0, low).rect(-reach, d.LEAF_THICKNESS, centered=False).extrude(end - start)
    neck = side.moveTo(0, low).rect(-OUTER, abs(low), centered=False).extrude(end - start)
    return round_part.union(foot).union(neck) if low < 0 else round_part.union(foot)


def leaf(first: int, low: float) -> cq.Workplane:
    """A leaf with its knuckles, screw holes and the hole for the rod."""
    start = OUTER + 2 * d.CLEARANCE  # the knuckles of the other leaf turn in front of it
    plate = (
        cq.Workplane(origin=(0, -(d.LEAF_DEPTH + start) / 2, low))
        .rect(d.HINGE_WIDTH, d.LEAF_DEPTH - start)
        .extrude(d.LEAF_THICKNESS)
        .edges("|Z and <Y")
        .fillet(FILLET)
    )
    for span in knuckle_spans(first):
        plate = plate.union(barrel(span, low))
    rod = cq.Workplane("YZ", origin=(-d.HINGE_WIDTH, 0, 0))
    plate = plate.cut(rod.circle((PIN_DIAMETER + PIN_PLAY) / 2).extrude(2 * d.HINGE_WIDTH))
    holes = cq.Workplane(origin=(0, 6 - d.LEAF_DEPTH, low - 1)).rarray(d.LEAF_SCREWS, 1, 2, 1)
    return plate.cut(holes.circle(d.SCREW_HOLE / 2).extrude(d.LEAF_THICKNESS + 2))


lower = leaf(0, -HEIGHT_BASE - d.LEAF_THICKNESS)
upper = leaf(1, HEIGHT_LID)

if "show_object" in globals():
    show_object(lower, name="lower leaf", options={"color": (0.78, 0.60, 0.33)})
    show_object(upper, name="upper leaf", options={"color": (0.86, 0.72, 0.48)})
