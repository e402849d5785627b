# SPDX-License-Identifier: CERN-OHL-P-2.0
"""Layouts as rows of key widths; one unit is the pitch of a key."""

PITCH = 19.05  # [17:0.05:20] From key to key; MX switches have 19.05, mm

LAYOUTS = {
    "60": [
        [*[1.0] * 13, 2.0],
        [1.5, *[1.0] * 12, 1.5],
        [1.75, *[1.0] * 11, 2.25],
        [2.25, *[1.0] * 10, 2.75],
        [1.25, 1.25, 1.25, 6.25, 1.25, 1.25, 1.25, 1.25],
    ],
    "grid": [[1.0] * 12 for _ in range(4)],
    "pad": [[1.0] * 4, [1.0] * 4, [1.0] * 4, [1.0] * 4, [2.0, 1.0, 1.0]],
}

Key = tuple[float, float, float]  # middle x, middle y in mm from the middle of the keys; width in units


def size(name: str) -> tuple[float, float]:
    """Width and depth of all keys together, mm."""
    rows = LAYOUTS[name]
    return max(sum(row) for row in rows) * PITCH, len(rows) * PITCH


def keys(name: str) -> list[Key]:
    """All keys of a layout, from the upper left to the lower right."""
    width, depth = size(name)
    found = []
    for number, row in enumerate(LAYOUTS[name]):
        x = -width / 2
        for units in row:
            found.append((x + units * PITCH / 2, depth / 2 - (number + 0.5) * PITCH, units))
            x += units * PITCH
    return found


def stabiliser(units: float) -> float:
    """Distance of a stabiliser's stems from the middle of the key, mm; 0 for keys without."""
    if units >= 6:
        return 50.0
    return 11.94 if units >= 2 else 0.0
