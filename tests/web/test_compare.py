"""Comparing revisions of a design and of its family: text and parameters at once, geometry when it is made."""

import re

import family
import pytest

from opendesign.records.build import Build, Comparison


@pytest.fixture(scope="module")
def box(site):
    """Ada's box with a branch on which it is wider and the pin is gone."""
    address = site.design("ada", "box", family.FILES)
    site.commit("ada", address, {**family.wider(30.0), "pin.py": None}, "wide", start=site.head(address))
    return address


def test_two_branches_side_by_side(site, box):
    page = site.stranger().get(f"{box}/compare/main...wide").text
    assert "1 of 2 parts changes, 1 part goes, 1 parameter, 2 files, 1 commit." in page
    assert re.search(r"<del>20</del>.*<ins>30</ins>", page)
    assert '<span class="mf">30.0</span>' in page, "the text difference, coloured"
    assert "/box/proposals/new?source=ada%2Fbox&amp;branch=wide&amp;into=main" in page


def test_what_is_missing_is_wanted_once_and_asked_for_until_it_is_there(site, box):
    stranger, counts = site.stranger(), []
    for _ in range(2):
        page = stranger.get(f"{box}/compare/main...wide").text
        with site.house.reading() as work:
            counts.append((work.session.query(Build).count(), work.session.query(Comparison).count()))
    assert counts[0] == counts[1] and counts[0][1] == 2
    polls = [address.replace("&amp;", "&") for address in re.findall(r'hx-get="([^"]+)"', page)]
    assert len(polls) == 2 and "part=box.py&done=0" in polls[0]
    assert stranger.fragment(polls[0]).status_code == 204
    fresh = stranger.fragment(polls[0].replace("done=0", "done=3"))
    assert fresh.status_code == 200 and fresh.text.strip().startswith("<div") and 'hx-swap-oob="true"' in fresh.text


def test_the_other_way_round_and_what_only_one_side_has(site, box):
    page = site.stranger().get(f"{box}/compare/wide...main").text
    assert "1 commit of wide is not in the other side" in page and "1 part is new" in page
    assert "Propose this" not in page


def test_relatives_are_compared_by_owner_or_by_path(site, box):
    fork = family.fork_of(site, box, "bia")
    site.commit("bia", fork, family.wider(44.0))
    for side in ("bia:main", "bia/box:main", "bia:"):
        page = site.stranger().get(f"{box}/compare/main...{side}").text
        assert "<ins>44</ins>" in page and "bia%2Fbox" in page


def test_private_relatives_and_strange_ranges_are_not_found(site, box):
    hidden = family.fork_of(site, box, "caio")
    site.person("caio").post(f"{hidden}/settings/visibility", {"visibility": "private"})
    stranger = site.stranger()
    assert stranger.get(f"{box}/compare/main...caio:main").status_code == 404
    assert site.person("caio").get(f"{box}/compare/main...caio:main").status_code == 200
    assert stranger.get(f"{box}/compare/main...nothing").status_code == 404
    assert stranger.get(f"{box}/compare/main").status_code == 422
    assert "caio" not in stranger.get(f"{box}/compare").text


def test_the_chooser_leads_to_the_address(site, box):
    page = site.stranger().get(f"{box}/compare").text
    assert '<option value="wide">' in page
    answer = site.stranger().get(f"{box}/compare?a=main&b=wide")
    assert answer.status_code == 303 and answer.location == f"{box}/compare/main...wide"


def test_the_same_revision_on_both_sides(site, box):
    page = site.stranger().get(f"{box}/compare/main...main").text
    assert "No part changes its shape" in page and "both sides hold the same files" in page


def test_the_bill_of_materials_and_its_cost(site, box):
    head = "ref,part,quantity,unit_cost,currency\n"
    site.commit("ada", box, {"bom.csv": f"{head}A1,Screw,8,0.05,EUR\n"}, "screws", start=site.head(box))
    site.commit("ada", box, {"bom.csv": f"{head}A1,Screw,12,0.05,EUR\n"}, "more", start=site.head(box, "screws"))
    page = site.stranger().get(f"{box}/compare/screws...more").text
    assert re.search(r"quantity</span> .*<del>8</del>.*<ins>12</ins>", page) and ">0.60<" in page
    assert "2 rows have no unit cost" in page, "the printed ones"
    assert 'id="bill"' not in site.stranger().get(f"{box}/compare/main...main").text


