"""Drawings, sections and outlines."""

import io
import math
import re
import xml.etree.ElementTree as xml

import ezdxf
import numpy as np
import pytest
from inside_fixture import build, error, performed, shapes

IMPORT = "import cadquery as cq\n"
PLATE = IMPORT + (
    "result = cq.Workplane().box(60, 40, 6).edges('|Z').fillet(5).faces('>Z').workplane().hole(10)\n"
    "result = result.faces('>Z').workplane(origin=(20, 10, 3)).slot2D(12, 4, 30).cutThruAll()"
)
SPACE = "{http://www.w3.org/2000/svg}"
STEP = re.compile(r"[MLA][-0-9. ]+|[HV][-0-9.]+|Z")
NUMBERS = {"M": 2, "A": 7, "H": 1, "V": 1, "Z": 0}


def drawn(script: str, name: str = "svg", **files) -> xml.Element:
    """Builds a script and returns its drawing, which must be sound SVG without anything that acts."""
    done = build(script, name, **files)
    assert done.result["ok"], done.result
    return sound(done.files[name])


def sound(content: bytes) -> xml.Element:
    """Returns a drawing, checked: known elements, finished paths, everything on the sheet."""
    root = xml.fromstring(content)
    tags = {each.tag.removeprefix(SPACE) for each in root.iter()}
    assert tags <= {"svg", "title", "style", "metadata", "path", "circle", "text"}
    wide, high = (float(root.get(side).removesuffix("mm")) for side in ("width", "height"))
    assert (wide, high) in ((297, 210), (420, 297))
    for path in root.iter(SPACE + "path"):
        steps = STEP.findall(path.get("d"))
        assert "".join(steps) == path.get("d")
        for step in steps:
            numbers = [float(number) for number in step[1:].split()]
            assert len(numbers) == NUMBERS.get(step[0]) or (step[0] == "L" and numbers and len(numbers) % 2 == 0), step
            if step[0] in "ML":
                points = np.array(numbers).reshape(-1, 2)
                assert (points >= 0).all() and (points <= (wide, high)).all()
    return root


def words(root: xml.Element) -> list[str]:
    """Returns what is written in a drawing."""
    return [text.text for text in root.iter(SPACE + "text")]


def of_class(root: xml.Element, kind: str) -> list[str]:
    """Returns the paths of one kind of line."""
    return [path.get("d") for path in root.iter(SPACE + "path") if path.get("class") == kind]


def entities(content: bytes) -> list:
    """Returns what a DXF file holds; it must be sound and in mm."""
    drawing = ezdxf.read(io.StringIO(content.decode()))
    assert not drawing.audit().errors and drawing.units == ezdxf.units.MM
    return list(drawing.modelspace())


def test_a_drawing_has_three_views_and_overall_dimensions():
    root = drawn(PLATE)
    assert {"60", "40", "6", "2:1", "mm", "A4", "part", "Projection: third angle"} <= set(words(root))
    assert len(of_class(root, "v")) == 4 and of_class(root, "h")
    assert any(" 0 0 " in path or " 0 1 " in path for path in of_class(root, "v"))  # arcs are arcs
    assert len(of_class(root, "c")) == 2 + 2  # the hole's centre, and the projection symbol's


def test_views_line_up():
    root = drawn(IMPORT + "result = cq.Workplane().box(30, 20, 10)")
    spans = []
    for path in of_class(root, "v")[:3]:
        points = np.array(re.findall(r"(-?[0-9.]+) (-?[0-9.]+)", path), float)
        spans.append((points.min(0), points.max(0)))
    front, top, right = spans
    assert front[0][0] == top[0][0] and front[1][0] == top[1][0] and top[1][1] < front[0][1]
    assert front[0][1] == right[0][1] and front[1][1] == right[1][1] and right[0][0] > front[1][0]


@pytest.mark.parametrize("size", [0.5, 3, 60, 400, 2500, 80_000])
def test_every_size_finds_a_scale(size):
    root = drawn(IMPORT + f"result = cq.Workplane().box({size}, {size / 2}, {size / 3})")
    scale = next(text for text in words(root) if re.fullmatch(r"[0-9]+:[0-9]+", text))
    over, under = map(int, scale.split(":"))
    assert 25 < size * over / under < 320


