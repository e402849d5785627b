"""What is said about two states of a part."""

import io
import json
import math
import struct

import numpy as np
import pytest
from inside_fixture import Done, build, performed
from PIL import Image

from opendesign.core import glb

IMPORT = "import cadquery as cq\n"
PLATE = IMPORT + "plate = cq.Workplane().box({}, 40, 6).faces('>Z').workplane().hole({})\nshow_object(plate{})"


def brep(script: str) -> bytes:
    """Returns what a script makes as BREP."""
    return build(script, "brep").files["brep"]


def compared(before: bytes | None, after: bytes | None, method: str = "exact", formats: str = "overlay") -> Done:
    """Compares two states."""
    files = {"before.brep": before, "after.brep": after}
    job = {"kind": "difference", "formats": formats.split(), "method": method}
    return performed(job, {name: content for name, content in files.items() if content is not None})


def nodes(done: Done) -> list[str]:
    """Returns the names of the overlay's nodes, after a check."""
    blob = done.files["overlay"]
    glb.check(blob)
    scene = json.loads(blob[20 : 20 + struct.unpack_from("<I", blob, 12)[0]])
    names = [node["name"] for node in scene["nodes"][1:]]
    assert {material["name"] for material in scene["materials"]} <= {*names, "edge"}
    return names


def volumes(done: Done) -> tuple[float, float, float]:
    """Returns added, removed and common volume, mm³."""
    assert done.result["ok"], done.result
    return tuple(done.result[f"{kind}_mm3"] for kind in ("added", "removed", "common"))


@pytest.fixture(scope="module")
def plate() -> bytes:
    """A plate of 60 × 40 × 6 mm with a hole of 10."""
    return brep(PLATE.format(60, 10, ""))


@pytest.mark.parametrize(("method", "close"), [("exact", 1e-6), ("mesh", 5e-3)])
def test_a_longer_plate_with_a_larger_hole(plate, method: str, close: float):
    done = compared(plate, brep(PLATE.format(64, 14, "")), method)
    ring = 6 * math.pi * (49 - 25)
    assert done.result["status"] == "changed" and done.result["method"] == method
    assert volumes(done) == pytest.approx((4 * 40 * 6, ring, 60 * 40 * 6 - 49 * 6 * math.pi), rel=close)
    assert sorted(nodes(done)) == ["added", "common", "removed"]
    assert volumes(done)[2] + volumes(done)[0] == pytest.approx(64 * 40 * 6 - 49 * 6 * math.pi, rel=1e-3)


def test_the_same_again_is_unchanged(plate):
    done = compared(plate, brep(PLATE.format(60, 10, "")))
    assert done.result["status"] == "unchanged" and nodes(done) == ["common"]
    assert volumes(done)[:2] == (0, 0)


def test_the_same_elsewhere_is_moved(plate):
    done = compared(plate, brep(PLATE.format(60, 10, ".translate((100, 0, 0))")))
    assert done.result["status"] == "moved" and sorted(nodes(done)) == ["added", "removed"]
    assert volumes(done)[0] == pytest.approx(volumes(done)[1]) and volumes(done)[2] == 0


@pytest.mark.parametrize("kind", ["added", "removed"])
def test_a_part_that_is_new_or_gone(plate, kind: str):
    done = compared(None, plate) if kind == "added" else compared(plate, None)
    assert done.result["status"] == kind and nodes(done) == [kind]
    assert volumes(done)[0 if kind == "added" else 1] == pytest.approx(60 * 40 * 6 - 25 * 6 * math.pi)


def test_nothing_at_all_is_refused():
    assert compared(None, None).result["error"]["kind"] == "empty"


def test_only_the_solids_that_differ_are_compared():
    many = IMPORT + "for i in range(30):\n    show_object(cq.Workplane().box(5, 5, {}).translate((10 * i, 0, 0)))"
    before, after = brep(many.format("5")), brep(many.format("6 if i == 7 else 5"))
    done = compared(before, after)
    assert volumes(done) == pytest.approx((25, 0, 30 * 125), abs=1e-6)
    assert done.result["method"] == "exact"


def test_surfaces_are_exchanged():
    disc = IMPORT + "show_object(cq.Sketch().circle({}))"
    done = compared(brep(disc.format(5)), brep(disc.format(6)))
    assert done.result["status"] == "changed" and sorted(nodes(done)) == ["added", "removed"]
    assert volumes(done) == (0, 0, 0)


def test_thin_slivers_of_curves_are_no_change():
    pipe = IMPORT + "show_object(cq.Workplane().circle(20).circle(18).extrude(50){})"
    done = compared(brep(pipe.format("")), brep(pipe.format(".rotate((0,0,0), (0,0,1), 1.7)")), "mesh")
    assert volumes(done)[:2] == (0, 0)


def test_the_picture_has_the_colours_of_the_change_and_stripes_on_what_is_gone(plate):
    done = compared(plate, brep(PLATE.format(64, 14, "")), formats="png")
    pixels = np.asarray(Image.open(io.BytesIO(done.files["png"]))).astype(int)
    red, green, blue = (pixels[:, :, channel] for channel in range(3))
    assert ((green > 1.4 * red) & (pixels[:, :, 3] == 255)).sum() > 1000
    assert ((red > 1.4 * green) & (red > 1.4 * blue)).sum() > 1000
    gone = compared(plate, None, formats="png png-large")
    large = Image.open(io.BytesIO(gone.files["png-large"]))
    assert large.size == (1600, 1200) and Image.open(io.BytesIO(gone.files["png"])).size == (640, 480)
    row = np.asarray(large).astype(int)[560, :, 0]
    steps = np.abs(np.diff(row[row > 0])) > 5
    assert steps.sum() > 60, "the upper face is plain but for its stripes, two borders each"


def test_what_is_no_brep_is_refused(plate):
    assert compared(plate, b"not a shape").result["error"]["kind"] == "geometry"


def test_hostile_triangulations_are_not_read(plate):
    assert b"Triangulations 0" in plate
