# SPDX-License-Identifier: CERN-OHL-P-2.0
"""Keyboard: plate, case and caps, as it stands on the table."""

import cadquery as cq

from case import RIM, TILT, TOP, case
from layout import PITCH, keys
from plate import LAYOUT, THICKNESS, plate

# --- View ---
EXPLODE = 0.0  # [0:2:60] Distance between the parts, mm
CAPS = True  # Key caps

CASE = cq.Color(0.29, 0.38, 0.40)
STEEL = cq.Color(0.72, 0.74, 0.77)
CREAM = cq.Color(0.93, 0.91, 0.86)
GREY = cq.Color(0.66, 0.68, 0.68)
RED = cq.Color(0.82, 0.38, 0.32)


def cap(units: float) -> cq.Workplane:
    """A cap of any width: a frustum with a soft top."""
    width, depth = units * PITCH - 1.0, PITCH - 1.0
    body = cq.Workplane().rect(width, depth).workplane(offset=8.0).rect(width - 5.0, depth - 4.5).loft()
    return body.edges("not(<Z or >Z)").fillet(2.0).faces(">Z").edges().fillet(0.8)


keyboard = cq.Assembly(name="keyboard")
tilt = cq.Location((0, 0, 0), (1, 0, 0), TILT)
keyboard.add(case, name="case", loc=tilt, color=CASE)
seat = TOP - RIM - THICKNESS
keyboard.add(plate, name="plate", loc=tilt * cq.Location((0, 0, seat + EXPLODE)), color=STEEL)
if CAPS:
    made: dict[float, cq.Workplane] = {}
    for number, (x, y, units) in enumerate(keys(LAYOUT), start=1):
        if units not in made:
            made[units] = cap(units)
        colour = RED if number == 1 else CREAM if units == 1 or units > 6 else GREY
        place = cq.Location((x, y, seat + THICKNESS + 6.0 + 2 * EXPLODE))
        keyboard.add(made[units], name=f"key {number}", loc=tilt * place, color=colour)

show_object(keyboard, name="keyboard")
