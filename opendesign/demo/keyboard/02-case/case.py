# SPDX-License-Identifier: CERN-OHL-P-2.0
"""Case: a wedge that carries the plate on posts and hides its edge."""

from math import radians, tan

import cadquery as cq

from plate import CORNER, THICKNESS, outline_size, screw_places

# --- Shape ---
TILT = 6.0  # [0:0.5:10] Slope of the keys towards you, degrees
FRONT = 16.0  # [13:0.5:24] Height at the front edge, mm
WALL = 3.0  # [2:0.25:6] Walls, mm
FLOOR = 2.4  # [1.6:0.2:4] Floor, mm
EDGE = 1.5  # [0.4:0.1:2] Bevel of the upper edge, mm

# --- Fit ---
CLEARANCE = 0.4  # [0.1:0.05:1] Air around the plate, mm
RIM = 3.5  # [1:0.25:6] How far the case stands above the plate, mm

# --- Cable ---
USB_WIDTH = 12.0  # [9:0.5:16] Opening for the plug, mm
USB_X = -60.0  # [-120:1:120] Where it is, from the middle, mm

PLATE = outline_size()
SIZE = tuple(v + 2 * (WALL + CLEARANCE) for v in PLATE)
RISE = SIZE[1] * tan(radians(TILT))
TOP = FRONT + RISE + 2.0  # all is modelled with level keys; the floor is what slopes


def slab(width: float, depth: float, radius: float, bottom: float, top: float) -> cq.Workplane:
    """A plate with round corners between two heights."""
    sketch = cq.Sketch().rect(width, depth).vertices().fillet(radius)
    return cq.Workplane(origin=(0, 0, bottom)).placeSketch(sketch).extrude(top - bottom)


def wedge(lift: float, margin: float = 20.0) -> cq.Workplane:
    """Everything below the sloping floor, raised by a distance."""
    y = SIZE[1] / 2
    front, rear = TOP - FRONT + lift, TOP - FRONT - RISE + lift
    slope = (front - rear) / (2 * y)
    corners = [
        (-y - margin, -60.0),
        (y + margin, -60.0),
        (y + margin, rear - slope * margin),
        (-y - margin, front + slope * margin),
    ]
    side = cq.Workplane("YZ", origin=(-SIZE[0], 0, 0)).polyline(corners).close()
    return side.extrude(2 * SIZE[0])


def inside() -> cq.Workplane:
    """The hollow: room for the plate, and below its seat down to the floor."""
    seat = TOP - RIM - THICKNESS
    room = slab(PLATE[0] + 2 * CLEARANCE, PLATE[1] + 2 * CLEARANCE, CORNER + CLEARANCE, seat, TOP + 1)
    below = slab(PLATE[0] - 3.0, PLATE[1] - 3.0, max(CORNER - 1.5, 0.5), -5.0, seat)
    return room.union(below.cut(wedge(FLOOR)))


def posts() -> cq.Workplane:
    """Columns below the screws of the plate."""
    seat = TOP - RIM - THICKNESS
    solid = cq.Workplane().pushPoints(screw_places()).circle(3.4).extrude(seat)
    cores = cq.Workplane(origin=(0, 0, seat)).pushPoints(screw_places()).circle(0.85).extrude(-8.0)
    return solid.cut(wedge(0.5)).cut(cores)


def plug() -> cq.Workplane:
    """The opening in the rear wall."""
    place = cq.Workplane("XZ", origin=(USB_X, SIZE[1], TOP - RIM - THICKNESS - 6.0))
    return place.slot2D(USB_WIDTH, 7.0).extrude(SIZE[1])


case = slab(*SIZE, CORNER + WALL + CLEARANCE, 0.0, TOP).faces(">Z").edges().chamfer(EDGE)
case = case.cut(wedge(0.0)).cut(inside()).union(posts())
case = case.cut(plug().cut(slab(SIZE[0], PLATE[1] / 2, 1.0, 0.0, TOP)))

if "show_object" in globals():
    upright = case.rotate((0, 0, 0), (1, 0, 0), TILT)
    show_object(upright, name="case", options={"color": (0.29, 0.38, 0.40)})
