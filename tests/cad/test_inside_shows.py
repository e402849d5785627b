"""Which of a script's variables are shown: all that nothing else is made of, none twice, none left out."""

import pytest
from inside_fixture import build, shapes

CADQUERY = "import cadquery as cq\n"
BASE = CADQUERY + "base = cq.Workplane().box(10, 10, 10)\n"
BOTH = BASE + "lid = cq.Workplane().box(10, 10, 1).translate((0, 0, 20))\n"
BUILD123D = "from build123d import *\n"
BOXES = BUILD123D + "base = Box(10, 10, 10)\nlid = Pos(0, 0, 20) * Box(10, 10, 1)\n"
TWO = ["base", "lid"]


def names(script: str) -> list[str]:
    """Returns the names of what a script shows."""
    return [shape["name"] for shape in shapes(build(script))]


def volumes(script: str) -> list[float]:
    """Returns the volumes of what a script shows, mm³."""
    return [round(shape["volume_mm3"] or 0, 3) for shape in shapes(build(script))]


@pytest.mark.parametrize(
    "look",
    [
        "volume = base.val().Volume()",
        "box = base.val().BoundingBox()\nprint(f'{box.xlen:.1f} wide')",
        "if not base.val().isValid():\n    raise SystemExit('broken')",
        "if base is None:\n    raise ValueError(base)",
        "import logging\nlogging.getLogger('x').info('volume %s', base)",
        "assert check(base)",
        "text = f'{check(base)}'",
        "weight = check(base) * 1.2",
        "parts = [cq.Workplane().box(1, 1, 1)]\nparts.append(base)\nlid = base = None\nbase, lid = BASE, LID",
        "top = base.faces('>Z')\nprint(top.val().Area())",
        "edges = base.edges('|Z').vals()",
        "cq.exporters.export(base, 'base.svg')",
        "gap = base.val().distance(lid.val())",
    ],
)
def test_a_look_at_a_part_does_not_hide_it(look: str):
    if "BASE" in look:
        look = "BASE, LID = base, lid\n" + look
        assert names(BOTH + look)[-2:] == TWO
        return
    assert names(f"def check(part):\n    return part.val().Volume()\n{BOTH}{look}") == TWO


@pytest.mark.parametrize(
    "look",
    [
        "mass = base.volume * 7.8e-3",
        "assert base.volume > 0",
        "base.label, base.color = 'base', Color('red')",
        "top = base.faces().sort_by(Axis.Z)[-1]\nrims = top.edges()",
        "span = base.bounding_box().size.X",
        "middle = base.center()",
    ],
)
def test_a_look_at_a_part_of_build123d_does_not_hide_it(look: str):
    assert sorted(names(BOXES + look)) == TWO


def test_what_is_made_of_a_face_that_was_picked_uses_the_part():
    script = BASE + "top = base.faces('>Z')\nboss = top.workplane().circle(2).extrude(5)"
    assert names(script) == ["boss"]
    assert names(BASE + "side = base.faces('>Z').workplane().center(1, 0)\nlid = side.hole(2)") == ["lid"]


def test_what_a_builder_has_taken_in_is_no_part_of_its_own():
    script = (
        f"{BUILD123D}with BuildPart() as foot:\n    block = Box(10, 10, 10)\n"
        "    with BuildSketch(foot.faces().sort_by(Axis.Z)[-1]) as round:\n        Circle(3)\n    extrude(amount=5)\n"
    )
    assert names(script) == ["foot"]
    more = "density = foot.part.volume * 2\nwith BuildPart() as pin:\n    Cylinder(3, 10)"
    assert names(script + more) == ["foot", "pin"]


def test_lists_and_tables_are_shown_with_what_stands_beside_them():
    legs = "legs = []\nfor x in (20, 40):\n    leg = cq.Workplane().box(1, 1, x).translate((x, 0, 0))\n"
    assert volumes(CADQUERY + legs + "    legs.append(leg)") == [20, 40]
    assert volumes(BASE + legs + "    legs += [leg]") == [1000, 20, 40]
    assert names(BOTH + "parts = {'top': lid, 'bottom': base}") == ["top", "bottom"]
    listing = "for name, part in parts.items():\n    print(name, part.val().Volume())"
    assert len(names(BASE + "parts = {'lid': cq.Workplane().box(1, 1, 1)}\n" + listing)) == 2
    assert names(BASE + "holes = [cq.Workplane().box(1, 1, 9)]\nfor hole in holes:\n    base = base.cut(hole)") == [
        "base"
    ]


def test_a_list_of_names_and_shapes_is_shown_under_these_names():
    pairs = "[('top', cq.Workplane().box(10, 10, 1)), ('bottom', cq.Workplane().box(1, 1, 5))]"
    assert names(f"{CADQUERY}parts = {pairs}") == names(f"{CADQUERY}show_object({pairs})") == ["top", "bottom"]


@pytest.mark.parametrize("short", ["r", "res"])
def test_a_short_name_is_the_result_only_when_nothing_is_made_of_it(short: str):
    made = f"{CADQUERY}{short} = cq.Workplane().box(10, 10, 10)\n"
    assert names(f"{made}flange = {short}.translate((5, 0, 0))") == ["flange"]
    assert volumes(f"{made}other = cq.Workplane().box(1, 1, 1)\nprint({short}.val().Volume())") == [1000]
    assert volumes(f"{made}other = {short}.translate((5, 0, 0))\nresult = other.cut({short})") == [500]


@pytest.mark.parametrize(
    "script",
    [
        "match 1:\n    case 1:\n        part = cq.Workplane().box(10, 10, 10)",
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    part = cq.Workplane().box(10, 10, 10)",
        "def main():\n    global part\n    part = cq.Workplane().box(10, 10, 10)\nmain()",
        "globals()['part'] = cq.Workplane().box(10, 10, 10)",
        "%matplotlib inline\npart = cq.Workplane().box(10, 10, 10)",
        "if True:\n    part = cq.Workplane()\n    part = (\n        part\n        .box(10, 10, 10)\n    )",
    ],
)
def test_a_shape_is_found_wherever_it_is_given_its_name(script: str):
    assert (names(CADQUERY + script), volumes(CADQUERY + script)) == (["part"], [1000])


def test_an_imported_shape_is_not_the_script_s_own():
    script = f"{CADQUERY}from stock import BLOCK\ndef main():\n    return BLOCK.translate((1, 0, 0)).cut(BLOCK)"
    assert shapes(build(script, stock_py=BASE + "BLOCK = base"))[0]["volume_mm3"] == pytest.approx(100)


def test_an_assembly_that_is_exported_with_its_members_is_shown_once():
    members = BOTH + "".join(f"cq.exporters.export({name}, '{name}.stl')\n" for name in TWO)
    whole = "all = cq.Assembly(name='all').add(base, name='low').add(lid, name='top', loc=cq.Location((0, 0, 5)))\n"
    assert names(f"{members}{whole}all.save('all.step')") == ["all/low", "all/top"]
    more = "cq.exporters.export(cq.Workplane().box(1, 1, 1), 'foot.stl')"
    assert names(f"{members}{whole}all.save('all.step')\n{more}") == [*TWO, "all/low", "all/top", "foot"]
    opened = "two = cq.Assembly(name='two').add(base, name='low').add(lid, name='top', loc=cq.Location((0, 0, 50)))\n"
    assert len(names(f"{BOTH}{whole}{opened}all.save('all.step')\ntwo.save('two.step')")) == 4
    exports = "export_stl(base, 'base.stl')\nexport_step(Compound(label='all', children=[base, lid]), 'all.step')"
    assert len(names(f"{BOXES}{exports}")) == 2
