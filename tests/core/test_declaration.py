"""Parameters are found wherever real scripts keep them, and only where setting them counts."""

import time

import pytest

from opendesign.core.declaration import imported_parameters, read_parameters
from opendesign.core.errors import Invalid
from opendesign.core.parameter import Parameter, changed, check_values, worked_out
from opendesign.core.part import apply_values, part_parameters

SCRIPT = '''\
from dataclasses import dataclass, field
from enum import Enum
from types import SimpleNamespace
from typing import Annotated, Literal, NamedTuple

Style = Literal["flat", "round"]


class Size(Enum):
    SMALL = "Small board"
    LARGE = 2


@dataclass(frozen=True)
class Case:
    """The case.

    Attributes:
        lip (float): Lip of the lid, mm
    """

    # --- Outside ---
    width: float = 80  # [10:0.5:200] Width of the case, mm
    # Depth, mm
    depth: float = field(default=40.0)
    lip: float = 3
    # /* [Lid] */
    style: Style = "flat"
    size: Size = Size.SMALL  # Which board fits
    marks: list[str] = field(default_factory=lambda: ["x", 'y'])
    wall: Annotated[float, "Wall, mm"] = 3
    screws: int = 4
    """Screws, each side"""
    _own: float = 1


class Grip(NamedTuple):
    gap: float = 0.2  # Gap, mm


class Sizes:
    RATIO = 0.5  # Height by width
    changed = 1


Sizes.changed = 2
TRAY = {
    "rows": 3,  # [1:9] Rows of cells
    # Cell, mm
    "cell": 20.5,
    "unused": 1,
}
CLIP = SimpleNamespace(pitch=5, mark="front")
SCREWS = {"M3": 3.2, "M4": 4.3}


def make_box(width: float = 80, *, height=20, screw="M3", inner=None):
    """Makes it.

    Args:
        width: Outer width, mm
        height (float): Height
    """
    return hole(SCREWS[screw], inner)


def hole(diameter=3, inner=1, *, deep=10.0):
    return diameter


def unused(depth=3):
    return depth


def _private(depth=3):
    return depth


class Box:
    def __init__(self, width=10, wall=2.0):
        self.length = 33  # Length, mm
        self.wall = wall
        self.moved = 1

    def lid(self, overlap=1.5):
        self.moved = 2
        return self.length + overlap

    def never(self, depth=1):
        return depth


case = Case(width=90, depth=Sizes.RATIO * 3)
box = Box(12)
box.lid()
area = case.width * TRAY["rows"] + TRAY["cell"]
_private()
if __name__ == "__main__":
    tilt = -7.5  # Tilt, deg
    result = make_box(height=25)
'''


def found(source: str) -> dict[str, Parameter]:
    return {each.name: each for each in read_parameters(source, "case.py")}


def test_fields_arguments_entries_and_attributes_are_found_where_they_count():
    assert {name: each.default for name, each in found(SCRIPT).items()} == {
        **{"Case.width": 90, "Case.lip": 3, "Case.style": "flat", "Case.size": "SMALL", "Case.marks": ("x", "y")},
        **{"Case.wall": 3, "Case.screws": 4, "Grip.gap": 0.2, "Sizes.RATIO": 0.5},
        **{"TRAY.rows": 3, "TRAY.cell": 20.5, "CLIP.pitch": 5, "CLIP.mark": "front"},
        **{"make_box.width": 80, "make_box.height": 25, "make_box.screw": "M3", "hole.deep": 10.0},
        **{"Box.width": 12, "Box.wall": 2.0, "Box.length": 33, "Box.lid.overlap": 1.5},
        **{"area": 90 * 3 + 20.5, "tilt": -7.5},
    }


def test_what_is_said_about_them_is_found_around_them():
    told = found(SCRIPT)
    width = told["Case.width"]
    assert (width.minimum, width.maximum, width.step, width.unit, width.line) == (10, 200, 0.5, "mm", 93)
    assert (width.help, width.group) == ("Width of the case", "Outside")
    assert (told["Case.lip"].help, told["Case.lip"].unit) == ("Lip of the lid", "mm")
    assert told["Case.style"].choices == ("flat", "round") and told["Case.style"].group == "Lid"
    size = told["Case.size"]
    assert (size.choices, size.labels, size.help) == (("SMALL", "LARGE"), ("Small board", "LARGE"), "Which board fits")
    assert (told["Case.wall"].unit, told["Case.wall"].help) == ("mm", "Wall")
    assert told["Case.screws"].help == "Screws, each side" and told["Case.marks"].resizable
    assert (told["TRAY.rows"].maximum, told["TRAY.cell"].help, told["TRAY.cell"].group) == (9, "Cell", "TRAY")
    assert (told["make_box.width"].help, told["make_box.height"].group) == ("Outer width", "make_box")
    assert (told["Box.length"].help, told["Box.lid.overlap"].group) == ("Length", "Box.lid")
    assert (told["area"].derived, told["area"].expression) == (True, "Case.width * TRAY.rows + TRAY.cell")


