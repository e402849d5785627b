# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Base tray: carries the board, the battery and the lower hinge leaves."""

import cadquery as cq

import dimensions as d

# --- Board ---
STANDOFF_HEIGHT = 4.0  # [2:0.5:10] Air under the board, mm
STANDOFF_DIAMETER = 6.0  # [5:0.2:8] Foot of the board, mm
STANDOFF_HOLE = 2.2  # [1.8:0.1:2.8] Hole for an M2.5 self-tapping screw, mm

# --- Outside ---
EDGE_RADIUS = 2.5  # [0.5:0.5:3.5] Rounding of the lower edge, mm

FLOOR = d.SKIN
REAR = d.CASE_DEPTH / 2


def tray() -> cq.Workplane:
    """The hollow shell with a rounded lower edge."""
    outside = (
        cq.Workplane()
        .sketch()
        .rect(d.CASE_WIDTH, d.CASE_DEPTH)
        .vertices()
        .fillet(d.CORNER_RADIUS)
        .finalize()
        .extrude(d.BASE_HEIGHT)
        .faces("<Z")
        .edges()
        .fillet(EDGE_RADIUS)
    )
    inside = (
        cq.Workplane(origin=(0, 0, FLOOR))
        .sketch()
        .rect(d.CASE_WIDTH - 2 * d.WALL, d.CASE_DEPTH - 2 * d.WALL)
        .vertices()
        .fillet(max(d.CORNER_RADIUS - d.WALL, 1))
        .finalize()
        .extrude(d.BASE_HEIGHT)
    )
    return outside.cut(inside)


def board_holes() -> list[tuple[float, float]]:
    """Where the four fixing holes of the board come to lie."""
    x = d.BOARD_CENTRE[0] - d.BOARD_SIZE[0] / 2 + d.BOARD_HOLE_EDGE
    y = d.BOARD_CENTRE[1] - d.BOARD_HOLES[1] / 2
    return [(x + i * d.BOARD_HOLES[0], y + j * d.BOARD_HOLES[1]) for i in (0, 1) for j in (0, 1)]


def leaf_screws() -> list[tuple[float, float]]:
    """Where the lower hinge leaves are screwed down."""
    y = REAR - d.LEAF_DEPTH + 6
    return [(s * d.HINGE_X + t * d.LEAF_SCREWS / 2, y) for s in (-1, 1) for t in (-1, 1)]


def columns(places, diameter: float, hole: float, top: float) -> cq.Workplane:
    """Round columns from the floor to a height, each with a blind hole from above."""
    solid = cq.Workplane(origin=(0, 0, FLOOR)).pushPoints(places).circle(diameter / 2).extrude(top - FLOOR)
    holes = cq.Workplane(origin=(0, 0, FLOOR + 0.6)).pushPoints(places).circle(hole / 2).extrude(top)
    return solid.cut(holes)


def hinge_notches() -> cq.Workplane:
    """Room for the barrels and leaves in the rear wall."""
    width = d.HINGE_WIDTH + 2 * d.CLEARANCE
    places = [(-d.HINGE_X, REAR), (d.HINGE_X, REAR)]
    slot = (
        cq.Workplane(origin=(0, 0, d.BASE_HEIGHT - d.LEAF_THICKNESS - d.CLEARANCE))
        .pushPoints(places)
        .rect(width, 2 * (d.WALL + 1))
        .extrude(d.BASE_HEIGHT)
    )
    return slot


def ports() -> cq.Workplane:
    """Openings for the connectors on the left: power, two screens, sound."""
    z = FLOOR + STANDOFF_HEIGHT + 1.6
    x = -d.CASE_WIDTH / 2
    left = cq.Workplane("YZ", origin=(x - 1, d.BOARD_CENTRE[1], z))
    usb = left.pushPoints([(-19.0, 1.6)]).slot2D(10.4, 4.6).extrude(d.WALL + 4)
    screens = left.pushPoints([(-5.0, 1.8), (8.5, 1.8)]).rect(8.6, 4.8).extrude(d.WALL + 4)
    sound = left.pushPoints([(20.0, 3.0)]).circle(3.6).extrude(d.WALL + 4)
    return usb.union(screens).union(sound)


base = tray()
base = base.union(columns(board_holes(), STANDOFF_DIAMETER, STANDOFF_HOLE, FLOOR + STANDOFF_HEIGHT))
base = base.union(columns(d.DECK_SCREWS, d.BOSS_DIAMETER, d.INSERT_HOLE, d.BASE_HEIGHT))
base = base.union(columns(leaf_screws(), d.BOSS_DIAMETER, d.INSERT_HOLE, d.BASE_HEIGHT - d.LEAF_THICKNESS))
base = base.cut(hinge_notches())
base = base.cut(ports())

if "show_object" in globals():
    show_object(base, name="base", options={"color": (0.33, 0.41, 0.47)})
