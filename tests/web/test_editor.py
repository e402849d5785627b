"""The editor: what is saved, where, and what happens when somebody else was faster."""

import re

import pytest


@pytest.fixture
def design(site, request):
    """A design of Ada's, of the test's own."""
    name = re.sub(r"[^a-z]+", "-", request.node.name.lower()).strip("-")[:60]
    return site.design("ada", name)


def test_an_owner_saves_to_the_branch(site, design):
    ada = site.person("ada")
    page = ada.get(f"{design}/edit/main/box.py")
    assert page.status_code == 200 and "WIDTH = 20.0" in page.text and "<od-editor" in page.text
    fields = {
        "path": "box.py",
        "content": "WIDTH = 30\r\n",
        "message": "Widen",
        "branch": "main",
        "expected": site.head(design),
    }
    answer = ada.post(f"{design}/edit/main/box.py", fields)
    assert (answer.status_code, answer.location) == (303, f"{design}/files/main/box.py")
    assert site.read(design, "box.py") == "WIDTH = 30\n"
    assert "Widen" in ada.get(f"{design}/revisions").text


def test_whoever_was_slower_keeps_their_text(site, design):
    ada, before = site.person("ada"), site.head(design)
    site.commit("ada", design, {"box.py": "# faster\n"})
    fields = {
        "path": "box.py",
        "content": "# my <slower> text\n",
        "message": "Mine",
        "branch": "main",
        "expected": before,
    }
    answer = ada.post(f"{design}/edit/main/box.py", fields)
    assert answer.status_code == 409
    assert (
        "# my &lt;slower&gt; text" in answer.text
        and 'value="Mine"' in answer.text
        and "See what came in" in answer.text
    )
    assert site.read(design, "box.py") == "# faster\n"
    elsewhere = ada.post(f"{design}/edit/main/box.py", fields | {"branch": "mine"})
    assert elsewhere.location == f"{design}/files/mine/box.py"
    assert site.read(design, "box.py", "mine") == "# my <slower> text\n"


def test_a_new_file_a_rename_and_a_deletion(site, design):
    ada = site.person("ada")
    assert 'name="path" value="docs/"' not in ada.get(f"{design}/edit/main").text
    ada.post(
        f"{design}/edit/main",
        {"path": "docs/a.md", "content": "# A\n", "branch": "main", "expected": site.head(design)},
    )
    assert 'name="path" value="docs/"' in ada.get(f"{design}/edit/main/docs").text
    fields = {"path": "docs/b.md", "content": "# B\n", "branch": "main", "expected": site.head(design)}
    assert ada.post(f"{design}/edit/main/docs/a.md", fields).location == f"{design}/files/main/docs/b.md"
    assert ada.get(f"{design}/files/main/docs/a.md").status_code == 404
    answer = ada.post(f"{design}/deletions/main/docs/b.md", {"expected": site.head(design)})
    assert answer.location == f"{design}/files/main/docs".removesuffix("/docs") + "/docs"
    assert ada.get(f"{design}/files/main/docs/b.md").status_code == 404


@pytest.mark.parametrize("path", ["../up.py", "/etc/passwd", ".git/config", "a//b", "box.py/inside", ""])
def test_bad_paths_are_refused_and_nothing_is_written(site, design, path):
    before = site.head(design)
    fields = {"path": path, "content": "kept text", "branch": "main", "expected": before}
    answer = site.person("ada").post(f"{design}/edit/main", fields)
    if answer.status_code == 303:  # a slash at either end is only taken off
        assert path == "/etc/passwd" and answer.location == f"{design}/files/main/etc/passwd"
        return
    assert answer.status_code == 422 and "kept text" in answer.text
    assert site.head(design) == before


def test_nothing_changed_is_said(site, design):
    fields = {"path": "box.py", "content": site.read(design, "box.py"), "branch": "main", "expected": site.head(design)}
    answer = site.person("ada").post(f"{design}/edit/main/box.py", fields)
    assert answer.status_code in (409, 422) and "Nothing" in answer.text


