"""The settings of a design: each form changes one thing, and says in place what it refuses."""

import family
import pytest


@pytest.fixture
def own(site, request):
    """A design of ada's for one test, with a second branch."""
    name = request.node.name.replace("test_", "").replace("_", "-")[:40].strip("-")
    address = site.design("ada", name, family.FILES)
    site.commit("ada", address, family.wider(30.0), "wide", start=site.head(address))
    return address


@pytest.fixture(scope="module")
def ada(site):
    """Ada's browser."""
    return site.person("ada")


def test_facts_are_kept_and_what_is_wrong_is_said_at_its_field(ada, own):
    facts = {"title": "Box for pins", "summary": "Small.", "licence": "MIT", "default_branch": "wide"}
    answer = ada.post(f"{own}/settings", facts)
    assert answer.status_code == 303
    page = ada.get(f"{own}/settings").text
    assert "Saved." in page and 'value="Box for pins"' in page and "<option selected>wide</option>" in page
    wrong = ada.post(f"{own}/settings", {**facts, "title": "x" * 200, "summary": "Kept"})
    assert wrong.status_code == 422 and 'id="title-error"' in wrong.text and ">Kept</textarea>" in wrong.text
    licence = ada.post(f"{own}/settings", {**facts, "licence": "Mine"})
    assert licence.status_code == 422 and 'id="licence-error"' in licence.text


def test_a_private_design_is_not_found_by_others(site, ada, own):
    assert ada.post(f"{own}/settings/visibility", {"visibility": "secret"}).status_code == 422
    assert ada.post(f"{own}/settings/visibility", {"visibility": "private"}).status_code == 303
    assert site.stranger().get(own).status_code == 404
    assert ada.get(own).status_code == 200


def test_members_come_change_and_go(site, ada, own):
    bia = site.person("bia")
    assert bia.get(f"{own}/settings").status_code == 403
    assert ada.post(f"{own}/settings/members", {"person": "bia", "role": "owner"}).status_code == 303
    assert bia.get(f"{own}/settings").status_code == 200
    assert ada.post(f"{own}/settings/members", {"person": "bia", "role": "reader"}).status_code == 303
    assert bia.get(f"{own}/settings").status_code == 403
    assert ada.post(f"{own}/settings/members/bia/removal").status_code == 303
    assert "bia" not in ada.get(f"{own}/settings").text


def test_members_nobody_knows_are_refused_in_place(ada, own):
    answer = ada.post(f"{own}/settings/members", {"person": "nobody-here", "role": "writer"})
    assert answer.status_code == 422 and "nobody called “nobody-here”" in answer.text
    assert ada.post(f"{own}/settings/members", {"person": "ada", "role": "writer"}).status_code == 409
    assert ada.post(f"{own}/settings/members", {"person": "ada", "role": "king"}).status_code == 422
    assert ada.post(f"{own}/settings/members/ada/removal").status_code == 409


def test_an_owner_who_leaves_goes_to_the_design(site, ada, own):
    ada.post(f"{own}/settings/members", {"person": "caio", "role": "owner"} if site.visitor("caio") else {})
    answer = site.person("caio").post(f"{own}/settings/members/caio/removal")
    assert answer.status_code == 303 and answer.location == own


def test_a_new_name_moves_the_address(site, ada, own):
    taken = site.design("ada", "taken-already")
    for bad in ("Bad Name", "../x", "", "settings", taken.removeprefix("/ada/")):
        answer = ada.post(f"{own}/settings/name", {"name": bad})
        assert answer.status_code in (409, 422) and "error" in answer.text, bad
    answer = ada.post(f"{own}/settings/name", {"name": "moved"})
    assert answer.location == "/ada/moved/settings#name"
    assert site.stranger().get("/ada/moved").status_code == 200 and site.stranger().get(own).status_code == 404


def test_branches_are_deleted_where_they_stand(site, ada, own):
    tip = site.head(own, "wide")
    wrong = ada.post(f"{own}/settings/branches/removal", {"branch": "wide", "expected": site.head(own)})
    assert wrong.status_code == 409 and "wide" in wrong.text
    default = ada.post(f"{own}/settings/branches/removal", {"branch": "main", "expected": site.head(own)})
    assert default.status_code == 422 and "default branch" in default.text
    assert ada.post(f"{own}/settings/branches/removal", {"branch": "wide", "expected": tip}).status_code == 303
    assert 'value="wide"' not in ada.get(f"{own}/settings").text


def test_deleting_asks_for_the_name(site, ada, own):
    wrong = ada.post(f"{own}/settings/deletion", {"confirmation": "yes"})
    assert wrong.status_code == 422 and 'id="confirmation-error"' in wrong.text
    answer = ada.post(f"{own}/settings/deletion", {"confirmation": own.strip("/")})
    assert answer.status_code == 303 and answer.location == "/ada"
    assert site.stranger().get(own).status_code == 404
