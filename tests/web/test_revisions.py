"""The history of a design, and what one revision changed."""

import pytest

from opendesign.actions.sync import sync
from opendesign.git.commits import Signature
from opendesign.git.writing import write_files
from opendesign.records.design import design_by_path

PART = "import cadquery as cq\nSIZE = {}\nresult = cq.Workplane().box(SIZE, 1, 1)\n"


@pytest.fixture(scope="module")
def design(site):
    """A design with three revisions: one starts two parts, one changes one of them, one only the words."""
    address = site.design("ada", "storied", {"a.py": PART.format(1), "b.py": PART.format(2), "notes.txt": "one\n"})
    site.commit("ada", address, {"a.py": PART.format(10)}, message="Grow a\n\nBecause **it** was small.")
    site.commit("ada", address, {"notes.txt": "one\ntwo & three\n"}, message="Write more")
    return address


def test_the_history_is_newest_first_with_its_authors(site, design):
    page = site.stranger().get(f"{design}/revisions").text
    assert page.index("Write more") < page.index("Grow a") < page.index("Start Storied")
    assert "3 revisions" in page and 'href="/ada"' in page
    only = site.stranger().get(f"{design}/revisions?path=a.py").text
    assert "Grow a" in only and "Write more" not in only
    assert site.stranger().get(f"{design}/revisions?branch=nothing").status_code == 404


def test_a_revision_says_what_it_did_to_the_parts(site, design):
    sha = site.head(design)
    page = site.stranger().get(f"{design}/revisions/{sha}").text
    assert "two &amp; three" in page and '<span class="more">+1</span>' in page
    assert page.count('data-state="unchanged"') == 2 and 'data-state="changed"' not in page
    with site.house.reading() as work:
        row = design_by_path(work.session, "ada", "storied")
        with site.house.store.open(row.key) as repository:
            parent = repository.commit(sha).parents[0]
    page = site.stranger().get(f"{design}/revisions/{parent}").text
    assert page.count('data-state="changed"') == 1 and page.count('data-state="unchanged"') == 1
    assert "Because <strong>it</strong> was small." in page
    assert f"{design}/compare/" in page and f"...{parent}" in page
    assert "<del>" not in page and 'class="del"' in page and 'class="add"' in page


def test_the_first_revision_has_nothing_to_compare_with(site, design):
    with_one = site.design("ada", "single")
    page = site.stranger().get(f"{with_one}/revisions/{site.head(with_one)}").text
    assert "/compare/" not in page and page.count('data-state="added"') == 1


@pytest.mark.parametrize("sha", ["0" * 40, "nothing", "..", "main..main"])
def test_unknown_revisions_are_not_found(site, design, sha):
    assert site.stranger().get(f"{design}/revisions/{sha}").status_code == 404


def test_long_histories_are_paged(site):
    address = site.design("ada", "long", {"n.txt": "0"})
    with site.house.writing(site.visitor("ada")) as work:
        row = design_by_path(work.session, "ada", "long")
        with site.house.store.open(row.key) as repository:
            tip = site.head(address)
            for number in range(1, 43):
                who, change = Signature("Ada", "ada@example.org"), {"n.txt": b"%d" % number}
                tip = write_files(repository, "main", change, f"Number {number}", who, tip)
        sync(work, row)
    first = site.stranger().get(f"{address}/revisions").text
    second = site.stranger().get(f"{address}/revisions?page=2").text
    assert "Number 42<" in first and "Start Long" not in first
    assert "Start Long" in second and "Number 42<" not in second
