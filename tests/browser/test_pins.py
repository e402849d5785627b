"""Ada pins a comment to a point of Bob's lid; it stays with its face while Bob goes on, and is outdated without it."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LID = """import cadquery as cq

WIDTH = {width}  # mm
BOSS = {boss}  # Height of the boss, mm

lid = cq.Workplane().box(WIDTH, 50, 4)
if BOSS:
    lid = lid.union(cq.Workplane().circle(6).extrude(BOSS).translate((0, 0, 2)))
show_object(lid, name="lid")
"""
TOP = """(element, point) => {
  const { stage } = element;
  stage.drawNow();
  const seen = stage.cameras.target.clone().set(...point).project(stage.cameras.active);
  return { x: (seen.x + 1) / 2 * stage.size.width, y: (1 - seen.y) / 2 * stage.size.height };
}"""


@pytest.fixture
def bob(service):
    """Bob, whose lid has a boss of 3 mm and a proposal to raise it to 6."""
    bob = service.join("bob")
    bob.post("/designs", {"name": "lid", "title": "Lid", "licence": "CERN-OHL-W-2.0"})
    bob.ask("PUT", "/designs/bob/lid/files/main/lid.py", json={"content": LID.format(width=80, boss=3)})
    bob.post("/designs/bob/lid/branches", {"name": "boss"})
    change(bob, 80, 6)
    bob.post("/designs/bob/lid/proposals", {"source_branch": "boss", "target_branch": "main", "title": "A boss"})
    bob.until("/designs/bob/lid/proposals/1", lambda shown: shown["comparison"]["state"] == "made")
    return bob


def change(bob, width: float, boss: float) -> None:
    """Bob changes what he proposes."""
    body = {"content": LID.format(width=width, boss=boss), "message": f"{width} wide, {boss} high"}
    answer = bob.ask("PUT", "/designs/bob/lid/files/boss/lid.py", json=body)
    assert answer.status_code < 300, answer.text


def ready(bob, *states: str) -> list[dict]:
    """Waits until all points are found on what is proposed now; returns the pins, the oldest first."""
    path = "/designs/bob/lid/proposals/1/comments"
    found = bob.until(path, lambda said: all(each["pin"]["state"] != "unknown" for each in said))
    assert [each["pin"]["state"] for each in found] == list(states)
    return [each["pin"] for each in found]


def stage(page: Page):
    """Opens the proposed part and waits for its stage."""
    page.goto("/bob/lid/proposals/1/geometry")
    page.locator("od-viewer").scroll_into_view_if_needed()
    page.wait_for_selector("od-viewer.is-loaded")
    return page.locator("od-viewer")


def test_a_pin_stays_with_its_face_until_the_face_is_gone(bob, desk):
    ada = desk("pia", reduced_motion="reduce")
    viewer = stage(ada)
    ada_clicks_the_top_of_the_boss(ada, viewer)
    ada_takes_the_middle_by_the_keyboard(ada, stage(ada))
    top, under = ready(bob, "here", "here")
    assert top["point"] == pytest.approx([0, 0, 8], abs=0.5) and top["surface"] == "plane"
    assert top["normal"] == [0, 0, 1] and under["normal"] == [0, 0, -1] and under["point"][2] == -2

    change(bob, 90, 6)
    assert [pin["point"] for pin in ready(bob, "here", "here")] == [top["point"], under["point"]]
    change(bob, 90, 8)
    moved, _ = ready(bob, "moved", "here")
    assert (moved["moved_mm"], moved["point"][2]) == (2.0, 10)
    viewer = stage(ada)
    expect(ada.locator("#timeline")).to_contain_text("moved 2 mm with its face")
    expect(viewer.locator("a.viewer-marker")).to_have_text(["1", "2"])

    change(bob, 90, 0)
    ready(bob, "outdated", "here")
    viewer = stage(ada)
    expect(viewer.locator("a.viewer-marker")).to_have_text(["2"])
    old = ada.locator("article.comment").filter(has_text="Too thin here")
    expect(old).to_contain_text("The face it was put on is gone.")
    expect(old.get_by_text("outdated", exact=True)).to_be_visible()
    assert ada.request.get(old.locator("img").get_attribute("src")).status == 200


def ada_clicks_the_top_of_the_boss(ada: Page, viewer) -> None:
    """The form opens beside the point, and the comment has a number on the part that leads to it."""
    begin = viewer.get_by_role("button", name="Comment on a point")
    begin.click()
    expect(begin).to_have_attribute("aria-pressed", "true")
    viewer.locator("canvas").click(position=viewer.evaluate(TOP, [0, 0, 8]))
    form = viewer.locator("form.pin-form")
    expect(form.get_by_label("Comment", exact=True)).to_be_focused()
    ada.keyboard.type("Too thin here")
    form.get_by_role("button", name="Comment", exact=True).click()
    ada.wait_for_url(re.compile("#comment-"))
    expect(ada.locator("od-viewer.is-loaded a.viewer-marker")).to_have_text(["1"])
    ada.get_by_role("button", name="Show").click()
    expect(ada.locator("od-viewer a.viewer-marker.is-shown")).to_have_text(["1"])


def ada_takes_the_middle_by_the_keyboard(ada: Page, viewer) -> None:
    """Without a pointer: the underside, a key, and Enter for what is in the middle."""
    viewer.locator("canvas").focus()
    for key in ("5", "c", "Enter"):
        ada.keyboard.press(key)
    expect(viewer.locator("form.pin-form").get_by_label("Comment", exact=True)).to_be_focused()
    ada.keyboard.type("And under it?")
    viewer.get_by_role("button", name="Comment", exact=True).click()
    ada.wait_for_url(re.compile("#comment-"))
