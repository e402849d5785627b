"""Parts are told from modules by evidence, and share the parameters of what they import."""

import pytest

from opendesign.core.declaration import read_parameters
from opendesign.core.errors import Invalid
from opendesign.core.part import apply_values, find_parts, part_parameters

CQ = "import cadquery as cq\n"
BOX = "cq.Workplane().box(1, 2, 3)"


def paths(sources: dict[str, str], manifest: str | None = None) -> list[str]:
    return [part.path for part in find_parts(sources, manifest)]


PARTS = {
    "show_object": f"{CQ}show_object({BOX})",
    "guarded show": f"{CQ}box = {BOX}\nif 'show_object' in globals():\n    show_object(box)",
    "main": f"{CQ}def main():\n    cq.exporters.export({BOX}, 'a.stl')\nif __name__ == '__main__':\n    main()",
    "debug": f"{CQ}debug({BOX})",
    "viewer": f"{CQ}from ocp_vscode import *\nshow({BOX})",
    "viewer module": f"{CQ}import ocp_vscode as o\no.show({BOX})",
    "vis": f"{CQ}from cadquery.vis import show\nshow({BOX})",
    "save": f"{CQ}a = cq.Assembly()\na.save('x.step')",
    "method export": f"{CQ}{BOX}.export('a.stl')",
    "result": f"{CQ}result = {BOX}",
    "result of a function": f"{CQ}def make():\n    return {BOX}\nresult = make()",
    "r": f"{CQ}r = {BOX}",
    "left over": f"{CQ}base = {BOX}\nbase = base.faces('>Z').shell(1)",
    "left over with a helper": f"{CQ}def make(w):\n    return {BOX}\nlid = make(3)",
    "from import": "from cadquery import Workplane\nlid = Workplane().box(1, 1, 1)",
    "imported model": f"{CQ}model = cq.importers.importStep('x.step')",
    "build123d": "from build123d import *\nwith BuildPart() as lid:\n    Box(1, 2, 3)",
    "build123d algebra": "from build123d import *\nlid = Box(1, 2, 3) - Cylinder(1, 3)",
    "build123d export": "from build123d import Box, export_step\nexport_step(Box(1, 2, 3), 'a.step')",
    "magics": f"%load_ext x\n{CQ}show_object({BOX})",
    "a fit test": f"{CQ}show_object({BOX})  # prints a test piece",
    "no import": "show_object(make())",
    "broken": f"{CQ}show_object({BOX}",
    "a function that makes it": f"{CQ}def make(width=3, *, depth=2):\n    return {BOX}",
    "a class that makes it": (
        f"{CQ}class Lid:\n    def __init__(self, w=1):\n        self.w = w\n    def build(self):\n        return {BOX}"
    ),
    "used only by its own functions": f"{CQ}BLANK = {BOX}\ndef make():\n    return BLANK.shell(1)",
    "looked at": f"{CQ}box = {BOX}\nprint(box.faces('>Z').val().normalAt())",
    "a table": f"{CQ}pieces = {{'a': {BOX}, 'b': [{BOX}]}}",
    "a list that grows": f"{CQ}pieces = []\nfor n in range(3):\n    pieces.append({BOX})",
    "results": f"{CQ}results = [make(n) for n in range(3)]\ndef make(n):\n    return {BOX}",
    "in a loop": f"{CQ}for n in range(3):\n    show_object({BOX})",
    "unpacked from a function": f"{CQ}def make(w):\n    return {BOX}, {BOX}\nbase, lid = make(10)",
    "unpacked": "from build123d import *\nbase, [lid, _] = Pos(1, 2, 3) * Box(1, 2, 3), (Box(1, 2, 3), 4)",
    "a class that exports itself": (
        f"{CQ}class Lid:\n    def __init__(self, w):\n        self.w = w\n    def write(self, path):\n"
        f"        cq.exporters.export({BOX}, path)\ndef main():\n    lid = Lid(3)\n    lid.write('a.step')\nmain()"
    ),
    "a class that exports as it is made": (
        f"{CQ}class Lid:\n    def __init__(self, w):\n        self.write(w)\n    def write(self, w):\n"
        f"        {BOX}.export('a.stl')\nLID = Lid(3)"
    ),
    "a class that is an assembly": f"{CQ}class Lid(cq.Assembly):\n    pass\nfront, rear = Lid(1), Lid(2)",
    "entries of a table": f"{CQ}pieces = {{}}\nfor n in range(3):\n    pieces[n] = {BOX}",
    "added to a list": f"{CQ}pieces = []\npieces += [{BOX}]",
    "free functions": "from cadquery.func import *\nlid = box(20, 20, 10) - cylinder(8, 30)",
    "free functions of shapes": "from cadquery.occ_impl.shapes import *\nlid = extrude(face(rect(1, 2)), (0, 0, 5))",
    "free functions by name": "from cadquery.func import box, cut\nlid = cut(box(2, 2, 2), box(1, 1, 9))",
    "build123d's operations": "from build123d import *\nlid = extrude(sketch, amount=3)",
    "global in a function": f"{CQ}def main():\n    global lid\n    lid = {BOX}\nif __name__ == '__main__':\n    main()",
    "global and empty at first": f"{CQ}lid = None\ndef make():\n    global lid\n    lid = {BOX}\nmake()",
    "match": f"{CQ}match STYLE:\n    case 'round':\n        lid = {BOX}\n    case _:\n        lid = None",
}
MODULES = {
    "functions": f"{CQ}def make(width):\n    show_object({BOX})\n    return {BOX}",
    "sizes": f"{CQ}WIDTH = 3\nSLATE = cq.Color(1, 0, 0)\nAT = cq.Location((0, 0, 1))",
    "measure": f"{CQ}volume = {BOX}.val().Volume()",
    "radius": f"{CQ}import math\nr = math.sqrt(2)",
    "no engine": "result = compute()\nprint(result)",
    "plugin": f"{CQ}def hexes(self):\n    return self\ncq.Workplane.hexes = hexes",
    "plot": f"{CQ}import matplotlib.pyplot as plt\nplt.show()",
    "tests": f"{CQ}import pytest\ndef test_box():\n    result = {BOX}\n    assert result",
    "not python, no engine": "print 'hello'",
    "logger": f"{CQ}import logging\nlogging.debug('x')",
    "unpacked measures": f"{CQ}WIDTH, AT = 3, cq.Vector(1, 2, 3)\nx, y, z = {BOX}.val().Center().toTuple()",
    "a table of sizes": f"{CQ}SIZES = {{}}\nSIZES['M3'] = 3.2\nCOLOURS = {{}}\nCOLOURS['lid'] = cq.Color('red')",
    "free functions that make no shape": "from cadquery.func import *\ndeep = max(3, 4)\nAT = Location((0, 0, 1))",
    "a class that nobody asks to export": (
        f"{CQ}class Lid:\n    def __init__(self, w):\n        self.w = w\n    def write(self, path):\n"
        f"        cq.exporters.export({BOX}, path)\ndef owrite():\n    pass\nLID = Lid(3)\nLID.write\nowrite()"
    ),
    "a function that nobody calls": f"{CQ}lid = None\ndef make(w):\n    global lid\n    lid = {BOX}",
    "match of sizes": f"{CQ}match STYLE:\n    case 'wide':\n        WIDTH = 3\n    case _:\n        WIDTH = 2",
}


