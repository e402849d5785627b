"""The history of a part: a plot with a mark for each revision that changed it, and a table that says the same."""

import itertools
import re

import family
import pytest
from engine_fixture import shared

from opendesign.actions.find_revision import find_revision
from opendesign.actions.follow_part import follow_part
from opendesign.records.build import Build
from opendesign.records.design import design_by_path
from opendesign.worker.jobs import performer

NUMBERS = itertools.count(1)


@pytest.fixture
def box(site):
    """A box that grew twice, of which nothing was ever built."""
    number = next(NUMBERS)
    address = site.design("ada", f"grown-{number}", family.FILES)
    for width in (30.0, 45.0):
        site.commit("ada", address, family.wider(width + number / 100), message=f"Width {width}")
    with site.house.writing() as work:
        for point in history(work, address).points:
            work.session.delete(work.session.get(Build, point.key))
    return address


def history(work, address: str):
    design = design_by_path(work.session, *address.strip("/").split("/"))
    return follow_part(work, design, find_revision(work, design).sha, "box.py")


def make(site, address: str, volumes: list[float | None]) -> None:
    """Puts down what a worker would have measured; None: it failed."""
    with site.house.writing() as work:
        for point, volume in zip(history(work, address).points, volumes, strict=True):
            row = work.session.get(Build, point.key)
            row.state, row.seconds = "made" if volume else "failed", 0.5
            row.result = {"total": {"volume_mm3": volume, "bbox_mm": [[0, 0, 0], [volume or 0, 10, 4]]}}
            row.error = None if volume else {"kind": "script", "message": "no edge to round"}


def test_looking_builds_nothing_and_the_button_builds_what_is_missing(site, box):
    stranger = site.stranger()
    page = stranger.get(f"{box}/history/box.py").text
    assert "3 revisions were never built" in page and "Nothing is measured yet" in page and "plot-line" not in page
    with site.house.reading() as work:
        assert history(work, box).lacking == 3
    answer = stranger.post(f"{box}/history/box.py?property=x")
    assert answer.status_code == 303 and answer.location == f"{box}/history/box.py?property=x"
    page = stranger.get(answer.location).text
    assert "3 builds are on their way" in page and 'hx-trigger="every 3s"' in page and "never built" not in page


def test_each_mark_leads_to_its_revision_and_the_table_says_the_same(site, box):
    site.stranger().post(f"{box}/history/box.py")
    make(site, box, [800.0, None, 1800.0])
    page = site.stranger().get(f"{box}/history/box.py").text
    marks = re.findall(rf'<a href="({box}/revisions/\w+)"><circle[^>]*><title>([^<]+)</title>', page)
    assert len(marks) == 2 and marks[1][0].endswith(site.head(box))
    assert "Width 45.0 · " in marks[1][1] and marks[1][1].endswith("1.8 cm³")
    assert page.index("Width 45.0</a>") < page.index("Width 30.0</a>") < page.rindex("Start "), "newest first"
    assert "+1.00" in page and "no edge to round" in page and "hx-trigger" not in page
    assert page.count('class="plot-line" d="M') == 1


@pytest.mark.parametrize(
    ("query", "words"), [("property=mass&material=PETG", "Mass in PETG, solid"), ("property=x", "Size X")]
)
def test_the_property_is_in_the_address(site, box, query, words):
    site.stranger().post(f"{box}/history/box.py")
    make(site, box, [800.0, 1000.0, 1800.0])
    page = site.stranger().get(f"{box}/history/box.py?{query}").text
    assert f"<h2>{words}" in page and page.count("plot-mark") == 3
    if "mass" in query:
        assert "2.29" in page, "1.8 cm³ of 1.27 g/cm³"


def test_what_is_not_there_is_said(site, box):
    stranger = site.stranger()
    assert stranger.get(f"{box}/history/nothing.py").status_code == 404
    assert stranger.get(f"{box}/history/box.py?property=beauty").status_code == 422
    assert f'href="{box}/history/box.py"' in stranger.get(f"{box}/parts/box.py").text


def test_which_revision_did_this_is_asked_on_the_page_and_builds_only_what_it_needs(site, box):
    stranger = site.stranger()
    page = stranger.get(f"{box}/history/box.py?property=volume&find=1").text
    assert "2 builds have to be made" in page and "find=1" in page and 'hx-trigger="every 3s"' in page
    with site.house.reading() as work:
        assert [point.state for point in history(work, box).points] == ["wanted", "lacking", "wanted"]
    stranger.post(f"{box}/history/box.py")
    make(site, box, [800.0, None, 1800.0])
    page = stranger.get(f"{box}/history/box.py?find=1").text
    assert "It was this revision:" in page
    assert f'<a href="{box}/revisions/{site.head(box)}">Width 45.0</a>' in page and f"...{site.head(box)}" in page
    assert "1 revision just before it does not build" in page
    assert "No revision passes that" in stranger.get(f"{box}/history/box.py?find=1&limit=5000").text
    assert "It was this revision" in stranger.get(f"{box}/history/box.py?find=1&limit=1000,5").text
    assert stranger.get(f"{box}/history/box.py?find=1&limit=much").status_code == 422


def test_the_limit_is_asked_for_in_the_unit_that_is_shown(site, box):
    stranger = site.stranger()
    stranger.post(f"{box}/history/box.py")
    make(site, box, [80_000.0, 90_000.0, 110_000.0])
    page = stranger.get(f"{box}/history/box.py").text
    assert (
        "(cm³)</span>" in page and '<span class="unit">cm³</span></label>' in page and 'name="unit" value="cm³"' in page
    )
    assert re.findall(r'text-anchor="end">([\d.,]+)</text>', page) == ["80", "90", "100", "110"]
    for query in ("limit=100&unit=cm³", "limit=100000", "limit=100000&unit=mm³"):
        page = stranger.get(f"{box}/history/box.py?find=1&{query}").text
        assert ">Width 45.0</a>" in page.partition("It was this revision:")[2][:300], query
        assert 'name="limit" value="100"' in page
    assert (
        ">Width 30.0</a>"
        in stranger.get(f"{box}/history/box.py?find=1&limit=85&unit=cm³").text.partition("It was")[2][:300]
    )
    assert stranger.get(f"{box}/history/box.py?find=1&limit=1&unit=in").status_code == 422


@pytest.mark.slow
def test_a_real_history_is_built_and_searched(open_site, request):
    site = open_site(engine=shared(request, "namespaces"))
    address = site.design("ada", "real", family.FILES)
    for width in (21.0, 22.0, 60.0, 61.0):
        site.commit("ada", address, family.wider(width), message=f"Width {width}")
    perform, huey = performer(site.house), site.house.queue.huey
    pages = []
    for _ in range(4):
        pages.append(site.stranger().get(f"{address}/history/box.py?property=x&find=1").text)
        while task := huey.dequeue():
            perform(*task.args)
    assert "It was this revision:" in pages[-1] and ">Width 60.0</a> <span" in pages[-1]
    marks = re.findall(r"<title>(Width|Start)[^<]* · ([\d.]+) mm</title>", pages[-1])
    assert marks == [("Start", "20"), ("Width", "21"), ("Width", "22"), ("Width", "60"), ("Width", "61")]
