# SPDX-License-Identifier: {licence}
"""What the parts must agree on; millimetres."""

SCREW = 5.0  # [3:0.5:8] Screw that both turn on, mm
CLEARANCE = 0.3  # [0.1:0.05:0.6] Air between the parts, mm
FORK = 10.0  # [6:0.5:20] Inner width of the fork, mm
EYE = 9.0  # [7:0.5:12] Radius around the screw, mm
AXIS = 40.0  # [25:1:80] Height of the screw above the table, mm
