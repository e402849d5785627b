"""Releases in the browser and through real pushes: what is given out stays; no engine runs here."""

import io
import zipfile
from functools import cache

import family
import pytest
from remote import clone, listening

from opendesign.actions.change_design import give_role
from opendesign.actions.publish import recall
from opendesign.actions.show_parts import parts_at
from opendesign.git.skeleton import lines_of_refs
from opendesign.records.base import now
from opendesign.records.design import design_by_path
from opendesign.records.person import person_by_name
from opendesign.records.release import release_of
from tests.web.conftest import PASSWORD


@pytest.fixture(scope="module")
def who(site):
    """Browsers by the name of who has entered in them."""
    return cache(site.person)


@pytest.fixture(scope="module")
def where(site):
    """Where the site can be pushed to."""
    with listening(site.app) as address:
        yield address


@pytest.fixture
def design(site, request):
    """Ada's design for one test; Bob may write to it."""
    name = request.node.name.removeprefix("test_").replace("_", "-")[:40].strip("-")
    address = site.design("ada", name, {"box.py": family.BOX, "docs.md": "# Box\n", "LICENSE": "Mine\n"})
    site.visitor("bob")
    with site.house.writing() as work:
        give_role(work, design_by_path(work.session, "ada", name), person_by_name(work.session, "bob"), "writer")
    return address


def released(browser, design: str, **fields: str):
    answer = browser.post(f"{design}/releases", fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_release_is_an_annotated_tag_with_the_files_of_its_revision(site, who, design, where, tmp_path):
    first = site.head(design)
    notes = "It *closes*: [how](docs.md) <script>alert(1)</script>"
    page = released(who("bob"), design, tag="v1.0", title="It closes", notes=notes)
    site.commit("ada", design, {"box.py": family.BOX.replace("20", "21"), "docs.md": None})

    shown = site.stranger().get(page).text
    assert "It closes" in shown and "<em>closes</em>" in shown and "<script>alert" not in shown
    assert f'href="{design}/files/{first}/docs.md"' in shown, "links lead into the revision"
    assert f'href="{design}/archive/{first}.zip"' in shown and f'href="{design}/source/{first}.zip"' in shown
    assert f"{design}/parts/box.py?ref={first}" in shown and "Waiting" in shown
    assert 'name="notes"' not in shown and "latest" in shown
    assert f'href="{design}/releases/v1.0"' in site.stranger().get(design).text

    bob = clone(where, design, "bob", PASSWORD, tmp_path / "bob")
    assert bob.git("cat-file", "-t", "v1.0").stdout == "tag\n"
    assert bob.git("rev-parse", "v1.0^{commit}").stdout.strip() == first
    said = bob.git("for-each-ref", "--format=%(taggername) %(contents:subject)", "refs/tags").stdout
    assert said == "Bob It closes\n"
    source = site.stranger().get(f"{design}/source/{first}.zip")
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        assert {name.partition("/")[2] for name in archive.namelist()} == {"box.py", "docs.md", "LICENSE"}
    feed = site.stranger().get(f"{design}/releases.atom")
    assert feed.mimetype == "application/atom+xml" and "&lt;em&gt;closes&lt;/em&gt;" in feed.text


def test_no_push_moves_or_deletes_the_tag_of_a_release_until_an_owner_takes_it_back(site, who, design, where, tmp_path):
    ada = clone(where, design, "ada", PASSWORD, tmp_path / "ada")
    ada.git("tag", "v1")
    ada.git("push", "-q", "origin", "v1", "HEAD:refs/tags/loose")
    listed = who("ada").get(f"{design}/releases").text
    assert f'href="{design}/releases/new?tag=v1"' in listed and f'href="{design}/releases/new?tag=loose"' in listed
    assert 'value="v1"' in who("ada").get(f"{design}/releases/new?tag=v1").text
    page = released(who("ada"), design, tag="v1")
    before = ada.refs()
    ada.commit(extra="more")
    for words in (["--force", "HEAD:refs/tags/v1"], [":refs/tags/v1"], ["--force", "--atomic", "HEAD:v1", "HEAD:main"]):
        assert "v1 is released, so it stays where it is" in ada.refused(*words)
    assert ada.refs() == before
    ada.git("push", "-q", "--force", "origin", "HEAD:refs/tags/loose")

    assert who("bob").post(f"{page}/removal").status_code == 403, "a writer releases, an owner takes back"
    assert who("ada").post(f"{page}/removal").status_code == 303
    assert site.stranger().get(page).status_code == 404 and ada.refs()["refs/tags/v1"] == before["refs/tags/v1"]
    ada.git("push", "-q", "origin", ":refs/tags/v1")
    assert "refs/tags/v1" not in ada.refs()


def test_what_is_taken_back_is_held_by_nothing_of_its_own(site, who, design):
    """Another release of the same revision keeps its hold, and a removal that fails gives its own back."""
    pages = [released(who("ada"), design, tag=tag) for tag in ("v1", "v2")]
    with site.house.reading() as work:
        path = site.house.store.path(design_by_path(work.session, *design.strip("/").split("/")).key)

    def held() -> list[str]:
        return [ref for _sha, ref in lines_of_refs(path, "refs/releases")]

    both = held()
    assert len(both) == 2
    with pytest.raises(KeyboardInterrupt), site.house.writing(site.visitor("ada")) as work:
        recall(work, release_of(work.session, design_by_path(work.session, *design.strip("/").split("/")), "v1"))
        assert held() == both[1:]
        raise KeyboardInterrupt
    assert held() == both
    assert who("ada").post(f"{pages[0]}/removal").status_code == 303
    assert held() == both[1:]
    assert site.stranger().get(pages[1]).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"tag": "a b"}, 422, "breaks git’s rules"),
        ({"tag": "new"}, 422, "cannot be called"),
        ({"tag": "main"}, 409, "there is a branch"),
        ({"tag": "v2", "ref": "nowhere"}, 404, "no branch, tag or revision"),
        ({"tag": "v0"}, 409, "released already"),
        ({"tag": "v2", "title": "x" * 201}, 422, "at most 200"),
    ],
)
def test_what_cannot_be_released_is_said_in_the_form(site, who, fields, status, said):
    if "/ada/refusing" not in who("ada").get("/ada").text:
        site.design("ada", "refusing")
        released(who("ada"), "/ada/refusing", tag="v0")
    answer = who("ada").post("/ada/refusing/releases", fields)
    assert answer.status_code == status and 'role="alert"' in answer.text
    assert said.replace("’", "'") in answer.text.replace("&#39;", "'")
    assert f'value="{fields["tag"]}"' in answer.text and "v2" not in site.stranger().get("/ada/refusing/releases").text


