"""Model files are read as what was written: sizes, names, colours, places."""

import base64
import io
import json
import math
import struct
import zipfile

import ezdxf
import numpy as np
import pytest
from inside_fixture import Done, build, error, performed, shapes

from opendesign.core import glb, measurement

IMPORT = "import cadquery as cq\n"
STAND = IMPORT + (
    "pin = cq.Workplane().circle(2).extrude(10)\n"
    "legs = cq.Assembly(name='legs', loc=cq.Location((0, 0, 10)))\n"
    "for i in range(3):\n"
    "    legs.add(pin, name=f'pin{i}', loc=cq.Location((10 * i, 0, 0), (1, 0, 0), 30 * i), color=cq.Color('red'))\n"
    "stand = cq.Assembly(name='stand').add(cq.Workplane().box(40, 30, 5), name='plate', color=cq.Color(0, 0, 1, 0.5))\n"
    "show_object(stand.add(legs))"
)
IGES = IMPORT + (
    "import base64\nfrom OCP.IGESControl import IGESControl_Writer\n"
    "writer = IGESControl_Writer('MM', MODE)\nbox = cq.Workplane().box(10, 20, 30).edges('|Z').fillet(2)\n"
    "writer.AddShape(box.val().wrapped)\nwriter.ComputeModel()\nwriter.Write('box.igs')\n"
    "print('FILE', base64.b64encode(open('box.igs', 'rb').read()).decode())\nresult = box"
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}>{}</svg>'


def read(name: str, content: str | bytes, formats: str = "viewer") -> Done:
    """Builds a model file."""
    content = content.encode() if isinstance(content, str) else content
    return performed({"kind": "build", "part": name, "formats": formats.split()}, {name: content})


def total(done: Done) -> dict:
    """Returns what was measured of everything together."""
    assert done.result["ok"], done.result
    assert measurement.check(done.result["shapes"])
    if "viewer" in done.files:
        glb.check(done.files["viewer"])
    return done.result["total"]


def ascii_stl(name: str, *corners: tuple) -> str:
    """Returns a solid of triangles as a text file."""
    facets = "".join(
        "facet normal 0 0 0\nouter loop\n"
        + "".join(f"vertex {x} {y} {z}\n" for x, y, z in three)
        + "endloop\nendfacet\n"
        for three in corners
    )
    return f"solid {name}\n{facets}endsolid {name}\n"


TETRAHEDRON = (
    ((0, 0, 0), (0, 3, 0), (3, 0, 0)),
    ((0, 0, 0), (3, 0, 0), (0, 0, 3)),
    ((0, 0, 0), (0, 0, 3), (0, 3, 0)),
    ((3, 0, 0), (0, 3, 0), (0, 0, 3)),
)


@pytest.fixture(scope="module")
def stand() -> Done:
    """An assembly in every format."""
    return build(STAND, "step stl 3mf brep")


def test_step_keeps_the_tree_its_names_colours_and_instances(stand):
    done = read("models/stand.step", stand.files["step"], "viewer step")
    kept = ("name", "colour", "volume_mm3", "bbox_mm", "valid", "solids", "faces")
    seen, meant = ([{key: one[key] for key in kept} for one in shapes(each)] for each in (done, stand))
    assert seen == meant
    blob = done.files["viewer"]
    scene = json.loads(blob[20 : 20 + struct.unpack_from("<I", blob, 12)[0]])
    assert len(scene["meshes"]) == 2 and len(scene["nodes"]) == 5


def test_brep_and_the_upper_case_ending(stand):
    done = read("STAND.BREP", stand.files["brep"])
    assert total(done)["volume_mm3"] == pytest.approx(stand.result["total"]["volume_mm3"], rel=1e-9)
    assert total(done)["bbox_mm"] == stand.result["total"]["bbox_mm"]


@pytest.mark.parametrize("kind", ["stl", "3mf"])
def test_meshes_are_measured_and_written_again(stand, kind):
    done = read(f"stand.{kind}", stand.files[kind], "viewer step stl 3mf glb brep png")
    seen, meant = total(done), stand.result["total"]
    assert seen["volume_mm3"] == pytest.approx(meant["volume_mm3"], rel=1e-3)
    assert seen["area_mm2"] == pytest.approx(meant["area_mm2"], rel=1e-3)
    assert np.allclose(seen["bbox_mm"], meant["bbox_mm"], atol=1e-2)
    assert np.allclose(seen["inertia_mm5"], meant["inertia_mm5"], rtol=2e-3)
    assert (seen["valid"], seen["solids"], done.result["warnings"]) == (True, 4, [])
    assert set(done.files) == {"viewer", "step", "stl", "3mf", "glb", "brep", "png"}
    again = total(read("again.brep", done.files["brep"]))
    assert again["volume_mm3"] == pytest.approx(seen["volume_mm3"], rel=1e-6) and again["valid"]


