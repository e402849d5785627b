# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Gearbox: all parts; the first slider turns the motor and the carrier follows."""

import cadquery as cq

import bought as b
import housing as h
import train as t
from cap import BEARING, BEARING_WIDTH, cap
from carrier import ABOVE, PIN, POST_CIRCLE, SHAFT, around, lower, upper
from motor_plate import HOLE_PITCH, plate
from planet import BUSHING, planet
from ring import ring
from sun import sun

# --- View ---
MOTOR_ANGLE = 0.0  # [0:5:360] Turn of the motor, degrees
EXPLODE = 0.0  # [0:2:40] Distance between the slices, mm
HOUSING = "open"  # [closed, open, none] How much of the housing is shown

INK = cq.Color(0.25, 0.32, 0.39)
SLATE = cq.Color(0.36, 0.45, 0.53)
SAGE = cq.Color(0.55, 0.68, 0.62)
AMBER = cq.Color(0.93, 0.76, 0.42)
RUST = cq.Color(0.83, 0.48, 0.27)
BRASS = cq.Color(0.80, 0.66, 0.36)
STEEL = cq.Color(0.72, 0.74, 0.76)
BLACK = cq.Color(0.16, 0.17, 0.19)

CARRIER_ANGLE = MOTOR_ANGLE / t.RATIO


def at(z: float, steps: float = 0.0, x: float = 0.0, y: float = 0.0, turn: float = 0.0) -> cq.Location:
    """A place above the motor's face, moved up by steps of the exploded view."""
    return cq.Location((x, y, z + steps * EXPLODE), (0, 0, 1), turn)


def housing_parts(box: cq.Assembly) -> None:
    """Adds motor, plate, ring, cap and their screws."""
    box.add(b.motor(), name="motor", loc=at(0, -0.5), color=BLACK)
    box.add(b.motor_shaft(), name="motor shaft", loc=at(0, -0.5, turn=MOTOR_ANGLE), color=STEEL)
    box.add(plate, name="motor plate", loc=at(0), color=INK)
    flat = b.flat_screw(8)
    for i, (x, y) in enumerate((x, y) for x in (-1, 1) for y in (-1, 1)):
        place = at(h.PLATE, 0.3, x * HOLE_PITCH / 2, y * HOLE_PITCH / 2)
        box.add(flat, name=f"motor screw {i + 1}", loc=place, color=STEEL)
    if HOUSING == "none":
        return
    box.add(ring, name="ring gear", loc=at(h.PLATE, 1), color=SLATE)
    if HOUSING == "closed":
        box.add(cap, name="output cap", loc=at(h.PLATE + h.HEIGHT, 4), color=INK)
        long = b.socket_screw(h.PLATE + h.HEIGHT + 3)
        for i, (x, y) in enumerate(h.screw_places()):
            place = at(h.PLATE + h.HEIGHT + h.CAP - 3.2, 5, x, y)
            box.add(long, name=f"long screw {i + 1}", loc=place, color=STEEL)


def planets(box: cq.Assembly, floor: float) -> None:
    """Adds the planets with bushing and pin, each turned so that its teeth mesh."""
    bushing = b.tube(BUSHING, PIN, t.FACE_WIDTH)
    pin = cq.Workplane().circle(PIN / 2).extrude(ABOVE + h.UPPER_DISC - 1.0)
    share = t.SUN_TEETH / t.PLANET_TEETH
    facing = 180 / t.PLANET_TEETH if t.PLANET_TEETH % 2 == 0 else 0.0
    for i in range(t.PLANETS):
        angle = 360 * i / t.PLANETS + CARRIER_ANGLE
        centre = at(0, turn=angle) * cq.Location((t.ORBIT, 0, 0))
        turn = facing + angle * share - MOTOR_ANGLE * share
        spin = cq.Location((0, 0, 0), (0, 0, 1), turn)
        gear = at(floor + h.LOWER_DISC + h.GAP, 2)
        box.add(planet, name=f"planet {i + 1}", loc=gear * centre * spin, color=AMBER)
        box.add(bushing, name=f"bushing {i + 1}", loc=gear * centre, color=BRASS)
        box.add(pin, name=f"pin {i + 1}", loc=at(floor, 1.5) * centre, color=STEEL)


def moving_parts(box: cq.Assembly) -> None:
    """Adds sun, planets and carrier."""
    floor = h.PLATE + 0.5
    box.add(sun, name="sun", loc=at(floor + h.LOWER_DISC + 0.2, 2, turn=MOTOR_ANGLE), color=RUST)
    box.add(lower, name="carrier, lower disc", loc=at(floor, 1, turn=CARRIER_ANGLE), color=SAGE)
    planets(box, floor)
    if HOUSING == "open":
        return
    box.add(upper, name="carrier, upper disc", loc=at(floor + ABOVE, 3, turn=CARRIER_ANGLE), color=SAGE)
    screw = b.flat_screw(12)
    for i, (x, y) in enumerate(around(POST_CIRCLE, 0.5)):
        top = at(floor + ABOVE + h.UPPER_DISC, 3.4, turn=CARRIER_ANGLE)
        box.add(screw, name=f"carrier screw {i + 1}", loc=top * cq.Location((x, y, 0)), color=STEEL)
    seat = at(h.PLATE + h.HEIGHT, 3.7)
    box.add(b.bearing(BEARING, SHAFT, BEARING_WIDTH), name="bearing 6802", loc=seat, color=STEEL)


gearbox = cq.Assembly(name="planetary gearbox")
housing_parts(gearbox)
moving_parts(gearbox)

show_object(gearbox, name="planetary gearbox")
