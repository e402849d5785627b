"""The faces near a point are told as they are, and a pin is found again on what was really built."""

import pytest
from inside_fixture import build, performed

from opendesign.core import pin

LID = """import cadquery as cq
width, boss, hole = {width}, {boss}, 3.0
lid = cq.Workplane().box(width, 50, 4).faces("<Z").workplane().pushPoints([(30, 15), (-30, 15)]).hole(hole)
if boss:
    lid = lid.union(cq.Workplane().circle(5).extrude(boss).translate((0, 0, 2)))
show_object(lid, name="lid")
"""
ALL = """import cadquery as cq
ball = cq.Workplane().sphere(4).translate((20, 0, 0))
cone = cq.Workplane("XY").add(cq.Solid.makeCone(5, 2, 6))
ring = cq.Workplane().add(cq.Solid.makeTorus(6, 1)).translate((40, 0, 0))
wave = cq.Workplane("XZ").spline([(60, 0), (65, 3), (70, 0)]).close().extrude(5)
show_object(cq.Assembly().add(ball, name="ball").add(cone, name="cone").add(ring, name="ring").add(wave, name="wave"))
"""


def near(script: str, point: tuple, *names: str) -> list[pin.Face]:
    """Builds a script and returns the faces near a point of what it makes."""
    done = build(script, "brep")
    job = {"kind": "nearby", "names": names, "point": point}
    found = performed(job, {"model.brep": done.files["brep"]}).result
    assert found["ok"], found
    return pin.faces_of(pin.check(found["faces"]))


def lid(point: tuple, width: float = 80, boss: float = 6) -> list[pin.Face]:
    return near(LID.format(width=width, boss=boss), point, "lid")


def test_planes_and_holes_are_told_with_the_nearest_first():
    top, *others = lid((10, 20, 2.5))
    assert (top.kind, top.direction, top.place, top.away) == ("plane", (0, 0, 1), (0, 0, 2), 0.5)
    assert top.size == (80, 50, 0) and top.near == (10, 20, 2) and top.shape == "lid"
    assert [face.direction for face in others if face.kind == "plane"][-1] == (-1, 0, 0)
    holes = [face for face in lid((30, -13.5, 0)) if face.kind == "cylinder" and face.hollow]
    assert [(face.radii[0], face.place) for face in holes] == [(1.5, (30, -15, 0)), (1.5, (-30, -15, 0))]
    assert holes[0].away == 0 and holes[0].normal == pytest.approx((0, -1, 0), abs=1e-5)


def test_every_kind_of_surface_of_an_assembly_is_told_in_its_place():
    names = ("part/ball", "part/cone", "part/ring", "part/wave")
    faces = near(ALL, (24, 0, 0), *names)
    assert (faces[0].kind, faces[0].shape, faces[0].place, faces[0].radii[0]) == ("sphere", "part/ball", (20, 0, 0), 4)
    by_kind = {face.kind: face for face in faces}
    assert by_kind.keys() == set(pin.KINDS) - {"cylinder"}
    assert by_kind["torus"].place == (40, 0, 0) and by_kind["torus"].radii == (6, 1)
    assert by_kind["cone"].place == pytest.approx((0, 0, 10)) and by_kind["cone"].shape == "part/cone"
    assert by_kind["other"].shape == "part/wave"


def test_a_pin_follows_its_face_through_real_builds():
    boss, wall = (1.0, 1.0, 8.0), (40.0, 3.0, 1.0)
    assert pin.follow(lid(boss), lid(boss, width=90), boss).state == "here"
    assert pin.follow(lid(boss), lid(boss, boss=8), boss) == ("moved", (1, 1, 10), (0, 0, 1), 2.0)
    assert pin.follow(lid(boss), lid(boss, boss=0), boss).state == "outdated"
    assert pin.follow(lid(wall), lid(wall, width=90), wall)[:2] == ("moved", (45, 3, 1))


def test_too_few_names_are_refused():
    done = build(ALL, "brep")
    found = performed({"kind": "nearby", "names": ["a", "b"], "point": [0, 0, 0]}, {"model.brep": done.files["brep"]})
    assert not found.result["ok"] and found.result["error"]["kind"] == "invalid"
