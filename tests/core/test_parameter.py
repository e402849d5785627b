"""Parameters are read from real styles of script, checked and compared."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.declaration import read_parameters
from opendesign.core.errors import Invalid
from opendesign.core.parameter import (
    Parameter,
    changed,
    check_values,
    suggested_range,
)

CASE = '''\
#!/usr/bin/env python3
# -*- coding: utf-8 -*-
# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Laptop case; lengths in millimetres."""

import cadquery as cq

# --- Outside ---
WIDTH = 244.0  # [236:1:380] Width of the closed case, mm
height: float = 19  # Height (mm)
tilt = -12.5  # degrees
count = 4  # [1:8] Number of screws
SIZE = "medium"  # [small, medium, large] Which board fits
pitch = 3  # [2, 2.5, 3] Pitch of the thread

# ==========
# Board
# ==========
BOARD = (85.0, 56)  # [20:200] Outline, mm
# Distance between the holes,
# measured on the board
HOLES = [58, -49.5]
lid_open = True  # noqa: F841
Label = 'Ada'  # Text on the lid

_hidden = 3
__version__ = "1.0"
AREA = WIDTH * height
again = 1
again = 2
late = 1
for late in range(3):
    inner = 5


def make(depth=3):
    global tilted
    tilted = 2
    local = 7


