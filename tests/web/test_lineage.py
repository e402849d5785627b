"""The family of a design as its page shows it: forks, distances, and what was merged where."""

import base64
import re
import xml.etree.ElementTree as ElementTree
from datetime import timedelta

import family
import pytest
from crowd import ACTIVE, crowd
from sqlalchemy import event

from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.heal import reindex
from opendesign.actions.pull import pull
from opendesign.actions.trace import trace
from opendesign.records.design import design_by_path
from opendesign.records.fetch import Fetch
from opendesign.records.revision import Revision


def rows(page: str) -> list[str]:
    """The text of the rows of the table of forks."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in body.split("<tr")[1:]]


def names(page: str) -> list[str]:
    """The designs of the table, in order."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r"(?:<strong>|href=\"/)([\w.-]+/[\w.-]+)(?:</strong>|\">\1</a>)", body)


def questions(site, owner: str, name: str) -> int:
    """How many questions the records are asked for a stranger's view of a family."""
    counted: list[int] = []
    with site.house.reading() as work:
        design = design_by_path(work.session, owner, name)
        with_each = (work.session.get_bind(), "before_cursor_execute", lambda *_: counted.append(1))
        event.listen(*with_each)
        trace(work, design)
        event.remove(*with_each)
    return len(counted)


def traced(site, address: str) -> None:
    """The worker reads what the family's new commits bring."""
    with site.house.reading() as work:
        key = str(design_by_path(work.session, *address.strip("/").split("/")).id)
    lineage_job(site.house, key)


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
    site.commit("ada", ada, {"rib.py": "RIB = plate.union(rib(x, HEIGHT / 2, THICKNESS))\n"}, message="A rib")
    traced(site, ada)
    page = site.stranger().get(f"{ada}/lineage").text
    assert names(page) == ["ada/box", "bia/box", "davi/box"]
    found = [re.search(r"20\d\d (\S+) (\S+) ", row).groups() for row in rows(page)]
    assert found == [("–", "–"), ("0", "1"), ("0", "2")], "ahead and behind"
    assert "A wider box" in page and "taken by" in page and "ada/box took 1 change from bia/box" in page
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
    asked = questions(site, "ada", "shelf")
    for owner in ("bia", "davi", "eva"):
        fork = family.fork_of(site, ada, owner)
        site.person(owner).post(f"{fork}/settings/visibility", {"visibility": "private"})
    assert questions(site, "ada", "shelf") == asked, "however many are hidden"


@pytest.fixture(scope="module")
def hundreds(open_site):
    """A site with a design that has 500 forks, most of them as they were; none has a repository."""
    site = open_site()
    site.design("maker", "crowd", {"README.md": "x"})
    with site.house.writing() as work:
        crowd(work.session, design_by_path(work.session, "maker", "crowd"), 500)
    return site


CROWD = "/maker/crowd/lineage"


