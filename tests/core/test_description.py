"""Units that lead and docstrings in every style are read."""

import pytest

from opendesign.core.declaration import read_parameters

DOCSTRINGS = '''\
class Box:
    """A box.

    Args:
        w: outer width, mm
        h (float): height of it, mm
        d: told by the class
    """

    def __init__(self, w=10.0, h=5.0, d=2.0):
        """Makes it.

        Args:
            d: depth, mm
        """


def rib(t=1.0, n=2, corner="round", *, tilt=5.0, away=3.0, last=1.0):
    """A rib.

    Parameters
    ----------
    t : float
        Thickness of the rib in mm
    n : int, optional
        How many
        of them.

        Not fewer.
    corner : {"round", "sharp"}
        How the corner is
    tilt, away: float
        Both, deg
    last : float

    Returns
    -------
    away : Workplane
        The rib
    """


Box()
rib()
'''


def test_docstrings_are_read_in_the_styles_of_google_and_numpy():
    told = {each.name: (each.help, each.unit) for each in read_parameters(DOCSTRINGS)}
    assert told == {
        **{"Box.w": ("outer width", "mm"), "Box.h": ("height of it", "mm"), "Box.d": ("depth", "mm")},
        **{"rib.t": ("Thickness of the rib", "mm"), "rib.n": ("How many of them.", "")},
        **{"rib.corner": ("How the corner is", ""), "rib.last": ("", "")},
        **{"rib.tilt": ("Both", "deg"), "rib.away": ("Both", "deg")},
    }


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
