# SPDX-License-Identifier: CERN-OHL-W-2.0
"""A dovetailed seam across the middle, for beds smaller than the case."""

import cadquery as cq

import dimensions as d

SEAM_AIR = 0.15  # [0.05:0.05:0.4] Air between the two pieces, mm
SEAM_DEPTH = 9.0  # [5:0.5:14] Depth of a dovetail, mm
SEAM_PITCH = 26.0  # [20:1:40] From one dovetail to the next, mm


def outline(offset: float) -> list[tuple[float, float]]:
    """The seam from front to rear: a straight line with dovetails pointing right."""
    end = d.CASE_DEPTH / 2 + 5
    points = [(offset, -end)]
    count = int((d.CASE_DEPTH - 20) // SEAM_PITCH)
    for i in range(count):
        y = (i - (count - 1) / 2) * SEAM_PITCH
        neck, head = 4.0 + offset, 7.0 + offset
        points += [(offset, y - neck), (offset + SEAM_DEPTH, y - head), (offset + SEAM_DEPTH, y + head), (offset, y + neck)]
    return [*points, (offset, end)]


def piece(part: cq.Workplane, which: str) -> cq.Workplane:
    """The whole part, or what lies left or right of the seam."""
    if which == "whole":
        return part
    left = which == "left"
    far = (-1 if left else 1) * (d.CASE_WIDTH / 2 + 10)
    line = outline(-SEAM_AIR / 2 if left else SEAM_AIR / 2)
    corners = [*line, (far, line[-1][1]), (far, line[0][1])]
    height = d.BASE_HEIGHT + d.LID_THICKNESS
    return part.intersect(cq.Workplane(origin=(0, 0, -5)).polyline(corners).close().extrude(height + 10))
