"""Search in the files of a design, and the history of a file that was renamed."""

import pytest

from opendesign.core.search import MOST_LINES, pieces

HINGE = "import cadquery as cq\n\nHINGE_GAP = 0.3\nresult = cq.Workplane().box(1, 2, HINGE_GAP)\nodd = r'a.*b[<i>'\n"


@pytest.fixture(scope="module")
def design(site):
    """Ada's private design with a script, a binary file and one of many lines."""
    files = {"hinge.py": HINGE, "notes/Hinge.md": "# Notes\n", "x.bin": b"\0hinge_gap\0", "many.txt": "row é\n" * 300}
    return site.design("ada", "searched", files, visibility="private")


@pytest.fixture(scope="module")
def ada(site, design):
    return site.person("ada")


def test_lines_and_names_are_found_letter_by_letter_whatever_their_case(site, ada, design):
    page = ada.get(f"{design}/search?q=hinge_gap").text
    assert page.count("<mark>HINGE_GAP</mark>") == 2 and "x.bin" not in page
    assert f'href="{design}/files/main/hinge.py?source#L3"' in page
    assert page.count('value="hinge_gap"') == 1, "in the form for files, not in the one for designs"
    assert 'name="q" value="" maxlength="200" required' in ada.get(f"{design}/files").text
    named = ada.get(f"{design}/search?q=hinge").text
    assert f'href="{design}/files/main/notes/Hinge.md"' in named
    literal = ada.get(f"{design}/search", query_string={"q": "a.*b[<i>"}).text
    assert "<mark>a.*b[&lt;i&gt;</mark>" in literal, "what is typed is no pattern, and no HTML"
    assert "Nothing found" in ada.get(f"{design}/search", query_string={"q": "h.nge"}).text
    for dash in ("--help", "-O/bin/true", "-e"):
        assert "Nothing found" in ada.get(f"{design}/search", query_string={"q": dash}).text
    many = ada.get(f"{design}/search", query_string={"q": "É"}).text
    assert many.count("<mark>é</mark>") == MOST_LINES and "There is more than is shown" in many
    wrong = ada.get(f"{design}/search", query_string={"q": "a\nb"})
    assert wrong.status_code == 422 and 'role="alert"' in wrong.text
    assert f'action="{design}/search"' in ada.get(f"{design}/files").text
    assert site.stranger().get(f"{design}/search?q=hinge").status_code == 404


def test_any_revision_is_searched(site, ada, design):
    old = site.head(design)
    site.commit("ada", design, {"hinge.py": HINGE.replace("HINGE_GAP", "SLOT")})
    assert "Nothing found" in ada.get(f"{design}/search?q=HINGE_GAP").text
    assert "<mark>HINGE_GAP</mark>" in ada.get(f"{design}/search?q=HINGE_GAP&ref={old}").text
    assert ada.get(f"{design}/search?q=x&ref=nowhere").status_code == 404


def test_a_file_is_followed_through_its_renames(site, ada):
    design = site.design("ada", "renamed", {"lid.py": HINGE})
    first = site.head(design)
    site.commit("ada", design, {"lid.py": None, "parts/cover.py": HINGE}, message="Rename it")
    site.commit("ada", design, {"README.md": "x\n"}, message="Another file")
    site.commit("ada", design, {"parts/cover.py": HINGE.replace("0.3", "0.4")}, message="Wider gap")
    page = ada.get(f"{design}/revisions?branch=main&path=parts/cover.py").text
    assert "Wider gap" in page and "Rename it" in page and "Another file" not in page
    assert f'href="{design}/files/{first}/lid.py"' in page and "<code>lid.py</code>" in page
    shown = ada.get("/api/v1/designs/ada/renamed/revisions?path=parts/cover.py").json
    assert [each["path"] for each in shown] == ["parts/cover.py", "parts/cover.py", "lid.py"]
    second = ada.get("/api/v1/designs/ada/renamed/revisions?path=parts/cover.py&page=2&per_page=1").json
    assert [each["subject"] for each in second] == ["Rename it"]
    folder = ada.get(f"{design}/revisions?branch=main&path=parts").text
    assert "Rename it" in folder and f"files/{first}" not in folder


def test_a_text_is_cut_where_it_holds_the_words():
    assert pieces("aXbx", "x") == [("a", False), ("X", True), ("b", False), ("x", True)]
    assert pieces("none", "x") == [("none", False)]
    assert pieces("İx", "x") == [("İx", False)], "its lower case has another length"
