"""Faces that a script names with `tag` are known by where they are in the end."""

import pytest
from inside_fixture import build

from opendesign.core import tag

IMPORT = "import cadquery as cq\n"
PLATE = "cq.Workplane().box(40, 30, 5)"


def places(script: str) -> list[dict]:
    """Builds a script and returns its tagged faces."""
    return tag.check(build(IMPORT + script).result["tags"])


def test_a_flat_face_is_a_plane_with_its_corners():
    (seat,) = places(f"plate = {PLATE}\nplate.faces('>Z').tag('seat')\nshow_object(plate, name='plate')")
    assert (seat["tag"], seat["shape"], seat["normal"]) == ("seat", "plate", [0, 0, 1])
    assert sorted(seat["corners"]) == [[-20, -15, 2.5], [-20, 15, 2.5], [20, -15, 2.5], [20, 15, 2.5]]
    (seat,) = places(f"plate = {PLATE}\nplate.faces('<X').tag('side')\nresult = plate.mirror('XY')")
    assert seat["normal"] == [-1, 0, 0]


@pytest.mark.parametrize(("feature", "hollow", "ends"), [("hole(4)", True, -2.5), ("circle(2).extrude(6)", False, 8.5)])
def test_a_round_face_is_a_line_with_a_diameter(feature, hollow, ends):
    made = f"plate = {PLATE}.faces('>Z').workplane().{feature}\nplate.faces('%CYLINDER').tag('pin')\nresult = plate"
    (pin,) = places(made)
    assert pin["hollow"] is hollow and pin["diameter"] == pytest.approx(4)
    assert sorted(pin["ends"])[0][:2] == [0, 0] and ends in (pin["ends"][0][2], pin["ends"][1][2])


def test_a_face_that_was_drilled_since_is_the_same_and_one_that_is_gone_is_none():
    drilled = f"result = {PLATE}.faces('>Z').tag('seat').end().faces('>Z').workplane().hole(4)"
    (seat,) = places(drilled)
    assert seat["normal"] == [0, 0, 1] and seat["corners"][0][2] == 2.5
    assert places(drilled + "\nresult = result.translate((0, 0, 1))") == []
    assert places(drilled + ".faces('>Z').workplane().rect(50, 50).extrude(2)") == []
    sides = f"result = {PLATE}.faces('>Z').tag('seat').end().cut(cq.Workplane().box(4, 40, 20))"
    assert len(places(sides)) == 2
    assert places(f"result = {PLATE}.tag('base').edges('|Z').tag('posts').fillet(2)") == []


def test_an_assembly_has_the_tagged_faces_of_each_of_its_instances():
    script = f"plate = {PLATE}\nplate.faces('>Z').tag('seat')\n"
    placed = "cq.Assembly().add(plate, name='a').add(plate, name='b', loc=cq.Location((0, 0, 20), (1, 0, 0), 90))"
    first, second = places(f"{script}show_object({placed})")
    assert (first["shape"], first["normal"]) == ("part/a", [0, 0, 1])
    assert (second["shape"], second["normal"]) == ("part/b", [0, -1, 0])
    assert {round(corner[1], 6) for corner in second["corners"]} == {-2.5}
