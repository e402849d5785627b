"""The loop with a real engine: propose, see the difference in geometry, merge, and be refused what does not hold."""

import json
import re
from urllib.parse import urlencode

import family
import pytest
from engine_fixture import shared

from opendesign.worker.jobs import performer

pytestmark = pytest.mark.slow
BROKEN = family.BOX.replace(".hole(HOLE)", ".hole(HOLE).edges().fillet(50)")


@pytest.fixture(scope="module")
def site(open_site, request):
    """A site whose engine runs."""
    return open_site(engine=shared(request, "namespaces"))


@pytest.fixture(scope="module")
def ada(site):
    """Ada's box, 20 mm wide with a hole of 2 mm."""
    return site.design("ada", "box", family.FILES)


def work(site) -> None:
    """Does every job that waits, as a worker would."""
    perform, huey = performer(site.house), site.house.queue.huey
    while task := huey.dequeue():
        perform(*task.args)


def volumes(page: str) -> dict[str, str]:
    """What the page says was added, removed and kept of the first part."""
    cells = re.findall(r'swatch--(\w+)"></span>\w+</span></th><td class="number"><span class="nowrap">([\d.,]+)', page)
    return dict(cells[:3])


def test_a_wider_box_is_seen_in_green_and_merged(site, ada):
    bia = family.fork_of(site, ada, "bia")
    site.commit("bia", bia, family.wider(30.0), message="Wider")
    address = family.proposed(site, bia, ada, title="A wider box")
    assert "0 of 2 parts of the merged design rebuilt" in site.stranger().get(address).text
    assert site.stranger().get(f"{address}/picture").status_code == 404, "nothing is drawn yet"
    work(site)
    page = site.stranger().get(address).text
    assert volumes(page) == {"added": "400.0", "removed": "0.0", "common": "787.4"}, "10 × 10 × 4 mm³ more"
    assert "Computed exactly" in page and "+0.40" in page and re.search(r"<del>20</del>.*<ins>30</ins>", page)
    assert "hx-get" not in page and "Ready to merge" in page
    overlay = re.search(r'overlay="([^"]+)"', page)[1]
    glb = site.stranger().get(overlay)
    assert glb.mimetype == "model/gltf-binary" and "immutable" in glb.headers["Cache-Control"]
    assert {"added", "common"} <= {node["name"] for node in contents(glb.data)["nodes"]}
    assert site.stranger().get(overlay.replace("/overlay", "/png")).data[:4] == b"\x89PNG"
    shared = re.search(r'property="og:image" content="http://[^/"]+([^"]+)"', page)[1]
    assert shared == f"{address}/picture"
    assert site.stranger().get(shared).location == overlay.replace("/overlay", "/png"), "it is seen where it is linked"
    owner = site.person("ada")
    expected = re.search(r'name="expected" value="(\w+)"', owner.get(address).text)[1]
    answer = owner.post(f"{address}/merge", {"expected": expected, "strategy": "merge"})
    assert answer.status_code == 303, answer.text
    assert "WIDTH = 30.0" in site.read(ada, "box.py")
    done = owner.get(address).text
    assert "merged this" in done and "Merged. Every part" in done
    lineage = site.stranger().get(f"{ada}/lineage").text
    assert "Wider" in lineage and f'href="{address}"' in lineage and 'class="ribbon"' in lineage


def contents(glb: bytes) -> dict:
    """The JSON of a GLB file."""
    size = int.from_bytes(glb[12:16], "little")
    return json.loads(glb[20 : 20 + size])


def test_a_merge_whose_result_does_not_build_is_refused_with_the_part_and_the_line(site, ada):
    caio = family.fork_of(site, ada, "caio")
    site.commit("caio", caio, {"box.py": BROKEN}, message="Round it")
    address = family.proposed(site, caio, ada)
    owner, before = site.person("ada"), site.head(ada)
    assert "Rebuild and merge" in owner.get(address).text
    answer = owner.post(f"{address}/merge")
    assert answer.status_code == 422 and "box.py does not build" in answer.text
    assert "box.py, line 8" in answer.text and site.head(ada) == before
    work(site)
    page = owner.get(address).text
    assert "1 check failed" in page and 'action="' + address + '/merge"' not in page
    assert "This does not build" in page and "<code>box.py:8</code>" in page
    again = owner.client.post(f"{address}/merge", data={"csrf_token": owner.token}, headers={"HX-Request": "true"})
    assert again.status_code == 422 and again.text.count("box.py does not build") >= 1


def test_a_check_of_the_manifest_is_shown_with_what_it_measured(site, ada):
    dora = family.fork_of(site, ada, "dora", "checked")
    check = "[checks.flat]\npart = 'box.py'\nbox_max_mm = [25, 25, 25]\n"
    site.commit("dora", dora, family.wider(33.0) | {"okh.toml": check}, message="Wider, and measured")
    address = family.proposed(site, dora, ada)
    assert "1 of 2 parts of the merged design rebuilt" in site.stranger().get(address).text
    work(site)
    page = site.stranger().get(address).text
    assert "1 check failed" in page and "3 checks of the merged design" in page
    assert "<code>flat</code>" in page and "box.py is 33 × 10 × 4 mm, 8 mm in x more than 25 × 25 × 25." in page


