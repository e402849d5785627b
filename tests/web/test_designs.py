"""Starting a design, its page, and forking it."""

import re

import family
import pytest

README = """# Case

See [the guide](docs/guide.md), [main page](https://example.org) and ![photo](photo.png).

<script>alert(1)</script><img src="../../secret" onerror="alert(2)"><a href="javascript:alert(3)">x</a>

| a | b |
| - | - |
| 1 | 2 |
"""


def test_a_design_from_a_starter_has_parts_at_once(site):
    ada = site.person("ada")
    fields = {"title": "My Box", "licence": "CERN-OHL-W-2.0", "visibility": "public", "starter": "box"}
    assert ada.post("/new", fields).location == "/ada/my-box"
    page = ada.get("/ada/my-box").text
    assert "box.py" in page and "My Box" in page and "CERN-OHL-W-2.0" in page
    assert "{title}" not in site.read("/ada/my-box", "README.md")


def test_an_empty_design_says_how_the_first_files_come(site):
    ada = site.person("ada")
    assert ada.post("/new", {"title": "Bare", "name": "bare-one"}).location == "/ada/bare-one"
    page = ada.get("/ada/bare-one").text
    assert "git push -u opendesign HEAD:main" in page and "/ada/bare-one.git" in page
    assert "git push" not in site.stranger().get("/ada/bare-one").text
    assert ada.get("/ada/bare-one/files").location == "/ada/bare-one"
    assert ada.get("/ada/bare-one/revisions").status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"title": "", "name": ""}, 422, "Give the design a title"),
        ({"title": "X", "name": "No Good/Name"}, 422, "lower-case letters"),
        ({"title": "X", "name": "settings"}, 422, "used by the service"),
        ({"title": "X", "name": "ok", "licence": "WTF-1.0"}, 422, "must be one of"),
        ({"title": "X", "name": "there-already"}, 409, "is taken"),
    ],
)
def test_what_cannot_be_started_says_why_and_keeps_the_form(site, fields, status, words):
    if site.stranger().get("/cleo/there-already").status_code == 404:
        site.design("cleo", "there-already")
    answer = site.person("cleo").post("/new", fields)
    assert answer.status_code == status and words in answer.text
    assert f'value="{fields["name"]}"' in answer.text


def test_the_address_is_suggested_while_the_title_is_typed(site):
    ada = site.person("ada")
    assert "/ada/laptop-stand-2" in ada.fragment("/new/name?title=Laptop+Stand+2").text
    site.design("ada", "stand")
    assert "choose another" in ada.fragment("/new/name?title=Stand").text


def test_the_page_shows_parts_before_any_engine_has_run(site):
    address = site.design("ada", "waiting", {"lid.py": "import cadquery as cq\nresult = cq.Workplane().box(1, 1, 1)\n"})
    page = site.stranger().get(address)
    assert page.status_code == 200 and "lid.py" in page.text and "Waiting" in page.text
    assert site.stranger().fragment(f"{address}?part=lid.py&poll=1", "stage").status_code == 204


def test_whoever_wants_to_print_is_led_to_the_files(site):
    address = site.design("ada", "printable")
    page = site.stranger().get(address).text
    assert f'href="{address}/parts/box.py#files"' in page
    assert 'id="files"' in site.stranger().get(f"{address}/parts/box.py").text


def test_the_readme_is_rendered_and_harmless(site):
    address = site.design(
        "ada", "readable", {"README.md": README, "docs/guide.md": "# Guide\n", "photo.png": b"\x89PNG"}
    )
    page = site.stranger().get(address).text
    body = page.partition('<div class="prose">')[2].partition("</aside>")[0]
    assert f'href="{address}/files/main/docs/guide.md"' in body and f'src="{address}/raw/main/photo.png"' in body
    assert "<td>1</td>" in body and 'href="https://example.org"' in body
    assert "<script" not in body and "onerror" not in body and "javascript:" not in body and "secret" not in body


def test_a_private_design_does_not_exist_for_others(site):
    address = site.design("ada", "quiet", visibility="private")
    stranger, bia, ada = site.stranger(), site.person("bia"), site.person("ada")
    for page in ("", "/files/main", "/files/main/box.py", "/raw/main/box.py", "/revisions", "/parts/box.py"):
        seen = [browser.get(address + page).status_code for browser in (stranger, bia, ada)]
        assert seen == [404, 404, 200], page
    assert bia.post(f"{address}/forks").status_code == 404


def test_a_fork_is_one_click_and_says_where_it_comes_from(site):
    address = site.design("ada", "forkable")
    stranger = site.stranger().post(f"{address}/forks")
    assert stranger.status_code in (302, 303) and stranger.location.startswith("/enter")
    bia = site.person("bia")
    assert bia.post(f"{address}/forks").location == "/bia/forkable"
    page = bia.get("/bia/forkable").text
    assert "forked from" in page and f'href="{address}"' in page and "This is your fork" in page
    assert bia.post(f"{address}/forks").location == "/bia/forkable-2"
    assert re.search(r'class="count">2<', site.stranger().get(address).text)


def test_a_fork_is_held_to_what_its_parent_promises(site):
    promise = "[contracts.london-base]\nkind = 'envelope'\nbox_mm = [[0, 0, 0], [9, 9, 9]]\n[checks.odd]\nmass = 3\n"
    address = site.design("ada", "promising", {"box.py": family.BOX, "okh.toml": promise})
    own = site.stranger().get(address).text
    assert "<dt>Promises</dt>" in own and "<code>london-base</code>" in own and "Fits" not in own
    assert "The check “odd” cannot be used: “mass” is not known" in own
    fork = family.fork_of(site, address, "bia")
    site.commit("bia", fork, {"okh.toml": "name = 'Mine'\n"})
    page = site.stranger().get(fork).text
    assert "Promises" not in page and "odd" not in page
    assert f'Fits <a href="{address}">' in page and "<code>london-base</code>" in page


def test_other_branches_are_shown_by_ref(site):
    address = site.design("ada", "branchy")
    site.commit(
        "ada",
        address,
        {"lid.py": "import cadquery as cq\nresult = cq.Workplane().box(1, 1, 1)\n"},
        "try/lid",
        start=site.head(address),
    )
    assert "lid.py" not in site.stranger().get(address).text
    page = site.stranger().get(f"{address}?ref=try/lid").text
    assert "lid.py" in page and f"{address}/parts/box.py?ref=try%2Flid" in page
    assert site.stranger().get(f"{address}?ref=nothing").status_code == 404


def test_the_address_git_uses_leads_to_the_page(site):
    address = site.design("ada", "cloned")
    assert site.stranger().get(f"{address}.git").location.endswith(address)
