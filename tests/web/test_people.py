"""Joining, entering, leaving, the account and its tokens."""

import re

import pytest

from opendesign.actions.enter import need_current, recognise_basic, recognise_token
from opendesign.actions.house import Visitor
from opendesign.actions.issue_token import issue_token
from opendesign.actions.join import add_person
from opendesign.actions.measure_storage import measure_storage
from opendesign.core.errors import Forbidden
from opendesign.core.lfs import Pointer
from opendesign.records.design import design_by_path
from opendesign.records.lfs import add_files
from opendesign.records.person import Person, person_by_login
from tests.web.conftest import PASSWORD


def test_somebody_joins_and_is_in(site):
    browser = site.stranger()
    browser.get("/join?next=/new")
    fields = {"name": "grace", "full_name": "Grace", "email": "grace@example.org", "password": "a long enough one"}
    answer = browser.post("/join", fields | {"next": "/new"})
    assert (answer.status_code, answer.location) == (303, "/new")
    assert "Signed in as grace" in browser.get("/").text


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(site):
    browser = site.stranger()
    fields = {"name": "Not A Name", "email": "g2@example.org", "password": "a long enough one"}
    answer = browser.post("/join", fields)
    assert answer.status_code == 422
    assert "lower-case letters" in answer.text and 'value="Not A Name"' in answer.text
    assert 'aria-invalid="true" aria-describedby="name-error"' in answer.text
    site.visitor("taken")
    again = browser.post("/join", fields | {"name": "taken"})
    assert again.status_code == 409 and "is taken" in again.text


def test_a_wrong_password_is_refused_and_many_are_braked(open_site):
    site = open_site(enter_attempts=3)
    site.visitor("ada")
    browser = site.stranger()
    for _ in range(3):
        answer = browser.enter("ada", "wrong")
        assert answer.status_code == 403 and "do not belong together" in answer.text
    answer = browser.enter("ada", "wrong")
    assert answer.status_code == 429 and "Too many tries" in answer.text


def test_an_address_is_the_same_in_capitals_and_without_on_both_sides(site):
    fields = {"name": "lena", "email": "Lena.B@Example.org", "password": PASSWORD}
    assert site.stranger().post("/join", fields).status_code == 303
    for written in ("Lena.B@Example.org", "lena.b@example.org", " LENA.B@EXAMPLE.ORG ", "Lena"):
        assert site.stranger().enter(written).status_code == 303, written
    for written in ("Lena.B@Example.org", "lena.b@example.org"):
        again = site.stranger().post("/join", fields | {"name": "lena-b", "email": written})
        assert again.status_code == 409 and "in use" in again.text


def test_whose_addresses_differ_in_capitals_alone_are_still_two_people(site):
    with site.house.writing() as work:  # as they could join in earlier times
        two = [Person(name=name, email=email, password="") for name, email in (("mo", "Mo@x.org"), ("mi", "mo@x.org"))]
        work.session.add_all(two)
        work.session.flush()
        logins = ("Mo@x.org", "mo@x.org", "MO@x.org", "mi")
        found = [person.name for each in logins if (person := person_by_login(work.session, each))]
    assert found == ["mo", "mi", "mo", "mi"]


def test_leaving_ends_the_visit(site):
    browser = site.person("ada")
    cookie = browser.client.get_cookie("opendesign").value
    assert browser.post("/leave").location == "/"
    assert "Signed in" not in browser.get("/").text
    thief = site.stranger()
    thief.client.set_cookie("opendesign", cookie)
    assert "Signed in" not in thief.get("/").text


def test_a_profile_is_changed_and_shown(site):
    browser = site.person("bia")
    fields = {"full_name": "Beatriz", "place": "São Paulo", "bio": "Breaks <b>hinges</b>.", "units": "inch"}
    assert browser.post("/settings", fields).status_code == 303
    assert 'data-units="inch"' in browser.get("/settings").text
    page = site.stranger().get("/bia").text
    assert "Beatriz" in page and "São Paulo" in page and "Breaks &lt;b&gt;hinges&lt;/b&gt;." in page


def test_a_new_password_sends_every_other_browser_out(site):
    site.visitor("caio")
    here, there = site.person("caio"), site.person("caio")
    wrong = here.post("/settings/password", {"old": "wrong", "new": "another long one"})
    assert wrong.status_code == 403
    assert (
        here.post("/settings/password", {"old": "correct horse battery", "new": "another long one"}).status_code == 303
    )
    assert "Signed in as caio" in here.get("/").text
    assert "Signed in" not in there.get("/").text
    assert site.stranger().enter("caio", "another long one").status_code == 303


