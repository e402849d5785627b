"""What does not fit is seen on the part: caio turns to the hole that is off, with the keyboard."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PLATE = """import cadquery as cq

AT = [(-15, -10), (15, -10), (15, 10), (-15, 10)]
result = cq.Workplane().box(40, 30, 4).faces(">Z").workplane().pushPoints(AT).hole(3.2)
"""
HOLES = "".join(f"{{ at = [{x}, {y}, 2], diameter = 3.2 }}, " for x, y in [(-15, -10), (15, -10), (15, 10), (-15, 10)])
PROMISES = f"[contracts.london-base]\nkind = 'holes'\nholes = [{HOLES}]\n"


def test_caio_sees_which_hole_is_off(desk, service, tmp_path):
    london, brazil = service.join("london"), service.join("brazil")
    london.start_design("base", {"plate.py": PLATE, "okh.toml": PROMISES}, tmp_path / "base")
    brazil.post("/designs/london/base/forks")
    brazil.git("clone", "-q", f"{service.url}/brazil/base.git", str(tmp_path / "fork"))
    brazil.push(tmp_path / "fork", {"plate.py": PLATE.replace("(15, 10)", "(15.8, 10)")}, "Room for the fan")
    brazil.built("/designs/brazil/base", {"part": "plate.py"})

    caio = desk("caio")
    caio.goto("/brazil/base")
    caio.get_by_role("link", name="Does not fit london/base: hole 3 is 0.80 mm off").click()
    viewer = caio.locator("od-viewer.is-loaded")
    viewer.wait_for()
    expect(viewer.get_by_text("hole 3: 0.80 mm")).to_be_visible()
    picture = caio.get_by_role("img", name="hole 3 is 0.80 mm off")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    before = viewer.evaluate("stage => stage.stage.cameras.write()")
    caio.get_by_role("button", name="Show: hole 3 is 0.80 mm off").press("Enter")
    expect(viewer.locator("canvas")).to_be_focused()
    caio.wait_for_function("before => document.querySelector('od-viewer').stage.cameras.write() !== before", arg=before)
    caio.get_by_role("link", name="Picture (SVG)").click()
    caio.wait_for_url("**/misfits/picture?**")
    expect(caio.locator("text.mt")).to_have_text("hole 3: 0.80 mm")