@pytest.mark.parametrize("name", PARTS)
def test_a_script_that_shows_something_is_a_part(name):
    assert paths({"some.py": PARTS[name]}) == ["some.py"]


@pytest.mark.parametrize("name", MODULES)
def test_a_script_that_only_defines_is_no_part(name):
    assert paths({"some.py": MODULES[name]}) == []


RUNNER = """
from cadquery import cqgi, exporters
class Writer:
    def write(self, shapes):
        exporters.export(shapes[0], "out.step")
def run(path):
    Writer().write([each.shape for each in cqgi.parse(open(path).read()).build().results])
if __name__ == "__main__":
    run("other.py")
"""


def test_a_program_that_runs_the_scripts_of_others_is_no_part():
    assert paths({"runner.py": RUNNER}) == []
    assert paths({"runner.py": RUNNER.replace("cqgi, ", "")}) == ["runner.py"]  # whoever exports their own is one


def test_set_up_and_test_files_are_no_parts():
    shows = PARTS["show_object"]
    names = ("setup.py", "conftest.py", "sub/noxfile.py", ".venv/lib/x.py", "docs/conf.py")
    assert paths({**dict.fromkeys(names, shows), "tests/test_lid.py": f"import pytest\n{shows}"}) == []
    assert paths({"test_fit.py": shows}) == ["test_fit.py"]


def test_what_others_import_is_a_part_only_when_it_shows():
    sources = {
        "assembly.py": "from base import base\nfrom lid import lid\nfrom pin import result\nshow_object(base)",
        "base.py": f"{CQ}base = {BOX}",
        "lid.py": f"{CQ}lid = {BOX}\nshow_object(lid)",
        "pin.py": f"{CQ}result = {BOX}",
        "broken.py": f"{CQ}def make(:",
        "uses_broken.py": "import broken\nshow_object(broken.make())",
    }
    assert paths(sources) == ["assembly.py", "lid.py", "pin.py", "uses_broken.py"]


