# SPDX-License-Identifier: MIT
"""Box, lid and gasket, made around a circuit board."""

import cadquery as cq

# --- Inside ---
LENGTH = 80.0  # [40:1:160] Room for the board, left to right, mm
WIDTH = 50.0  # [30:1:110] Room for the board, front to back, mm
HEIGHT = 32.0  # [15:1:70] Room from floor to lid, mm

# --- Walls ---
WALL = 2.4  # [1.6:0.2:4] Thickness of walls, floor and lid, mm
CORNER = 6.0  # [3:0.5:12] Radius of the inner corners, mm
EDGE = 2.0  # [0.5:0.25:3] Rounding of the outer edges, mm

# --- Lid ---
LID_TYPE = "screw"  # [screw, snap] Lid fastening
SCREW = 3.0  # [2.5:0.5:4] Nominal size of the four screws, mm
SEAL = 2.0  # [1.5:0.25:3] Thickness of the gasket cord, mm

# --- Board ---
STANDOFFS = True  # Four feet for the board
BOARD_MARGIN = 5.0  # [3:0.5:15] From the inner walls to the feet, mm
STANDOFF_HEIGHT = 5.0  # [3:0.5:15] Height of the feet, mm

# --- View ---
SHOW = "open"  # [open, closed, box, lid, gasket] What is shown

RIM = WALL + SEAL + 1.2 if LID_TYPE == "screw" else WALL  # wall thickness at the seal
OUTER = (LENGTH + 2 * RIM, WIDTH + 2 * RIM)
EAR = SCREW + 2.4  # radius of the column around a screw
BOX_HEIGHT = HEIGHT + WALL
LID_HEIGHT = WALL + 3.0


def slab(length: float, width: float, radius: float, height: float, z: float = 0.0) -> cq.Workplane:
    """A plate with round corners."""
    sketch = cq.Sketch().rect(length, width).vertices().fillet(radius)
    return cq.Workplane(origin=(0, 0, z)).placeSketch(sketch).extrude(height)


def screw_places() -> list[tuple[float, float]]:
    """The middles of the four columns, outside the seal."""
    radius = CORNER + RIM
    out = (radius + EAR * 0.4) * 0.7071 - radius  # along the diagonal of the rounded corner
    x, y = OUTER[0] / 2 + out, OUTER[1] / 2 + out
    return [(i * x, j * y) for i in (-1, 1) for j in (-1, 1)]


def shape(height: float) -> cq.Workplane:
    """The outside of box or lid: a slab, with an ear at each corner when it is screwed."""
    body = slab(*OUTER, CORNER + RIM, height)
    if LID_TYPE == "screw":
        reach = 3 * EAR  # the ears run out tangentially from the corners
        for x, y in screw_places():
            angle = 45 if x * y > 0 else 135
            inward = reach / 2 * 0.7071
            centre = (x - inward if x > 0 else x + inward, y - inward if y > 0 else y + inward)
            ear = cq.Workplane().pushPoints([centre]).slot2D(reach + 2 * EAR, 2 * EAR, angle)
            body = body.union(ear.extrude(height))
    return body


def groove(depth: float, width: float, z: float) -> cq.Workplane:
    """A frame that runs around the opening in the middle of the rim."""
    middle = RIM - WALL / 2 - SEAL / 2 - 0.3
    out = slab(LENGTH + 2 * middle + width, WIDTH + 2 * middle + width, CORNER + middle + width / 2, depth, z)
    inner = slab(
        LENGTH + 2 * middle - width, WIDTH + 2 * middle - width, CORNER + middle - width / 2, depth, z
    )
    return out.cut(inner)