def test_of_five_hundred_those_without_changes_are_folded_away(hundreds):
    page = hundreds.stranger().get(CROWD).text
    assert "A family of 501 designs" in page and len(names(page)) == 50
    assert "416 forks without changes are folded away" in page and "maker/crowd-001<" not in page
    second = hundreds.stranger().get(f"{CROWD}?page=2").text
    assert len(names(second)) == -(-500 // ACTIVE) + 1 - 50 and not set(names(page)) & set(names(second))
    everything = hundreds.stranger().get(f"{CROWD}?unchanged=1&page=11").text
    assert len(names(everything)) == 1 and "Fold those without changes away" in everything


def test_five_hundred_are_searched_sorted_and_filtered(hundreds):
    stranger = hundreds.stranger()
    found = stranger.get(f"{CROWD}?q=crowd-007").text
    assert names(found) == ["maker/crowd-007"]
    heavy = stranger.get(f"{CROWD}?sort=-mass").text
    assert names(heavy)[0] == "maker/crowd-498" and 'aria-sort="descending"' in heavy
    ahead = stranger.get(f"{CROWD}?sort=ahead").text
    assert "3 0" in rows(ahead)[0] and "2 0" in rows(ahead)[-1], "two of its own, and one that it took"
    flow = stranger.get(f"{CROWD}?flow=1&sort=name").text
    assert names(flow)[:2] == ["maker/crowd-024", "maker/crowd-030"] and len(names(flow)) == 32
    nothing = stranger.get(f"{CROWD}?visibility=private&q=nobody").text
    assert names(nothing) == [] and "No design of the family is like that." in nothing


def test_a_script_gets_the_table_alone(hundreds):
    fragment = hundreds.stranger().fragment(f"{CROWD}?q=crowd-007", "family-table").text
    assert fragment.startswith('<div id="family-table"') and "<html" not in fragment and len(names(fragment)) == 1


def test_the_graph_of_five_hundred_is_short_and_stands_alone(hundreds):
    page = hundreds.stranger().get(CROWD).text
    assert page.count('class="lane lane--quiet"') == 40 and "more forks" in page
    answer = hundreds.stranger().get(f"{CROWD}.svg")
    assert answer.mimetype == "image/svg+xml" and "sandbox" in answer.headers["Content-Security-Policy"]
    drawn = ElementTree.fromstring(answer.text)
    places = [
        float(each.get("y"))
        for each in drawn.iter("{http://www.w3.org/2000/svg}text")
        if each.get("text-anchor") is None
    ]
    assert len(places) == len(set(places)) > 40
    assert "maker/crowd-030 took 1 change from maker/crowd-024" in answer.text
    links = [each.get("href") for each in drawn.iter("{http://www.w3.org/2000/svg}a")]
    assert links and all(each.startswith("http") for each in links)


def test_whoever_may_not_see_a_design_sees_it_in_no_picture(site):
    ada = site.design("ada", "vault", family.FILES)
    caio = family.fork_of(site, ada, "caio", "hidden-vault")
    site.person("caio").post(f"{caio}/settings/visibility", {"visibility": "private"})
    assert "hidden-vault" not in site.stranger().get(f"{ada}/lineage.svg").text
    assert "hidden-vault" in site.person("caio").get(f"{ada}/lineage.svg").text


def test_a_patch_taken_by_hand_is_told_with_what_shows_it(site):
    ada = site.design("ada", "stand", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    site.commit("bia", bia, {"rib.py": "RIB = plate.union(rib(x, HEIGHT / 2, THICKNESS))\n"}, message="A rib")
    site.commit("ada", ada, {"rib.py": "RIB = plate.union(rib(x, HEIGHT / 2, THICKNESS))\n"}, message="Rib of Bia's")
    traced(site, ada)
    page = site.stranger().get(f"{ada}/lineage").text
    assert "A rib" in page and "the same patch; too much alike for chance" in page
    told = site.stranger().get(f"/api/v1/designs{ada}/lineage").json["adoptions"]
    assert [(each["kind"], each["evidence"], each["share"]) for each in told] == [("pick", ["weight"], 1.0)]


def test_five_hundred_by_two_properties_with_the_front(hundreds):
    page = hundreds.stranger().get(f"{CROWD}/properties?x=mass&y=z&part=body.py&material=PETG").text
    assert page.count('class="plot-mark') == -(-500 // ACTIVE), "equal ones are one dot"
    assert "and 417 like it" in page and page.count("plot-mark--best") == 1
    assert 'aria-label="maker/crowd +417: 1.27 g, 10 mm"' in page and "Mass in PETG, solid" in page
    whole = hundreds.stranger().get(f"{CROWD}/properties?x=volume&y=filament&part=nonsense.py&x=odd").text
    assert 'aria-label="maker/crowd +417: 5 cm³' in whole


BILL = """ref,part,quantity,unit,kind,unit_cost,currency
S1,Screw,{screws},piece,bought,0.10,EUR
T1,Drill,1,piece,tool,90,EUR
"""


def test_what_forks_cost_is_read_from_their_bills(site):
    ada = site.design("ada", "shelf-case", {"bom.csv": BILL.format(screws=8)})
    bia = family.fork_of(site, ada, "bia")
    site.commit("bia", bia, {"bom.csv": BILL.format(screws=4)})
    family.fork_of(site, ada, "caio")
    page = site.stranger().get(f"{ada}/lineage/properties?x=cost&y=cost").text
    assert 'aria-label="bia/shelf-case: 0.4 EUR, 0.4 EUR"' in page
    assert 'aria-label="ada/shelf-case +1: 0.8 EUR, 0.8 EUR"' in page
    assert "No design of the family has both" in site.stranger().get(f"{ada}/lineage/properties").text


def test_what_is_declared_counts_once_the_source_has_confirmed_it(site):
    ada = site.design("ada", "hook", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    born = site.commit("bia", bia, {"rib.py": "RIB = plate.union(rib(x, HEIGHT / 2, THICKNESS))\n"}, message="A rib")
    site.commit("ada", ada, {"NOTES.md": "Ours is bent.\n"}, message=f"Bend\n\nAdopted-from: bia/hook@{born}")
    with site.house.reading() as work:
        key = str(design_by_path(work.session, "ada", "hook").id)
    lineage_job(site.house, key)
    assert "/confirmation" not in site.person("ada").get(f"{ada}/lineage").text
    team = site.person("bia")
    page = team.get(f"{ada}/lineage").text
    assert "declared, not confirmed" in page
    address = re.search(r'action="(/bia/hook/lineage/\d+/confirmation)"', page)[1]
    assert site.person("ada").post(address).status_code == 403
    assert team.post(address.replace("/bia/hook", ada)).status_code in (403, 404)
    assert team.post(address).location == f"{bia}/lineage"
    page = team.get(f"{ada}/lineage").text
    assert "declared, and confirmed by the source" in page and address not in page
    here = team.get(f"{ada}/improvements/{born}").text
    assert "declared, and confirmed by the source" in here and "Lives in 2 designs" in here
    told = site.stranger().get(f"/api/v1/designs{ada}/lineage").json["adoptions"]
    assert [(each["kind"], each["confirmed_at"] is None) for each in told] == [("declared", False)]
    reindex(site.house)
    again = site.stranger().get(f"/api/v1/designs{ada}/lineage").json["adoptions"]
    assert [each["confirmed_at"] for each in again] == [told[0]["confirmed_at"]]


def test_who_has_fetched_is_told_to_both_teams_only(site):
    ada = site.design("ada", "clip", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    rib = "SPRING = plate.union(clip(x, HEIGHT / 7, THICKNESS))\n"
    site.commit("bia", bia, {"rib.py": rib}, message="A rib")
    name = base64.b64encode(b"ada:correct horse battery").decode()
    for words in ({}, {"Authorization": f"Basic {name}"}):
        for command in (b"0014command=ls-refs\n0000", b"0012command=fetch00010009done\n0000"):
            kind = {"Content-Type": "application/x-git-upload-pack-request", "Git-Protocol": "version=2"}
            fetch = {"data": command, "headers": kind | words, "buffered": True}
            assert site.stranger().client.post(f"{bia}.git/git-upload-pack", **fetch).status_code == 200
    with site.house.reading() as work:
        found = [(each.design_id, each.person_id, len(each.moments)) for each in work.session.query(Fetch)]
        assert found == [(design_by_path(work.session, "bia", "clip").id, site.visitor("ada").person_id, 1)]
    site.commit("ada", ada, {"ribs.py": rib + "# ours\n"}, message="Stiffer")
    with site.house.reading() as work:
        key = str(design_by_path(work.session, "ada", "clip").id)
    lineage_job(site.house, key)
    assert "has fetched" in site.person("ada").get(f"{ada}/lineage").text
    assert "has fetched" in site.person("bia").get(f"{ada}/lineage").text
    assert "has fetched" not in site.stranger().get(f"{ada}/lineage").text
    told = site.person("caio").get(f"/api/v1/designs{ada}/lineage").json["adoptions"]
    assert [(each["kind"], each["evidence"]) for each in told] == [("port", [])]
    for address in (f"{ada}/lineage.csv", f"{ada}/prov.jsonld", f"{ada}/improvements/{told[0]['source_commit']}"):
        assert "fetch" not in site.person("caio").get(f"/api/v1/designs{address}").text
    [_, life] = site.stranger().get(f"/api/v1/designs{address}").json["lives"]
    assert (life["design"], life["way"]) == ("ada/clip", "port")


def test_what_another_family_had_first_is_told_at_both_ends(site):
    ribs = "".join(f"plate = plate.union(rib({number}, HEIGHT, {number} * THICKNESS))\n" for number in range(24))
    source, target = site.design("bia", "vice", {"vice.py": "GRIP = 1.5\n"}), site.design("ada", "jaw", family.FILES)
    site.commit("bia", source, {"ribs.py": ribs}, message="Ribs of a vice")
    with site.house.writing() as work:
        key, other = (design_by_path(work.session, *path).id for path in (("bia", "vice"), ("ada", "jaw")))
        for each in work.session.query(Revision).filter_by(design_id=key):
            each.received_at -= timedelta(days=1)
    site.commit("ada", target, {"parts/ribs.py": ribs}, message="Ribs of a jaw")
    for each in (key, other):
        lineage_job(site.house, str(each))
    for address in (source, target):
        page = site.stranger().get(f"{address}/lineage").text
        assert "From and to other families" in page and "Ribs of a vice" in page and "the same file" in page
        told = site.stranger().get(f"/api/v1/designs{address}/lineage").json
        assert [(each["source"], each["target"]) for each in told["elsewhere"]] == [("bia/vice", "ada/jaw")]
        assert "bia/vice" in site.stranger().get(f"/api/v1/designs{address}/lineage.csv").text
    files = [f"/api/v1/designs{target}/{name}" for name in ("prov.jsonld", "okh.toml", "lineage.csv")]
    assert all("bia/vice" in site.stranger().get(each).text for each in files)
    site.person("bia").post(f"{source}/settings/visibility", {"visibility": "private"})
    assert "From and to" not in site.stranger().get(f"{target}/lineage").text
    assert not any("bia" in person.get(each).text for person in (site.person("bia"), site.stranger()) for each in files)