def test_shapes_that_come_through_a_module_of_the_design_count():
    sources = {
        "lib/shapes.py": f"{CQ}def box():\n    return {BOX}",
        "lid.py": "from lib.shapes import box\nlid = box()",
    }
    assert paths(sources) == ["lid.py"]


def test_the_manifest_makes_parts_and_names_them():
    sources = {"lid.py": f"{CQ}lid = {BOX}", "odd.py": "import tricks\ntricks.run()", "x.py": ""}
    manifest = '[[part]]\nname = "Top  lid"\nsource = "./lid.py"\n[[part]]\nsource = ["odd.py", "gone.py"]\n'
    assert [(part.path, part.title) for part in find_parts(sources, manifest)] == [
        ("lid.py", "Top lid"),
        ("odd.py", "Odd"),
    ]
    for broken in ("= [", "part = 3", "[[part]]\nsource = 3", "[part]\nname = 1"):
        assert paths(sources, broken) == ["lid.py"]


@pytest.mark.parametrize(
    ("path", "docstring", "title", "summary"),
    [
        ("base.py", "Base tray: carries the board.", "Base tray", "carries the board."),
        ("base.py", "Base tray.\n\nCarries the\nboard.", "Base tray", "Carries the board."),
        ("top-lid_2.py", "", "Top lid 2", ""),
        ("lid/__init__.py", "", "Lid", ""),
        ("base.py", "word " * 30, "Base", ("word " * 30).strip()),
        ("base.py", "name: base.py\nby: Ada", "Base", "name: base.py"),
    ],
)
def test_title_and_summary_come_from_the_docstring(path, docstring, title, summary):
    head = f'"""{docstring}"""\n' if docstring else ""
    (part,) = find_parts({path: head + PARTS["show_object"]})
    assert (part.title, part.summary, part.engine) == (title, summary, "cadquery")


def test_the_engine_is_the_one_imported():
    found = find_parts({"a.py": PARTS["build123d"], "b.py": PARTS["result"], "c.py": "import build123d as b\nb.x("})
    assert [part.engine for part in found] == ["build123d", "cadquery", "build123d"]


DESIGN = {
    "lid.py": f"import sizes as d\nfrom extra import more\n{CQ}DEPTH = 5.0\nWALL = 9.0\nshow_object(d.WIDTH + more)",
    "sizes.py": '"""Shared sizes: all parts."""\n\nWIDTH = 10.0  # [5:20] mm\nWALL = 2.0\nUNUSED = 1.0\n'
    "# --- Bolts ---\nBOLT = 3.0\nHOLE = BOLT + WIDTH\n",
    "extra.py": "more = 1\nGROWTH = 2\nmore_still = GROWTH",
    "broken.py": "x = (",
}


def test_a_part_has_its_own_parameters_then_those_of_its_modules():
    found = part_parameters("lid.py", DESIGN)
    assert [(each.name, each.path, each.group) for each in found] == [
        ("DEPTH", "lid.py", ""),
        ("WALL", "lid.py", ""),
        ("WIDTH", "sizes.py", "Shared sizes"),
        ("BOLT", "sizes.py", "Bolts"),
        ("more", "extra.py", "Extra"),
        ("GROWTH", "extra.py", "Extra"),
    ]


def test_values_are_set_where_their_constants_stand():
    changed = apply_values("lid.py", DESIGN, {"WIDTH": 12, "WALL": 8, "more": 1})
    assert sorted(changed) == ["lid.py", "sizes.py"]
    assert "WALL = 8.0\n" in changed["lid.py"] and "WIDTH = 12.0  # [5:20] mm\nWALL = 2.0" in changed["sizes.py"]
    assert apply_values("lid.py", DESIGN, {"WIDTH": 10.0}) == {}
    with pytest.raises(Invalid) as refused:
        apply_values("lid.py", DESIGN, {"WIDTH": 99, "HOLE": 3})
    assert [error["name"] for error in refused.value.errors] == ["HOLE", "WIDTH"]


def test_broken_sources_are_said_with_their_path():
    with pytest.raises(Invalid) as refused:
        part_parameters("broken.py", DESIGN)
    assert refused.value.errors[0]["path"] == "broken.py" and refused.value.errors[0]["line"] == 1
    sources = {"lid.py": "import broken\nW = 1\nshow_object(broken.x)", "broken.py": "x = ("}
    assert [each.name for each in part_parameters("lid.py", sources)] == ["W"]
    assert part_parameters("gone.py", sources) == []


def test_at_most_two_hundred_parameters_are_offered():
    source = "\n".join(f"a{n} = {n}" for n in range(900))
    assert len(part_parameters("a.py", {"a.py": source})) == 200
    assert len(read_parameters(source)) == 500
