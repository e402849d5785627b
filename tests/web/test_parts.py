"""A part's page, its parameters in the address, saving them, and what is said while no engine runs."""

import re

import pytest

BROKEN = "import cadquery as cq\n\nresult = cq.Workplane().box(1, 2\n"


@pytest.fixture(scope="module")
def design(site):
    """Ada's design with one part that has parameters of every kind."""
    return site.design("ada", "boxes")


def field(page: str, name: str) -> str:
    """The markup of one parameter."""
    return page.partition(f'data-name="{name}"')[2].partition('<div class="parameter')[0]


def test_the_panel_shows_every_kind_of_parameter(site, design):
    page = site.stranger().get(f"{design}/parts/box.py").text
    width = field(page, "WIDTH")
    assert 'value="20"' in width and 'min="5.0"' in width and 'max="100.0"' in width and "Outer width" in width
    assert 'type="range"' in field(page, "HOLES") and 'type="checkbox"' in field(page, "ROUND")
    assert 'value="front"' in field(page, "LABEL")
    assert site.stranger().get(f"{design}/parts/box").status_code == 200
    assert site.stranger().get(f"{design}/parts/nothing.py").status_code == 404


def test_values_in_the_address_are_in_the_fields_and_named_in_the_downloads(site, design):
    page = site.stranger().get(f"{design}/parts/box.py?p.WIDTH=30&p.ROUND=false&p.ROUND=true").text
    assert 'value="30"' in field(page, "WIDTH") and "is-changed" in page
    assert "checked" not in field(page, "ROUND")
    assert "Waiting" in page and "/cancellation" in page


def test_values_that_cannot_be_used_are_named_and_the_part_is_still_shown(site, design):
    answer = site.stranger().get(f"{design}/parts/box.py?p.WIDTH=1000&p.HOLES=x&p.NOPE=1")
    assert answer.status_code == 422
    assert "must lie between 5 and 100 mm" in answer.text and "NOPE" in answer.text
    assert 'value="20"' in field(answer.text, "WIDTH")


def test_without_an_engine_a_preview_says_so_in_place(site, design):
    answer = site.stranger().get(f"{design}/previews/box.py?p.WIDTH=33")
    assert answer.status_code == 422 and answer.headers["Cache-Control"] == "no-store"
    assert answer.json["state"] == "failed" and "engine is not running" in answer.json["error"]["message"]
    wrong = site.stranger().get(f"{design}/previews/box.py?p.WIDTH=nan")
    assert wrong.json["errors"] == [{"name": "WIDTH", "message": "must be a number such as 2.5"}]


def test_looking_wants_the_build_once(site, design):
    stranger = site.stranger()
    waiting = site.house.queue.waiting()
    for _ in range(3):
        stranger.get(f"{design}/parts/box.py?p.WIDTH=44")
    assert site.house.queue.waiting() == waiting + 1
    assert stranger.fragment(f"{design}/parts/box.py?p.WIDTH=44", "stage").status_code == 204


def test_sliders_are_saved_as_a_commit(site, design):
    ada = site.person("ada")
    assert "Save to main" in ada.get(f"{design}/parts/box.py").text
    before = site.read(design, "box.py")
    answer = ada.post(f"{design}/parts/box.py/parameters", {"p.WIDTH": "25", "p.HOLES": "2", "p.ROUND": "true"})
    assert (answer.status_code, answer.location) == (303, f"{design}/parts/box.py")
    assert site.read(design, "box.py") == before.replace("20.0", "25.0") or site.read(
        design, "box.py"
    ) == before.replace("20.0", "25")
    same = ada.post(f"{design}/parts/box.py/parameters", {"p.HOLES": "2"})
    assert same.status_code == 422 and "at least one parameter" in same.text
    assert ada.post(f"{design}/parts/box.py/parameters", {"p.WIDTH": "9999"}).status_code == 422