def test_3mf_keeps_names_colours_and_places(stand):
    done = read("stand.3mf", stand.files["3mf"])
    assert [one["name"] for one in shapes(done)] == [one["name"] for one in shapes(stand)]
    for seen, meant in zip(shapes(done), shapes(stand), strict=True):
        assert seen["colour"] == pytest.approx(meant["colour"], abs=3e-3)
        assert np.allclose(seen["centre_mm"], meant["centre_mm"], atol=1e-2)


def test_3mf_in_inches_with_components_and_a_mirror():
    core = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
    points = "".join(f'<vertex x="{x}" y="{y}" z="{z}"/>' for x, y, z in ((0, 0, 0), (3, 0, 0), (0, 3, 0), (0, 0, 3)))
    faces = "".join(
        f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in ((0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3))
    )
    text = (
        f'<model unit="inch" xmlns="{core}"><resources><object id="1" name="tip"><mesh><vertices>{points}'
        f"</vertices><triangles>{faces}</triangles></mesh></object>"
        '<object id="2" name="pair"><components><component objectid="1"/>'
        '<component objectid="1" transform="-1 0 0 0 1 0 0 0 1 -1 0 0"/></components></object></resources>'
        '<build><item objectid="2" transform="1 0 0 0 1 0 0 0 2 10 0 0"/></build></model>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("3D/3dmodel.model", text)
    done = read("tips.3mf", stream.getvalue())
    assert [one["name"] for one in shapes(done)] == ["pair/tip", "pair/tip-2"]
    assert [one["volume_mm3"] for one in shapes(done)] == pytest.approx([9 * 25.4**3] * 2, rel=1e-6)
    assert np.allclose(total(done)["bbox_mm"], np.array([[6, 0, 0], [13, 3, 6]]) * 25.4, atol=1e-4)


def test_text_stl_with_two_solids():
    far = tuple(tuple((x + 10, y, z) for x, y, z in three) for three in TETRAHEDRON)
    done = read("two.stl", ascii_stl("left tip", *TETRAHEDRON) + ascii_stl("right tip", *far))
    assert [(one["name"], one["volume_mm3"]) for one in shapes(done)] == [("left tip", 4.5), ("right tip", 4.5)]


def test_a_leaking_mesh_says_so():
    done = read("open.stl", ascii_stl("open", *TETRAHEDRON[:3]))
    assert (total(done)["valid"], total(done)["solids"]) == (False, 0)
    assert [(each["kind"], each["count"]) for each in done.result["remarks"]] == [("open", 3)]


@pytest.mark.parametrize("mode", [0, 1])
def test_iges_of_solids_and_of_loose_faces(mode):
    words = build(IGES.replace("MODE", str(mode)), "").words
    content = base64.b64decode(words.partition("FILE ")[2].split()[0])
    seen = total(read("box.igs", content))
    assert seen["volume_mm3"] == pytest.approx((200 - (4 - math.pi) * 4) * 30, rel=1e-6)
    assert (seen["solids"], np.round(seen["bbox_mm"], 6).tolist()) == (1, [[-5, -10, -15], [5, 10, 15]])


def dxf(units: int) -> bytes:
    """Returns a plate with a hole, a slot and a loose line, of lines, arcs and a block inserted twice."""
    drawing = ezdxf.new(units=units)
    space = drawing.modelspace()
    for start, end in (((0, 0), (40, 0)), ((40, 0), (40, 30)), ((40, 30), (0, 30)), ((0, 30), (0, 0))):
        space.add_line(start, end, dxfattribs={"layer": "CUT"})
    space.add_lwpolyline(
        [(10, 20, 0), (20, 20, 1), (20, 24, 0), (10, 24, 1)], "xyb", close=True, dxfattribs={"layer": "CUT"}
    )
    block = drawing.blocks.new("HOLE")
    block.add_circle((0, 0), 2)
    space.add_blockref("HOLE", (10, 10), dxfattribs={"layer": "CUT"})
    space.add_blockref("HOLE", (30, 10), dxfattribs={"layer": "CUT", "xscale": 1.5, "yscale": 1.5})
    space.add_line((0, -5), (40, -5), dxfattribs={"layer": "FOLD"})
    space.add_text("FRONT")
    stream = io.StringIO()
    drawing.write(stream)
    return stream.getvalue().encode()


@pytest.mark.parametrize(("units", "factor"), [(0, 1), (4, 1), (1, 25.4), (5, 10)])
def test_dxf_layers_are_parts_and_closed_contours_faces(units, factor):
    done = read("plate.dxf", dxf(units), "viewer stl png")
    area = 1200 - (40 + math.pi * 4) - math.pi * 4 - math.pi * 9
    assert [(one["name"], one["faces"]) for one in shapes(done)] == [("CUT", 1), ("FOLD", 0)]
    assert shapes(done)[0]["area_mm2"] == pytest.approx(area * factor**2, rel=1e-8)
    assert np.allclose(total(done)["bbox_mm"], np.array([[0, -5, 0], [40, 30, 0]]) * factor, atol=1e-6)
    assert any("1 TEXT" in text for text in done.result["warnings"])


DRAWINGS = [
    ('width="100mm" viewBox="0 0 200 100"', '<rect x="10" y="10" width="40" height="20"/>', 200, (5, 35, 25, 45)),
    ('width="96" height="96"', '<rect width="96" height="96"/>', 25.4**2, (0, 0, 25.4, 25.4)),
    ('width="10mm" viewBox="0 0 10 10"', '<circle cx="5" cy="5" r="4"/>', math.pi * 16, (1, 1, 9, 9)),
    (
        'width="10cm" height="5cm" viewBox="0 0 100 50"',
        '<g transform="translate(50 25) rotate(90) scale(2)">'
        '<path d="M-5-5h10v10h-10zM-1-1a1 1 0 112 0 1 1 0 01-2 0z"/></g>',
        400 - math.pi * 4,
        (40, 15, 60, 35),
    ),
    (
        'width="10mm" viewBox="0 0 10 10"',
        '<defs><path id="a" d="M0 0L2 0 2 2 0 2Z"/></defs><use href="#a" x="1"/><use href="#a" x="5" y="5"/>',
        8,
        (1, 3, 7, 10),
    ),
    ('width="9mm" viewBox="0 0 9 9"', '<path d="M1 1C1 4 1 4 1 8 3 8 6 8 8 8Q8 4 8 1T1 1Z"/>', None, (1, 1, 8, 9.5)),
]


@pytest.mark.parametrize(("frame", "inside", "area", "box"), DRAWINGS)
def test_svg_shapes_paths_transforms_and_units(frame, inside, area, box):
    seen = total(read("a.svg", SVG.format(frame, inside)))
    assert np.allclose(np.array(seen["bbox_mm"])[:, :2].ravel(), box, atol=2e-3)
    if area:
        assert seen["area_mm2"] == pytest.approx(area, rel=1e-5)


def test_svg_leaves_out_what_is_no_shape():
    inside = (
        '<text x="1">hi</text><image href="http://x/y.png"/><script>1</script><foreignObject/><path d="M0 0H5V5Z"/>'
    )
    done = read("a.svg", SVG.format('width="9"', inside))
    assert "1 text, 1 image, 1 script, 1 foreignobject" in done.result["warnings"][0]
    assert shapes(done)[0]["faces"] == 1


def test_a_pointer_of_git_lfs_is_called_one():
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12345\n"
    for name in ("gear.step", "gear.stl", "gear.3mf"):
        done = read(name, pointer)
        assert "Git LFS" in done.result["error"]["message"] and error(done)[:2] == ("geometry", name)


def test_an_empty_file_and_one_without_shapes():
    assert error(read("a.step", b"")) == ("empty", "a.step", None)
    assert error(read("a.svg", SVG.format("", ""))) == ("empty", "a.svg", None)


def test_a_mesh_too_fine_for_step_keeps_its_other_files():
    corners = np.tile(np.array(TETRAHEDRON, "<f4"), (5001, 1, 1)) + np.repeat(np.arange(5001) * 5, 4)[:, None, None]
    facets = np.zeros(len(corners), "3<f4,(3,3)<f4,<u2")
    facets["f1"] = corners
    done = read("tips.stl", bytes(80) + np.uint32(len(facets)).tobytes() + facets.tobytes(), "viewer step stl")
    assert total(done)["solids"] == 5001
    assert set(done.files) == {"viewer", "stl"} and "There is no STEP file" in done.result["warnings"][0]


def test_two_meshes_are_compared(stand):
    moved = bytearray(stand.files["stl"])
    facets = np.frombuffer(moved, "<f4,9<f4,<u2".replace("<f4,", "3<f4,", 1), offset=84)
    facets["f1"][:, 0::3] += np.float32(1)
    files = {"before.stl": stand.files["stl"], "after.stl": bytes(moved)}
    done = performed({"kind": "difference", "formats": ["overlay", "png"]}, files)
    assert (done.result["method"], done.result["status"]) == ("mesh", "moved")
    whole = stand.result["total"]["volume_mm3"]
    assert done.result["common_mm3"] + done.result["removed_mm3"] == pytest.approx(whole, rel=1e-3)
    assert done.result["common_mm3"] + done.result["added_mm3"] == pytest.approx(whole, rel=1e-3)
    glb.check(done.files["overlay"])


@pytest.mark.parametrize("other", ["stl", "brep", None])
def test_a_mesh_is_compared_with_anything(stand, other):
    files = {"after.stl": stand.files["stl"]} | ({f"before.{other}": stand.files[other]} if other else {})
    result = performed({"kind": "difference", "formats": ["overlay"]}, files).result
    assert result["ok"], result
    meant = {"stl": "unchanged", "brep": "changed", None: "added"}[other]
    assert result["status"] == meant and result["added_mm3"] < (10 if other else 1e9)
