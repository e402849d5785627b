# SPDX-License-Identifier: CERN-OHL-S-2.0
"""The gear train: what all gears and the carrier must agree on; millimetres and degrees."""

# --- Teeth ---
MODULE = 1.0  # [0.8:0.1:1.5] Size of the teeth: pitch diameter / teeth, mm
SUN_TEETH = 18  # [15:1:24] Teeth of the sun
PLANET_TEETH = 18  # [15:1:24] Teeth of each planet
PLANETS = 4  # [3:1:5] Number of planets
PRESSURE_ANGLE = 20.0  # [17.5:2.5:25] Pressure angle, degrees
BACKLASH = 0.12  # [0.02:0.02:0.3] Play between flanks on the pitch circle, mm
FACE_WIDTH = 10.0  # [6:0.5:14] Width of the planets, mm

# --- Follows from the above ---
RING_TEETH = SUN_TEETH + 2 * PLANET_TEETH
RATIO = 1 + RING_TEETH / SUN_TEETH
ORBIT = MODULE * (SUN_TEETH + PLANET_TEETH) / 2  # radius on which the planets run
RING_ROOT = MODULE * (RING_TEETH + 2.5) / 2
RING_TIP = MODULE * (RING_TEETH - 2) / 2
