"""Units that lead are read."""

import pytest

from opendesign.core.declaration import read_parameters


@pytest.mark.parametrize(
    ("comment", "unit", "help"),
    [
        ("mm, overall length", "mm", "overall length"),
        ("mm - width", "mm", "width"),
        ("mm: width (outside)", "mm", "width (outside)"),
        ("mm – width, of the lid", "mm", "width, of the lid"),
        ("in mm: height", "mm", "height"),
        ("m, height of the tower", "", "m, height of the tower"),
        ("° - tilt", "deg", "tilt"),
        ("[2.5:20] mm, corner", "mm", "corner"),
        ("[2.5, 12, 20] mm, corner", "mm", "corner"),
        ("[2.5, 12, 20] Corner, mm", "mm", "Corner"),
        ("mm, Width in mm", "mm", "Width in mm"),
        ("in, as in the plan", "in", "as in the plan"),
        ("a: first of two", "", "a: first of two"),
        ("A, the first of two", "", "A, the first of two"),
        ("V - shaped groove", "", "V - shaped groove"),
        ("mm wide", "", "mm wide"),
        ("in: what goes in", "", "in: what goes in"),
    ],
)
def test_a_unit_may_stand_first(comment, unit, help):
    (found,) = read_parameters(f"w = 12.0  # {comment}")
    assert (found.unit, found.help) == (unit, help)