@pytest.mark.parametrize("edge", ["<b>&'\"", "x" * 500, "日本 \u202eabc"])
def test_names_in_a_drawing_are_only_words(edge):
    named = edge.encode("unicode_escape").decode().replace("'", "\\'")
    done = build(PLATE, "brep")
    job = {"kind": "remake", "formats": ["svg"], "title": edge, "parts": [{"path": ["a"], "colour": None}]}
    stamp = {"design": named, "revision": edge, "licence": edge, "source": edge}
    made = performed(job | {"stamp": stamp}, {"model.brep": done.files["brep"]})
    assert made.result["ok"], made.result
    assert not any(letter in "".join(words(sound(made.files["svg"]))) for letter in "\u202e\n")


def test_assemblies_are_drawn_without_what_is_hidden():
    script = IMPORT + (
        "model = cq.Assembly()\n"
        "for place in range(6):\n"
        "    model.add(cq.Workplane().box(8, 8, 8).faces('>Z').workplane().hole(3), name=f'b{place}',\n"
        "              loc=cq.Location((place * 10, 0, 0)))\n"
        "show_object(model)"
    )
    root = drawn(script)
    assert not of_class(root, "h") and {"58", "8"} <= set(words(root))


@pytest.mark.parametrize("careful", [False, True])
def test_both_ways_to_draw_agree(careful):
    done = build(PLATE, "brep")
    job = {"kind": "remake", "formats": ["svg"], "title": "t", "stamp": {}, "careful": careful}
    made = performed(job | {"parts": [{"path": ["a"], "colour": None}]}, {"model.brep": done.files["brep"]})
    root = sound(made.files["svg"])
    assert {"60", "40", "6"} <= set(words(root)) and len(of_class(root, "v")) == 4 and of_class(root, "h")


def test_round_things_are_as_large_as_they_are():
    script = IMPORT + (
        "show_object(cq.Workplane().cylinder(20, 33.3).rotate((0, 0, 0), (0, 0, 1), 7))\n"
        "show_object(cq.Workplane().sphere(15.55).translate((0, 0, 40)))"
    )
    assert {"66.6", "65.55"} <= set(words(drawn(script)))
    assert words(drawn(script, "svg-z-0")).count("66.6") == 2
    assert {"66.6", "65.55"} <= set(words(drawn(script, "svg-x-0")))


def test_what_is_flat_or_only_a_line_is_drawn_too():
    assert {"60", "40"} <= set(words(drawn(IMPORT + "result = cq.Workplane().rect(60, 40)")))
    assert "60" in words(drawn(IMPORT + "result = cq.Workplane().moveTo(0, 0).lineTo(60, 0)"))


def test_a_plates_dxf_is_its_profile():
    found = entities(build(PLATE, "dxf").files["dxf"])
    kinds = sorted(entity.dxftype() for entity in found)
    assert kinds == ["CIRCLE", "LWPOLYLINE", "LWPOLYLINE"]
    circle = next(entity for entity in found if entity.dxftype() == "CIRCLE")
    assert circle.dxf.radius == pytest.approx(5) and (circle.dxf.center.x, circle.dxf.center.y) == pytest.approx((0, 0))
    outer = max((entity for entity in found if entity.dxftype() == "LWPOLYLINE"), key=len)
    assert outer.closed and len(outer) == 8
    bulges = sorted(abs(point[2]) for point in outer.get_points("xyb"))
    assert bulges == pytest.approx([0] * 4 + [math.tan(math.pi / 8)] * 4)
    assert {entity.dxf.layer for entity in found} == {"part"}


def test_an_upright_plates_profile_is_seen_from_its_side():
    found = entities(build(IMPORT + "result = cq.Workplane('YZ').rect(30, 20).extrude(2)", "dxf").files["dxf"])
    (one,) = found
    points = np.array(one.get_points("xy"))
    assert np.ptp(points, axis=0) == pytest.approx((30, 20))


