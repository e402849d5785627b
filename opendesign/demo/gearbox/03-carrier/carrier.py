# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Planet carrier: an upper disc with the output shaft, a lower one, posts between them."""

from math import cos, pi, sin

import cadquery as cq

import housing as h
import train as t

# --- Shaft ---
SHAFT = 15.0  # [12:0.5:15] Output shaft: the bore of a 6802 bearing, mm
SHAFT_LENGTH = 18.0  # [12:1:40] From the upper disc, mm
FLAT = 1.5  # [0:0.5:3] Depth of the two flats at its end, mm

# --- Planets ---
PIN = 4.0  # [3:0.05:5] Steel pins the planets turn on, mm
POST_DIAMETER = 6.0  # [5:0.2:7] Posts between the planets, mm
POST_HOLE = 2.6  # [2.2:0.1:3] Core hole for an M3 screw, mm

DISC = t.RING_TIP - 0.8
POST_CIRCLE = DISC - POST_DIAMETER / 2 - 0.2
ABOVE = h.LOWER_DISC + 2 * h.GAP + t.FACE_WIDTH  # underside of the upper disc


def around(radius: float, shift: float = 0.0) -> list[tuple[float, float]]:
    """One place for each planet, turned by a part of their pitch."""
    angles = [2 * pi * (i + shift) / t.PLANETS for i in range(t.PLANETS)]
    return [(radius * cos(a), radius * sin(a)) for a in angles]


def lower_disc() -> cq.Workplane:
    """The disc on the motor's side with the posts on it."""
    disc = cq.Workplane().circle(DISC).circle(7.0).extrude(h.LOWER_DISC)
    posts = cq.Workplane().pushPoints(around(POST_CIRCLE, 0.5)).circle(POST_DIAMETER / 2).extrude(ABOVE)
    cores = cq.Workplane().pushPoints(around(POST_CIRCLE, 0.5)).circle(POST_HOLE / 2).extrude(ABOVE)
    pins = cq.Workplane().pushPoints(around(t.ORBIT)).circle(PIN / 2).extrude(h.LOWER_DISC)
    return disc.union(posts).cut(cores).cut(pins)


def upper_disc() -> cq.Workplane:
    """The disc on the output side with the shaft, modelled lying on its lower face."""
    disc = cq.Workplane().circle(DISC).extrude(h.UPPER_DISC).faces(">Z").workplane()
    disc = disc.pushPoints(around(POST_CIRCLE, 0.5)).cskHole(3.3, 5.6, 90)
    shoulder = cq.Workplane(origin=(0, 0, h.UPPER_DISC)).circle(SHAFT / 2 + 1.5).extrude(0.5)
    end = h.UPPER_DISC + SHAFT_LENGTH
    shaft = cq.Workplane().circle(SHAFT / 2).extrude(end).faces(">Z").edges().chamfer(0.8)
    if FLAT > 0:
        sides = cq.Workplane(origin=(0, 0, end - 8)).pushPoints([(SHAFT - FLAT, 0), (FLAT - SHAFT, 0)])
        shaft = shaft.cut(sides.rect(SHAFT, 2 * SHAFT).extrude(8))
    disc = disc.union(shoulder).union(shaft)
    disc = disc.cut(cq.Workplane().pushPoints(around(t.ORBIT)).circle(PIN / 2).extrude(h.UPPER_DISC - 0.8))
    return disc.cut(cq.Workplane().circle(4.0).extrude(end))  # room for the motor's shaft, and lighter


lower = lower_disc()
upper = upper_disc()

if "show_object" in globals():
    show_object(lower, name="lower disc", options={"color": (0.55, 0.68, 0.62)})
    show_object(
        upper.translate((0, 0, ABOVE)), name="upper disc", options={"color": (0.42, 0.58, 0.52)}
    )
