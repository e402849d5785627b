"""A comparison in the browser: seen at once, in five ways, part by part; the numbers join later."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]
RIG = """import cadquery as cq

for name, size, at in {}:
    show_object(cq.Workplane().box(*size).translate(at), name=name)
"""
OLD = [("plate", (60, 40, 4), (0, 0, 0)), ("clip", (6, 8, 9), (-20, 0, 6)), ("pin", (4, 4, 7), (0, 12, 5))]
NEW = [("plate", (66, 40, 4), (3, 0, 0)), ("clip", (6, 8, 9), (15, -8, 6)), ("stop", (3, 9, 5), (20, 9, 4))]
WAYS = ("Both", "See through", "Wipe", "Before", "After")
# The share of pixels on the stage that are green, and red, and amber, drawn anew for the purpose.
COLOURS = """stage => {
  stage.drawNow();
  const gl = stage.renderer.getContext();
  const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
  const pixels = new Uint8Array(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  const found = { added: 0, removed: 0, moved: 0 };
  for (let at = 0; at < pixels.length; at += 4) {
    const [red, green, blue] = pixels.subarray(at, at + 3);
    if (green > 1.4 * red && green > 1.4 * blue) found.added += 1;
    if (red > 1.8 * green && red > 1.8 * blue) found.removed += 1;
    if (red > 1.1 * green && red < 1.8 * green && green > 1.8 * blue) found.moved += 1;
  }
  return found;
}"""


@pytest.fixture(scope="module")
def address(service) -> str:
    """The address of the comparison of two branches whose parts are built, and that nobody has asked for."""
    maker = service.join("nora")
    maker.post("/designs", {"name": "rig", "title": "Rig"})
    for branch, pieces in (("main", OLD), ("next", NEW)):
        if branch != "main":
            maker.post("/designs/nora/rig/branches", {"name": branch})
        answer = maker.ask(
            "PUT", f"/designs/nora/rig/files/{branch}/rig.py", json={"content": RIG.format(json.dumps(pieces))}
        )
        assert answer.status_code < 300, answer.text
        maker.built("/designs/nora/rig", {"part": "rig.py", "ref": branch})
    return "/nora/rig/compare/main...next"


def seen(page: Page) -> dict[str, int]:
    """How many pixels of the stage have the colours of what was added, removed and moved."""
    stage = page.evaluate_handle("document.querySelector('od-compare').stage")
    return page.evaluate(COLOURS, stage)


def eye(page: Page) -> str:
    """Where one looks from."""
    return page.evaluate("document.querySelector('od-compare').stage.cameras.write()")


def test_a_comparison_is_seen_before_its_numbers_and_in_every_way(desk, address):
    page = desk(None, reduced_motion="reduce")
    page.route("**/compare/**part=**", nothing_new)
    page.goto(address)
    page.wait_for_selector("od-compare.is-loaded")
    it_is_seen_while_the_numbers_are_computed(page)
    before = its_parts_are_told_apart(page)
    page.unroute("**/compare/**part=**")
    the_numbers_join(page, before)
    every_way_has_a_key_and_is_remembered(page)


def nothing_new(route: Route) -> None:
    """Answers what the server does while it computes, for as long as the test wants."""
    route.fulfill(status=204)


def it_is_seen_while_the_numbers_are_computed(page: Page) -> None:
    """Added, removed and moved are in their colours; what needs exact volumes is not offered yet."""
    expect(page.locator("main")).to_contain_text("exact volumes are being computed")
    expect(page.get_by_role("heading", name="Material")).to_have_count(0)
    ways = page.get_by_role("group", name="Compare by")
    expect(ways.get_by_role("button", name="Both")).to_have_attribute("aria-pressed", "true")
    expect(ways.get_by_role("button", name="See through")).to_be_hidden()
    assert all(count > 200 for count in seen(page).values()), seen(page)


def its_parts_are_told_apart(page: Page) -> str:
    """Every row says what became of a part; choosing one flies there."""
    rows = page.locator("od-compare .mark-row")
    told = [" ".join(text.split()) for text in rows.all_inner_texts()]
    assert told == ["plate Changed", "clip Moved", "stop Added", "pin Removed"]
    whole = eye(page)
    rows.filter(has_text="clip").click()
    expect(rows.filter(has_text="clip")).to_have_attribute("aria-pressed", "true")
    near = eye(page)
    assert near != whole
    page.locator("od-compare canvas").focus()
    page.keyboard.press("n")
    expect(rows.filter(has_text="stop")).to_have_attribute("aria-pressed", "true")
    assert eye(page) not in (near, whole)
    return eye(page)


def the_numbers_join(page: Page, before: str) -> None:
    """The page is not loaded anew, and the eye stays where it was."""
    page.evaluate("window.stays = document.querySelector('od-compare')")
    expect(page.get_by_role("heading", name="Material")).to_be_visible()
    page.wait_for_selector("od-compare[overlay]")
    expect(page.get_by_role("button", name="See through")).to_be_visible()
    assert page.evaluate("window.stays === document.querySelector('od-compare') && window.stays.isConnected")
    assert eye(page) == before
    expect(page.locator("main")).not_to_contain_text("exact volumes are being computed")


def every_way_has_a_key_and_is_remembered(page: Page) -> None:
    """Keys while the stage has the focus; the page comes back in the way one left it."""
    ways = page.get_by_role("group", name="Compare by")
    assert tuple(text.strip() for text in ways.get_by_role("button").all_inner_texts()) == WAYS
    page.locator("od-compare canvas").focus()
    for key, way in zip("btwqa", WAYS, strict=True):
        page.keyboard.press(key)
        expect(ways.get_by_role("button", name=way)).to_have_attribute("aria-pressed", "true")
        assert (max(seen(page).values()) > 200) == (way in ("Both", "See through")), way
    page.keyboard.press("w")
    expect(page.get_by_role("slider", name="Wipe")).to_be_visible()
    page.reload()
    expect(ways.get_by_role("button", name="Wipe")).to_have_attribute("aria-pressed", "true")
