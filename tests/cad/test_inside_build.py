"""What a build measures, and the file for the viewer."""

import json
import math
import struct

import pytest
from inside_fixture import Done, build, error, shapes

from opendesign.core import glb, measurement
from opendesign.core.shapes import is_alike, is_same

IMPORT = "import cadquery as cq\n"
FILLETED = IMPORT + (
    "box = cq.Workplane().box(80, 50, 20).edges('|Z').fillet(6).faces('>Z').edges().fillet(2)"
    ".faces('>Z').workplane().hole(16)\nshow_object(box, name='block')"
)
JUTTING = "[(0, 0), (10, 0), (10, 20), (-20, 20), (0, 10)]"
ASSEMBLY = IMPORT + (
    "pin = cq.Workplane().circle(2).extrude(10)\n"
    "plate = cq.Workplane().box(40, 40, 4)\n"
    "stand = cq.Assembly(name='stand', color=cq.Color('gray'))\n"
    "stand.add(plate, name='plate', color=cq.Color(0.2, 0.4, 0.6, 0.5))\n"
    "legs = cq.Assembly(name='legs', loc=cq.Location((0, 0, 2)))\n"
    "for i in range(4):\n"
    "    legs.add(pin, name=f'pin{i}', loc=cq.Location((10 * i, 0, 0), (1, 0, 0), 30 * i))\n"
    "stand.add(legs)\nshow_object(stand)"
)


def scene(done: Done, name: str = "viewer") -> dict:
    """Returns the JSON of a GLB that a job delivered, and check it on the way."""
    blob = done.files[name]
    glb.check(blob)
    return json.loads(blob[20 : 20 + struct.unpack_from("<I", blob, 12)[0]])


def test_a_plate_with_a_hole_is_measured_exactly():
    script = IMPORT + "show_object(cq.Workplane().box(40, 30, 5).faces('>Z').workplane().hole(10).translate((1, 2, 3)))"
    (found,) = shapes(build(script))
    assert found["volume_mm3"] == pytest.approx(40 * 30 * 5 - math.pi * 25 * 5, rel=1e-8)
    assert found["area_mm2"] == pytest.approx(2 * (1200 - math.pi * 25) + 2 * 5 * 70 + math.pi * 50, rel=1e-8)
    assert found["bbox_mm"] == [[-19, -13, 0.5], [21, 17, 5.5]]
    assert found["centre_mm"] == [1, 2, 3]
    assert (found["valid"], found["solids"], found["faces"], found["edges"]) == (True, 1, 7, 15)
    assert measurement.check([found])[0]["volume_mm3"] == found["volume_mm3"]


@pytest.mark.parametrize(
    ("shape", "level", "overhang", "wall"),
    [
        ("cq.Workplane().box(40, 30, 5)", 2400, 0, 5),
        ("cq.Workplane().box(40, 30, 20).faces('<Z').shell(-2)", 1200 + 36 * 26 + 264, 36 * 26, 2),
        (
            f"cq.Workplane('XZ').polyline({JUTTING}).close().extrude(10)",
            400 + 100 * 5**0.5,
            100 * 5**0.5,
            5**0.5 * 10 / 3,
        ),
        ("cq.Workplane().sphere(10)", 0, 2 * math.pi * 10 * (10 - 50**0.5), 20),
    ],
)
def test_what_printing_depends_on_is_measured(shape: str, level: float, overhang: float, wall: float):
    done = build(f"{IMPORT}show_object({shape})")
    (found,) = shapes(done)
    assert (found["level_mm2"], found["overhang_mm2"]) == pytest.approx((level, overhang), rel=0.08, abs=0.5)
    assert found["wall_mm"] == pytest.approx(wall, rel=0.05)
    assert {key: done.result["total"][key] for key in ("level_mm2", "overhang_mm2", "wall_mm")} == {
        key: found[key] for key in ("level_mm2", "overhang_mm2", "wall_mm")
    }


def test_a_drawing_has_no_walls_and_no_overhangs():
    (found,) = shapes(build(f"{IMPORT}show_object(cq.Sketch().circle(5))"))
    assert (found["level_mm2"], found["overhang_mm2"], found["wall_mm"]) == (None, None, None)


@pytest.mark.parametrize(
    ("shape", "reach"),
    [
        ("cq.Workplane().sphere(10).val()", (10, 10, 10)),
        ("cq.Solid.makeTorus(20, 5)", (25, 25, 5)),
        ("cq.Solid.makeTorus(20, 5).rotate((0,0,0), (1,0,0), 90)", (25, 5, 25)),
        ("cq.Solid.makeCylinder(10, 20).rotate((0,0,0), (1,0,0), 45)", (10, 15 * 2**0.5, 15 * 2**0.5)),
        ("cq.Solid.makeCone(10, 0, 20)", (10, 10, 20)),
    ],
)
def test_boxes_are_tight_around_curves(shape: str, reach: tuple):
    (found,) = shapes(build(f"{IMPORT}show_object({shape})"))
    largest = [max(abs(low), high) for low, high in zip(*found["bbox_mm"], strict=True)]
    assert largest == pytest.approx(reach, abs=2e-6)