def test_two_sets_of_parameters_of_one_revision(site, box):
    stranger = site.stranger()
    answer = stranger.get(f"{box}/compare", query_string={"a": "main", "b": "main", "b.values": "WIDTH=44, HOLE=3"})
    assert answer.location == f"{box}/compare/main...main%3FWIDTH%3D44%26HOLE%3D3"
    page = stranger.get(answer.location).text
    assert "<ins>44</ins>" in page and "<ins>3</ins>" in page and "1 of 2 parts changes" in page
    assert 'value="WIDTH=44, HOLE=3"' in page and "Propose this" not in page
    poll = re.search(r'hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
    assert stranger.fragment(poll).status_code == 204
    for wrong in ("NOPE=1", "WIDTH=wide", "WIDTH", "&".join(f"N{i}=1" for i in range(300))):
        assert stranger.get(f"{box}/compare/main...main%3F{wrong.replace('&', '%26')}").status_code == 422, wrong


def test_a_preset_by_its_name_is_a_side(site, box):
    stranger = site.stranger()
    assert '<option value="preset=Wide"><option value="preset=Short">' in stranger.get(f"{box}/compare").text
    sides = {"a": "main", "a.values": "preset=Short", "b": "main", "b.values": "preset=Wide, HOLE=3"}
    answer = stranger.get(f"{box}/compare", query_string=sides)
    page = stranger.get(answer.location).text
    assert re.search(r"<del>9</del>.*<ins>60</ins>", page) and "<ins>3</ins>" in page
    assert 'value="preset=Wide, HOLE=3"' in page and '<option value="preset=Wide">' in page and "=Odd" not in page
    for wrong, why in (("None", "is no preset of any part"), ("Odd", "cannot be used")):
        answer = stranger.get(f"{box}/compare/main...main%3Fpreset%3D{wrong}")
        assert answer.status_code == 422 and why in answer.text


def test_the_values_of_the_sliders_are_compared_with_the_parts_own(site, box):
    stranger = site.stranger()
    page = stranger.get(f"{box}/parts/box.py?ref=wide").text
    assert f'formaction="{box}/compare" name="of" value="box.py"' in page
    form = {"of": "box.py", "ref": "wide", "p.WIDTH": "33", "p.HOLE": "2", "new_preset": "", "expected": "0" * 40}
    answer = stranger.get(f"{box}/compare", query_string=form)
    assert answer.location == f"{box}/compare/wide...wide%3FWIDTH%3D33"
    same = stranger.get(f"{box}/compare", query_string=form | {"p.WIDTH": "30"})
    assert same.location == f"{box}/parts/box.py?ref=wide" and "move a slider first" in stranger.get(same.location).text
    assert stranger.get(f"{box}/compare", query_string=form | {"p.WIDTH": "3000"}).status_code == 422


def test_from_one_change_to_the_next(site, box):
    page = site.stranger().get(f"{box}/compare/main...wide").text
    assert re.search(r'id="part-box\.py".*href="#part-pin\.py-body" data-change="next" rel="next"', page, re.DOTALL)
    assert re.search(
        r'id="part-pin\.py-body".*href="#part-box\.py-body" data-change="previous" rel="prev"', page, re.DOTALL
    )
    assert page.count("data-change=") == 2


def test_files_of_comparisons_nobody_made(site):
    assert site.stranger().get(f"/comparisons/{'0' * 64}/files/overlay").status_code == 404
    assert site.stranger().get(f"/comparisons/{'0' * 64}/files/step").status_code == 404


def test_of_many_parts_that_differ_the_first_are_shown_with_the_way_to_the_next(open_site):
    site = open_site(push_builds=2)
    boxes = {f"{name}.py": f"{family.BOX}# {name}\n" for name in "abcde"}
    ada = site.design("ada", "many", boxes)
    first = site.head(ada)
    site.commit("ada", ada, {path: text.replace("20.0", "30.0") for path, text in boxes.items()})
    asked = f"{ada}/compare/{first[:12]}...main"
    page = site.person("ada").get(asked).text
    assert "3 more parts differ." in page and f'href="{asked}?from=2"' in page
    page = site.person("ada").get(f"{asked}?from=4").text
    assert "more part" not in page and re.findall(r'id="part-([a-e])[^"]*" open', page) == ["e"]


def test_what_is_rounded_to_nothing_has_no_sign(site):
    with site.app.test_request_context("/"):
        number = site.app.jinja_env.get_template("_macros/facts.html").module.number
        assert [number(-0.0004), number(-0.006), number(1234, 0)] == ["0.00", "-0.01", "1,234"]