def test_a_token_is_shown_once_and_taken_back(site):
    browser = site.person("davi")
    made = browser.post("/settings/tokens", {"label": "my laptop", "scopes": ["read", "write"]})
    secret = re.search(r'data-copy="([^"]+)"', made.text)[1]
    assert recognise_token(site.house, secret).scopes == {"read", "write"}
    listed = browser.get("/settings/tokens")
    assert "my laptop" in listed.text and secret not in listed.text
    key = re.search(r"/settings/tokens/(\d+)/revocation", listed.text)[1]
    assert site.person("ada").post(f"/settings/tokens/{key}/revocation").status_code == 404
    assert browser.post(f"/settings/tokens/{key}/revocation").status_code == 303
    assert recognise_token(site.house, secret) is None
    assert browser.post("/settings/tokens", {"label": "no scope"}).status_code == 422


def test_demo_people_are_offered_only_while_the_demo_is_on(open_site, stranger):
    assert "demonstration" not in stranger.get("/enter").text
    site = open_site(demo=True)
    with site.house.writing() as work:
        from_story = {"name": "ada", "email": "ada@opendesign.example", "password": "opendesign-demo"}
        add_person(work, **from_story)
    site.visitor("eve")
    page = site.stranger().get("/enter").text
    assert "opendesign-demo" in page and 'value="ada"' in page and 'value="eve"' not in page
    assert site.stranger().enter("ada", "opendesign-demo").status_code == 303


def test_once_the_demo_is_off_nobody_is_in_as_its_people_and_their_designs_stay(open_site):
    """By password, visit, token or a pass for a large file; each is answered as if it had never been right."""
    site = open_site(demo=True)
    with site.house.writing() as work:
        ada = add_person(work, "ada", "ada@opendesign.example", "opendesign-demo")
        site.people["ada"] = Visitor(ada.id)
    site.design("ada", "case")
    secret, browser = token_of(site, "ada"), site.stranger()
    assert browser.enter("ada", "opendesign-demo").status_code == 303
    cookie, proved = browser.client.get_cookie("opendesign").value, recognise_basic(site.house, "ada", secret, "")
    off = open_site(site.house.settings.root, demo=False, enter_attempts=3)
    later = off.stranger()
    later.client.set_cookie("opendesign", cookie)
    page = later.get("/ada/case")
    assert page.status_code == 200 and "Signed in" not in page.text
    assert recognise_token(off.house, secret) is None and recognise_token(site.house, secret)
    with off.house.reading(proved) as work, pytest.raises(Forbidden):
        need_current(work, proved)
    with pytest.raises(Forbidden, match="do not belong together"):
        recognise_basic(off.house, "ada", secret, "")
    for name, status in (("ada", 403), ("ada@opendesign.example", 403), ("ada", 403), ("ada", 429)):
        assert later.enter(name, "opendesign-demo").status_code == status
    assert off.person("eve")


def test_a_persons_page_shows_only_what_one_may_see(site):
    site.design("emma", "open-one")
    site.design("emma", "secret-one", visibility="private")
    assert "secret-one" not in site.stranger().get("/emma").text.lower()
    own = site.person("emma").get("/emma").text
    assert "Secret-One" in own and "Open-One" in own


def test_one_sees_what_one_keeps_and_of_what_quota(open_site):
    """By size, in git and Git LFS; what others keep is not there, and little room is said."""
    site = open_site(lfs_owner_bytes=1000, quota_mb=7)
    small = site.design("sofia", "small", visibility="private")
    site.design("sofia", "large", {"noise.txt": "".join(f"{n * 7919}\n" for n in range(20_000))})
    site.design("tomas", "theirs")
    with site.house.writing(site.visitor("sofia")) as work:
        row = design_by_path(work.session, "sofia", "small")
        add_files(work.session, row, [Pointer("a" * 64, 950)], True, work.person)
    measure_storage(site.house)
    assert site.stranger().get("/settings/storage").status_code == 302
    page = site.person("sofia").get("/settings/storage").text
    assert page.index('href="/sofia/large"') < page.index(f'href="{small}"') and "theirs" not in page
    assert 'max="7000000"' in page and 'max="1000"' in page and 'value="950"' in page
    assert "Large files: little room is left." in page and "Repositories: little room" not in page
    secret = token_of(site, "sofia")
    told = site.app.test_client().get("/api/v1/storage", headers={"Authorization": f"Bearer {secret}"}).json
    assert [each["design"] for each in told["designs"]] == ["sofia/large", "sofia/small"]
    assert (told["large_bytes"], told["large_quota"], told["git_quota"]) == (950, 1000, 7_000_000)
    assert told["git_bytes"] == sum(each["git_bytes"] for each in told["designs"]) > 0
    assert "You have no designs yet." in site.person("ursula").get("/settings/storage").text


def token_of(site, name: str) -> str:
    """A read token of somebody's."""
    with site.house.writing(site.visitor(name)) as work:
        return issue_token(work, "look", ["read"])[1]
