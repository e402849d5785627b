# SPDX-License-Identifier: CERN-OHL-P-2.0
"""Switch plate: one flat part, to be cut by laser or printed."""

import cadquery as cq

from layout import keys, size, stabiliser

# --- Layout ---
LAYOUT = "60"  # [60, grid, pad] Arrangement of the keys

# --- Plate ---
THICKNESS = 1.5  # [1:0.1:3] Thickness; a switch clips on 1.5, mm
MARGIN = 6.0  # [3:0.5:20] Plate around the keys, mm
CORNER = 4.0  # [0.5:0.5:6] Radius of the corners, mm

# --- Holes ---
SWITCH = 14.0  # [13.8:0.05:14.2] Square hole of a switch, mm
KERF = 0.0  # [-0.1:0.02:0.3] Width the laser burns away, mm
STABILISERS = True  # Holes for stabilisers of keys of two units and more
SCREW = 2.4  # [2:0.1:3.4] Holes at the edge for M2 screws, mm


def rectangle(x: float, y: float, width: float, depth: float) -> cq.Wire:
    """A hole with sharp corners, made smaller by the kerf."""
    w, d = (width - KERF) / 2, (depth - KERF) / 2
    corners = [(x - w, y - d), (x + w, y - d), (x + w, y + d), (x - w, y + d)]
    return cq.Wire.makePolygon([cq.Vector(*c, 0) for c in corners], close=True)


def outline_size() -> tuple[float, float]:
    """Width and depth of the plate, mm."""
    width, depth = size(LAYOUT)
    return width + 2 * MARGIN, depth + 2 * MARGIN


def screw_places() -> list[tuple[float, float]]:
    """Holes in the margin: four corners and the middles of the long sides."""
    width, depth = outline_size()
    x, y = width / 2 - 3.0, depth / 2 - 3.0
    return [(i * x, j * y) for i in (-1, 0, 1) for j in (-1, 1)]


def holes() -> list[cq.Wire]:
    """Everything inside the outline."""
    found = []
    for x, y, units in keys(LAYOUT):
        found.append(rectangle(x, y, SWITCH, SWITCH))
        stem = stabiliser(units) if STABILISERS else 0.0
        if stem:
            found += [rectangle(x + side * stem, y - 1.2, 6.75, 13.6) for side in (-1, 1)]
    for x, y in screw_places():
        found.append(cq.Wire.makeCircle((SCREW - KERF) / 2, cq.Vector(x, y, 0), cq.Vector(0, 0, 1)))
    return found


def outline() -> cq.Wire:
    """The outer edge, made larger by the kerf."""
    width, depth = (v + KERF for v in outline_size())
    sketch = cq.Sketch().rect(width, depth).vertices().fillet(CORNER)
    return cq.Workplane().placeSketch(sketch).extrude(1).faces("<Z").val().outerWire()


# one face with all holes, extruded once: no cutting, so sixty keys cost no more than four
solid = cq.Solid.extrudeLinear(outline(), holes(), cq.Vector(0, 0, THICKNESS))
plate = cq.Workplane(obj=solid)

if "show_object" in globals():
    show_object(plate, name="plate", options={"color": (0.72, 0.74, 0.77)})
