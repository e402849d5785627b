"""Files at any revision: folders, sources, texts, pictures, raw bytes that cannot run."""

import pytest
from lfs_client import LfsClient, pointer

from opendesign.actions.issue_token import issue_token

PASSWORD = "correct horse battery"
STEP = b"ISO-10303-21;\n" + b"DATA;\n" * 40
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(scope="module")
def design(site):
    """A design with a bit of everything, and a branch whose name holds a slash."""
    files = {
        "box.py": 'import cadquery as cq\n"""Long\ntext"""\nresult = cq.Workplane().box(1, 2, 3)\n',
        "docs/guide.md": "# Guide\n\nBack to [the box](../box.py).\n",
        "docs/drawing.svg": SVG,
        "page.html": "<script>alert(1)</script>",
        "mesh.bin": b"\x00\xff\x00binary",
        "odd name #1?.txt": "odd\n",
    }
    address = site.design("ada", "filed", files)
    site.commit("ada", address, {"docs/new.md": "# New\n"}, "feature/docs", start=site.head(address), message="Add new")
    return address


def test_a_folder_lists_names_with_their_last_commits(site, design):
    page = site.stranger().get(f"{design}/files/main").text
    assert page.index("docs") < page.index("box.py") and "Start Filed" in page
    assert f'href="{design}/files/main/odd%20name%20%231%3F.txt"' in page
    assert site.stranger().get(f"{design}/files").status_code == 200
    inner = site.stranger().get(f"{design}/files/main/docs").text
    assert "guide.md" in inner and f'href="{design}/files/main"' in inner


def test_a_source_has_numbered_coloured_lines(site, design):
    page = site.stranger().get(f"{design}/files/main/box.py").text
    assert 'id="L4"' in page and 'id="L5"' not in page and '<span class="kn">import</span>' in page
    assert f'href="{design}/parts/box.py"' in page


def test_the_longest_branch_name_wins(site, design):
    page = site.stranger().get(f"{design}/files/feature/docs/docs/new.md").text
    assert "<h1>New</h1>" in page
    assert site.stranger().get(f"{design}/files/feature/docs").status_code == 200
    assert site.stranger().get(f"{design}/files/feature").status_code == 404


def test_a_revision_names_files_for_ever(site, design):
    sha = site.head(design)
    assert site.stranger().get(f"{design}/files/{sha}/box.py").status_code == 200
    assert site.stranger().get(f"{design}/files/{sha[:10]}/box.py").status_code == 200
    assert site.stranger().get(f"{design}/files/{'0' * 40}/box.py").status_code == 404


def test_markdown_is_rendered_with_its_links_and_its_source(site, design):
    page = site.stranger().get(f"{design}/files/main/docs/guide.md").text
    assert "<h1>Guide</h1>" in page and f'href="{design}/files/main/box.py"' in page
    assert "# Guide" in site.stranger().get(f"{design}/files/main/docs/guide.md?source").text


@pytest.mark.parametrize(
    ("path", "mimetype", "attached"),
    [
        ("box.py", "text/plain", False),
        ("page.html", "text/plain", False),
        ("docs/drawing.svg", "image/svg+xml", False),
        ("mesh.bin", "application/octet-stream", True),
    ],
)
def test_raw_bytes_cannot_run(site, design, path, mimetype, attached):
    answer = site.stranger().get(f"{design}/raw/main/{path}")
    assert answer.status_code == 200 and answer.mimetype == mimetype
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers.get("Content-Disposition", "").startswith("attachment") is attached


def test_raw_is_exact_and_not_sent_twice(site, design):
    first = site.stranger().get(f"{design}/raw/main/mesh.bin")
    assert first.data == b"\x00\xff\x00binary"
    again = site.stranger().get(f"{design}/raw/main/mesh.bin", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    named = site.stranger().get(f"{design}/raw/main/box.py?download").headers["Content-Disposition"]
    assert "box.py" in named


def test_pictures_are_shown_and_other_bytes_offered(site, design):
    assert (
        f'<img src="{design}/raw/main/docs/drawing.svg"'
        in site.stranger().get(f"{design}/files/main/docs/drawing.svg").text
    )
    assert "This file is not text." in site.stranger().get(f"{design}/files/main/mesh.bin").text


@pytest.mark.parametrize("path", ["../x", "docs/../../x", "nothing.py", "docs/nothing", "%00", "box.py/below", "-rf"])
def test_what_is_not_there_is_not_found(site, design, path):
    for kind in ("files", "raw"):
        assert site.stranger().get(f"{design}/{kind}/main/{path}").status_code == 404, (kind, path)


def test_pages_show_the_file_and_not_its_pointer(site):
    design = site.design("ada", "paged", {"case.step": pointer(STEP)}, visibility="private")
    browser, at = site.person("ada"), f"{design}/files/main"
    ada = LfsClient(site.app, "ada", PASSWORD)
    assert "has not been sent here" in browser.get(f"{at}/case.step").text
    assert ada.send(design, STEP).status_code == 200
    page = browser.get(f"{at}/case.step").text
    assert "Git LFS" in page and "<od-viewer" in page and "has not been sent" not in page
    raw = browser.get(f"{design}/raw/main/case.step")
    assert raw.data == STEP and raw.headers["Content-Disposition"].startswith("attachment")
    again = {"If-None-Match": raw.headers["ETag"]}
    assert browser.get(f"{design}/raw/main/case.step", headers=again).status_code == 304
    assert browser.get(f"{design}/raw/main/case.step", headers={"Range": "bytes=0-3"}).data == STEP[:4]
    client = site.app.test_client()
    with site.house.writing(site.visitor("ada")) as work:
        _, secret = issue_token(work, "read", ["read"])
    bearer = {"Authorization": f"Bearer {secret}"}
    shown = client.get(f"/api/v1/designs{design}/files/main/case.step", headers=bearer).get_json()
    assert shown["content"] == STEP.decode() and shown["bytes"] == len(STEP)
    folder = client.get(f"/api/v1/designs{design}/files/main", headers=bearer).get_json()
    assert {each["name"]: each["bytes"] for each in folder["entries"]}["case.step"] == len(STEP)