def test_only_what_counts_when_imported_is_a_modules():
    names = [each.name for each in imported_parameters(SCRIPT)]
    assert "Case.width" in names and "TRAY.rows" in names
    assert not {"tilt", "make_box.width", "hole.deep"} & {*names}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(a=1): pass\nf(*x)", []),
        ("def f(a=1, b=2): pass\nf(**x)", []),
        ("def f(a=1, b=2): pass\nf(3)", ["f.b", "f.a"]),
        ("def f(a=1): pass\nf(n)\nf(3)", []),
        ("def f(a=1, b=2): pass\nf(3)\nf()", ["f.b"]),
        ("def f(a, b=2): pass\nf(3)\nf(4)", []),
        ("def f(a, b=2): pass\nf(3)", ["f.b"]),
        ("class A:\n    def __init__(self, a=1): pass\nA(3)\nA()", []),
        ("def f(a=1): pass\ndef f(a=1): pass\nf()", []),
        ("def f(a): pass\nf(3)", []),
        ("def f(a: float): pass\nf(a=3)", ["f.a"]),
        ("def main():\n    g()\ndef g(a=1): pass\nif __name__ == '__main__':\n    main()", ["g.a"]),
        ("D = {'a': 1}\nfor k in D: pass", []),
        ("D = {'a': 1}\nx = D[k]", []),
        ("D = {'a': 1, 'b': 2}\nx = D['a'] * 2", ["D.a", "x"]),
        ("D = {'a': 1, 'b c': 2, 3: 4}\nf(**D)", ["D.a"]),
        ("D = {'a': 1, 'a': 2}", []),
        ("D = {'a': {'b': 1}}", []),
        ("class A:\n    a = 1\n    a = 2\n    b = 3", ["A.b"]),
        ("class A(Exception):\n    a = 1", []),
        ("from enum import Enum\nclass A(Enum):\n    a = 1\nx = A.a\ny = A.b", ["x"]),
        ("class A:\n    def __init__(self):\n        self.a = 1\n        if x:\n            self.b = 2", ["A.a"]),
        (
            "@dataclass\nclass A:\n    a: int\n    b: int = 1\n@dataclass\nclass B(A):\n    c: int = 2\nB(1, 2, 3)",
            ["A.b", "B.c"],
        ),
        ("# /* [Hidden] */\na = 1\n# --- Shown ---\nb = 2", ["b"]),
        ("w = 1\nw2 = w * 2\nw3 = cq.Workplane(w)\nw4 = f(w)\nw5 = 3 * 4", ["w", "w2"]),
    ],
)  # fmt: skip
def test_what_does_not_count_is_no_parameter(source, names):
    assert list(found(source)) == names


@pytest.mark.parametrize(
    ("comment", "default", "expected"),
    [
        ("[20] Width, mm", 5.0, (None, 20, None, "Width")),
        ("[1] a footnote", 5.0, (None, None, None, "a footnote")),
        (".5", 5.5, (None, None, 0.5, "")),
        ("[0:0.5:20]", 5.5, (0, 20, 0.5, "")),
    ],
)
def test_openscads_shorter_ranges_are_read(comment, default, expected):
    one = found(f"w = {default}  # {comment}")["w"]
    assert (one.minimum, one.maximum, one.step, one.help) == expected


def test_choices_have_labels():
    told = found("lid = 0  # [0:Off, 1: On top ,2] Lid\nname = 'a'  # [a, b:Bold]\nm = 2.5  # [2, 2.5]")
    assert (told["lid"].choices, told["lid"].labels) == ((0, 1, 2), ("Off", "On top", "2"))
    assert (told["name"].choices, told["name"].labels) == (("a", "b"), ("a", "Bold"))
    assert told["m"].labels == () and check_values([told["lid"]], {"lid": "1"}) == {"lid": 1}


def test_derived_values_follow_and_cannot_be_set():
    parameters = read_parameters("w = 10.0\nh = w / 4\nup = -h if w > 5 else 0\nwide = w > 5\nlost = w + q\n")
    assert [each.default for each in parameters[1:]] == [2.5, -2.5, True, None]
    assert [each.default for each in worked_out(parameters, {"w": 4})[1:]] == [1.0, 0, False, None]
    with pytest.raises(Invalid, match="h cannot be set: it follows from w / 4"):
        check_values(parameters, {"h": 3})
    after = read_parameters("w = 12.0\nh = w / 4\nup = -h\nwide = w > 5\n")
    assert [each.name for each in changed(parameters, after)] == ["w", "up", "lost"]


