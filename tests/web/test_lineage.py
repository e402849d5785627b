"""The family of a design as its page shows it: forks, distances, and what was merged where."""

import re
import time

import family

from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.pull import pull
from opendesign.records.design import design_by_path


def rows(page: str) -> list[str]:
    """The text of the rows of the table of forks."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in body.split("<tr>")[1:]]


def test_a_design_without_forks_says_what_will_be_here(site):
    page = site.stranger().get(f"{site.design('solo', 'one')}/lineage").text
    assert "No forks yet" in page and "A family of 1 design" in page and "<tbody>" not in page


def test_forks_distances_and_an_adoption(site):
    ada = site.design("ada", "box", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    davi = family.fork_of(site, bia, "davi")
    site.commit("bia", bia, family.wider(30.0), message="A wider box")
    with site.house.writing(site.visitor("ada")) as work:
        designs = [design_by_path(work.session, owner, "box") for owner in ("ada", "bia")]
        pull(work, designs[0], "main", designs[1], "main")
    page = site.stranger().get(f"{ada}/lineage").text
    assert [row.split()[0].strip("└") or row.split()[1] for row in rows(page)] == ["ada/box", "bia/box", "davi/box"]
    assert "0 1 2" in rows(page)[1] and "0 2 2" in rows(page)[2], "ahead, behind, parts"
    assert "A wider box" in page and "taken by" in page and 'class="link link--adopted"' in page
    assert "2 commits behind" not in site.stranger().get(f"{davi}/lineage").text


def test_a_fork_takes_what_its_parent_has_gained(site):
    ada = site.design("ada", "lamp", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    site.commit("ada", ada, family.wider(40.0))
    browser = site.person("bia")
    assert "Update from ada/lamp" in browser.get(f"{bia}/lineage").text
    assert "Update from" not in site.person("ada").get(f"{bia}/lineage").text
    answer = browser.post(f"{bia}/pulls", {"source": "ada/lamp"})
    assert answer.status_code == 303 and answer.location.startswith(f"{bia}/revisions/")
    assert "WIDTH = 40.0" in site.read(bia, "box.py")
    again = browser.post(f"{bia}/pulls")
    assert again.status_code == 409 and "has every commit" in again.text


def test_a_conflict_is_said_with_the_commands_that_solve_it(site):
    ada = site.design("ada", "tray", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    site.commit("ada", ada, family.wider(40.0))
    site.commit("bia", bia, family.wider(50.0))
    answer = site.person("bia").post(f"{bia}/pulls", {"source": "ada/tray"})
    assert answer.status_code == 409 and "box.py" in answer.text
    assert "git pull --no-rebase" in answer.text and "/ada/tray.git main" in answer.text
    assert "WIDTH = 50.0" in site.read(bia, "box.py")


def test_private_relatives_are_hidden(site):
    ada = site.design("ada", "shelf", family.FILES)
    caio = family.fork_of(site, ada, "caio")
    site.person("caio").post(f"{caio}/settings/visibility", {"visibility": "private"})
    assert len(rows(site.stranger().get(f"{ada}/lineage").text)) == 0
    assert len(rows(site.person("caio").get(f"{ada}/lineage").text)) == 2


def test_sixty_forks(site):
    ada = site.design("ada", "crowd", {"README.md": "x"})
    for number in range(60):
        fork = family.fork_of(site, ada, "maker", f"crowd-{number}")
    site.commit("maker", fork, {"README.md": "y"})
    stranger = site.stranger()
    page = stranger.get(f"{ada}/lineage").text
    assert len(rows(page)) == 61 and "60 designs that neither gave nor took are only in the table." in page
    began = time.process_time()
    stranger.get(f"{ada}/lineage")
    assert time.process_time() - began < 0.5, "61 designs are shown without a query or a process for each"


def test_a_patch_taken_by_hand_is_told_with_what_shows_it(site):
    ada = site.design("ada", "stand", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    site.commit("bia", bia, {"rib.py": "RIB = plate.union(rib(x, HEIGHT / 2, THICKNESS))\n"}, message="A rib")
    site.commit("ada", ada, {"rib.py": "RIB = plate.union(rib(x, HEIGHT / 2, THICKNESS))\n"}, message="Rib of Bia's")
    with site.house.reading() as work:
        key = str(design_by_path(work.session, "ada", "stand").id)
    lineage_job(site.house, key)
    page = site.stranger().get(f"{ada}/lineage").text
    assert "A rib" in page and "the same patch; too much alike for chance" in page
    told = site.stranger().get(f"/api/v1/designs{ada}/lineage").json["adoptions"]
    assert [(each["kind"], each["evidence"], each["share"]) for each in told] == [("pick", ["weight"], 1.0)]
