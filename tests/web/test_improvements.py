"""The page of an improvement: where it was born and lives, how its value comes about, and what people say of it."""

import re

import family
import pytest

from opendesign.actions.find_adoptions import lineage_job
from opendesign.records.design import design_by_path

RIBS = "for x in (-4, 4):\n    show_object(rib(x, HEIGHT / 2, THICKNESS), name=f'rib {x}')\n"
FEET = "for y in (-3, 3):\n    show_object(foot(y, WIDTH / 5, RUBBER), name=f'foot {y}')\n"


def pushed(site, owner: str, address: str, changes: dict, message: str) -> str:
    sha = site.commit(owner, address, changes, message=message)
    with site.house.reading() as work:
        key = str(design_by_path(work.session, *address.strip("/").split("/")).id)
    lineage_job(site.house, key)
    return sha


@pytest.fixture(scope="module")
def born(site):
    """Ada's design, bia's fork with ribs and feet in one commit, and that commit."""
    ada = site.design("ada", "stool", family.FILES, licence="CERN-OHL-W-2.0")
    bia = family.fork_of(site, ada, "bia")
    sha = pushed(
        site, "bia", bia, {"box.py": family.BOX + RIBS, "feet.py": FEET}, "Ribs *and* feet\n\nIt **holds** now."
    )
    return ada, bia, sha


def test_it_tells_who_when_what_and_how_its_value_comes_about(site, born):
    ada, bia, sha = born
    page = site.stranger().get(f"{ada}/improvements/{sha}").text
    for words in ("Ribs *and* feet", "<strong>holds</strong>", "bia/stool", "It is not here.", "applies cleanly"):
        assert words in page, words
    assert "log₂(1 + tokens" in page and len(re.findall("<td>yes</td>", page)) == 2
    assert f"{ada}/adoptions?source=bia%2Fstool&amp;commit={sha}" in page
    assert "/bia/stool/compare/" in site.stranger().get(f"{ada}/improvements/{sha}/geometry").location
    assert "It was born here." in site.stranger().get(f"{bia}/improvements/{sha}").text
    assert site.stranger().get(f"{ada}/improvements/{'0' * 40}").status_code == 404
    assert site.stranger().get(f"{ada}/improvements/main").status_code == 404


def test_where_it_lives_and_how_it_came_there(site, born):
    ada, bia, sha = born
    later = family.fork_of(site, bia, "davi")
    caio = family.fork_of(site, ada, "caio")
    picked = pushed(site, "caio", caio, {"box.py": family.BOX + RIBS, "feet.py": FEET}, "Ribs of Bia's")
    page = site.stranger().get(f"{ada}/improvements/{sha}").text
    assert "Lives in 3 designs" in page and "the fork began with it" in page and picked[:7] in page
    told = site.stranger().get(f"/api/v1/designs{ada}/improvements/{sha}").json
    assert [(each["design"], each["way"]) for each in told["lives"]] == [
        ("bia/stool", "born"),
        ("davi/stool", "begun"),
        ("caio/stool", "pick"),
    ]
    assert (told["here"], told["applies"], told["licence"]["verdict"]) == (False, "clean", "fine")
    assert "It is here." in site.stranger().get(f"{later}/improvements/{sha}").text
    site.person("caio").post(f"{caio}/settings/visibility", {"visibility": "private"})
    assert "caio" not in site.stranger().get(f"{bia}/improvements/{sha}").text, "not before it is traced anew either"


def test_a_file_that_was_copied_whole_is_called_so(site, born):
    ada, bia, _ = born
    emma = family.fork_of(site, ada, "emma")
    seam = "".join(f"EDGE_{number} = cut({number}, {number * 3}, WIDTH)\n" for number in range(24))
    grown = {"seam.py": seam, "box.py": family.BOX + FEET + RIBS, "legs.py": RIBS.replace("rib", "leg")}
    sha = pushed(site, "bia", bia, grown, "A seam, feet and legs")
    pushed(site, "emma", emma, {"seam.py": seam}, "The seam of São Paulo")
    assert re.search(r"emma/stool.{0,300}the same file", site.stranger().get(f"{ada}/improvements/{sha}").text, re.S)


def test_people_talk_about_it_and_change_what_they_said(site, born):
    ada, bia, sha = born
    with site.house.reading() as work:
        key = str(design_by_path(work.session, "bia", "stool").id)
    lineage_job(site.house, key)
    address = f"{ada}/improvements/{sha}"
    browser, other = site.person("eva"), site.person("mallory")
    assert "Nobody has said anything yet" in browser.get(address).text
    answer = browser.post(f"{address}/comments", {"body": "Holds **80 kg**. <script>alert(1)</script>"})
    number = re.search(r"#comment-(\d+)$", answer.location)[1]
    page = site.stranger().get(f"{bia}/improvements/{sha}").text
    assert "<strong>80 kg</strong>" in page and "alert(1)" not in page, "it is one discussion, wherever one looks from"
    assert "?edit=" not in page and "Enter" in page
    assert f"?edit={number}" in browser.get(address).text and f"?edit={number}" not in other.get(address).text
    assert "Holds **80 kg**" in browser.get(f"{address}?edit={number}").text
    assert browser.post(f"{address}/comments/{number}", {"body": "Holds 90 kg"}).status_code == 303
    assert "Holds 90 kg" in browser.get(address).text
    for form in (f"{address}/comments/{number}", f"{address}/comments/{number}/removal"):
        assert other.post(form, {"body": "Breaks"}).status_code == 403
    assert browser.post(f"{address}/comments", {"body": " "}).status_code == 422
    assert browser.post(f"{address}/comments/{number}/removal").status_code == 303
    assert "Holds 90 kg" not in browser.get(address).text
    assert browser.post(f"{address}/comments/{number}", {"body": "Again"}).status_code == 404


def test_what_was_said_in_private_stays_with_those_who_saw_it(site, born):
    """The design turns public and strangers read what is said from now on, on the page and through the API."""
    fork = family.fork_of(site, born[0], "hana")
    hana, ivo, other = site.person("hana"), site.person("ivo"), site.person("mallory")
    assert hana.post(f"{fork}/settings/members", {"person": "ivo", "role": "reader"}).status_code == 303
    assert hana.post(f"{fork}/settings/visibility", {"visibility": "private"}).status_code == 303
    sha = pushed(site, "hana", fork, {"legs.py": FEET.replace("foot", "heel")}, "Heels")
    address = f"{fork}/improvements/{sha}"
    said = ivo.post(f"{address}/comments", {"body": "Not before the patent"})
    number = re.search(r"#comment-(\d+)$", said.location)[1]
    assert other.get(address).status_code == 404
    assert hana.post(f"{fork}/settings/visibility", {"visibility": "public"}).status_code == 303
    with site.house.reading() as work:
        key = str(design_by_path(work.session, *fork.strip("/").split("/")).id)
    lineage_job(site.house, key)
    assert other.post(f"{address}/comments", {"body": "Nice heels"}).status_code == 303
    for reader, reads in ((hana, True), (ivo, True), (other, False), (site.stranger(), False)):
        page = reader.get(address).text
        assert ("Not before the patent" in page, "Said in private" in page, "Nice heels" in page) == (
            reads,
            reads,
            True,
        )
    api = site.stranger().get(f"/api/v1/designs{address}/comments")
    assert [each["body"] for each in api.json] == ["Nice heels"] and api.headers["X-Total-Count"] == "1"
    assert other.post(f"{address}/comments/{number}", {"body": "Mine"}).status_code == 404
    assert ivo.post(f"{address}/comments/{number}/removal").status_code == 303
