"""The files people take away."""

import io
import json
import math
import zipfile
from xml.etree import ElementTree

import manifold3d
import numpy as np
import pytest
from inside_fixture import Done, build, get, process, put, shapes
from PIL import Image

from opendesign.core import glb

IMPORT = "import cadquery as cq\n"
MODEL = IMPORT + (
    "plate = cq.Workplane().box(60, 40, 6).edges('|Z').fillet(5).faces('>Z').workplane().hole(10)\n"
    "pin = cq.Workplane().circle(3).extrude(20)\n"
    "model = cq.Assembly(name='Gehäuse & <co>')\n"
    "model.add(plate, name='plate', color=cq.Color(0.8, 0.1, 0.1))\n"
    "model.add(pin, name='left', loc=cq.Location((-20, 0, 3)), color=cq.Color(0.1, 0.6, 0.2))\n"
    "model.add(pin, name='right', loc=cq.Location((20, 0, 3), (1, 0, 0), 10), color=cq.Color(0.1, 0.2, 0.8))\n"
    "show_object(model)"
)
VOLUME = 6 * (60 * 40 - (4 - math.pi) * 25 - 25 * math.pi) + 2 * 180 * math.pi
FORMATS = "viewer step stl 3mf glb brep png svg dxf png-large dxf-z-1.5 svg-x-0"


@pytest.fixture(scope="module")
def made():
    """One build in every format."""
    return build(MODEL, FORMATS)


def test_the_same_model_gives_the_same_bytes(made):
    again = build(MODEL, FORMATS)
    assert {name: content == made.files[name] for name, content in again.files.items()} == dict.fromkeys(
        FORMATS.split(), True
    )


@pytest.mark.slow
def test_another_process_makes_the_same_bytes(made):
    """Another process has other addresses, by which the kernel sorts much of what it writes."""
    one, other = process(), process.__wrapped__()
    try:
        assert one.pid != other.pid
        job = {"kind": "build", "part": "part.py", "formats": FORMATS.split()}
        put(other.stdin, (job, {"part.py": MODEL.encode()}))
        again = Done(*get(other.stdout))
    finally:
        other.stdin.close()
        other.wait(20)
    assert [name for name, content in again.files.items() if content != made.files[name]] == []


def test_a_step_file_can_be_read_back(made):
    (found,) = shapes(build(IMPORT + "result = cq.importers.importStep('x.step')", **{"x.step": made.files["step"]}))
    assert found["volume_mm3"] == pytest.approx(VOLUME, rel=1e-6) and found["solids"] == 3 and found["valid"]


def test_a_step_file_keeps_names_colours_and_the_tree(made):
    script = IMPORT + "show_object(cq.Assembly.importStep('x.step'))"
    found = shapes(build(script, **{"x.step": made.files["step"]}))
    assert [shape["name"].rsplit("/", 1)[1] for shape in found] == ["plate", "left", "right"]
    assert [shape["colour"] for shape in found] == [
        pytest.approx(colour, abs=2e-3) for colour in ([0.8, 0.1, 0.1, 1], [0.1, 0.6, 0.2, 1], [0.1, 0.2, 0.8, 1])
    ]
    assert b"FILE_NAME('model','1970-01-01T00:00:00'" in made.files["step"]


PINS = IMPORT + (
    "pin = cq.Workplane().circle(2).extrude(9)\n"
    "row = cq.Assembly(name='row')\n"
    "for n in range(4):\n"
    "    row.add(pin, name=f'pin {n}', loc=cq.Location((n * 9, 0, n), (1, 1, 0), 20 * n), color=cq.Color(0, 0.5, 0))\n"
    "show_object(cq.Assembly(name='rows').add(row).add(row, name='again', loc=cq.Location((0, 50, 0))))"
)


def test_instances_are_stored_once_in_their_places():
    done = build(PINS, "step 3mf glb brep")
    boxes = {shape["name"]: np.array(shape["bbox_mm"]) for shape in shapes(done)}
    assert len(boxes) == 8 and len({name.rsplit("/", 1)[0] for name in boxes}) == 2
    assert done.files["step"].count(b"MANIFOLD_SOLID_BREP(") == 1
    script = IMPORT + "show_object(cq.Assembly.importStep('x.step'))"
    back = shapes(build(script, **{"x.step": done.files["step"]}))
    assert len(back) == 8
    for shape, box in zip(back, boxes.values(), strict=True):
        assert np.array(shape["bbox_mm"]) == pytest.approx(box, abs=1e-3)
        assert shape["colour"] == pytest.approx([0, 0.5, 0, 1], abs=2e-3)
    content = done.files["glb"]
    scene = json.loads(content[20 : 20 + int.from_bytes(content[12:16], "little")])
    placed = [node for node in scene["nodes"] if "mesh" in node]
    assert len(scene["meshes"]) == 1 and len(placed) == 8 and [node["name"] for node in placed] == list(boxes)
    (material,) = scene["materials"][:1]
    assert material["pbrMetallicRoughness"]["metallicFactor"] == 0
    assert [node["matrix"][12:15] for node in placed if "matrix" in node][:3] == [[9, 0, 1], [18, 0, 2], [27, 0, 3]]
    model = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(done.files["3mf"])).read("3D/3dmodel.model"))
    space = {"m": "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"}
    items = model.findall(".//m:item", space)
    assert len(model.findall(".//m:object", space)) == 1 and [item.get("partnumber") for item in items] == list(boxes)
    assert items[1].get("transform").split()[9:] == ["9", "0", "1"]


