# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Stand-ins for the parts that are bought."""

import cadquery as cq


def socket_screw(length: float) -> cq.Workplane:
    """ISO 4762 M3, the head's underside at z = 0."""
    head = cq.Workplane().circle(2.75).extrude(3.0).faces(">Z").edges().chamfer(0.3)
    head = head.cut(cq.Workplane(origin=(0, 0, 1.5)).polygon(6, 2.9).extrude(2))
    return head.union(cq.Workplane().circle(1.5).extrude(-length))


def flat_screw(length: float) -> cq.Workplane:
    """ISO 10642 M3, the flat of its head at z = 0."""
    cone = cq.Workplane(obj=cq.Solid.makeCone(1.5, 2.8, 1.3, cq.Vector(0, 0, -1.3)))
    cone = cone.cut(cq.Workplane(origin=(0, 0, -1.1)).polygon(6, 2.3).extrude(2))
    return cone.union(cq.Workplane().circle(1.5).extrude(-length))


def tube(outer: float, inner: float, length: float) -> cq.Workplane:
    """A bushing."""
    return cq.Workplane().circle(outer / 2).circle(inner / 2).extrude(length)


def bearing(outer: float, inner: float, width: float) -> cq.Workplane:
    """A ball bearing with its shield a little sunk."""
    third = (outer - inner) / 6
    body = tube(outer, inner, width)
    shield = tube(outer - 2 * third, inner + 2 * third, 0.4)
    return body.cut(shield).cut(shield.translate((0, 0, width - 0.4)))


def motor() -> cq.Workplane:
    """The front end of a NEMA 17 motor without its shaft; the face at z = 0."""
    body = cq.Workplane().rect(42.3, 42.3).extrude(-34).edges("|Z").chamfer(4)
    body = body.union(cq.Workplane().circle(11).extrude(2))
    threads = cq.Workplane().rarray(31, 31, 2, 2).circle(1.55).extrude(-4.5)
    return body.cut(threads).cut(cq.Workplane().circle(2.6).extrude(4))


def motor_shaft() -> cq.Workplane:
    """Its shaft of 5 mm with a flat of 0.5 mm."""
    shaft = cq.Workplane().circle(2.5).extrude(20).faces(">Z").edges().chamfer(0.4)
    return shaft.cut(cq.Workplane(origin=(0, 4.5, 2)).rect(8, 5).extrude(19))
