# SPDX-License-Identifier: MIT
"""The dovetail between box and wall mount."""

import cadquery as cq

RAIL_WIDTH = 26.0  # [18:0.5:40] Dovetail at its widest, mm
RAIL_HEIGHT = 4.0  # [3:0.25:6] Height of the dovetail, mm


def rail(length: float, grow: float = 0.0) -> cq.Workplane:
    """A dovetail along y that hangs below z = 0; grown, it is the channel around it."""
    wide, narrow = RAIL_WIDTH / 2 + grow, RAIL_WIDTH / 2 - RAIL_HEIGHT * 0.7 + grow
    profile = [(-narrow, 0.0), (narrow, 0.0), (wide, -RAIL_HEIGHT - grow), (-wide, -RAIL_HEIGHT - grow)]
    return cq.Workplane("XZ", origin=(0, length / 2, 0)).polyline(profile).close().extrude(length)