def test_others_save_to_a_fork_made_for_it(site, design):
    bia, name = site.person("bia"), design.rpartition("/")[2]
    assert "Save to my fork" in bia.get(f"{design}/edit/main/box.py").text
    fields = {
        "path": "box.py",
        "content": "# Bia's\n",
        "message": "Better",
        "branch": "main",
        "expected": site.head(design),
    }
    answer = bia.post(f"{design}/edit/main/box.py", fields)
    assert answer.location == f"/bia/{name}/files/main/box.py"
    assert site.read(f"/bia/{name}", "box.py") == "# Bia's\n" and "Bia's" not in site.read(design, "box.py")
    assert f"{design}/proposals/new?source=bia%2F{name}" in bia.get(answer.location).text
    again = bia.post(f"{design}/edit/main/box.py", fields | {"content": "# second\n"})
    assert again.location == f"/bia/{name}/files/main-2/box.py"
    assert site.read(f"/bia/{name}", "box.py", "main-2") == "# second\n"


def test_strangers_enter_first(site, design):
    answer = site.stranger().get(f"{design}/edit/main/box.py")
    assert answer.status_code in (302, 303) and answer.location == f"/enter?next={design}/edit/main/box.py"
    assert site.stranger().post(f"{design}/edit/main/box.py", {"path": "x"}).location.startswith("/enter")


def test_what_is_no_text_is_not_edited(site, design):
    site.commit("ada", design, {"a.txt": "x"})
    with_bytes = site.design("ada", "bytes", {"mesh.bin": b"\x00\xff"})
    answer = site.person("ada").get(f"{with_bytes}/edit/main/mesh.bin")
    assert answer.status_code == 422 and "is no text" in answer.text
    assert site.person("ada").get(f"{design}/edit/{site.head(design)}/a.txt").status_code == 422


def test_the_first_file_of_an_empty_design(site):
    address = site.design("ada", "from-nothing", {})
    ada = site.person("ada")
    assert 'name="path" value="part.py"' in ada.get(f"{address}/edit/main/part.py").text
    fields = {
        "path": "part.py",
        "content": "import cadquery as cq\nresult = cq.Workplane().box(1, 1, 1)\n",
        "branch": "main",
    }
    assert ada.post(f"{address}/edit/main/part.py", fields).location == f"{address}/files/main/part.py"
    assert "part.py" in ada.get(address).text


def test_a_script_is_edited_in_the_encoding_it_names(site):
    latin = (
        "# coding: latin-1\nimport cadquery as cq\nWIDTH = 5.0  # Größe, mm\nresult = cq.Workplane().box(WIDTH, 2, 3)\n"
    )
    files = {"old.py": latin.encode("latin-1"), "odd.py": b"import cadquery\n# \xff", "big.py": b"#" * (600 << 10)}
    design = site.design("ada", "latin", files)
    ada = site.person("ada")
    assert "Größe" in ada.get(f"{design}/edit/main/old.py").text
    assert "Größe" in ada.get(f"{design}/files/main/old.py").text
    assert "Größe" in ada.get(f"{design}/parts/old.py").text
    given = {
        "path": "old.py",
        "content": latin.replace("5.0", "6.0"),
        "message": "wider",
        "expected": site.head(design),
    }
    assert ada.post(f"{design}/edit/main/old.py", given).status_code == 303
    raw = ada.get(f"{design}/raw/main/old.py").data
    assert raw == latin.replace("5.0", "6.0").encode("latin-1")
    wrong = given | {"content": latin + "# Ω", "expected": site.head(design)}
    answer = ada.post(f"{design}/edit/main/old.py", wrong)
    assert answer.status_code == 422 and "which has no “Ω”" in answer.text and "# Ω" in answer.text
    assert "not UTF-8" in ada.get(f"{design}/files/main/odd.py").text
    assert "larger than 512 KiB" in ada.get(f"{design}/files/main/big.py").text
    page = ada.get(design).text
    assert "big.py</a>: No part" in page and "odd.py</a>: No part" in page and "old.py</a>: No part" not in page
    gone = ada.get(f"{design}/parts/big.py")
    assert gone.status_code == 404 and "larger than 512 KiB" in gone.text
