# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Keyboard deck: plate for low-profile switches, with a place for a track pad."""

import cadquery as cq

import dimensions as d

# --- Keys ---
KEY_COLUMNS = 12  # [8:1:12] Keys in a row
KEY_ROWS = 4  # [3:1:5] Rows of keys
KEY_PITCH_X = 18.0  # [17:0.05:19.05] From key to key, sideways, mm
KEY_PITCH_Y = 17.0  # [16.5:0.05:19.05] From row to row, mm
KEY_HOLE = 14.0  # [13.6:0.05:14.2] Square hole a switch snaps into, mm
KEYS_Y = 18.0  # [4:0.5:24] Middle of the keys behind the middle of the case: room for the palms, mm
KEY_PLATE = 1.3  # [1.1:0.1:1.6] Thickness the switch can clip on, mm

# --- Track pad ---
PAD_WIDTH = 64.0  # [40:1:90] Track pad, sideways, mm
PAD_DEPTH = 40.0  # [30:1:48] Track pad, front to back, mm

# --- Outside ---
EDGE_CHAMFER = 0.6  # [0.2:0.1:1.2] Bevel of the upper edge, mm

T = d.DECK_THICKNESS
REAR = d.CASE_DEPTH / 2
FIELD = (KEY_COLUMNS * KEY_PITCH_X + 2.0, KEY_ROWS * KEY_PITCH_Y + 2.0)


def rounded(width: float, depth: float, radius: float, z: float = 0.0, y: float = 0.0) -> cq.Workplane:
    """A rounded rectangle, ready to be extruded."""
    place = cq.Workplane(origin=(0, y, z)).sketch().rect(width, depth)
    return place.vertices().fillet(radius).finalize()


def plate() -> cq.Workplane:
    """The plate with its bevelled edge and the lip that centres it in the base."""
    top = rounded(d.CASE_WIDTH, d.CASE_DEPTH, d.CORNER_RADIUS).extrude(T)
    top = top.faces(">Z").edges().chamfer(EDGE_CHAMFER)
    off = 2 * (d.WALL + d.CLEARANCE)
    radius = max(d.CORNER_RADIUS - d.WALL - d.CLEARANCE, 2)
    lip = rounded(d.CASE_WIDTH - off, d.CASE_DEPTH - off, radius, -1.2).extrude(1.2)
    hollow = rounded(d.CASE_WIDTH - off - 3, d.CASE_DEPTH - off - 3, radius - 1.5, -1.2).extrude(1.2)
    return top.union(lip.cut(hollow))


def keys() -> cq.Workplane:
    """What is cut away for the keys: a shallow field, square holes, relief below."""
    field = rounded(*FIELD, 3.0, T - 0.8, KEYS_Y).extrude(2)
    below = rounded(*FIELD, 3.0, -2, KEYS_Y).extrude(2 + T - 0.8 - KEY_PLATE)
    holes = (
        cq.Workplane(origin=(0, KEYS_Y, 0))
        .rarray(KEY_PITCH_X, KEY_PITCH_Y, KEY_COLUMNS, KEY_ROWS)
        .rect(KEY_HOLE, KEY_HOLE)
        .extrude(T)
    )
    return field.union(below).union(holes)


def pad() -> cq.Workplane:
    """Seat of the track pad, open below for its cable."""
    y = -REAR + 8 + PAD_DEPTH / 2
    seat = rounded(PAD_WIDTH, PAD_DEPTH, 3.0, T - 1.2, y).extrude(2)
    return seat.union(rounded(PAD_WIDTH - 8, PAD_DEPTH - 8, 2.0, 0, y).extrude(T))


def hinge_notches() -> cq.Workplane:
    """Room for the barrels, which turn in it."""
    width = d.HINGE_WIDTH + 2 * d.CLEARANCE
    axis = d.AXIS_Z - d.BASE_HEIGHT
    one = cq.Workplane("YZ", origin=(-width / 2, REAR, axis))
    one = one.circle(d.BARREL_RADIUS + 2 * d.CLEARANCE).extrude(width)
    neck = cq.Workplane(origin=(0, REAR, 0)).rect(width, 2 * (d.BARREL_RADIUS + 2 * d.CLEARANCE)).extrude(T)
    lip = cq.Workplane(origin=(0, REAR - d.LEAF_DEPTH / 2, -1.2)).rect(width, d.LEAF_DEPTH + 2).extrude(1.2)
    one = one.union(neck).union(lip)
    return one.translate((-d.HINGE_X, 0, 0)).union(one.translate((d.HINGE_X, 0, 0)))


deck = plate().cut(keys()).cut(pad()).cut(hinge_notches())
deck = deck.cut(cq.Workplane(origin=(96, 68, 0)).circle(6.1).extrude(T))  # 12 mm power button
deck = deck.faces(">Z").workplane(origin=(0, 0, T)).pushPoints(d.DECK_SCREWS)
deck = deck.cskHole(d.SCREW_HOLE, d.SCREW_HEAD, 90)

if "show_object" in globals():
    show_object(deck, name="deck", options={"color": (0.87, 0.85, 0.80)})
