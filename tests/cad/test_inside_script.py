"""How scripts are run: what counts as their result, and where their errors are."""

import pytest
from inside_fixture import build, error, performed, shapes

IMPORT = "import cadquery as cq\n"
BOX = IMPORT + "box = cq.Workplane().box(10, 20, 30)\n"


def volumes(done) -> list[float]:
    """Returns the volumes of what was made, mm³."""
    return [shape["volume_mm3"] for shape in shapes(done)]


@pytest.mark.parametrize(
    "ending",
    [
        "show_object(box)",
        "show_object(box, 'lid')",
        "show_object(box, name='lid', options={'color': (200, 10, 10), 'alpha': 0.5})",
        "show_object([box])",
        "result = box",
        "r = box",
        "",
        "print(box.val().Volume())",
        "part: cq.Workplane = box.translate((1, 0, 0))",
        "cq.exporters.export(box, 'out/lid.step')",
        "from cadquery import exporters\nexporters.export(box, '../../lid.stl', tolerance=0.01)",
        "box.val().exportStl('lid.stl')",
        "cq.Assembly(box, name='a').save('lid.step')",
        "cq.Assembly(box, name='a').export('/nowhere/lid.step')",
        "from ocp_vscode import *\nset_port(3939)\nshow(box)",
        "from ocp_vscode import show, Camera\nshow(box, names=['x'], reset_camera=Camera.KEEP)",
        "from cadquery.vis import show\nshow(box)",
        "from jupyter_cadquery.viewer.client import show\nshow(box)",
        "import cq_server.ui as ui\nui.show_object(box)",
        "if __name__ == '__main__':\n    show_object(box)",
        "if __name__ == '__cq_main__':\n    show_object(box)",
        "if __name__ == '__cqgi__':\n    show_object(box)",
        "if 'show_object' in globals() or True:\n    show_object(box)",
        "%matplotlib inline\nshow_object(box)",
        "show_object(box)\nimport sys\nsys.exit()",
        "log('here')\ndebug(cq.Workplane().sphere(50))\nshow_object(box, options={'color': rand_color()})",
        "describe_parameter('x')\nshow_object(box.val())",
    ],
)
def test_every_way_to_show_a_box(ending: str):
    assert volumes(build(BOX + ending)) == [6000]


def test_what_is_shown_counts_more_than_what_is_exported_or_left_over():
    script = BOX + "ball = cq.Workplane().sphere(1)\ncq.exporters.export(ball, 'b.step')\nshow_object(box)"
    assert volumes(build(script)) == [6000]


def test_variables_used_for_others_are_no_results():
    script = BOX + "hole = cq.Workplane().box(1, 20, 1)\nlid = box.cut(hole)\nfoot = cq.Workplane().box(1, 1, 1)"
    found = shapes(build(script))
    assert [(shape["name"], shape["volume_mm3"]) for shape in found] == [("lid", 5980), ("foot", 1)]


def test_an_export_is_captured_as_it_was_at_that_moment():
    script = IMPORT + "a = cq.Assembly(name='a').add(cq.Workplane().box(1, 1, 1), name='x')\na.save('early.step')\n"
    done = build(script + "a.add(cq.Workplane().box(2, 2, 2), name='y')")
    assert volumes(done) == [1]


def test_names_come_from_the_script_and_are_unique():
    done = build(BOX + "show_object(box)\nshow_object(box.translate((50, 0, 0)))", part="case/lid.py")
    assert [shape["name"] for shape in shapes(done)] == ["lid", "lid-2"]


def test_names_of_one_show_never_leak_into_the_next():
    done = build(BOX + "show_object(box, name='a')\nshow_object(box.translate((50, 0, 0)))", part="lid.py")
    assert [shape["name"] for shape in shapes(done)] == ["a", "lid"]


def test_modules_beside_above_and_at_the_root_are_found():
    script = "from sizes import width\nimport shared.wall\nfrom deep import depth\n" + BOX
    script += "show_object(cq.Workplane().box(width, shared.wall.thickness, depth))"
    done = build(
        script,
        part="case/lid.py",
        case__sizes_py="width = 2",
        shared__wall_py="thickness = 3\nshow_object",
        src__deep_py="depth = 4",
    )
    assert volumes(done) == [24]


def test_modules_of_the_design_never_shadow_real_ones():
    wrong = "raise RuntimeError('shadowed')"
    names = {f"{name}_py": wrong for name in ("cadquery", "types", "json", "select", "numpy", "tomllib")}
    assert volumes(build("import json, types, select, numpy, tomllib\n" + BOX, **names)) == [6000]


def test_a_module_that_shows_counts_only_when_the_script_does_not():
    module = BOX + "show_object(box)"
    assert volumes(build("import other\n", other_py=module)) == [6000]
    assert volumes(build(f"import other\n{IMPORT}show_object(cq.Workplane().box(1, 1, 1))", other_py=module)) == [1]