def test_others_save_to_a_fork_and_may_propose_it(site):
    address = site.design("ada", "shared")
    bia = site.person("bia")
    assert "Save to my fork" in bia.get(f"{address}/parts/box.py").text
    answer = bia.post(f"{address}/parts/box.py/parameters", {"p.WIDTH": "60"})
    assert answer.location == "/bia/shared/parts/box.py"
    assert "60" in site.read("/bia/shared", "box.py") and "60" not in site.read(address, "box.py")
    page = bia.get(answer.location).text
    assert re.search(r'href="/ada/shared/proposals/new\?source=bia%2Fshared&(amp;)?source_branch=main"', page)
    stranger = site.stranger().post(f"{address}/parts/box.py/parameters", {"p.WIDTH": "60"})
    assert stranger.location.startswith("/enter")
    again = bia.get(bia.post(f"{answer.location}/parameters", {"p.WIDTH": "70"}).location).text
    assert "Saved to main." in again and "Propose it to ada/shared" in again, "who forked first is told as well"
    ada = site.person("ada")
    assert "Propose it" not in ada.get(ada.post(f"{address}/parts/box.py/parameters", {"p.WIDTH": "70"}).location).text


def test_a_part_of_another_branch_keeps_its_ref(site):
    address = site.design("ada", "refs")
    site.commit(
        "ada",
        address,
        {"box.py": "import cadquery as cq\nDEPTH = 3\nresult = cq.Workplane().box(1, 1, DEPTH)\n"},
        "deep",
        start=site.head(address),
    )
    page = site.stranger().get(f"{address}/parts/box.py?ref=deep").text
    assert 'data-name="DEPTH"' in page and '<input type="hidden" name="ref" value="deep">' in page
    ada = site.person("ada")
    answer = ada.post(f"{address}/parts/box.py/parameters", {"ref": "deep", "p.DEPTH": "5"})
    assert answer.location == f"{address}/parts/box.py?ref=deep"
    assert "DEPTH = 5" in site.read(address, "box.py", "deep")


def test_a_script_that_is_no_python_still_has_a_page(site):
    address = site.design("ada", "broken", {"bad.py": BROKEN})
    page = site.stranger().get(f"{address}/parts/bad.py")
    assert page.status_code == 200 and "This part has no parameters" in page.text


def test_builds_are_found_by_key_only(site, design):
    page = site.stranger().get(f"{design}/parts/box.py?p.WIDTH=51").text
    linked = set(re.findall(r"/builds/[0-9a-f]{64}/([a-z]+)", page))
    assert linked == {"state", "cancellation"}  # nothing is made yet, so there is only how far it is
    for address in ("/builds/" + "0" * 64, "/builds/x", "/builds/x/files/step", f"/builds/{'0' * 64}/files/viewer"):
        assert site.stranger().get(address).status_code == 404, address
    assert site.stranger().get(f"/builds/{'0' * 64}/files/exe").status_code == 404


def test_strangers_are_braked(open_site):
    site = open_site(builds_per_address_a_minute=3)
    address = site.design("ada", "busy")
    stranger = site.stranger()
    answers = [stranger.get(f"{address}/previews/box.py?p.WIDTH={width}") for width in range(10, 14)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0 and "a minute" in answers[-1].json["error"]["message"]
    assert site.person("ada").get(f"{address}/previews/box.py?p.WIDTH=99").status_code == 422


def test_without_javascript_regenerating_leaves_only_values_in_the_address(site, design):
    asked = "p.WIDTH=30&p.ROUND=true&p.ROUND=false&new_preset=&name%3AWide=Wide&expected=" + site.head(design)
    answer = site.stranger().get(f"{design}/parts/box.py?ref=main&{asked}")
    assert (answer.status_code, answer.location) == (302, f"{design}/parts/box.py?p.WIDTH=30")
    wrong = site.stranger().get(f"{design}/parts/box.py?p.WIDTH=1000&new_preset=")
    assert wrong.status_code == 422 and "must lie between" in wrong.text
