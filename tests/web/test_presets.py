"""Presets on a part's page: links that need no script, and forms that keep, rename and drop them."""

import json
import re

import family
import pytest


@pytest.fixture
def design(site, request):
    """Ada's design with three presets, one of them bad, of the test's own."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.removeprefix("test_").lower())[:40].strip("-")
    return site.design("ada", name, family.FILES)


def kept(site, design: str) -> dict:
    """What the file of presets says."""
    return json.loads(site.read(design, "presets.json"))


def test_presets_are_links_with_values_and_a_bad_one_says_why(site, design):
    page = site.stranger().get(f"{design}/parts/box.py").text
    link = re.search(r'<a href="([^"]+)" data-values="([^"]+)">Wide</a>', page)
    assert link[1] == f"{design}/parts/box.py?p.WIDTH=60.0" and "&#34;WIDTH&#34;: 60.0" in link[2]
    assert "<b>Odd</b>: These parameters cannot be used: NOPE is not a parameter of this part; WIDTH must lie" in page
    chosen = site.stranger().get(link[1]).text
    assert 'aria-current="true">Wide</a>' in chosen and 'value="60"' in chosen
    assert "Save as preset" not in site.stranger().get(f"{design}/parts/pin.py").text


def test_enter_in_the_field_of_a_value_regenerates_and_keeps_no_preset(site, design):
    page = site.person("ada").get(f"{design}/parts/box.py").text
    form = page.partition('id="parameters"')[2].partition("</form>")[0]
    submits = [each for each in re.findall(r"<button[^>]*>", form) if 'type="button"' not in each]
    assert "formaction" not in submits[0], "browsers press the first button of the form"
    assert "/presets" in submits[1]


def test_the_values_of_the_sliders_are_kept_under_a_name(site, design):
    ada, before = site.person("ada"), kept(site, design)
    form = {"p.WIDTH": "20.0", "p.HOLE": "3.5", "new_preset": " Big  hole ", "expected": site.head(design)}
    answer = ada.post(f"{design}/parts/box.py/presets", form)
    assert (answer.status_code, answer.location) == (303, f"{design}/parts/box.py?p.HOLE=3.5")
    before["box.py"]["Big hole"] = {"HOLE": 3.5}
    assert kept(site, design) == before and list(kept(site, design)) == ["box.py", "note"]
    page = ada.get(answer.location).text
    assert "The preset Big hole is kept." in page and 'aria-current="true">Big hole</a>' in page
    again = ada.post(f"{design}/parts/box.py/presets", {**form, "expected": "", "p.HOLE": "4"})
    assert again.status_code == 409 and "choose another name" in again.text
    replaced = ada.post(f"{design}/parts/box.py/presets", {"p.HOLE": "4", "preset": "Big hole"})
    assert replaced.status_code == 303 and kept(site, design)["box.py"]["Big hole"] == {"HOLE": 4}


def test_a_preset_is_renamed_and_dropped(site, design):
    ada = site.person("ada")
    renamed = ada.post(f"{design}/parts/box.py/presets/name", {"preset": "Odd", "name:Odd": "Ödd, but whole"})
    assert renamed.status_code == 303
    assert list(kept(site, design)["box.py"]) == ["Wide", "Short", "Ödd, but whole"]
    taken = ada.post(f"{design}/parts/box.py/presets/name", {"preset": "Short", "name:Short": "Wide"})
    assert taken.status_code == 409 and "already" in taken.text
    dropped = ada.post(f"{design}/parts/box.py/presets/removal", {"preset": "Short"})
    assert dropped.status_code == 303 and list(kept(site, design)["box.py"]) == ["Wide", "Ödd, but whole"]
    assert ada.post(f"{design}/parts/box.py/presets/removal", {"preset": "Short"}).status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"new_preset": "x"}, "needs a value other than"),
        ({"new_preset": "", "p.WIDTH": "30"}, "1 to 80 characters"),
        ({"new_preset": "a/b", "p.WIDTH": "30"}, "no slash"),
        ({"new_preset": "x", "p.WIDTH": "9999"}, "cannot be kept"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(site, form, said):
    address = site.design("ada", f"refused-{abs(hash(said))}", family.FILES)
    answer = site.person("ada").post(f"{address}/parts/box.py/presets", form)
    assert answer.status_code == 422 and said in answer.text
    assert site.read(address, "presets.json") == family.PRESETS


def test_a_branch_that_has_moved_is_a_conflict(site, design):
    seen = site.head(design)
    site.commit("ada", design, {"README.md": "# Moved\n"})
    form = {"p.WIDTH": "30", "new_preset": "Late", "expected": seen}
    answer = site.person("ada").post(f"{design}/parts/box.py/presets", form)
    assert answer.status_code == 409 and "has moved" in answer.text
    assert site.read(design, "presets.json") == family.PRESETS


def test_others_keep_presets_in_a_fork(site, design):
    bia = site.person("bia")
    form = {"p.WIDTH": "30", "new_preset": "Mine", "expected": site.head(design)}
    answer = bia.post(f"{design}/parts/box.py/presets", form)
    assert answer.status_code == 303 and answer.location.startswith("/bia/")
    assert kept(site, answer.location.partition("/parts/")[0])["box.py"]["Mine"] == {"WIDTH": 30}
    assert "Mine" not in kept(site, design)["box.py"]
    assert "Propose it to" in bia.get(answer.location).text
    assert site.stranger().post(f"{design}/parts/box.py/presets", form).location.startswith("/enter")


def test_a_part_without_presets_gets_its_first(site):
    address = site.design("ada", "first", {"sub/box.py": family.BOX})
    answer = site.person("ada").post(f"{address}/parts/sub/box.py/presets", {"p.WIDTH": "30", "new_preset": "One"})
    assert answer.status_code == 303
    assert site.read(address, "sub/presets.json") == (
        '{\n  "box.py": {\n    "One": {\n      "WIDTH": 30\n    }\n  }\n}\n'
    )