def test_the_script_runs_in_its_folder_or_at_the_root():
    read = "size = float(open({}).read())\n" + IMPORT + "result = cq.Workplane().box(size, size, size)"
    assert volumes(build(read.format("'size.txt'"), part="a/b.py", **{"a__size.txt": "2"})) == [8]
    assert volumes(build(read.format("'a/size.txt'"), part="a/b.py", **{"a__size.txt": "3"})) == [27]
    beside = "import pathlib\nsize = float((pathlib.Path(__file__).parent / 'size.txt').read_text())\n"
    script = beside + IMPORT + "result = cq.Workplane().box(size, 1, 1)"
    assert volumes(build(script, part="a/b.py", **{"a__size.txt": "5"})) == [5]


def test_dataclasses_and_future_annotations_work():
    script = "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    script += "@dataclass\nclass Size:\n    x: float = 2\n"
    assert volumes(build(script + IMPORT + "result = cq.Workplane().box(Size().x, 1, 1)")) == [2]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("x = 1\nif x\n    pass", ("syntax", "part.py", 2)),
        ("x = '\0'", ("syntax", "part.py", 1)),
        ("x = 1\n\nprint(nothing)", ("script", "part.py", 3)),
        ("def f():\n    return 1 / 0\n\nf()", ("script", "part.py", 2)),
        ("import sys\nsys.exit(3)", ("script", "part.py", 2)),
        ("import nothing_of_that_name", ("script", "part.py", 1)),
        (BOX + "box.edges().fillet(40)", ("geometry", "part.py", 3)),
        ("def f():\n    return f()\nf()", ("script", "part.py", 2)),
        ("raise MemoryError", ("memory", "part.py", 1)),
        ("raise BaseException('x')", ("script", "part.py", 1)),
        ("x = 1", ("empty", "part.py", None)),
        ("show_object(None)", ("empty", "part.py", None)),
        (
            "import cadquery as cq\nresult = cq.Workplane().box(1,1,1).cut(cq.Workplane().box(2,2,2))",
            ("empty", None, None),
        ),
    ],
)
def test_errors_say_where(script: str, expected: tuple):
    assert error(build(script)) == expected


def test_errors_in_modules_are_in_the_module():
    assert error(build("import other", other_py="\n\n1 / 0")) == ("script", "other.py", 3)
    assert error(build("import other", other_py="x = (\n")) == ("syntax", "other.py", 1)


def test_an_error_is_a_short_sentence():
    message = build("raise ValueError('the wall\\nis too thin' + 'x' * 2000)").result["error"]["message"]
    assert message.startswith("ValueError: the wall is too thin") and len(message) < 600


def test_a_missing_part_is_said():
    assert build("", part="a.py").result["error"]["kind"] == "empty"


def test_what_is_printed_is_kept():
    assert build(BOX + "print('wall is', 2)\nlog('and more')").words == "wall is 2\nand more\n"


def test_a_thousand_shapes_and_no_more():
    many = "for i in range({}):\n    show_object(box.val().moved(cq.Location((20 * i, 0, 0))))"
    assert error(build(BOX + many.format(1001)))[0] == "output"
    assert len(shapes(build(BOX + many.format(1000)))) == 1000


def test_a_script_may_name_its_encoding():
    script = (
        "# coding: latin-1\nimport cadquery as cq\nimport part_names\nname = 'Größe'\nassert part_names.N == name\n"
    )
    script += "show_object(cq.Workplane().box(1, 2, 3), name=name)"
    files = {"a.py": script.encode("latin-1"), "part_names.py": "# coding: cp1252\nN = 'Größe'".encode("cp1252")}
    assert shapes(performed({"kind": "build", "part": "a.py", "formats": []}, files))[0]["name"] == "Größe"


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


def test_a_script_that_git_lfs_keeps_is_called_a_pointer():
    alone, imported = build(POINTER), build("import lid\nresult = lid.BOX", lid_py=POINTER)
    for done, file in ((alone, "part.py"), (imported, "lid.py")):
        assert error(done) == ("syntax", file, 1)
        assert done.result["error"]["message"].startswith(f"{file} is a pointer of Git LFS")


@pytest.mark.parametrize("selector", [">Zz", "|Q", "%foo", ">Z and", "not (|Z", "#Z[a]"])
def test_a_selector_that_is_none_is_named_and_no_grammar_printed(selector: str):
    done = build(
        f"import cadquery as cq\nbox = cq.Workplane().box(1, 2, 3)\nresult = box.faces({selector!r}).shell(0.1)"
    )
    assert error(done) == ("script", "part.py", 3)
    message = done.result["error"]["message"]
    assert message.startswith(f"“{selector}” is no selector of CadQuery: ") and len(message) < 160


def test_another_grammar_of_a_script_keeps_its_own_words():
    done = build("import pyparsing\npyparsing.Word('a').parse_string('b')")
    assert error(done) == ("script", "part.py", 2)
    assert done.result["error"]["message"].startswith("ParseException: Expected")
