"""The first page: finding designs, and seeing none that is not open to one."""

import pytest


@pytest.fixture(scope="module")
def shelf(site):
    """A few designs: one with a fork, one with another licence, one that is private."""
    site.design("ada", "laptop-case", title="Laptop case", summary="Holds a board", licence="CERN-OHL-S-2.0")
    site.design("ada", "camera-clamp", {"jaw.py": "import cadquery as cq\nresult = cq.Workplane().box(1, 2, 3)\n"})
    site.design("ada", "hidden-thing", visibility="private")
    bia = site.person("bia")
    assert bia.post("/ada/laptop-case/forks").location == "/bia/laptop-case"
    return site


def test_strangers_are_told_what_this_is(shelf):
    page = shelf.stranger().get("/").text
    assert "forked and merged like software" in page
    assert "forked and merged like software</h1>" not in shelf.person("ada").get("/").text


def test_forks_are_folded_until_somebody_searches(shelf):
    page = shelf.stranger().get("/").text
    assert "/ada/laptop-case" in page and "1 fork" in page and "/bia/laptop-case" not in page
    found = shelf.stranger().get("/?q=laptop").text
    assert "/ada/laptop-case" in found and "/bia/laptop-case" in found


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("q=jaw", "camera-clamp", "laptop-case"),
        ("q=LAPTOP+board", "ada/laptop-case", "camera-clamp"),
        ("q=100%25", "Nothing found", "camera-clamp"),
        ("licence=CERN-OHL-S-2.0", "laptop-case", "camera-clamp"),
        ("q=hidden", "Nothing found", 'hidden-thing"'),
        ("sort=nonsense&page=-4", "camera-clamp", "hidden-thing"),
        ("page=99999999999999999999", "camera-clamp", "hidden-thing"),
    ],
)
def test_words_and_licences_choose(shelf, query, there, absent):
    results = shelf.stranger().get(f"/?{query}").text.partition('id="results"')[2]
    assert there in results and absent not in results


def test_private_designs_are_found_by_their_owner(shelf):
    assert "/ada/hidden-thing" in shelf.person("ada").get("/?q=hidden").text


def test_typing_fetches_only_the_results(shelf):
    fragment = shelf.stranger().fragment("/?q=clamp", "results")
    assert fragment.text.lstrip().startswith('<div id="results"') and "<html" not in fragment.text
    assert "HX-Request" in fragment.headers["Vary"]


def test_many_designs_fill_several_pages(open_site):
    site = open_site()
    for number in range(26):
        site.design("ada", f"thing-{number}", {})
    first, second = site.stranger().get("/?sort=name"), site.stranger().get("/?sort=name&page=2")
    assert first.text.count('class="card"') == 24 and 'href="/?sort=name&amp;page=2"' in first.text
    assert second.text.count('class="card"') == 2
