# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Body: a C with the spindle's nut in its lower arm and tripod nuts behind and above."""

import cadquery as cq

# --- Mouth ---
OPENING = 42.0  # [20:1:70] Thickest edge it takes, mm
REACH = 34.0  # [20:1:60] How far it reaches over the edge, mm

# --- Strength ---
WIDTH = 24.0  # [18:0.5:36] Width of the body, mm
ARM = 15.0  # [12:0.5:24] Thickness of arms and back, mm
ROUND = 7.0  # [2:0.5:7] Rounding of the outer corners, mm
SOFT = 1.6  # [0.4:0.2:2.4] Bevel of all outer edges, mm

# --- Teeth ---
TEETH = 5  # [0:1:9] Grooves across the upper jaw
TOOTH_DEPTH = 0.8  # [0.4:0.2:1.6] Depth of a groove, mm

# --- Nuts ---
NUT_M8 = 13.3  # [12.8:0.1:14] Across flats of the spindle's nut, mm
NUT_TRIPOD = 11.4  # [11:0.1:12] Across flats of the 1/4 inch nut, mm

SPINDLE_X = REACH - 13.0
HEIGHT = OPENING + 2 * ARM


def profile() -> cq.Workplane:
    """The C seen from the side, its mouth towards +x, the upper jaw at z = OPENING."""
    outer = cq.Sketch().rect(REACH + ARM, HEIGHT).vertices().fillet(ROUND)
    middle = ((REACH - ARM) / 2, OPENING / 2)
    body = cq.Workplane("XZ", origin=(middle[0], WIDTH / 2, middle[1])).placeSketch(outer).extrude(WIDTH)
    body = body.faces("<Y or >Y").edges().chamfer(SOFT)
    mouth = cq.Workplane("XZ", origin=(REACH / 2, WIDTH, OPENING / 2)).rect(REACH, OPENING)
    mouth = mouth.extrude(2 * WIDTH).edges("|Y and <X").fillet(min(6.0, OPENING / 3))
    return body.cut(mouth.translate((0.01, 0, 0)))


def hexagon(across: float, depth: float) -> cq.Workplane:
    """A pocket for a nut, pointing up from z = 0."""
    return cq.Workplane().polygon(6, across / 0.866).extrude(depth)


def spindle() -> cq.Workplane:
    """Hole and nut pocket in the lower arm; the nut is pulled into the arm by the load."""
    hole = cq.Workplane(origin=(SPINDLE_X, 0, -ARM)).circle(4.3).extrude(ARM)
    return hole.union(hexagon(NUT_M8, 6.6).translate((SPINDLE_X, 0, -6.6)))


def tripod() -> cq.Workplane:
    """Two 1/4 inch places: on top of the upper arm and behind the back, nuts from inside."""
    one = cq.Workplane().circle(3.3).extrude(ARM).union(hexagon(NUT_TRIPOD, ARM - 5.5))
    top = one.translate((SPINDLE_X - 6.0, 0, OPENING))
    back = one.rotate((0, 0, 0), (0, 1, 0), -90).translate((0, 0, OPENING / 2))
    return top.union(back)


def teeth() -> cq.Workplane:
    """Grooves across the upper jaw."""
    pitch = (REACH - 6.0) / TEETH
    side = cq.Workplane("XZ", origin=(0, WIDTH, OPENING))
    places = [(6.0 + (i + 0.5) * pitch, 0) for i in range(TEETH)]
    return side.pushPoints(places).polygon(4, 2 * TOOTH_DEPTH).extrude(2 * WIDTH)


body = profile().cut(spindle()).cut(tripod())
if TEETH > 0:
    body = body.cut(teeth())

if "show_object" in globals():
    show_object(body, name="body", options={"color": (0.25, 0.33, 0.42)})
