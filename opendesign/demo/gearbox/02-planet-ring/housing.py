# SPDX-License-Identifier: CERN-OHL-S-2.0
"""What the three slices of the housing share: a round outline with an ear for each screw."""

from math import cos, pi, sin

import cadquery as cq

import train as t

# --- Housing ---
SCREWS = 6  # [4:1:8] Long screws around the housing
SCREW_HOLE = 3.4  # [3.2:0.1:4] Hole that an M3 screw passes, mm
WALL = 3.5  # [2.4:0.1:5] Wall outside the roots of the ring, mm
EAR = 4.4  # [3.6:0.1:5.4] Radius around a screw, mm

# --- Along the axis ---
PLATE = 5.0  # [4:0.2:8] Motor plate, mm
LOWER_DISC = 2.5  # [2:0.1:4] Lower disc of the carrier, mm
UPPER_DISC = 3.6  # [3:0.1:5] Upper disc of the carrier, mm
GAP = 0.4  # [0.2:0.05:0.8] Air above and below the planets, mm
CAP = 7.0  # [6.6:0.2:10] Output cap, mm

RADIUS = t.RING_ROOT + WALL
SCREW_CIRCLE = t.RING_ROOT + 4.2
HEIGHT = 0.5 + LOWER_DISC + GAP + t.FACE_WIDTH + GAP + UPPER_DISC + 0.5


def screw_places() -> list[tuple[float, float]]:
    """The middles of the long screws."""
    angles = [(2 * i + 1) * pi / SCREWS for i in range(SCREWS)]
    return [(SCREW_CIRCLE * cos(a), SCREW_CIRCLE * sin(a)) for a in angles]


def outside(height: float) -> cq.Workplane:
    """The outer body of a slice, not bevelled."""
    sketch = cq.Sketch().circle(RADIUS).push(screw_places()).circle(EAR).reset().clean()
    return cq.Workplane().placeSketch(sketch).extrude(height)


def screw_holes(height: float) -> cq.Workplane:
    """Holes for the long screws, to be cut."""
    return cq.Workplane().pushPoints(screw_places()).circle(SCREW_HOLE / 2).extrude(height)
