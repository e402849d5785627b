# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Lid: the back of the screen, printed on its outside face."""

import cadquery as cq

import dimensions as d

# --- Outside ---
EDGE_RADIUS = 3.0  # [0.5:0.5:3.5] Rounding of the outer edge, mm

# --- Screen ---
POST_HEIGHT = 1.6  # [0.8:0.2:2.4] Air behind the panel, mm
RIM_WIDTH = 1.8  # [1.2:0.2:2.4] Rim that centres the panel, mm

REAR = d.CASE_DEPTH / 2
INSIDE = (d.CASE_WIDTH - 2 * d.WALL, d.CASE_DEPTH - 2 * d.WALL)
BEZEL_SEAT = d.LID_THICKNESS - d.BEZEL_THICKNESS  # the bezel ends flush


def shell() -> cq.Workplane:
    """The hollow back with a rounded outer edge."""
    outside = (
        cq.Workplane()
        .sketch()
        .rect(d.CASE_WIDTH, d.CASE_DEPTH)
        .vertices()
        .fillet(d.CORNER_RADIUS)
        .finalize()
        .extrude(d.LID_THICKNESS)
        .faces("<Z")
        .edges()
        .fillet(EDGE_RADIUS)
    )
    inside = (
        cq.Workplane(origin=(0, 0, d.SKIN))
        .sketch()
        .rect(*INSIDE)
        .vertices()
        .fillet(max(d.CORNER_RADIUS - d.WALL, 1))
        .finalize()
        .extrude(d.LID_THICKNESS)
    )
    return outside.cut(inside)


def panel_rim() -> cq.Workplane:
    """Short ribs around the panel and posts that carry its corners."""
    width, height, _ = d.PANEL_SIZE
    air = d.CLEARANCE + 0.2
    y = height / 2 + air
    depth = BEZEL_SEAT - d.SKIN
    centre = cq.Workplane(origin=(0, d.PANEL_CENTRE_Y, d.SKIN))
    above = centre.pushPoints([(i * 42.0, y + RIM_WIDTH / 2) for i in (-1, 0, 1)])
    ribs = above.rect(30, RIM_WIDTH).extrude(depth)
    corners = [(i * (width / 2 - 9), j * (height / 2 - 9)) for i in (-1, 1) for j in (-1, 1)]
    posts = centre.pushPoints(corners).rect(14, 14).extrude(POST_HEIGHT)
    return ribs.union(posts)


def bezel_screws() -> list[tuple[float, float]]:
    """The bezel is held by three screws in the strip next to the hinge."""
    return [(x, REAR - 9.0) for x in (-42.0, 0.0, 42.0)]


def bosses() -> cq.Workplane:
    """Columns for the upper hinge leaves and for the bezel."""
    y = REAR - d.LEAF_DEPTH + 6
    leaves = [(s * d.HINGE_X + t * d.LEAF_SCREWS / 2, y) for s in (-1, 1) for t in (-1, 1)]
    base = cq.Workplane(origin=(0, 0, d.SKIN))
    height = d.LID_THICKNESS - d.SKIN - d.LEAF_THICKNESS
    low = base.pushPoints(leaves).circle(d.BOSS_DIAMETER / 2).extrude(height)
    high = base.pushPoints(bezel_screws()).circle(d.BOSS_DIAMETER / 2).extrude(BEZEL_SEAT - d.SKIN)
    holes = cq.Workplane(origin=(0, 0, 0.8)).pushPoints(leaves + bezel_screws())
    return low.union(high).cut(holes.circle(d.INSERT_HOLE / 2).extrude(d.LID_THICKNESS))


def hooks() -> cq.Workplane:
    """Pockets in the front wall that take the tongues of the bezel."""
    places = [(x, -INSIDE[1] / 2) for x in (-80.0, -27.0, 27.0, 80.0)]
    pockets = cq.Workplane(origin=(0, 0, BEZEL_SEAT - d.CLEARANCE)).pushPoints(places)
    return pockets.rect(22, 2.8).extrude(1.2 + 2 * d.CLEARANCE)


def hinge_notches() -> cq.Workplane:
    """Room for the barrels, round because they turn in it."""
    width = d.HINGE_WIDTH + 2 * d.CLEARANCE
    side = cq.Workplane("YZ", origin=(-width / 2, REAR, d.LID_THICKNESS + d.LID_GAP / 2))
    one = side.circle(d.BARREL_RADIUS + 2 * d.CLEARANCE).extrude(width)
    one = one.union(
        cq.Workplane(origin=(0, REAR, d.LID_THICKNESS - d.LEAF_THICKNESS - d.CLEARANCE))
        .rect(width, 2 * (d.WALL + 1))
        .extrude(d.LID_THICKNESS)
    )
    return one.translate((-d.HINGE_X, 0, 0)).union(one.translate((d.HINGE_X, 0, 0)))


lid = shell().union(panel_rim()).union(bosses())
lid = lid.cut(hooks()).cut(hinge_notches())

if "show_object" in globals():
    show_object(lid, name="lid", options={"color": (0.26, 0.46, 0.48)})