def test_the_files_of_a_release_are_shown_with_their_sizes_and_addresses_that_stay(site, who, design):
    page, sha = released(who("ada"), design, tag="v1"), site.head(design)
    site.commit("ada", design, {"box.py": family.BOX.replace("20", "21")})
    with site.house.writing() as work:
        row = design_by_path(work.session, *design.strip("/").split("/"))
        build = next(part.build for part in parts_at(work, row, sha))
        site.house.shelf.put(build.key, {"step": b"x" * 1234, "stl": b"y" * 99})
        build.state, build.files, build.exported_at = "made", site.house.shelf.names(build.key), now()
    shown = site.stranger().get(page).text
    assert f'href="{design}/exports/step/box.py?ref={sha}&amp;download=' in shown and "1.2<span" in shown
    assert "Files are being made" not in shown and ">3MF<" not in shown, "its part cannot have that"
    listed = site.app.test_client().get(f"/api/v1/designs{design}/releases/v1").json["parts"][0]
    assert {file["name"]: file["bytes"] for file in listed["files"]} == {"step": 1234, "stl": 99}


def test_words_change_and_the_newest_is_latest(site, who, design):
    old, page = (released(who("ada"), design, tag=tag) for tag in ("v1", "nested/v2"))
    form = who("bob").get(page).text
    assert 'name="notes"' in form and "removal" not in form
    assert who("bob").post(f"{page}/notes", {"title": "Second", "notes": "Wider"}).status_code == 303
    shown = site.stranger().get(page).text
    assert "Second" in shown and "Wider" in shown and ">latest<" in shown
    assert ">latest<" not in site.stranger().get(old).text
    assert who("bob").post(f"{page}/notes", {"title": "x" * 300}).status_code == 422
    assert site.person("mallory").post(f"{page}/notes", {"title": "Mine"}).status_code == 403
