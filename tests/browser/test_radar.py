"""Joana betters the hinge of her fork; Isla's radar shows it on her own wider hinge, and she takes it with git."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]
HINGE = """import cadquery as cq

WIDTH = 40.0  # [20:5:80] Width, mm


HOLE = 6.0  # [2:0.5:10] Hole of the pin, mm


result = cq.Workplane().box(WIDTH, 20, 10).faces(">Z").workplane().hole(HOLE)
"""
BETTER = HINGE + "result = result.union(cq.Workplane(origin=(0, 12, 0)).box(WIDTH, 4, 10))\n"


def test_a_better_hinge_waits_on_the_radar_until_it_is_taken(service, desk, tmp_path):
    london, brazil = service.join("isla"), service.join("joana")
    clone = london.start_design("door", {"hinge.py": HINGE, "README.md": "# Door\n"}, tmp_path / "door")
    brazil.post("/designs/isla/door/forks")
    wide = HINGE.replace("WIDTH = 40.0", "WIDTH = 60.0")
    london.push(clone, {"hinge.py": wide}, "As wide as our door")
    body = {"content": BETTER, "message": "A better hinge"}
    better = brazil.ask("PUT", "/designs/joana/door/files/main/hinge.py", json=body).json()["commit"]
    waiting = london.until("/designs/isla/door/radar", lambda found: found)
    assert [(each["commit"], each["parts"]) for each in waiting] == [(better, ["hinge.py"])]

    page = desk(None)
    page.goto("/isla/door")
    page.get_by_role("link", name="1 improvement waiting in the family").click()
    row = page.locator(f"#improvement-{better[:12]}")
    expect(row).to_contain_text("applies cleanly")
    row.get_by_text("What it does to your parts").click()
    # A rib of 60 × 4 × 10 mm on a hinge that is 60 mm wide, as only hers is.
    expect(row.locator(".swatch--added").locator("xpath=ancestor::tr")).to_contain_text("2.40")

    # She takes it as git does it, and says what it is worth.
    london.git("fetch", "-q", f"{service.url}/joana/door.git", "main", folder=clone)
    london.git("cherry-pick", better, folder=clone)
    london.git("push", "-q", "origin", "HEAD", folder=clone)
    london.until("/designs/isla/door/radar", lambda found: not found)
    london.post(f"/designs/isla/door/improvements/{better}/comments", {"body": "Fits our **door** too."})
    page.goto(f"/isla/door/improvements/{better}")
    expect(page.locator("main")).to_contain_text("Lives in 2 designs")
    expect(page.locator("main")).to_contain_text("Fits our door too.")
    page.goto("/isla/door/radar")
    expect(page.locator("main")).to_contain_text("You have everything")
