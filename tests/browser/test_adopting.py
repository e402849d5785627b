"""Taking a relative's change by hand: seen on one's own part, decided with the slider, adopted, and told."""

import pytest
from playwright.sync_api import Page, expect
from service import BOX

pytestmark = [pytest.mark.slow, pytest.mark.browser]
DEEP = BOX.replace("box(WIDTH, 30, HEIGHT)", "box(WIDTH, 44, HEIGHT)")


@pytest.fixture(scope="module")
def change(service) -> str:
    """The address, below otto's box, of what petra's fork changed: a deeper box, and a hole that otto set too."""
    otto, petra = service.join("otto"), service.join("petra")
    otto.post("/designs", {"name": "tray", "title": "Tray", "licence": "CERN-OHL-W-2.0"})
    write(otto, "/designs/otto/tray", BOX, "Start")
    petra.post("/designs/otto/tray/forks")
    sha = write(petra, "/designs/petra/tray", DEEP.replace("HOLE = 6.0", "HOLE = 8.0"), "Deeper, with a larger hole")
    write(otto, "/designs/otto/tray", BOX.replace("HOLE = 6.0", "HOLE = 5.0"), "Small hole")
    return f"/otto/tray/adoptions?source=petra/tray&commit={sha}"


def write(who, where: str, content: str, message: str) -> str:
    answer = who.ask("PUT", f"{where}/files/main/box.py", json={"content": content, "message": message})
    assert answer.status_code < 300, answer.text
    return answer.json()["commit"]


def enter(page: Page, name: str) -> None:
    page.goto("/enter")
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.locator("main form").get_by_role("button", name="Enter").click()
    page.wait_for_url("**/")


def test_otto_takes_the_deeper_box_with_a_hole_of_his_own(desk, change):
    page = desk(None)
    enter(page, "otto")
    page.goto(change)
    expect(page.get_by_role("heading", name="Adopt from petra/tray")).to_be_visible()
    expect(page.get_by_text("Both designs are under CERN-OHL-W-2.0.")).to_be_visible()
    expect(page.locator("#outlooks-1 img")).to_have_count(3)
    page.get_by_label("Another value", exact=True).check()
    page.get_by_label("Another value of HOLE").fill("7")
    page.get_by_role("button", name="Rebuild and adopt with my choice").click()
    expect(page.get_by_text("Adopted. Its author is named")).to_be_visible()
    expect(page.get_by_role("heading", name="Deeper, with a larger hole")).to_be_visible()
    page.goto("/otto/tray/adoptions")
    expect(page.get_by_role("link", name="Deeper, with a larger hole")).to_be_visible()
    page.goto(change)
    expect(page.get_by_text("There already", exact=True)).to_be_visible()
    petra = desk(None)
    enter(petra, "petra")
    petra.get_by_role("link", name="1 unread notice").click()
    expect(petra.get_by_text("from petra/tray into otto/tray.")).to_be_visible()
    petra.get_by_role("button", name="I have read them").click()
    expect(petra.get_by_role("link", name="unread")).to_have_count(0)
