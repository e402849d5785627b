"""Round holes are found where they are, and nothing else is taken for one."""

import pytest
from inside_fixture import build

from opendesign.core import hole

IMPORT = "import cadquery as cq\n"
PLATE = "cq.Workplane().box(40, 30, 5)"


def found(shape: str) -> list[tuple]:
    """Builds a shape and returns the ends and the diameter of each hole, in order."""
    holes = hole.check(build(f"{IMPORT}show_object({shape}, name='plate')").result["holes"])
    return sorted((*each["ends"], each["diameter"]) for each in holes)


@pytest.mark.parametrize(
    ("shape", "holes"),
    [
        (PLATE, []),
        (f"{PLATE}.edges('|Z').fillet(4)", []),
        (f"{PLATE}.faces('>Z').workplane().hole(3.2)", [([0, 0, -2.5], [0, 0, 2.5], 3.2)]),
        (f"{PLATE}.faces('>Z').workplane().slot2D(20, 6).cutThruAll()", []),
        (f"{PLATE}.faces('>Z').workplane().rect(20, 10).cutThruAll().edges('|Z').fillet(2)", []),
        (
            f"{PLATE}.faces('>Z').workplane().cboreHole(3, 6, 2)",
            [([0, 0, -2.5], [0, 0, 0.5], 3), ([0, 0, 0.5], [0, 0, 2.5], 6)],
        ),
        (
            f"{PLATE}.cut(cq.Workplane('XZ').center(5, 0).circle(1).extrude(20, both=True))",
            [([5, -15, 0], [5, 15, 0], 2)],
        ),
        ("cq.Workplane().cylinder(10, 5)", []),
        ("cq.Workplane().circle(5).circle(4).extrude(10)", [([0, 0, 0], [0, 0, 10], 8)]),
        (
            f"{PLATE}.faces('>Z').workplane().hole(4).rotate((0,0,0),(0,1,0),90).translate((1, 2, 3))",
            [([-1.5, 2, 3], [3.5, 2, 3], 4)],
        ),
        (f"{PLATE}.faces('>Z').workplane().hole(4).mirror('XY')", [([0, 0, -2.5], [0, 0, 2.5], 4)]),
    ],
)
def test_what_is_a_hole_and_what_is_none(shape, holes):
    assert [
        (pytest.approx(start), pytest.approx(end), pytest.approx(wide)) for start, end, wide in found(shape)
    ] == holes


def test_two_walls_have_a_hole_each_and_an_assembly_has_those_of_each_instance():
    pin = "cq.Workplane('YZ').circle(1).extrude(30, both=True)"
    fork = f"cq.Workplane().box(20, 10, 4).cut(cq.Workplane().box(10, 20, 20)).cut({pin})"
    assert [(round(start[0]), round(end[0])) for start, end, _ in found(fork)] == [(-10, -5), (5, 10)]
    placed = "cq.Assembly().add(ring, name='a').add(ring, name='b', loc=cq.Location((0, 0, 20), (1, 0, 0), 90))"
    script = f"{IMPORT}ring = cq.Workplane().circle(5).circle(4).extrude(10)\nshow_object({placed})"
    first, second = hole.check(build(script).result["holes"])
    assert (first["shape"], first["ends"]) == ("part/a", [[0, 0, 0], [0, 0, 10]])
    assert (second["shape"], second["ends"]) == ("part/b", [[0, 0, 20], [0, -10, 20]])


def test_what_has_too_many_holes_is_not_looked_through():
    grid = "cq.Workplane().box(300, 300, 2).faces('>Z').workplane().rarray(10, 10, 23, 23).hole(2)"
    assert build(f"{IMPORT}show_object({grid})").result["holes"] is None