tilted = 1
wall, floor = 2.4, 2  # Thickness in mm
'''


def by_name(source: str) -> dict[str, Parameter]:
    return {each.name: each for each in read_parameters(source, "case.py")}


def test_the_settable_constants_of_a_script_are_found_in_order():
    assert list(by_name(CASE)) == [
        *("WIDTH", "height", "tilt", "count", "SIZE", "pitch", "BOARD", "HOLES", "lid_open", "Label"),
        *("AREA", "wall", "floor"),
    ]


def test_types_ranges_units_help_groups_and_lines_are_read():
    found = by_name(CASE)
    assert found["WIDTH"] == Parameter(
        *("WIDTH", "number", 244.0, 236, 380, 1, (), "mm"),
        help="Width of the closed case",
        group="Outside",
        path="case.py",
        line=9,
    )
    assert (found["height"].type, found["height"].default, found["height"].unit) == ("number", 19, "mm")
    assert (found["tilt"].default, found["tilt"].unit, found["tilt"].help) == (-12.5, "deg", "")
    assert (found["count"].type, found["count"].minimum, found["count"].maximum) == ("integer", 1, 8)
    assert (found["SIZE"].type, found["SIZE"].choices) == ("choice", ("small", "medium", "large"))
    assert found["pitch"].choices == (2, 2.5, 3) and found["pitch"].help == "Pitch of the thread"
    assert (found["BOARD"].type, found["BOARD"].default) == ("numbers", (85.0, 56))
    assert (found["BOARD"].minimum, found["BOARD"].group) == (20, "Board")
    assert found["HOLES"].default == (58, -49.5)
    assert found["HOLES"].help == "Distance between the holes, measured on the board"
    assert (found["lid_open"].type, found["lid_open"].help) == ("boolean", "")
    assert (found["Label"].type, found["Label"].help) == ("text", "Text on the lid")
    assert (found["wall"].unit, found["floor"].unit, found["floor"].help) == ("mm", "mm", "Thickness")


@pytest.mark.parametrize(
    ("comment", "bounds"),
    [
        ("[10:0.5:200] Width", (10, 200, 0.5)),
        ("[10:200:0.5] Width", (10, 200, 0.5)),
        ("[10:200] Width", (10, 200, None)),
        ("Width [10 : 200]", (10, 200, None)),
        ("[10..200] Width", (10, 200, None)),
        ("[-10:5:20] Width", (-10, 20, 5)),
        ("[-20:20:0.1] Width", (-20, 20, 0.1)),
        ("[20:80:1] Width", (12.0, 80, 1)),  # a range that leaves out the default is widened to it
        ("[200:10] Width", (None, None, None)),
        ("[10:500:20] Width", (10, 500, 20)),
        ("[README] Width", (None, None, None)),
    ],
)
def test_the_step_of_a_range_may_stand_in_the_middle_or_last(comment, bounds):
    found = by_name(f"w = 12.0  # {comment}")["w"]
    assert (found.minimum, found.maximum, found.step) == bounds
    assert found.help == ("[README] Width" if "README" in comment else "Width")


@pytest.mark.parametrize(
    ("comment", "unit", "help"),
    [
        ("Width, mm", "mm", "Width"),
        ("Width (mm), outside", "mm", "Width, outside"),
        ("Width [mm]", "mm", "Width"),
        ("mm", "mm", ""),
        ("in mm", "mm", ""),
        ("Width in millimetres", "mm", "Width"),
        ("Angle, deg", "deg", "Angle"),
        ("Angle in degrees of the lid", "deg", "Angle of the lid"),
        ("Length (in)", "in", "Length"),
        ("Opening angle °", "deg", "Opening angle"),
        ("Holes for screw(s)", "", "Holes for screw(s)"),
        ("what goes in", "", "what goes in"),
        ("as for a nozzle of 0.4 mm", "", "as for a nozzle of 0.4 mm"),
        ("Width µm", "µm", "Width"),
    ],
)
def test_units_are_taken_from_comments(comment, unit, help):
    found = by_name(f"w = 12.0  # {comment}")["w"]
    assert (found.unit, found.help) == (unit, help)


def test_headings_and_commented_code_are_no_help():
    source = "# %% Cell\na = 1\n# width = 3\nb = 2\n# === Bolts ===\nc = 3\n# /* [Nuts] */\nd = 4\n\n# Loose\n\ne = 5\n"
    found = by_name(source)
    assert [each.group for each in found.values()] == ["Cell", "Cell", "Bolts", "Nuts", "Nuts"]
    assert [each.help for each in found.values()] == [""] * 5


@pytest.mark.parametrize(
    ("source", "type"),
    [
        ("count = 4", "integer"),
        ("teeth = 20  # [8:60]", "integer"),
        ("walls = 3", "integer"),
        ("n = 80  # mm", "number"),
        ("n: float = 80", "number"),
        ("n = 80  # [10:0.5:100]", "number"),
        ("outerWidth = 80", "number"),
        ("WALL_THICK = 3", "number"),
        ("hole_dia = 3", "number"),
        ("n_height = 3  # rows of holes", "integer"),
        ("NUM_WALL = 3", "integer"),
        ("nb_gap: int = 3", "integer"),
        ("wall_count = 2", "integer"),
        ("COUNT_OF_WIDTHS = 2", "integer"),
        ("fillet_segments = 8", "integer"),
        ("radiusSteps = 8", "integer"),
        ("height_teeth = 8  # [5:50]", "integer"),
        ("pitch_rows = 3", "integer"),
        ("wall = 3\nfor n in range(wall): pass", "integer"),
        ("wall = 3\nfor n in range(1, 2 * wall + 1): pass", "integer"),
        ("class P:\n    wall = 3\nfor n in range(P.wall): pass", "integer"),
        ("class P:\n    def __init__(self, wall=3):\n        list(range(self.wall))\nP()", "integer"),
        ("P = {'wall': 3}\nfor n in range(P['wall']): pass", "integer"),
        ("hole_width = 3\nfor n in range(int(hole_width)): pass", "number"),
        ("row_height = 3", "number"),
        ("steps_height = 3", "number"),
        ("tooth_count: float = 3", "number"),
        ("wall_steps = 3  # mm", "number"),
        ("discount_width = 3", "number"),
    ],
)
def test_a_whole_number_that_is_a_measure_takes_fractions(source, type):
    assert read_parameters(source)[0].type == type


def test_units_and_coding_lines_are_no_parameters_and_no_groups():
    found = read_parameters("# -*- coding: utf-8 -*-\na = 1\nMM = 1\ninch = 25.4\n")
    assert [(each.name, each.group) for each in found] == [("a", "")]


def test_describe_parameter_gives_help_and_unit():
    found = by_name('a = 1.0  # [0:5]\nb = 2\ndescribe_parameter(a, "Depth, mm")\ndescribe_parameter("b", "Count")')
    assert (found["a"].help, found["a"].unit, found["a"].maximum) == ("Depth", "mm", 5)
    assert found["b"].help == "Count"


def test_bom_crlf_magics_and_odd_line_ends_do_not_disturb():
    source = "\ufeff%matplotlib inline\r\n!pip install x\r\né = 2.5  # Größe, mm\rb = 1; c = 2 # two\n\x0cd = 3\n"
    found = by_name(source)
    assert {name: each.default for name, each in found.items()} == {"é": 2.5, "b": 1, "c": 2, "d": 3}
    assert (found["é"].help, found["é"].line, found["c"].help, found["b"].help) == ("Größe", 3, "two", "")


@pytest.mark.parametrize("source", ["a = (", "print 'x'", "a = 1\0", "x = '\ud800'", "-" * 100_000 + "1"])
def test_what_is_not_python_is_refused_with_its_line(source):
    with pytest.raises(Invalid) as refused:
        read_parameters(source)
    assert refused.value.errors[0]["line"] >= 1 and refused.value.errors[0]["message"]


def test_unfit_constants_are_no_parameters():
    long = "x" * 201
    source = f'a = 1e400\nb = "two\\nlines"\nc = "{long}"\nd = 1j\ne = None\nf = b"x"\ng = []\nh = f"x"\ni = [[1]]'
    assert read_parameters(source) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("w = 10.0", (0, 40, 0.1)),
        ("w = 10", (0, 40, 1)),
        ("w = -7.0", (-30, 0, 0.05)),
        ("w = 0.0", (-10, 10, 0.05)),
        ("w = 45  # deg", (0, 360, 0.5)),
        ("w = 2.4  # [1.6:0.4:4]", (1.6, 4, 0.4)),
        ("w = 20.5  # [10:200]", (10, 200, 0.1)),
        ("w = (3, -4)", (-20, 0, 0.05)),
    ],
)
def test_sliders_have_round_ranges(source, expected):
    assert suggested_range(read_parameters(source)[0]) == expected


@given(st.floats(-1e9, 1e9) | st.integers(-(10**9), 10**9))
def test_every_slider_holds_its_default(default):
    low, high, step = suggested_range(Parameter("w", "number", default))
    assert low <= default <= high and step > 0 and math.isfinite((high - low) / step)


def test_values_are_typed_from_json_and_from_a_query():
    found = read_parameters(CASE)
    asked = {"WIDTH": "250", "count": 3.0, "SIZE": "large", "pitch": "2.5", "BOARD": "90, 60.5", "lid_open": "off"}
    assert check_values(found, asked) == {
        **{"WIDTH": 250, "count": 3, "SIZE": "large", "pitch": 2.5, "BOARD": (90, 60.5), "lid_open": False}
    }
    assert check_values(found, {"WIDTH": 250.0000000001, "HOLES": [1, 2]}) == {"WIDTH": 250, "HOLES": (1, 2)}


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        *(("WIDTH", raw) for raw in ("NaN", "inf", float("nan"), float("inf"), 10**400, "1_000", "1;2", "")),
        *(("WIDTH", raw) for raw in (True, None, [], {}, "２５０", 100, "381", "1e999")),
        *(("count", raw) for raw in (2.5, "2.5", 9, True)),
        *(("SIZE", raw) for raw in ("huge", 1, None)),
        *(("lid_open", raw) for raw in ("maybe", 2, 0.5, None)),
        *(("Label", raw) for raw in ("x" * 201, "a\nb", "a\0b", "\u202eb", "\ud800", 3)),
        *(("BOARD", raw) for raw in ([1], [1, 2, 3], [30, "NaN"], [30, 201], "x,y", 5)),
        *(("nothing", raw) for raw in (1, "os.system('x')")),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name(name, raw):
    with pytest.raises(Invalid) as refused:
        check_values(read_parameters(CASE), {name: raw, "height": 20})
    assert [error["name"] for error in refused.value.errors] == [name]
    assert name in refused.value.message


def test_every_wrong_value_is_named():
    with pytest.raises(Invalid) as refused:
        check_values(read_parameters(CASE), {"WIDTH": "x", "count": 99, "foo": 1})
    assert {error["name"] for error in refused.value.errors} == {"WIDTH", "count", "foo"}


def test_changes_between_revisions_are_named():
    before = read_parameters("a = 1.0\nb = 2  # mm\nc = True\nd = 4", "p.py")
    after = read_parameters("a = 1.0\nb = 3  # mm\nc = 1\ne = 5", "p.py")
    assert [(c.name, c.before, c.after, c.unit, c.status) for c in changed(before, after)] == [
        ("b", 2, 3, "mm", "changed"),
        ("c", True, 1, "", "changed"),
        ("e", None, 5, "", "added"),
        ("d", 4, None, "", "removed"),
    ]
