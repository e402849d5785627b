"""A script that takes long, in a browser: what it does, a way to stop it, and the newest value always first."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from opendesign.cad.engine import Engine

pytestmark = [pytest.mark.slow, pytest.mark.browser]
# Slow only for one value, so that the others are seen at once.
SLOW = """import time
import cadquery as cq

WIDTH = 20.0  # [10:1:60] Width, mm
SLEEP = 0.0  # [0:1:60] How long it thinks, s

print("thinking about", WIDTH)
time.sleep(SLEEP)
result = cq.Workplane().box(WIDTH, 10, 4)
"""
BALLS = """import cadquery as cq

COUNT = 2  # [1:1:200] Number of balls

balls = [cq.Solid.makeSphere(5 + n / 100).moved(cq.Location((n * 12, 0, 0))) for n in range(COUNT)]
result = cq.Workplane(obj=cq.Compound.makeCompound(balls))
"""


@pytest.fixture(scope="module")
def engine(service) -> Engine:
    """A look at the engine of the service."""
    return Engine(service.data / "var/engine.sock")


@pytest.fixture(scope="module")
def design(service) -> str:
    """The address of a design with a part that can be made slow, and one that is heavy to draw."""
    maker = service.join("mira")
    maker.post("/designs", {"name": "slow", "title": "Slow"})
    for path, text in (("slow.py", SLOW), ("balls.py", BALLS)):
        answer = maker.ask("PUT", f"/designs/mira/slow/files/main/{path}", json={"content": text})
        assert answer.status_code < 300, answer.text
        maker.built("/designs/mira/slow", {"part": path})
    return "/mira/slow"


def until(condition, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("od-viewer.is-loaded")
    return page


def running(page: Page, text: str) -> None:
    expect(page.locator(".parameters [data-regeneration]")).to_contain_text(text)


def test_a_slow_value_says_what_it_does_and_is_stopped(desk, design, engine):
    page = opened(desk(None), f"{design}/parts/slow.py")
    shown = page.locator("od-viewer").evaluate("viewer => viewer.shown")
    stop = page.locator(".parameters [data-stop]")
    expect(stop).to_be_hidden()
    page.fill("#p-SLEEP", "50")
    running(page, "Running the script…")
    assert re.search(r"\d\.\d\ss", page.locator("[data-regeneration]").inner_text().replace(",", "."))
    expect(stop).to_be_visible()
    expect(page.locator(".viewer-note")).to_contain_text("are being made")
    assert engine.status()["running"] == 1
    stop.click()
    running(page, "Stopped")
    expect(stop).to_be_hidden()
    until(lambda: engine.status()["running"] == 0)
    expect(page.locator(".viewer-note.is-stale")).to_contain_text("was stopped")
    assert page.locator("od-viewer").evaluate("viewer => viewer.shown") == shown


def test_a_newer_value_cancels_the_stale_one_and_its_log_is_shown(desk, design, engine):
    one, other = desk(None), desk(None)
    for page, width in ((one, "31"), (other, "32")):
        opened(page, f"{design}/parts/slow.py")
        page.fill("#p-SLEEP", "50")
        running(page, "Running the script…")
        assert engine.status()["running"] >= 1
        page.fill("#p-WIDTH", width)
        page.fill("#p-SLEEP", "0")
        running(page, "Made in")
        until(lambda: engine.status()["running"] == 0)
        expect(page.locator("#facts")).to_contain_text(f"{width}.00 × 10.00 × 4.00")
        expect(page.locator("#said")).to_contain_text("What the script said")
        page.locator("#said summary").click()
        expect(page.locator("#said .log")).to_contain_text(f"thinking about {width}.0")
        expect(page.locator(".viewer-note")).to_be_hidden()


def test_an_address_of_a_slow_build_shows_its_stage_and_its_stop(desk, design, engine):
    page = desk(None)
    page.goto(f"{design}/parts/slow.py?p.SLEEP=45")
    expect(page.locator("#stage .progress-text")).to_contain_text("Running the script…")
    expect(page.locator("#stage .log--tail")).to_contain_text("thinking about 20.0")
    expect(page.locator("#stage .message")).to_contain_text("still being made")
    page.locator("#stage").get_by_role("button", name="Stop").click()
    expect(page.locator("#stage .message")).to_contain_text("was stopped")
    until(lambda: engine.status()["running"] == 0)
    page.goto(f"{design}/parts/slow.py?p.SLEEP=3")
    expect(page.locator("#stage .progress-text")).to_contain_text("Running the script…")
    expect(page.locator("#stage .progress-text")).to_have_count(0)
    expect(page.locator("#facts")).to_contain_text("20.00 × 10.00 × 4.00")
    expect(page.locator("#said")).to_contain_text("What the script said")


def test_a_heavy_part_is_seen_coarsely_first_from_the_same_place(desk, design):
    page = opened(desk(None), f"{design}/parts/balls.py")
    viewer = page.locator("od-viewer")
    viewer.evaluate("""viewer => {
      window.seen = [];
      viewer.addEventListener("viewer:loaded", (event) => window.seen.push(event.detail.src));
    }""")
    camera = viewer.evaluate("viewer => viewer.stage.cameras.write()")
    page.fill("#p-COUNT", "150")
    running(page, "Made in")
    page.wait_for_selector('od-viewer[src*="/builds/"]:not([aria-busy])')
    until(lambda: len(page.evaluate("window.seen")) == 2)
    first, last = page.evaluate("window.seen")
    assert first == "" and last.endswith("/files/viewer")
    assert viewer.evaluate("viewer => viewer.stage.cameras.write()") == camera


def test_typing_a_slow_script_is_stopped_too(desk, design, engine):
    page = desk("tipa")
    page.goto(f"{design}/edit/main/slow.py")
    page.wait_for_selector("od-editor.is-loaded")
    page.locator("od-editor").evaluate(
        "editor => { editor.value = editor.value.replace('SLEEP = 0.0', 'SLEEP = 40.0'); }"
    )
    expect(page.locator("od-editor [data-regeneration]")).to_contain_text("Running the script…")
    page.locator("od-editor [data-stop]").click()
    expect(page.locator("od-editor [data-regeneration]")).to_contain_text("Stopped")
    until(lambda: engine.status()["running"] == 0)
    page.locator("od-editor").evaluate("editor => { editor.saving = true; }")