def box() -> cq.Workplane:
    """The lower part."""
    body = shape(BOX_HEIGHT).faces("<Z").edges().fillet(EDGE)
    body = body.cut(slab(LENGTH, WIDTH, CORNER, BOX_HEIGHT, WALL))
    if LID_TYPE == "screw":
        body = body.cut(groove(SEAL * 0.7, SEAL + 0.2, BOX_HEIGHT - SEAL * 0.7))
        cores = cq.Workplane(origin=(0, 0, BOX_HEIGHT - 14)).pushPoints(screw_places())
        body = body.cut(cores.circle(SCREW * 0.425).extrude(20))
    else:
        body = body.cut(snap_ridge(0.25))
    if STANDOFFS:
        body = body.union(standoffs())
    return body


def standoffs() -> cq.Workplane:
    """Feet with a core hole for 2.5 mm screws."""
    x, y = LENGTH / 2 - BOARD_MARGIN, WIDTH / 2 - BOARD_MARGIN
    feet = cq.Workplane(origin=(0, 0, WALL)).rect(2 * x, 2 * y, forConstruction=True).vertices()
    feet = feet.circle(3.2).extrude(STANDOFF_HEIGHT)
    cores = cq.Workplane(origin=(0, 0, WALL + 0.6)).rect(2 * x, 2 * y, forConstruction=True).vertices()
    return feet.cut(cores.circle(1.05).extrude(STANDOFF_HEIGHT))


def snap_ridge(grow: float) -> cq.Workplane:
    """Two rods on the long sides of the lid's lip; grown, the grooves they snap into."""
    y = WIDTH / 2 - 0.15
    rods = cq.Workplane("YZ", origin=(-LENGTH * 0.3, 0, BOX_HEIGHT - 3.0))
    return rods.pushPoints([(-y, 0), (y, 0)]).circle(0.6 + grow).extrude(LENGTH * 0.6)


def lid() -> cq.Workplane:
    """The upper part, in the place where it closes the box."""
    body = shape(LID_HEIGHT).faces(">Z").edges().fillet(EDGE)
    lip = 0.0 if LID_TYPE == "screw" else 1.6
    hollow = slab(LENGTH - 2 * lip, WIDTH - 2 * lip, max(CORNER - lip, 1), LID_HEIGHT - WALL)
    body = body.cut(hollow).translate((0, 0, BOX_HEIGHT))
    if LID_TYPE == "screw":
        bead = groove(SEAL * 0.25, SEAL * 0.6, BOX_HEIGHT - SEAL * 0.25)
        top = BOX_HEIGHT + LID_HEIGHT
        holes = cq.Workplane(origin=(0, 0, BOX_HEIGHT)).pushPoints(screw_places())
        heads = cq.Workplane(origin=(0, 0, top - SCREW)).pushPoints(screw_places())
        body = body.union(bead).cut(holes.circle(SCREW / 2 + 0.2).extrude(LID_HEIGHT))
        return body.cut(heads.circle(SCREW + 0.2).extrude(SCREW))
    air = 0.3
    ring = slab(LENGTH - air, WIDTH - air, CORNER - air / 2, 5.0, BOX_HEIGHT - 5.0)
    ring = ring.cut(slab(LENGTH - 2 * lip, WIDTH - 2 * lip, max(CORNER - lip, 1), 8.0, BOX_HEIGHT - 6.0))
    return body.union(ring).union(snap_ridge(0.0))


def gasket() -> cq.Workplane:
    """The cord as a printed ring, with a little air in its groove."""
    return groove(SEAL, SEAL - 0.1, BOX_HEIGHT - SEAL * 0.7)


lift = 0.0 if SHOW == "closed" else 18.0 + SEAL

if SHOW in ("open", "closed", "box"):
    show_object(box(), name="box", options={"color": (0.90, 0.87, 0.80)})
if SHOW in ("open", "closed", "lid"):
    show_object(lid().translate((0, 0, lift)), name="lid", options={"color": (0.45, 0.57, 0.47)})
if SHOW in ("open", "closed", "gasket") and LID_TYPE == "screw":
    show_object(gasket().translate((0, 0, lift / 3)), name="gasket", options={"color": (0.85, 0.42, 0.33)})
