"""The story of the first paragraph, in the browser: two people who never touch git."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def shown(page: Page) -> None:
    """Waits until the viewer shows a model."""
    page.wait_for_selector("od-viewer.is-loaded")


def volume(page: Page) -> float:
    """The volume beside the viewer, in the unit shown."""
    cell = page.locator("#facts").inner_text()
    found = re.search(r"Volume\D*([\d.,]+)", cell)
    assert found, cell
    return float(found[1].replace(",", ""))


def test_from_a_starter_to_lineage(desk):
    ada, bia = desk("ada"), desk("bia")
    start(ada, "Sensor box", "box", "sensor-box")
    shown(ada)
    bia_moves_a_slider(bia)
    bia_saves_to_a_fork_and_proposes(bia)
    ada_sees_and_merges_on_a_phone(ada)

    # The family shows who took what from whom.
    ada.goto("/ada/sensor-box/lineage")
    expect(ada.get_by_text("bia/sensor-box").first).to_be_visible()
    expect(ada.locator("main")).to_contain_text("proposal #1")


def start(page: Page, title: str, starter: str, name: str) -> None:
    """Creates a design from a starter."""
    page.goto("/new")
    page.get_by_label("Title").fill(title)
    page.locator(f"input[name=starter][value={starter}]").check()
    page.get_by_role("button", name="Create design").click()
    page.wait_for_url(f"**/{name}")


def bia_moves_a_slider(bia: Page) -> None:
    """She finds the design and moves a slider; the geometry follows and the address can be shared."""
    bia.goto("/?q=sensor")
    bia.get_by_role("link", name="Sensor box").first.click()
    bia.wait_for_url("**/ada/sensor-box")
    bia.locator("main a[href*='/parts/']").first.click()
    bia.wait_for_url("**/parts/**")
    shown(bia)
    before = volume(bia)
    number = bia.locator("form.parameters input[type=number]").first
    name = number.get_attribute("name")
    number.fill(str(float(number.input_value()) + 5))
    number.press("Tab")
    bia.wait_for_function("before => !document.querySelector('#facts').innerText.includes(before)", arg=f"{before:g}")
    assert volume(bia) > before
    assert name in bia.url


def bia_saves_to_a_fork_and_proposes(bia: Page) -> None:
    """Nothing of Ada's may she change, so a fork of her own is made with the new value in its source."""
    bia.locator("form.parameters button[formaction$='/parameters']").click()
    bia.wait_for_url(re.compile(r"/bia/sensor-box"))
    bia.goto("/ada/sensor-box/proposals/new?source=bia/sensor-box&branch=main")
    bia.locator("main").get_by_label("Title").fill("Roomier")
    bia.get_by_role("button", name="Propose").click()
    bia.wait_for_url("**/proposals/1")


def ada_sees_and_merges_on_a_phone(ada: Page) -> None:
    """She sees what it does to the thing, answers, and merges."""
    ada.set_viewport_size({"width": 360, "height": 780})
    ada.goto("/ada/sensor-box/proposals/1")
    expect(ada.get_by_role("heading", name="Roomier")).to_be_visible()
    expect(ada.locator("main")).to_contain_text(re.compile("[Aa]dded"))
    ada.locator("textarea[name=body]").first.fill("Just what the antenna needs.")
    ada.get_by_role("button", name="Comment").first.click()
    expect(ada.get_by_text("Just what the antenna needs.")).to_be_visible()
    ada.locator("#merge").get_by_role("button", name=re.compile("[Mm]erge")).first.click()
    expect(ada.locator("#merge")).to_contain_text("Merged")


def test_the_editor_shows_the_error_under_its_line_and_commits(desk):
    cleo = desk("cleo")
    start(cleo, "Bracket", "bracket", "bracket")
    cleo.goto("/cleo/bracket/files/main")
    cleo.locator("main a[href$='.py']").first.click()
    cleo.get_by_role("link", name="Edit").click()
    cleo.wait_for_url("**/edit/main/**")
    code = cleo.locator("od-editor .cm-content")
    code.click()
    cleo.keyboard.press("Control+Home")
    cleo.keyboard.type("boom = 1 / 0\n")
    said = cleo.get_by_text("ZeroDivisionError").locator("visible=true")
    expect(said.first).to_be_visible()
    cleo.keyboard.press("Control+Home")
    cleo.keyboard.press("Control+Shift+k")  # deletes the line
    cleo.keyboard.type("# A better bracket.\n")
    expect(said).to_have_count(0)
    cleo.get_by_role("button", name=re.compile("Save")).first.click()
    cleo.wait_for_url(re.compile(r"/cleo/bracket(?!/edit)"))
    cleo.goto("/cleo/bracket/revisions")
    expect(cleo.locator("main")).to_contain_text("Edit")


def test_everything_but_3d_works_without_javascript(desk):
    page = desk(None, java_script_enabled=False)
    page.goto("/join")
    page.get_by_label("Name", exact=True).fill("dora")
    page.get_by_label("E-mail").fill("dora@example.org")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.locator("main form").get_by_role("button", name="Join").click()
    page.goto("/new")
    page.get_by_label("Title").fill("Plain box")
    page.locator("input[name=name]").fill("plain-box")
    page.locator("input[name=starter][value=box]").check()
    page.get_by_role("button", name="Create design").click()
    page.wait_for_url("**/dora/plain-box")
    page.locator("main a[href*='/parts/']").first.click()
    number = page.locator("form.parameters input[type=number]").first
    number.fill(str(float(number.input_value()) + 5))
    page.get_by_role("button", name="Regenerate").click()
    page.wait_for_url("**?*p.*")
    page.locator("form.parameters button[formaction$='/parameters']").click()
    page.goto("/dora/plain-box/revisions")
    expect(page.locator("main")).to_contain_text("Set ")
