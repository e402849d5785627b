"""Scripts that read a file which they have themselves exported a moment ago."""

import math

import pytest
from inside_fixture import build, error, shapes

IMPORT = "import cadquery as cq\nbox = cq.Workplane().box(10, 20, 30)\n"
IMPORT3D = "from build123d import *\n"
SKETCH = "cq.Workplane().rect(10, 20)"


@pytest.mark.parametrize(
    "script",
    [
        f"cq.exporters.export({SKETCH}, 'a.dxf')\n"
        "result = cq.importers.importDXF('a.dxf').wires().toPending().extrude(3)",
        f"cq.exporters.exportDXF({SKETCH}, 'out/a.dxf')\n"
        "result = cq.importers.importDXF('out/a.dxf').wires().toPending().extrude(3)",
        f"{SKETCH}.export('a.dxf')\nfrom pathlib import Path\n"
        "Path('b.dxf').write_bytes(Path('a.dxf').read_bytes())\n"
        "result = cq.importers.importDXF('b.dxf').wires().toPending().extrude(3)",
        "cq.exporters.export(cq.Workplane().box(10, 20, 3), 'a.brep')\nresult = cq.importers.importBrep('a.brep')",
        "cq.Workplane().box(10, 20, 3).val().exportBrep('a.brep')\nresult = cq.Shape.importBrep('a.brep')",
    ],
)
def test_what_was_exported_is_read_back(script: str):
    assert [shape["volume_mm3"] for shape in shapes(build(IMPORT + script))] == [pytest.approx(600)]


@pytest.mark.parametrize(
    "write",
    [
        "cq.exporters.export(box, 'a.svg', opt={'showAxes': False})",
        "cq.exporters.export(box, fname='a.svg')",
        "box.exportSvg('a.svg')",
        "import os\nos.makedirs('x')\nbox.export('a.svg')\nos.chdir('x')\nos.chdir('..')",
    ],
)
def test_what_a_picture_says_is_there_to_be_read(write: str):
    read = "text = open('a.svg').read()\nprint(text)\nassert '<svg' in text and '<path' in text\nresult = box"
    done = build(f"{IMPORT}{write}\n{read}", **{"a.svg": "an older one"})
    assert [shape["volume_mm3"] for shape in shapes(done)] == [pytest.approx(6000)]
    assert "an older one" not in done.words


def test_what_a_script_writes_over_an_export_stays():
    script = (
        "box.export('a.svg')\nopen('a.svg', 'w').write('mine')\nassert open('a.svg').read() == 'mine'\nresult = box"
    )
    assert len(shapes(build(IMPORT + script))) == 1


def test_of_two_exports_the_later_is_read():
    script = (
        "cq.Workplane().rect(1, 1).export('a.dxf')\ncq.Workplane().circle(2).export('a.dxf')\n"
        "result = cq.importers.importDXF('a.dxf').wires().toPending().extrude(1)"
    )
    assert shapes(build(IMPORT + script))[0]["volume_mm3"] == pytest.approx(4 * math.pi)


@pytest.mark.parametrize(
    "script",
    [
        "svg = ExportSVG(scale=1)\nsvg.add_shape(Rectangle(10, 20))\nsvg.write('a.svg')\n"
        "result = extrude(make_face(import_svg('a.svg').edges()), 3)",
        "dxf = ExportDXF()\ndxf.add_shape(Rectangle(10, 20))\ndxf.write('a.dxf')\nimport ezdxf\n"
        "assert len(list(ezdxf.readfile('a.dxf').modelspace()))\nresult = Box(10, 20, 3)",
        "export_step(Box(10, 20, 3), 'a.step')\nresult = import_step('a.step')",
        "export_brep(Box(10, 20, 3), 'a.brep')\nresult = import_brep('a.brep')",
    ],
)
def test_build123d_reads_back_too(script: str):
    assert sum(shape["volume_mm3"] for shape in shapes(build(IMPORT3D + script))) == pytest.approx(600, rel=1e-5)


def test_what_cannot_be_written_fails_where_it_is_read():
    script = "cq.exporters.export(cq.Workplane().box(1, 2, 3), 'a.xyz')\nopen('a.xyz').read()\nresult = box"
    done = build(IMPORT + script)
    assert error(done) == ("script", "part.py", 4) and "Unknown extensions" in done.result["error"]["message"]
