"""The parameter panel in the browser: presets without a reload, what follows, undo, and keeping a preset."""

import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from service import PASSWORD, Service

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SCRIPT = '''"""Case: a box."""

from dataclasses import dataclass

import cadquery as cq


@dataclass
class Case:
    width: float = 80.0  # [30:0.5:200] Width, mm
    lid: int = 1  # [0:Off, 1:Snaps on, 2:Screwed on] Lid


TRAYS = [10.0, 20.5]
case = Case()
inside = case.width - 2 * len(TRAYS)  # Width inside, mm
show_object(cq.Workplane().box(case.width, 30, 10 + case.lid + sum(TRAYS)), name="case")
'''
PRESETS = '{"case.py": {"Wide": {"Case.width": 120, "Case.lid": 2}, "Lost": {"Case.depth": 3}}}'


def made(page: Page) -> None:
    """Waits until the geometry of the newest values has come."""
    page.wait_for_selector('[data-regeneration][data-state="made"]')


def starts(service: Service, owner: str) -> None:
    """A design with a script and presets."""
    with httpx.Client(base_url=service.url + "/api/v1", auth=(owner, PASSWORD), timeout=60) as api:
        assert api.post("/designs", json={"name": "trays", "title": "Trays"}).status_code == 201
        for path, text in (("case.py", SCRIPT), ("presets.json", PRESETS)):
            assert api.put(f"/designs/{owner}/trays/files/main/{path}", json={"content": text}).status_code == 201


def test_presets_and_what_follows(desk, service: Service):
    eve = desk("eve")
    starts(service, "eve")
    eve.goto("/eve/trays/parts/case.py")
    eve.wait_for_selector("od-viewer.is-loaded")
    panel, inside = eve.locator("#parameters"), eve.locator('[data-derived="inside"] output')
    expect(inside).to_have_text("76")
    expect(panel).to_contain_text("Case.depth is not a parameter of this part")
    a_preset_sets_the_fields_where_the_page_is(eve, panel, inside)
    steps_are_taken_back(eve, panel, inside)
    a_preset_is_kept_with_enter_and_another_dropped(eve, panel)


def a_preset_sets_the_fields_where_the_page_is(eve: Page, panel: Locator, inside: Locator) -> None:
    """What follows comes with the geometry."""
    eve.evaluate("window.stays = true")
    panel.get_by_role("link", name="Wide").click()
    expect(inside).to_have_text("116")
    expect(panel.get_by_role("link", name="Wide")).to_have_attribute("aria-current", "true")
    assert "p.Case.width=120" in eve.url and eve.evaluate("window.stays") is True
    expect(panel.get_by_label("Lid")).to_have_value("2")
    assert panel.get_by_label("Lid").locator("option:checked").inner_text() == "Screwed on"


def steps_are_taken_back(eve: Page, panel: Locator, inside: Locator) -> None:
    """Undo by the keyboard, redo by the button, one value back by its own button."""
    panel.get_by_label("Lid").focus()
    eve.keyboard.press("Control+z")
    expect(inside).to_have_text("76")
    panel.get_by_role("button", name="Redo").click()
    expect(inside).to_have_text("116")
    row = panel.locator('.parameter[data-name="Case.width"]')
    row.get_by_role("button").click()
    expect(inside).to_have_text("76")
    trays = panel.get_by_label("TRAYS".capitalize())
    trays.fill("10, 20, 30")
    expect(inside).to_have_text("74")
    made(eve)


def a_preset_is_kept_with_enter_and_another_dropped(eve: Page, panel: Locator) -> None:
    """Both are commits; the page comes back with the values it had."""
    panel.locator("summary", has_text="presets").click()
    name = panel.get_by_label("Name of the preset")
    name.fill("Three trays")
    name.press("Enter")
    eve.wait_for_url(re.compile(r"p\.TRAYS="))
    expect(eve.get_by_text("The preset Three trays is kept.")).to_be_visible()
    expect(panel.get_by_role("link", name="Three trays")).to_have_attribute("aria-current", "true")
    eve.on("dialog", lambda dialog: dialog.accept())
    panel.locator("summary", has_text="presets").click()
    panel.get_by_role("button", name="Delete Lost").click()
    expect(panel).not_to_contain_text("Case.depth")


def test_a_value_out_of_range_says_why_and_a_stranger_saves_after_entering(desk, service: Service):
    desk("ivy")
    starts(service, "ivy")
    stranger = desk(None)
    stranger.goto("/ivy/trays/parts/case.py")
    stranger.wait_for_selector("od-viewer.is-loaded")
    width = stranger.locator("#parameters").get_by_label("Width", exact=True).first
    width.fill("500")
    wrong = stranger.locator('[data-name="Case.width"] .error')
    expect(wrong).to_contain_text("200")
    expect(width).to_have_attribute("aria-errormessage", wrong.get_attribute("id") or "")
    width.fill("100")
    expect(wrong).to_be_hidden()
    stranger.get_by_role("button", name="Save to my fork").click()
    stranger.wait_for_url(re.compile(r"/enter\?next=.*Case\.width%3D100"))
