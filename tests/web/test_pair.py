"""The page of two designs of a family: words first, and every number with its formula and what it came from."""

import re
from itertools import product

import family
import pytest

from opendesign.actions.compare import want_comparison
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.read_ledger import Ledger
from opendesign.actions.read_tree import read_tree
from opendesign.actions.try_pair import weigh_job
from opendesign.actions.weigh_pairs import Scales
from opendesign.api.family import Teller
from opendesign.cad.version import engine_version
from opendesign.core.build import comparison_key
from opendesign.core.errors import TooLarge
from opendesign.core.lineage.number import Event, Number
from opendesign.records.base import now
from opendesign.records.build import Build, Comparison
from opendesign.records.design import Part, design_by_path


def traced(site, *addresses: str) -> list[int]:
    """What the worker makes of some designs' pushes; returns their numbers."""
    with site.house.reading() as work:
        keys = [design_by_path(work.session, *address.strip("/").split("/")).id for address in addresses]
    for key in keys:
        lineage_job(site.house, str(key))
    return keys


def told(page: str, key: str, nth: int = 0) -> str:
    """The words of a number, unfolded."""
    found = re.findall(rf'<details class="told-number" data-number="{key}">(.*?)</details>', page, re.S)
    return " ".join(re.sub("<[^>]+>", " ", found[nth]).split())


def two(site, name):
    """Ada's design, and Bia's fork of it with a rib that Ada took and a width that Ada did not."""
    ada = site.design("ada", name, family.FILES)
    bia = family.fork_of(site, ada, "bia")
    traced(site, ada)
    rib = f"{name.upper()} = plate.union(rib(x, HEIGHT / 2, THICKNESS))\n"  # what three families have is nobody's
    site.commit("bia", bia, {"rib.py": rib}, message="A rib")
    site.commit("bia", bia, family.wider(30.0), message="A wider box")
    site.commit("ada", ada, {"rib.py": rib}, message="Rib of Bia's")
    site.commit("ada", ada, family.wider(40.0), message="A much wider box")
    return ada, bia, traced(site, ada, bia)


def test_a_pair_is_explained_with_what_each_number_came_from(site):
    ada, bia, _ = two(site, "frame")
    assert f'href="{ada}/lineage{bia}"' in site.stranger().get(f"{ada}/lineage").text
    page = site.stranger().get(f"{ada}/lineage{bia}").text
    assert "Both change the same things" in page and "rivals" in page
    assert "A rib" in told(page, "young", 1) and "improvements" in page
    assert "box.py · WIDTH" in told(page, "competition") and "traits either changed" in told(page, "competition")
    assert "1 improvement, since" in page and "A wider box" in page
    assert "nobody has tried to merge" in told(page, "complementarity")
    other = site.stranger().get(f"{bia}/lineage{ada}").text
    assert told(other, "competition") == told(page, "competition")


def test_somebody_asks_for_a_try_and_the_page_says_how_far_it_is(site):
    ada, bia, keys = two(site, "tube")
    browser = site.person("bia")
    answer = browser.post(f"{ada}/lineage{bia}/weighing")
    assert answer.status_code == 303 and answer.location == f"{ada}/lineage{bia}#together"
    page = browser.get(f"{ada}/lineage{bia}").text
    assert "The two are being merged for a try." in page and 'hx-select="#pair"' in page
    weigh_job(site.house, f"{keys[0]}-{keys[1]}")
    page = browser.get(f"{ada}/lineage{bia}").text
    assert "Both changed the same places" in page and "box.py" in page
    assert "0 apply cleanly" in page
    shown = site.stranger().get(f"/api/v1/designs{ada}/family{bia}").json
    assert shown["conflicts"] == ["box.py"] and shown["back"]["debt"]["clean"] == 0
    assert [each["name"] for each in shown["back"]["young"]["events"]] == ["A rib"]


def test_what_is_no_relative_or_private_is_not_found(site):
    ada, bia, _ = two(site, "hook")
    stranger = site.stranger()
    assert stranger.get(f"{ada}/lineage{site.design('ada', 'alone')}").status_code == 404
    assert stranger.get(f"{ada}/lineage{ada}").status_code == 404
    site.person("bia").post(f"{bia}/settings/visibility", {"visibility": "private"})
    traced(site, ada)
    assert stranger.get(f"{ada}/lineage{bia}").status_code == 404
    assert stranger.get(f"/api/v1/designs{ada}/family{bia}").status_code == 404
    listed = stranger.get(f"/api/v1/designs{ada}/family?events=true")
    assert [each["name"] for each in listed.json] == ["hook"] and "bia" not in listed.text
    assert "A rib" not in listed.text, "what was born where nobody may look is in no event"


