"""The files people take away."""

import io
import math
import zipfile
from xml.etree import ElementTree

import manifold3d
import numpy as np
import pytest
from inside_fixture import build, shapes
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
FORMATS = "viewer step stl 3mf glb brep png"


@pytest.fixture(scope="module")
def made():
    """One build in every format."""
    return build(MODEL, FORMATS)


def test_the_same_model_gives_the_same_bytes(made):
    again = build(MODEL, FORMATS)
    assert {name: content == made.files[name] for name, content in again.files.items()} == dict.fromkeys(
        FORMATS.split(), True
    )


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


def test_lines_alone_cannot_be_printed():
    result = build(IMPORT + "show_object(cq.Workplane().circle(5))", "stl").result
    assert result["error"]["kind"] == "output" and "only lines" in result["error"]["message"]
