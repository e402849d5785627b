# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Bezel: the frame in front of the screen; hooks at the top, three screws near the hinge."""

import cadquery as cq

import dimensions as d

# --- Window ---
WINDOW_MARGIN = 0.5  # [0:0.25:3] Frame kept off the lit area, mm
WINDOW_CHAMFER = 1.2  # [0.2:0.1:1.5] Slope towards the screen, mm

# --- Camera ---
CAMERA_HOLE = 4.5  # [0:0.5:5.5] Opening for a webcam module, 0 for none, mm

THICKNESS = d.BEZEL_THICKNESS
REAR = d.CASE_DEPTH / 2
SIZE = (
    d.CASE_WIDTH - 2 * d.WALL - 2 * d.CLEARANCE,
    d.CASE_DEPTH - 2 * d.WALL - 2 * d.CLEARANCE,
)


def plate() -> cq.Workplane:
    """The frame without its fastenings."""
    outline = (
        cq.Workplane()
        .sketch()
        .rect(*SIZE)
        .vertices()
        .fillet(max(d.CORNER_RADIUS - d.WALL - d.CLEARANCE, 1))
        .finalize()
        .extrude(THICKNESS)
    )
    width, height = (v + 2 * WINDOW_MARGIN for v in d.PANEL_VIEW)
    window = (
        cq.Workplane(origin=(0, d.PANEL_CENTRE_Y, 0))
        .sketch()
        .rect(width, height)
        .vertices()
        .fillet(1.5)
        .finalize()
        .extrude(THICKNESS)
    )
    slope = (
        cq.Workplane(origin=(0, d.PANEL_CENTRE_Y, THICKNESS))
        .rect(width + 2 * WINDOW_CHAMFER, height + 2 * WINDOW_CHAMFER)
        .extrude(-WINDOW_CHAMFER, taper=45)
    )
    return outline.cut(window).cut(slope)


def tongues() -> cq.Workplane:
    """Four tongues that hook under the front wall of the lid."""
    places = [(x, -SIZE[1] / 2) for x in (-80.0, -27.0, 27.0, 80.0)]
    return cq.Workplane().pushPoints(places).rect(20, 2.2).extrude(1.2)


def screw_places() -> list[tuple[float, float]]:
    """The same three places as the bosses of the lid."""
    return [(x, REAR - 9.0) for x in (-42.0, 0.0, 42.0)]


def leaf_notches() -> cq.Workplane:
    """Room for the upper hinge leaves, which lie flush with the frame."""
    places = [(-d.HINGE_X, REAR), (d.HINGE_X, REAR)]
    return (
        cq.Workplane()
        .pushPoints(places)
        .rect(d.HINGE_WIDTH + 4 * d.CLEARANCE, 2 * (d.LEAF_DEPTH + 2 * d.CLEARANCE))
        .extrude(THICKNESS)
    )


bezel = plate().union(tongues()).cut(leaf_notches())
bezel = bezel.faces(">Z").workplane(origin=(0, 0, THICKNESS)).pushPoints(screw_places())
bezel = bezel.cskHole(d.SCREW_HOLE, d.SCREW_HEAD, 90)
if CAMERA_HOLE > 0:
    window_edge = d.PANEL_CENTRE_Y - d.PANEL_VIEW[1] / 2 - WINDOW_MARGIN
    camera = cq.Workplane(origin=(0, (window_edge - SIZE[1] / 2) / 2 - 0.4, 0)).circle(CAMERA_HOLE / 2).extrude(THICKNESS)
    bezel = bezel.cut(camera)

if "show_object" in globals():
    show_object(bezel, name="bezel", options={"color": (0.20, 0.22, 0.25)})