def test_a_family_is_told_in_numbers(site):
    ada, _bia, _keys = two(site, "clip")
    stranger = site.stranger()
    listed = stranger.get(f"/api/v1/designs{ada}/family").json
    assert [each["pair"] and each["pair"]["word"] for each in listed] == [None, "rivals"]
    assert listed[1]["gave"]["value"] == listed[0]["took"]["value"] > 4 and listed[0]["took"]["events"] is None
    whole = stranger.get(f"/api/v1/designs{ada}/family/numbers?events=true").json
    assert (whole["teams"], whole["designs"], whole["build_factor"]["value"]) == (2, 2, 0.0)
    assert [each["name"] for each in whole["latency"]["median"]["events"]] == ["A rib"]


def test_a_design_sees_whom_it_competes_with_on_a_map(site):
    ada, bia, _keys = two(site, "knob")
    caio = family.fork_of(site, ada, "caio")
    page = site.stranger().get(f"{ada}/lineage/pairs").text
    assert f'<a href="{ada}/lineage{bia}" aria-label="bia/knob: rivals">' in page
    assert f"{ada}/lineage{caio}" not in page and "1 relative has nothing in it yet." in page
    assert "Teams that have built it" in page and "A rib" in told(page, "median")
    assert f'hx-get="{ada}/lineage/pairs"' in site.stranger().get(f"{ada}/lineage").text
    assert "Nothing flows" in site.stranger().get(f"{site.design('ada', 'lonely')}/lineage/pairs").text


def the_same_thing(site, *keys: int) -> None:
    """The engine has built all parts, and found no difference between any two."""
    with site.house.writing() as work:
        parts = [
            {each.path: each.build_key for each in work.session.query(Part).filter_by(design_id=key)} for key in keys
        ]
        for one, other in product(*parts):
            if one == other and parts[0][one] != parts[1][one]:
                pair = parts[0][one], parts[1][one]
                key = comparison_key(engine_version(), *pair)
                work.session.merge(Comparison(key=key, before_key=pair[0], after_key=pair[1]))
        work.session.flush()
        for each in work.session.query(Comparison):
            each.state, each.result = "made", {"volume_mm3": {"common": 800.0, "added": 0.1, "removed": 0.1}}
        for each in work.session.query(Build):
            each.state, each.result = "made", {"total": {"volume_mm3": 800.0}}


def test_text_that_moved_while_the_thing_did_not_is_called_churn_wherever_two_are_told_of(site):
    ada, bia, keys = two(site, "plug")
    site.commit("bia", bia, {"more.py": "MORE = grip(x, HEIGHT / 5, THICKNESS)\n" * 3}, message="Twice as long")
    before = site.head(bia)
    text = "\n".join(f"{line}  # so" for line in site.read(bia, "box.py").splitlines())
    sha = site.commit("bia", bia, {"box.py": text + "\nBOX = box(WIDTH, 3.25)\n"})
    traced(site, bia)
    stranger, place = site.stranger(), f"/api/v1/designs{ada}/improvements/{sha}"
    page = stranger.get(f"{ada}/lineage/pairs").text
    assert "bia/plug" in page and "churn" not in page and stranger.get(place).json["churn"] is None
    with site.house.writing(site.visitor("bia")) as work:
        design = design_by_path(work.session, "bia", "plug")
        want_comparison(work, *((design, read_tree(work, design, each)) for each in (before, sha)))
    the_same_thing(site, *keys)
    assert "churn" in stranger.get(f"{ada}/lineage/pairs").text
    assert stranger.get(f"/api/v1/designs{ada}/family").json[1]["pair"]["churn"] is True
    assert stranger.get(f"/api/v1/designs{ada}/family{bia}").json["churn"] is True
    assert stranger.get(place).json["churn"] is True
    assert "text has moved, not the thing" in stranger.get(f"{ada}/improvements/{sha}").text


def test_no_answer_lists_more_events_than_it_may():
    three = Number(3.0, "value", "born", tuple(Event("Ribs", 1.0) for _ in range(3)))
    scales = Scales(Ledger({}, {}, {}, [], {}), {}, {}, now())
    told = Teller(scales, True, most=7)
    assert [len(told.number(three).events or ()) for _ in range(2)] == [3, 3]
    with pytest.raises(TooLarge, match="fewer designs"):
        told.number(three)
    assert Teller(scales, False, most=0).number(three).events is None
