"""How real designs are written beside the plain script: makers that nobody calls, build123d, editors' habits, text."""

import ast
import math
from pathlib import Path

import pytest
from inside_fixture import build, error, shapes

from opendesign.core import evidence, offered

IMPORT = "import cadquery as cq\n"
MADE = "cq.Workplane().box(10, 20, 30)"
BOX3D = "from build123d import *\n"


def volumes(done) -> list[float]:
    """Returns the volumes of what was made, mm³."""
    return [shape["volume_mm3"] for shape in shapes(done)]


@pytest.mark.parametrize(
    "script",
    [
        f"def make(width=10):\n    return {MADE}",
        f"def lid(*, width=10, **more):\n    return {MADE}",
        f"def main():\n    show_object({MADE})",
        f"def main():\n    cq.exporters.export({MADE}, 'lid.step')",
        f"def raw():\n    return {MADE}\ndef finished():\n    return raw().translate((1, 0, 0))",
        f"def needs(width):\n    return {MADE}\ndef build():\n    return needs(10)",
        f"class Lid:\n    def __init__(self, w=10):\n        self.w = 1\n    def build(self):\n        return {MADE}",
        f"class Lid:\n    def make(self):\n        self.made = 1\n    wrapped = {MADE}.val().wrapped",
        f"def helper(text='x'):\n    return text\ndef part():\n    return [{MADE}]",
        f"import sys\ndef broken():\n    raise ValueError\ndef lid():\n    return {MADE}",
    ],
)
def test_what_a_script_only_offers_is_made(script: str):
    assert volumes(build(IMPORT + script)) == [6000]


def test_each_of_several_makers_is_a_part_of_its_name():
    script = f"{IMPORT}def lid():\n    return {MADE}\ndef base():\n    return cq.Workplane().box(1, 1, 1)"
    found = shapes(build(script))
    assert [(shape["name"], shape["volume_mm3"]) for shape in found] == [("lid", 6000), ("base", 1)]


def test_a_chief_that_shows_nothing_is_not_the_end():
    parts = f"def lid():\n    return {MADE}\ndef base():\n    return cq.Workplane().box(1, 1, 1)\n"
    printed = "def main():\n    print(lid().val().Volume(), base().val().Volume())\n"
    assert volumes(build(IMPORT + parts + printed)) == [6000, 1]
    built = f"def build(width=10):\n    return {MADE}\ndef main():\n    print(build().val().Volume())\n"
    assert volumes(build(f"{IMPORT}{built}if __name__ == '__main__':\n    main()")) == [6000]


@pytest.mark.parametrize("decorator", ["lru_cache", "lru_cache(maxsize=None)", "told"])
def test_a_maker_may_be_decorated(decorator: str):
    told = (
        "def told(make):\n    @wraps(make)\n    def inner(*a, **k):\n        return make(*a, **k)\n    return inner\n"
    )
    script = f"{IMPORT}from functools import *\n{told}@{decorator}\ndef lid(width=10):\n    return {MADE}"
    assert volumes(build(script)) == [6000]


def test_makers_are_not_called_when_something_is_shown():
    script = f"{IMPORT}def main():\n    raise ValueError\nresult = {MADE}"
    assert volumes(build(script)) == [6000]


def test_a_maker_that_fails_is_the_error():
    assert error(build(f"{IMPORT}def make():\n    return cq.nothing")) == ("script", "part.py", 3)


@pytest.mark.parametrize(
    "script",
    [
        "with BuildPart() as lid:\n    Box(10, 20, 30)",
        "with BuildPart() as lid:\n    Box(10, 20, 30)\nshow_object(lid)",
        "with BuildPart() as lid:\n    Box(10, 20, 30)\nfrom ocp_vscode import show\nshow(lid.part)",
        "with BuildSketch() as flat:\n    Rectangle(10, 20)\nlid = extrude(flat.sketch, 30)",
        "lid = Box(10, 20, 30)",
        "lid = Box(10, 20, 31) - Pos(0, 0, 15) * Box(10, 20, 1)",
        "export_step(Box(10, 20, 30), '../out/lid.step')",
        "from build123d.exporters3d import export_stl\nexport_stl(Box(10, 20, 30), 'lid.stl')",
        "mesher = Mesher()\nmesher.add_shape(Box(10, 20, 30))\nmesher.write('out/lid.3mf')",
        "def main():\n    return Box(10, 20, 30)",
        "result = Compound(label='all', children=[Box(10, 20, 30)])",
        "import build123d as bd\nresult = bd.Solid.make_box(10, 20, 30)",
    ],
)
def test_build123d_is_at_home(script: str):
    assert [round(volume, 6) for volume in volumes(build(BOX3D + script))] == [6000]


def test_build123d_keeps_labels_and_colours():
    script = "lid = Box(1, 2, 3)\nlid.label, lid.color = 'lid', Color('red')\nfoot = Pos(9, 0, 0) * Cylinder(1, 1)\n"
    found = shapes(build(f"{BOX3D}{script}foot.label = 'foot'\nresult = Compound(label='case', children=[lid, foot])"))
    assert [shape["name"].rpartition("/")[2] for shape in found] == ["lid", "foot"]
    assert found[0]["colour"][:3] == pytest.approx([1, 0, 0], abs=0.01)


def test_a_drawing_of_build123d_shows_what_was_drawn():
    script = (
        "sketch = ExportSVG(scale=2)\nsketch.add_layer('a')\nsketch.add_shape([Box(1, 2, 3).faces()[0]], layer='a')\n"
    )
    done = build(
        f"{BOX3D}def draw():\n    {script.replace(chr(10), chr(10) + '    ')}sketch.write('no/such/a.svg')\ndraw()"
    )
    assert shapes(done)[0]["faces"] == 1


