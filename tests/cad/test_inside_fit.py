"""Which components of an assembly interfere, and how far the others are apart."""

import math

import pytest
from inside_fixture import build, performed

from opendesign.core import fit

IMPORT = "import cadquery as cq\nat = cq.Location\nlid = cq.Workplane().box(20, 20, 10)\n"
TWO = IMPORT + "show_object(cq.Assembly(name='box').add(lid, name='lid').add({}, name='base', loc=at({})))"


def fitted(script: str) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    """Builds a script, looks at how its components fit, and returns common volume and gap by pair."""
    made = build(script, "brep")
    parts = [{"path": shape["path"], "colour": shape["colour"]} for shape in made.result["shapes"]]
    done = performed({"kind": "fit", "parts": parts}, {"model.brep": made.files["brep"]})
    assert done.result["ok"], done.result
    found = fit.check(done.result)
    assert found["whole"]
    return {tuple(pair["between"]): (pair["common_mm3"], pair["gap_mm"]) for pair in found["pairs"]}


@pytest.mark.parametrize(
    ("base", "place", "common", "gap"),
    [
        ("lid", "(0, 0, 8)", 800, 0),
        ("lid", "(0, 0, 10.2)", 0, 0.2),
        ("lid", "(20, 0, 10.2)", 0, 0.2),
        ("lid", "(19, 0, 0), (0, 0, 1), 45", math.tan(math.pi / 4) * (10 * math.sqrt(2) - 9) ** 2 * 10, 0),
        ("lid", "(24.5, 0, 0), (0, 0, 1), 45", 0, 24.5 - 10 - 10 * math.sqrt(2)),
        ("cq.Workplane().sphere(2)", "(1, 1, 1)", 4 / 3 * math.pi * 8, 0),
        ("cq.Workplane().sphere(5)", "(0, 0, 10.3)", 0, 0.3),
        ("lid.faces('>Z').workplane().hole(6)", "(0, 0, 0)", (400 - 9 * math.pi) * 10, 0),
    ],
)
def test_two_boxes_overlap_or_stand_apart(base, place, common, gap):
    assert fitted(TWO.format(base, place)) == {
        ("box/base", "box/lid"): (pytest.approx(common, rel=1e-6), pytest.approx(gap, abs=1e-6))
    }


@pytest.mark.parametrize(
    ("base", "place"),
    [
        ("lid", "(0, 0, 10)"),
        ("lid", "(20, 10, 0)"),
        ("lid", "(0, 0, 13)"),
        ("cq.Workplane().rect(40, 40).circle(3).extrude(5)", "(0, 0, 5)"),
        ("cq.Workplane().box(30, 30, 20).faces('>Z').shell(4)", "(0, 0, 50)"),
    ],
)
def test_what_touches_or_is_far_is_not_told(base, place):
    assert fitted(TWO.format(base, place)) == {}


def test_a_pin_sits_in_its_hole_and_a_ball_in_a_hollow():
    pin = IMPORT + (
        "plate = cq.Workplane().box(20, 20, 10).faces('>Z').workplane().hole(6)\n"
        "show_object(cq.Assembly(name='a').add(plate, name='plate')"
        ".add(cq.Workplane().circle({}).extrude(20, both=True), name='pin'))"
    )
    assert fitted(pin.format(3)) == {}
    assert fitted(pin.format(2.9)) == {("a/pin", "a/plate"): (0, pytest.approx(0.1, abs=1e-6))}
    assert fitted(pin.format(3.1)) == {("a/pin", "a/plate"): (pytest.approx(math.pi * (3.1**2 - 9) * 10, rel=1e-6), 0)}
    hollow = "cq.Workplane().sphere(9).cut(cq.Workplane().sphere(6))"
    assert fitted(TWO.replace("20, 20, 10", "4, 4, 4").format(hollow, "(0, 0, 0)")) == {}


def test_solids_of_one_compound_and_named_results_are_components_too():
    compound = IMPORT + "show_object(cq.Compound.makeCompound([lid.val(), lid.val().moved(at((0, 0, 9)))]), name='two')"
    assert fitted(compound) == {("two/solid 1", "two/solid 2"): (pytest.approx(400), 0)}
    named = IMPORT + "show_object(lid, name='lid')\nshow_object(lid.translate((0, 0, 9)), name='base')"
    assert fitted(named) == {("base", "lid"): (pytest.approx(400), 0)}
    assert fitted(IMPORT + "show_object(lid)") == {}


def test_each_of_thirty_instances_is_told():
    peg = "cq.Workplane().circle(2).extrude(8).faces('>Z').chamfer(0.5)"
    script = IMPORT + (
        "row = cq.Assembly(name='row').add(cq.Workplane().box(400, 20, 4), name='board')\n"
        f"peg = {peg}\n"
        "for n in range(30):\n"
        "    row.add(peg, name=f'peg {n}', loc=at((10 * n - 150, 0, 1)))\n"
        "show_object(row)"
    )
    found = fitted(script)
    assert len(found) == 30 and {gap for _, gap in found.values()} == {0}
    assert [common for common, _ in found.values()] == [pytest.approx(4 * math.pi, rel=1e-6)] * 30


def test_what_is_no_brep_is_refused():
    assert performed({"kind": "fit", "parts": []}, {"model.brep": b"none"}).result["error"]["kind"] == "geometry"
