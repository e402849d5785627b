"""Two shapes are the same wherever they lie and however they are drawn, but never in a mirror."""

import functools

import engine_fixture
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from inside_fixture import build, performed

from opendesign.cad.engine import Job
from opendesign.cad.inside.motion import Body, motions

BRACKET = """import cadquery as cq

plate = cq.Workplane().box(40, 30, 4).edges("|Z").fillet(3)
plate = plate.faces(">Z").workplane().pushPoints([(-12, 5), (12, -7)]).hole(5)
wall = cq.Workplane(origin=(-18, 0, 12)).box(4, 30, 20)
result = plate.union(wall).faces("<X").workplane(origin=(0, 4, 14)).hole(6)
"""
REDRAWN = """import cadquery as cq

result = cq.Workplane().rect(40, 30).extrude(4).translate((0, 0, -2)).edges("|Z").fillet(3)
result = result.union(cq.Workplane("YZ").rect(30, 20).extrude(4).translate((-20, 0, 12)))
for x, y in ((12, -7), (-12, 5)):
    result = result.cut(cq.Workplane(origin=(x, y, 0)).circle(2.5).extrude(20, both=True))
result = result.cut(cq.Workplane("YZ").circle(3).extrude(10, both=True).translate((-18, 4, 14)))
"""
TURNED, MIRRORED = "result = result.rotate((0, 0, 0), (1, 2, 3), 77)\n", 'result = result.mirror("YZ")\n'
CUBE = """import cadquery as cq

result = cq.Workplane().box(20, 20, 20).faces(">Z").workplane(origin=(6, 3, 0)).hole(2)
result = result.faces(">X").workplane(origin=(0, 6, 3)).hole(2).faces(">Y").workplane(origin=(3, 0, 6)).hole(2)
"""
CLOUDS = arrays.arrays(np.float64, (7, 3), elements=st.floats(-9, 9).map(lambda each: round(each, 2)), unique=True)
SIGNS = [np.array(each) for each in ((-1, 1, 1), (1, -1, 1), (1, 1, -1), (-1, -1, -1))]
QUATERNIONS = arrays.arrays(np.float64, 4, elements=st.floats(-1, 1).map(lambda each: round(each, 3)))


def body(points: np.ndarray) -> Body:
    return Body(np.sum([each @ each * np.identity(3) - np.outer(each, each) for each in points], axis=0), points)


def turned(quaternion: np.ndarray) -> np.ndarray:
    w, *axis = quaternion / np.linalg.norm(quaternion)
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.identity(3) + 2 * w * cross + 2 * cross @ cross


def misfits(one: np.ndarray, other: np.ndarray) -> list[float]:
    """How far from each other the furthest points are, after each motion that was found."""
    found = motions(body(one), body(other), 4)
    assert all(np.linalg.det(each) == pytest.approx(1) for each in found)
    far = (np.linalg.norm((one @ each.T)[:, None] - other[None], axis=2) for each in found)
    return [max(each.min(axis=0).max(), each.min(axis=1).max()) for each in far]


@given(CLOUDS, QUATERNIONS)
def test_a_turned_body_is_found_and_its_mirror_image_is_not(cloud, quaternion):
    cloud = cloud - cloud.mean(axis=0)
    moments = np.linalg.eigvalsh(body(cloud).inertia)
    assume(np.linalg.norm(quaternion) > 0.1 and np.diff(moments).min() > 0.05 * moments[-1])
    there = cloud @ turned(quaternion).T
    assert min(misfits(cloud, there)) < 1e-6
    # The axes leave four turns to a mirror image: it is the same only if one of them makes it so.
    mirrored = there * [-1, 1, 1]
    axes = np.linalg.eigh(body(cloud).inertia)[1]
    seen = cloud @ axes
    chiral = min(np.abs(seen[None] - (seen * s)[:, None]).max(2).min(1).max() for s in SIGNS)
    assume(chiral > 0.1)
    assert min(misfits(cloud, mirrored)) > 0.01


@functools.cache
def shape(script: str) -> bytes:
    return build(script, "brep").files["brep"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (BRACKET, REDRAWN + TURNED, True),
        (BRACKET, BRACKET + MIRRORED, False),
        (CUBE, CUBE + TURNED, True),
        (CUBE, CUBE + MIRRORED, False),
    ],
)
def test_a_shape_is_the_same_turned_and_drawn_another_way_but_not_mirrored(one, other, same):
    done = performed({"kind": "overlap"}, {"one.brep": shape(one), "other.brep": shape(other)})
    assert (done.result["overlap"] >= 0.999) is same, done.result


def test_the_form_of_a_mirror_image_is_the_same_so_it_has_to_be_looked_at():
    one, other = (build(text).result["form"] for text in (BRACKET, BRACKET + MIRRORED))
    assert one == other and set(one["surfaces"]) == {"plane", "cylinder"} and one["sorts"] == 11
    assert build("import cadquery as cq\nresult = cq.Workplane().box(1, 2, 3)").result["form"]["sorts"] == 3


def test_a_real_jail_says_how_far_two_shapes_are_the_same_and_refuses_what_is_none(request):
    engine = engine_fixture.shared(request, "namespaces")
    shapes = [shape(text) for text in (BRACKET, REDRAWN + TURNED)]
    outcome = engine.overlap(*shapes, Job("", {}, (), seconds=20))
    assert outcome.ok and outcome.result["overlap"] >= 0.999
    broken = engine.overlap(shapes[0], b"no shape", Job("", {}, (), seconds=20))
    assert not broken.ok and broken.kind == "geometry"