def test_a_script_may_read_back_what_it_has_exported():
    back = "show_object(cq.importers.importStep('out/a.step').faces('>Z').workplane().hole(2))"
    done = build(f"{IMPORT}cq.exporters.export({MADE}, 'out/a.step')\n{back}", **{"out__a.step": b"an older one"})
    assert volumes(done) == [pytest.approx(6000 - math.pi * 30)]
    assert (
        error(build(f"{IMPORT}cq.importers.importStep('out/a.step')", **{"out__a.step": b"an older one"}))[0]
        == "script"
    )


@pytest.mark.parametrize("size", ["Path('lid.step').stat().st_size", "os.path.getsize('lid.step')"])
def test_what_is_exported_has_its_size(size: str):
    script = f"import os\nfrom pathlib import Path\nlid = {MADE}\ncq.exporters.export(lid, 'lid.step')\n"
    script += f"assert {size} > 1000\nassert os.path.exists('lid.step') and not os.path.exists('base.step')"
    assert volumes(build(IMPORT + script)) == [6000]


def test_tables_may_hold_lists_and_tables():
    done = build(f"{IMPORT}results = {{'a': {MADE}, 'b': [{{'c': {MADE}}}]}}")
    assert volumes(done) == [6000, 6000]
    done = build(f"{IMPORT}endless = [{MADE}]\nendless.append(endless)")
    assert error(done)[0] == "empty"


@pytest.mark.parametrize(
    "script",
    [
        f"if 'show_object' not in globals():\n    def show_object(*a, **k):\n        pass\nshow_object({MADE})",
        f"show_object({MADE})\nexit()",
        f"show_object({MADE})\nquit()",
        f"try:\n    show_object\nexcept NameError:\n    show_object = print\nshow_object({MADE})",
    ],
)
def test_habits_of_editors(script: str):
    assert volumes(build(IMPORT + script)) == [6000]
    assert volumes(build(script)) == [6000]  # CQ-editor gives `cq` to who does not import it


def test_neighbours_in_a_package_are_imported_by_dots():
    script = (
        f"from . import sizes\nfrom .sizes import HEIGHT\n{IMPORT}result = cq.Workplane().box(sizes.WIDTH, 2, HEIGHT)"
    )
    sizes = "WIDTH = 3\nHEIGHT = 4\n"
    assert volumes(build(script, part="src/case/lid.py", src__case__sizes_py=sizes)) == [24]
    assert volumes(build(script, part="my-case/lid.py", **{"my-case/sizes.py": sizes})) == [24]


@pytest.mark.parametrize(
    "write",
    ["open('out/deep/sizes.txt', 'w').write('1')", "import pathlib\npathlib.Path('out/x.txt').write_text('1')"],
)
def test_a_folder_of_which_nothing_can_be_read_can_be_written_to(write: str):
    assert volumes(build(f"{IMPORT}show_object({MADE})\n{write}")) == [6000]
    assert error(build(f"{IMPORT}show_object({MADE})\nopen('out/missing.txt')")) == ("script", "part.py", 3)
    assert error(build(f"{IMPORT}show_object({MADE})\nopen('/etc/nowhere/x', 'w')")) == ("script", "part.py", 3)


def test_the_old_name_of_export_is_understood():
    script = "with open('lid.stl', 'w') as file:\n    cq.exporters.exportShape({}, 'STL', file, 0.1)"
    assert volumes(build(IMPORT + script.format(MADE))) == [6000]


def test_text_is_the_same_whatever_font_a_machine_has():
    script = IMPORT + "show_object(cq.Workplane().text('Hey', 10, 2, font={!r}))"
    arial, dejavu, unknown = (volumes(build(script.format(name)))[0] for name in ("Arial", "DejaVu Sans", "Comic Neue"))
    assert arial == dejavu == unknown > 0
    assert volumes(build(script.format("DejaVu Serif")))[0] != dejavu


def test_what_is_called_in_the_jail_is_what_is_taken_for_a_part_and_its_parameters():
    # The jail imports nothing of ours, so the names stand there once more.
    tree = ast.parse((Path(offered.__file__).parents[1] / "cad" / "inside" / "makers.py").read_text())
    lists = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    assert ast.literal_eval(lists["CHIEF"]) == offered.CHIEF
    assert ast.literal_eval(lists["METHODS"]) == evidence.MAKERS
    assert set(evidence.MEASURES) - {"toPending"} <= measures()


def measures() -> set[str]:
    """Returns what results.py takes for measures of a shape."""
    tree = ast.parse((Path(offered.__file__).parents[1] / "cad" / "inside" / "reading.py").read_text())
    lists = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    return ast.literal_eval(lists["MEASURES"])


@pytest.mark.parametrize(
    "loop",
    [
        "from tqdm import tqdm\nfor size in tqdm([1, 2, 3], desc='sizes'):\n    part = part.union(MADE)",
        "import tqdm.auto\nwith tqdm.auto.tqdm(total=3) as bar:\n    bar.update(1)\n    bar.set_description('half')",
        "from tqdm import *\nassert [*trange(1, 4)] == [1, 2, 3] and len(tqdm([1, 2])) == 2\ntqdm.write('done')",
    ],
)
def test_a_bar_of_progress_goes_through_what_it_is_given(loop: str):
    done = build(f"{IMPORT}part = {MADE}\n{loop.replace('MADE', MADE)}")
    assert volumes(done) == [6000] and done.words in ("", "done\n")