def test_flat_results_keep_their_curves():
    script = IMPORT + (
        "s = cq.Sketch().rect(40, 30).vertices().fillet(3).reset().circle(4, mode='s')\n"
        "show_object(s, name='sheet <1>')\n"
        "show_object(cq.Workplane().spline([(0, 40), (10, 45), (20, 40), (30, 48)]), name='wave')\n"
        "show_object(cq.Workplane().ellipse(9, 4).translate((60, 0, 0)), name='egg')\n"
        "show_object(cq.Workplane().moveTo(80, 0).threePointArc((85, 5), (90, 0)), name='arc')"
    )
    found = entities(build(script, "dxf").files["dxf"])
    kinds = {(entity.dxf.layer, entity.dxftype()) for entity in found}
    assert kinds == {
        ("sheet _1_", "LWPOLYLINE"),
        ("sheet _1_", "CIRCLE"),
        ("wave", "SPLINE"),
        ("egg", "ELLIPSE"),
        ("arc", "ARC"),
    }
    spline = next(entity for entity in found if entity.dxftype() == "SPLINE")
    curve = spline.construction_tool()
    ends = [(round(point.x, 6), round(point.y, 6)) for point in curve.points([0, curve.max_t])]
    assert sorted(ends) == [(0, 40), (30, 48)]
    arc = next(entity for entity in found if entity.dxftype() == "ARC")
    assert (arc.dxf.start_angle % 360, arc.dxf.end_angle % 360) == pytest.approx((0, 180), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("dxf-z-0", (60, 40)),
        ("dxf-x-0", (15, 6)),
        ("dxf-y--12.5", (60, 6)),
        ("dxf-z--3", (60, 40)),
        ("dxf-z-2.999", (60, 40)),
    ],
)
def test_sections_are_closed_and_where_they_should_be(name, size):
    found = entities(build(PLATE, name).files[name])
    lines = [one for one in found if one.dxftype() == "LWPOLYLINE"]
    outer = max(lines, key=lambda one: np.ptp(one.get_points("xy"), 0)[0])
    assert outer.closed and np.ptp(np.array(outer.get_points("xy")), axis=0) == pytest.approx(size)


def test_a_section_through_an_assembly_has_a_layer_for_each_part():
    script = IMPORT + (
        "model = cq.Assembly(name='a')\n"
        "model.add(cq.Workplane().box(20, 20, 20), name='cube', color=cq.Color(1, 0, 0))\n"
        "model.add(cq.Workplane().sphere(5), name='ball', loc=cq.Location((30, 0, 0)))\n"
        "show_object(model)"
    )
    done = build(script, "dxf-z-3 svg-z-3")
    found = {entity.dxf.layer: entity for entity in entities(done.files["dxf-z-3"])}
    assert set(found) == {"a_cube", "a_ball"} and found["a_ball"].dxf.radius == pytest.approx(4)
    layers = ezdxf.read(io.StringIO(done.files["dxf-z-3"].decode())).layers
    assert layers.get("a_cube").rgb[:3] == (255, 0, 0)
    root = sound(done.files["svg-z-3"])
    assert len(of_class(root, "cut")) == 2 and {"z = 3 mm", "44", "20"} <= set(words(root))


def test_a_section_beside_the_part_says_where_the_part_is():
    done = build(PLATE, "dxf-z-4")
    assert error(done)[0] == "output" and "between -3 and 3 mm" in done.result["error"]["message"]


def test_a_second_look_at_exact_shapes_gives_the_same_parts():
    script = IMPORT + (
        "pin = cq.Workplane().circle(2).extrude(9)\n"
        "model = cq.Assembly(name='m')\n"
        "for n in range(3):\n"
        "    model.add(pin, name=f'pin{n}', loc=cq.Location((n * 9, 0, 0), (1, 1, 0), 30 * n),\n"
        "              color=cq.Color(0, 1, 0))\n"
        "show_object(model)"
    )
    done = build(script, "brep step 3mf glb")
    parts = [{"path": shape["path"], "colour": shape["colour"]} for shape in shapes(done)]
    job = {"kind": "remake", "formats": ["step", "3mf", "glb", "brep"], "title": "part", "stamp": {}, "parts": parts}
    made = performed(job, {"model.brep": done.files["brep"]})
    assert made.result["ok"], made.result
    assert made.files["step"].count(b"MANIFOLD_SOLID_BREP(") == 1  # stored once
    assert len(made.files["glb"]) == len(done.files["glb"])
    again = performed(job, {"model.brep": done.files["brep"]})
    assert again.files == made.files