def test_two_pictures_differ_in_size_alone(made):
    small, large = (Image.open(io.BytesIO(made.files[name])) for name in ("png", "png-large"))
    assert large.size == (1600, 1200)
    shrunk = np.asarray(large.resize(small.size, Image.Resampling.BOX)).astype(int)
    assert np.abs(shrunk[:, :, 3] - np.asarray(small).astype(int)[:, :, 3]).mean() < 2


def test_brep_can_be_read_back(made):
    script = IMPORT + "result = cq.Shape.importBrep('x.brep')"
    (found,) = shapes(build(script, **{"x.brep": made.files["brep"]}))
    assert found["volume_mm3"] == pytest.approx(VOLUME, rel=1e-8) and found["solids"] == 3


def test_stl_holds_the_volume(made):
    content = made.files["stl"]
    count = int.from_bytes(content[80:84], "little")
    assert len(content) == 84 + 50 * count
    facets = np.frombuffer(content, np.dtype([("n", "<f4", 3), ("c", "<f4", (3, 3)), ("a", "<u2")]), count, 84)
    a, b, c = (facets["c"][:, corner].astype(float) for corner in range(3))
    assert np.einsum("ij,ij->", a, np.cross(b, c)) / 6 == pytest.approx(VOLUME, rel=2e-3)
    across = np.cross(b - a, c - a)
    assert np.allclose(facets["n"], across / np.linalg.norm(across, axis=1, keepdims=True), atol=1e-3)


def test_3mf_is_watertight_named_and_coloured(made):
    archive = zipfile.ZipFile(io.BytesIO(made.files["3mf"]))
    assert archive.testzip() is None and {entry.date_time[0] for entry in archive.infolist()} == {1980}
    model = ElementTree.fromstring(archive.read("3D/3dmodel.model"))
    space = {"m": "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"}
    assert model.get("unit") == "millimeter"
    objects = model.findall(".//m:object", space)
    assert [one.get("name") for one in objects] == ["plate", "left", "right"]
    colours = [base.get("displaycolor") for base in model.findall(".//m:base", space)]
    assert colours == ["#CC1A1AFF", "#1A9933FF", "#1A33CCFF"]
    assert model.find(".//m:item", space).get("partnumber") == "Gehäuse & <co>/plate"
    volume = 0.0
    for one in objects:
        points = [[float(vertex.get(axis)) for axis in "xyz"] for vertex in one.findall(".//m:vertex", space)]
        corners = [[int(face.get(f"v{n}")) for n in (1, 2, 3)] for face in one.findall(".//m:triangle", space)]
        body = manifold3d.Manifold(manifold3d.Mesh(np.array(points, np.float32), np.array(corners, np.uint32)))
        assert body.status() == manifold3d.Error.NoError
        volume += body.volume()
    assert volume == pytest.approx(VOLUME, rel=2e-3)


def test_both_glb_files_are_sound(made):
    glb.check(made.files["viewer"])
    glb.check(made.files["glb"])
    assert len(made.files["glb"]) < len(made.files["viewer"])


def test_a_still_shows_the_model_in_its_colours(made):
    picture = Image.open(io.BytesIO(made.files["png"]))
    assert picture.size == (640, 480) and picture.mode == "RGBA"
    pixels = np.asarray(picture).astype(int)
    assert pixels[0, :, 3].max() == 0 and pixels[:, 0, 3].max() == 0
    solid = pixels[pixels[:, :, 3] == 255]
    red, green, blue = solid[:, 0], solid[:, 1], solid[:, 2]
    for one, others in ((red, (green, blue)), (green, (red, blue)), (blue, (red, green))):
        assert (one > 1.5 * np.maximum(*others)).sum() > 1000
    covered = np.argwhere(pixels[:, :, 3] > 0)
    low, high = covered.min(0), covered.max(0)
    assert max((high - low) / (480, 640)) == pytest.approx(0.88, abs=0.02)


def test_a_still_hides_what_is_behind():
    script = IMPORT + (
        "show_object(cq.Workplane().box(40, 40, 40), name='front', options={'color': (20, 20, 220)})\n"
        "show_object(cq.Workplane().box(10, 10, 10), name='inside', options={'color': (220, 20, 20)})"
    )
    pixels = np.asarray(Image.open(io.BytesIO(build(script, "png").files["png"]))).astype(int)
    assert not (pixels[:, :, 0] > pixels[:, :, 2] + 20).any()


def test_a_format_that_does_not_exist_is_refused():
    result = build(MODEL, "obj").result
    assert result["error"]["kind"] == "output" and "obj" in result["error"]["message"]


def test_lines_alone_cannot_be_printed_but_shown():
    done = build(IMPORT + "show_object(cq.Workplane().circle(5))", "viewer stl step png")
    assert set(done.files) == {"viewer", "step", "png"}
    assert any("no STL file" in text and "only lines" in text for text in done.result["warnings"])
