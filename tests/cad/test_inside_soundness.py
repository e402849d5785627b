"""What a build says is unusual about a shape, and where."""

import pytest
from inside_fixture import build, shapes

IMPORT = "import cadquery as cq\n"
PLATE = "cq.Workplane().box(20, 10, %s)"
OPEN = """faces = cq.Workplane().box(10, 10, 10).faces("not >Z").vals()
shell = cq.Shell.makeShell(faces)
from OCP.BRep import BRep_Builder
from OCP.TopoDS import TopoDS_Solid
made, builder = TopoDS_Solid(), BRep_Builder()
builder.MakeSolid(made)
builder.Add(made, shell.wrapped)
show_object(cq.Solid(made).moved(cq.Location((100, 0, 0))), name="tub")
"""


def remarks(script: str, formats: str = "") -> list[dict]:
    done = build(IMPORT + script, formats)
    shapes(done)
    return done.result["remarks"]


def kinds(script: str) -> list[str]:
    return [remark["kind"] for remark in remarks(script)]


@pytest.mark.parametrize(
    "sound",
    [
        "result = cq.Workplane().box(20, 10, 4).edges().fillet(1).faces('>Z').hole(3)",
        "result = cq.Workplane().sphere(10)",
        "result = cq.Workplane(obj=cq.Solid.makeTorus(10, 2))",
        "result = cq.Workplane().box(20, 20, 20).faces('>Z').shell(-0.4)",
        "result = cq.Workplane().circle(10).extrude(20).faces('>Z').chamfer(1)",
        "result = cq.Workplane().text('Ag', 12, 2).combine()",
        "b = cq.Workplane().box(1, 2, 3)\nshow_object(cq.Assembly().add(b).add(b, loc=cq.Location((9, 0, 0))))",
    ],
)
def test_sound_parts_get_no_remark(sound: str) -> None:
    assert [kind for kind in kinds(sound) if kind != "bodies"] == []


def test_an_open_solid_says_how_many_edges_and_where() -> None:
    [remark] = [one for one in remarks(OPEN) if one["kind"] == "open"]
    assert (remark["shape"], remark["count"]) == ("tub", 4)
    x, y, z = remark["at"]
    assert 95 <= x <= 105 and z == 5 and max(abs(x - 100), abs(y)) == 5


def test_thin_walls_are_found_everywhere_or_in_one_place() -> None:
    [remark] = remarks(f"result = {PLATE % 0.002}")
    assert remark["kind"] == "thin" and remark["value"] == pytest.approx(0.002, rel=0.01)
    slit = "result = cq.Workplane().box(20, 10, 10).cut(cq.Workplane().box(16, 8, 6).translate((0, 0, 1.995)))"
    [remark] = remarks(slit)
    assert remark["kind"] == "thin" and remark["value"] == pytest.approx(0.005, rel=0.05)
    assert 4.9 < abs(remark["at"][2]) < 5.1
    assert kinds(f"result = {PLATE % 0.05}") == []


def test_several_solids_in_one_part_are_counted_but_an_assembly_is_meant() -> None:
    [remark] = remarks("result = cq.Workplane().rarray(10, 1, 3, 1).rect(4, 4).extrude(2).combine()")
    assert (remark["kind"], remark["count"]) == ("bodies", 3)


def test_inside_out_flat_surface_and_lines() -> None:
    assert kinds("result = cq.Workplane(obj=cq.Shape.cast(cq.Solid.makeBox(1, 2, 3).wrapped.Reversed()))") == [
        "inside-out"
    ]
    assert kinds("result = cq.Workplane('XZ').rect(20, 10).extrude(4).faces('>Z')") == ["flat"]
    assert kinds("result = cq.Workplane().sphere(5).faces('>Z')") == ["surface"]
    assert kinds("result = cq.Workplane().rect(20, 10)") == ["lines"]


def test_numbers_that_were_hardly_millimetres() -> None:
    [tiny] = remarks("result = cq.Workplane().box(0.12, 0.08, 0.02)")
    assert (tiny["kind"], tiny["shape"], tiny["value"]) == ("tiny", "", pytest.approx(0.12))
    assert kinds("result = cq.Workplane().box(12000, 8000, 20)") == ["huge"]


def test_a_plate_of_very_many_holes_is_not_compared_for_half_a_minute() -> None:
    script = "result = cq.Workplane().box(200, 200, 3).faces('>Z').workplane().rarray(9, 9, 18, 18).hole(3)"
    done = build(IMPORT + script)
    assert shapes(done)[0]["valid"] is True and done.result["remarks"] == []
    # 6 × the mesh before, about 1.5 × since: both are slow alike on a busy machine.
    assert done.result["seconds"]["measure"] < 4 * done.result["seconds"]["mesh"]