def test_an_assembly_keeps_names_places_and_colours():
    done = build(ASSEMBLY, "viewer")
    found = {shape["name"]: shape for shape in shapes(done)}
    assert list(found) == ["stand/plate", *(f"stand/legs/pin{i}" for i in range(4))]
    assert found["stand/plate"]["colour"] == [0.2, 0.4, 0.6, 0.5]
    assert found["stand/legs/pin1"]["centre_mm"] == pytest.approx([10, -2.5, 2 + 5 * math.cos(math.pi / 6)], abs=1e-5)
    pins = [found[f"stand/legs/pin{i}"] for i in range(4)]
    assert all(is_alike(pins[0], pin) for pin in pins)
    assert not is_same(pins[0], pins[1])
    total = done.result["total"]
    assert total["volume_mm3"] == pytest.approx(6400 + 160 * math.pi) and total["parts"] == 5
    assert total["bbox_mm"][0] == [-20, -20, min(pin["bbox_mm"][0][2] for pin in [*pins, found["stand/plate"]])]
    whole = measurement.total(measurement.check(list(found.values())))
    assert total["centre_mm"] == pytest.approx(whole["centre_mm"], abs=1e-5)


def test_the_viewers_file_stores_shared_shapes_once():
    made = scene(build(ASSEMBLY, "viewer"))
    parts = made["nodes"][1:]
    assert [node["extras"]["path"] for node in parts][:2] == ["stand/plate", "stand/legs/pin0"]
    assert [node["extras"]["part"] for node in parts] == [0, 1, 2, 3, 4]
    assert len({node["mesh"] for node in parts[1:]}) == 1 and len(made["meshes"]) == 2
    triangles, lines = made["meshes"][0]["primitives"]
    assert (triangles["mode"], lines["mode"]) == (4, 1)
    assert triangles["attributes"]["POSITION"] == lines["attributes"]["POSITION"]
    # Metres with y up at the root; millimetres with z up below.
    assert made["nodes"][0]["matrix"][:12] == [0.001, 0, 0, 0, 0, 0, -0.001, 0, 0, 0.001, 0, 0]
    glass = made["materials"][triangles["material"]]
    assert glass["alphaMode"] == "BLEND" and glass["pbrMetallicRoughness"]["metallicFactor"] == 0


def test_the_viewers_file_has_edges_but_no_seams():
    made = scene(build(f"{IMPORT}show_object(cq.Workplane().circle(5).extrude(10))", "viewer glb"))
    lines = made["meshes"][0]["primitives"][1]
    # Two circles of at least 2 π / 0.2 rad; the seam of the cylinder would add one more.
    assert made["accessors"][lines["indices"]]["count"] % 4 == 0
    assert lines["extras"]["sharp"] * 2 == made["accessors"][lines["indices"]]["count"] >= 2 * 2 * 32
    plain = scene(build(FILLETED, "glb"), "glb")
    assert [primitive["mode"] for primitive in plain["meshes"][0]["primitives"]] == [4]


def test_edges_between_tangent_faces_come_last():
    made = scene(build(FILLETED, "viewer"))
    lines = made["meshes"][0]["primitives"][1]
    assert 0 < lines["extras"]["sharp"] * 2 < made["accessors"][lines["indices"]]["count"]


def test_flat_and_bent_lines_are_shown_with_a_warning():
    done = build(
        f"{IMPORT}show_object(cq.Sketch().circle(5), name='s')\nshow_object(cq.Workplane().circle(3), name='w')",
        "viewer png",
    )
    flat, line = shapes(done)
    assert (flat["volume_mm3"], flat["faces"]) == (0, 1) and flat["area_mm2"] == pytest.approx(25 * math.pi)
    assert (line["volume_mm3"], line["faces"], line["edges"]) == (0, 0, 1)
    assert line["bbox_mm"] == [[-3, -3, 0], [3, 3, 0]]
    assert [remark["kind"] for remark in done.result["remarks"]] == ["flat", "lines"]
    assert len(scene(done)["meshes"]) == 2


def test_an_invalid_shape_is_measured_and_marked():
    script = IMPORT + (
        "points = [(0, 0), (10, 10), (10, 0), (0, 10)]\n"
        "face = cq.Face.makeFromWires(cq.Wire.makePolygon([cq.Vector(*p) for p in points], close=True))\n"
        "show_object(cq.Solid.extrudeLinear(face, cq.Vector(0, 0, 5)), name='bow')"
    )
    done = build(script, "viewer step png")
    assert shapes(done)[0]["valid"] is False and done.result["total"]["valid"] is False
    [remark] = [each for each in done.result["remarks"] if each["kind"] == "invalid"]
    assert (remark["shape"], remark["fault"]) == ("bow", "SelfIntersectingWire")


@pytest.mark.parametrize("shape", ["cq.Face.makePlane()", "cq.Workplane().box(1, 1, 1).translate((1e9, 0, 0))"])
def test_what_has_no_end_is_refused(shape: str):
    assert error(build(f"{IMPORT}show_object({shape})"))[0] in ("geometry", "script")


def test_nothing_that_is_not_a_number_leaves():
    done = build(f"{IMPORT}show_object(cq.Workplane().box(1, 1, 1).translate((float('nan'), 0, 0)))")
    json.dumps(done.result, allow_nan=False)
    assert not done.result["ok"]


def test_a_point_is_shown_as_nothing_with_its_place():
    done = build(f"{IMPORT}show_object(cq.Vertex.makeVertex(1, 2, 3))", "viewer png")
    assert shapes(done)[0]["bbox_mm"] == [[1, 2, 3], [1, 2, 3]]


def test_time_is_told_by_stage():
    seconds = build(FILLETED, "viewer stl").result["seconds"]
    assert {"script", "mesh", "measure", "viewer", "stl"} <= set(seconds)
