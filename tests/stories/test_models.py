"""Eva has no scripts, only files from other programs: they are parts all the same."""

import struct

import pytest
from service import BOX

pytestmark = pytest.mark.slow
CORNERS = ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1))
FACES = ((0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3))
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40mm" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>'
)


def tip(size: float) -> bytes:
    """A corner of a cube as binary STL, `size` mm long."""
    facets = [sum((tuple(size * x for x in CORNERS[corner]) for corner in face), ()) for face in FACES]
    return bytes(80) + struct.pack("<I", 4) + b"".join(struct.pack("<12fH", 0, 0, 0, *facet, 0) for facet in facets)


def test_a_design_of_models_alone(service, tmp_path):
    eva = service.join("eva")
    step = made_elsewhere(eva, tmp_path)
    clone = eva.start_design(
        "stand", {"README.md": "# Stand\n", "case.step": step, "front.svg": DRAWING}, tmp_path / "s"
    )
    (clone / "tip.stl").write_bytes(tip(6))
    eva.push(clone, {}, "Add the tip")
    assert "tip.stl: buil" in eva.said

    parts = eva.get("/designs/eva/stand/parts")
    assert [(part["path"], part["engine"]) for part in parts] == [("case.step", "step"), ("tip.stl", "stl")]
    mesh = eva.built("/designs/eva/stand", {"part": "tip.stl"})
    assert mesh["shapes"][0]["volume_mm3"] == pytest.approx(36, rel=1e-6)
    assert {file["format"] for file in mesh["files"]} == {"viewer", "step", "stl", "3mf", "glb", "brep", "png"}
    drawing = eva.built("/designs/eva/stand", {"part": "front.svg"})
    assert drawing["total"]["area_mm2"] == pytest.approx(800)
    the_pages_show_them(eva)
    a_change_is_seen(eva, clone)
    eva_says_what_is_a_part(eva)


def made_elsewhere(eva, tmp_path) -> str:
    """A STEP file, made by what is at hand."""
    eva.start_design("tool", {"box.py": BOX}, tmp_path / "tool")
    build = eva.built("/designs/eva/tool", {"part": "box.py"})
    href = next(file["href"] for file in build["files"] if file["format"] == "step")
    return eva.ask("GET", href.removeprefix("/api/v1")).text


def the_pages_show_them(eva):
    """The file's page has the shape and leads to the part's."""
    for path, words in (("files/main/tip.stl", "/builds/"), ("parts/tip.stl", "STL"), ("files/main/front.svg", "<img")):
        page = eva.ask("GET", f"/../../eva/stand/{path}")
        assert page.status_code == 200 and words in page.text and "od-viewer" in page.text


def a_change_is_seen(eva, clone):
    """As any part's: in volumes, and in colours."""
    (clone / "tip.stl").write_bytes(tip(12))
    eva.git("checkout", "-q", "-b", "longer", folder=clone)
    eva.push(clone, {}, "Make the tip longer")
    seen = eva.until("/designs/eva/stand/compare/main...longer", lambda found: found["state"] == "made")
    (changed,) = [part for part in seen["parts"] if part["status"] != "unchanged"]
    volumes = {"before": 36, "after": 288, "added": 252, "removed": 0, "common": 36}
    assert changed["path"] == "tip.stl" and changed["volume_mm3"] == pytest.approx(volumes, abs=0.1)


def eva_says_what_is_a_part(eva):
    """In okh.toml, by the API; the rest of the file stays."""
    base = "/designs/eva/stand/parts"
    body = {"listed": True, "title": "Front plate"}
    said = eva.ask("PUT", f"{base}/front.svg", json=body)
    assert said.status_code == 200 and said.json()["path"] == "okh.toml", said.text
    assert eva.ask("PUT", f"{base}/tip.stl", json={"listed": False}).status_code == 200
    found = [(part["path"], part["title"]) for part in eva.get(base)]
    assert found == [("case.step", "Case"), ("front.svg", "Front plate")]
    again = eva.ask("PUT", f"{base}/tip.stl", json={"listed": False})
    assert again.status_code == 422 and "already" in again.text
    assert eva.ask("PUT", f"{base}/nothing.stl", json={"listed": True}).status_code == 404