def test_a_comparison_of_two_branches_shows_what_is_gone(site, ada):
    site.commit("ada", ada, {"pin.py": None}, "no-pin", start=site.head(ada))
    address = f"{ada}/compare/main...no-pin"
    site.stranger().get(address)
    work(site)
    page = site.stranger().get(address).text
    assert "1 part goes" in page and volumes(page)["removed"] == "30.5"


def test_a_point_of_the_part_is_marked_where_it_was_meant(site, ada):
    bia = family.fork_of(site, ada, "bia", "narrow")
    site.commit("bia", bia, family.wider(12.0))
    address = family.proposed(site, bia, ada)
    site.stranger().get(address)
    work(site)
    browser = site.person("bia")
    form = browser.get(f"{address}/geometry").text
    build = re.search(r'name="build" value="(\w{64})"', form)[1]
    fields = {"body": "Thin wall", "path": "box.py", "x": "6", "y": "1", "z": "0.5", "build": build}
    assert "data-place" in form and all(f'name="{axis}"' in form for axis in "xyz")
    answer = browser.post(f"{address}/comments", fields)
    page = browser.get(answer.location.partition("#")[0]).text
    assert 'data-point="6,1,0.5"' in page and "Thin wall" in page
    work(site)
    site.commit("bia", bia, family.wider(16.0))
    (said,) = site.stranger().get(f"/api/v1/designs{address}/comments").json
    assert (said["pin"]["state"], said["pin"]["point"], said["outdated"]) == ("unknown", [6, 1, 0.5], False)
    page = browser.get(f"{address}/geometry").text
    assert "being looked for" in page and "data-point" not in page and 'hx-trigger="every 2s"' in page
    work(site)
    page = browser.get(f"{address}/geometry").text
    assert 'data-point="8,1,0.5" data-normal="1,0,0"' in page and "moved 2 mm with its face" in page
    assert 'hx-trigger="every 2s"' not in page and "moved 2 mm" in browser.get(address).text
    (said,) = site.stranger().get(f"/api/v1/designs{address}/comments").json
    assert (said["point"], said["outdated"]) == ([6, 1, 0.5], False)
    assert (said["pin"]["state"], said["pin"]["point"], said["pin"]["moved_mm"]) == ("moved", [8, 1, 0.5], 2)
    assert (said["pin"]["shape"], said["pin"]["surface"], said["pin"]["build"]) == ("box", "plane", build)


def test_what_builds_no_more_or_has_no_face_there_leaves_a_point_alone(site, ada):
    bia = family.fork_of(site, ada, "bia", "round")
    site.commit("bia", bia, family.wider(13.0))
    address = family.proposed(site, bia, ada)
    browser = site.person("bia")
    for where, point in (("In the hole", "0.5,0,0"), ("In the air", "0,0,30")):
        browser.post(f"{address}/comments", {"body": where, "path": "box.py", "point": point})
    work(site)
    assert browser.get(f"{address}/geometry").text.count("data-point=") == 2
    site.commit("bia", bia, {"box.py": BROKEN})
    browser.get(address)
    work(site)
    assert "The part does not build now." in browser.get(f"{address}/geometry").text
    site.commit("bia", bia, {"box.py": family.BOX.replace(".hole(HOLE)", ".tag('whole')")})
    browser.get(f"{address}/geometry")
    work(site)
    page = browser.get(f"{address}/geometry").text
    assert page.count("The face it was put on is gone.") == 2 and "data-point=" not in page
    assert re.search(r'<img src="/builds/\w{64}/files/png" alt="The part it was put on"', page)


def test_london_and_brazil_change_neighbours_then_the_same_and_decide_in_the_browser(site):
    ada = site.design("ada", "crate", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    site.commit("bia", bia, family.wider(30.0), message="Wider, for Recife")
    site.commit("ada", ada, {"box.py": family.BOX.replace("HOLE = 2.0", "HOLE = 3.5")}, message="London's pins")
    address = family.proposed(site, bia, ada)
    owner = site.person("ada")
    owner.get(address)
    work(site)
    assert "Ready to merge" in owner.get(address).text
    assert owner.post(f"{address}/merge").status_code == 303
    merged = site.read(ada, "box.py")
    assert merged == family.BOX.replace("WIDTH = 20.0", "WIDTH = 30.0").replace("HOLE = 2.0", "HOLE = 3.5")

    site.commit("bia", bia, family.wider(40.0), message="Wider still")
    site.commit("ada", ada, {"box.py": merged.replace("WIDTH = 30.0", "WIDTH = 33.0")}, message="A bit wider")
    address = family.proposed(site, bia, ada)
    side = "side:" + json.dumps(["box.py", "WIDTH"])
    own = {side: "own", side.replace("side", "own"): "36"}
    query = f"{address}?{urlencode(own)}"
    owner.get(query)
    work(site)
    form = owner.get(query).text.partition("Which value counts?")[2].partition("</form>")[0]
    pictures = re.findall(r'src="(/builds/\w+/files/png)"', form)
    assert len(set(pictures)) == 4 and "hx-get" not in form, "the part for each choice is seen before it is decided"
    assert all(owner.get(each).data[:4] == b"\x89PNG" for each in pictures)
    expected = re.search(r'name="expected" value="(\w+)"', form)[1]
    answer = owner.post(f"{address}/merge", own | {"expected": expected})
    assert answer.status_code == 303, answer.text
    assert site.read(ada, "box.py") == merged.replace("WIDTH = 30.0", "WIDTH = 36.0")