def test_what_follows_from_a_module_is_worked_out_by_the_part():
    sources = {
        "lid.py": "import sizes as s\nfrom sizes import WALL\nouter = s.WIDTH + 2 * WALL\nf(outer, s.Tray.rows)",
        "sizes.py": "class Tray:\n    rows = 3\nWIDTH = 50.0  # mm\nWALL = 2\nunused = 7\nodd = math.pi * other",
    }
    parameters = {each.name: each for each in part_parameters("lid.py", sources)}
    assert {name: each.default for name, each in parameters.items()} == {
        "outer": 54.0, "Tray.rows": 3, "WIDTH": 50.0, "WALL": 2,
    }  # fmt: skip
    assert apply_values("lid.py", sources, {"Tray.rows": 4}) == {
        "sizes.py": sources["sizes.py"].replace("rows = 3", "rows = 4")
    }


@pytest.mark.parametrize("name", ["xs", "D.xs", "A.xs", "f.xs"])
def test_a_list_may_grow_unless_its_length_counts(name):
    source = "xs = [1, 2]\nD = {'xs': [1, 2]}\nclass A:\n    xs = [1, 2]\ndef f(xs=[1, 2]): pass\nf()\n"
    assert found(source)[name].resizable
    assert not found(source + "x, y = xs\nD['xs'][0]\nx, y = A.xs\n")[name].resizable
    assert not found(source.replace("[1, 2]", "(1, 2)"))[name].resizable


@pytest.mark.parametrize(
    "source",
    [
        "a = 1\nb = " + "(" * 80 + "a" + ")" * 80,
        "a = 1\nb = " + "-" * 500 + "a",
        "a = 1\nb = " + " + ".join(["a"] * 400),
        "a = 3\nb = 9 ** 9 ** 9 ** 9 * a\nc = 'x' * 10 ** 9 * a\nd = [a] * 10 ** 9",
        "class A:\n" + "".join(f"    a{number} = 1\n" for number in range(5000)),
        "D = {" + ",".join(f"'a{number}': 1" for number in range(5000)) + "}",
        "x0 = 1\n" + "\n".join(f"x{number + 1} = x{number} * 2" for number in range(2000)),
        "\n".join(f"def f{number}(a=1): f{number + 1}()" for number in range(2000)) + "\nf0()",
    ],
)
def test_a_hostile_script_takes_no_longer_than_its_length(source):
    began = time.process_time()
    assert 0 < len(read_parameters(source)) <= 500
    assert time.process_time() - began < 20


def test_a_field_that_the_importing_script_gives_is_no_parameter_of_the_part():
    sources = {
        "lid.py": "from sizes import Sizes\nsizes = Sizes(width=90)\nshow_object(f(sizes.width, sizes.depth))",
        "sizes.py": "@dataclass\nclass Sizes:\n    width: float = 80\n    depth: float = 40",
    }
    assert [each.name for each in part_parameters("lid.py", sources)] == ["Sizes.depth"]


CQ = "import cadquery as cq\n"
FOOT = "def foot(w: float = 5, n=3):\n    return cq.Workplane().box(w, n, 1)\n"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (FOOT, ["foot.w", "foot.n"]),
        (FOOT + "result = foot(2)\n", ["foot.n", "foot.w"]),
        (FOOT + "def main(k=2.0):\n    return foot(n=k)\n", ["foot.w", "main.k"]),
        (FOOT + "def other(k=2.0):\n    return cq.Workplane().box(k, k, k)\nresult = other()\n", ["other.k"]),
        ("class Foot:\n    def __init__(self, w=5.0): self.w = w\n    def make(self):\n        return 1", ["Foot.w"]),
        ("class Foot:\n    def __init__(self, w): self.w = w\n    def make(self, q=1):\n        return 1\n", []),
        ("def lid(q=1.0):\n    return cq.Workplane()\n" + FOOT, ["lid.q"]),
    ],
)  # fmt: skip
def test_what_is_called_because_nothing_is_shown_has_its_arguments(source, names):
    assert [each.name for each in read_parameters(CQ + source, "lid.py")] == names
    assert [each.name for each in imported_parameters(CQ + FOOT, "lid.py")] == []


def test_arguments_of_what_is_called_because_nothing_is_shown_can_be_set():
    sources = {"lid.py": CQ + FOOT}
    assert apply_values("lid.py", sources, {"foot.w": 7}) == {"lid.py": CQ + FOOT.replace("= 5", "= 7")}
