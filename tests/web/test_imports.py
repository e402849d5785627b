"""Importing from the pages: the form, how far it is, what follows elsewhere, and taking a design away."""

import io
import json
import subprocess
import zipfile
from datetime import timedelta

import family
import pytest
from houses import settle_in, start
from remotes import house_elsewhere

from opendesign.actions.change_design import give_role
from opendesign.actions.deliver import deliver_job
from opendesign.actions.import_design import import_job
from opendesign.actions.judge import judge
from opendesign.actions.mirror import mirror_job
from opendesign.actions.open_challenge import open_challenge
from opendesign.actions.propose import comment, propose
from opendesign.actions.publish import publish
from opendesign.records.arrival import arrivals_waiting
from opendesign.records.base import now
from opendesign.records.design import design_by_path, known_refs
from opendesign.records.discussion import Saying
from opendesign.records.person import person_by_name
from opendesign.records.proposal import proposal_of

COMMIT = "%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)"  # that a ref or its tag names


@pytest.fixture(scope="module")
def site(open_site):
    """A site that may fetch from this machine."""
    return open_site(private_hosts="127.0.0.1")


@pytest.fixture(scope="module")
def clamp(tmp_path_factory):
    """The address of cleo's clamp in another house."""
    with house_elsewhere(tmp_path_factory.mktemp("elsewhere")) as (there, address):
        _, cleo = settle_in(there, "operator", "cleo")
        start(there, cleo, "clamp", family.FILES)
        yield f"{address}/cleo/clamp.git"


@pytest.fixture(scope="module")
def ada(site):
    return site.person("ada")


def brought(site) -> None:
    """Does the jobs of all imports that wait."""
    with site.house.reading() as work:
        waiting = arrivals_waiting(work.session)
    for key in waiting:
        import_job(site.house, str(key))


def test_a_design_is_imported_and_its_progress_shown(site, ada, clamp):
    assert 'href="/new/import"' in ada.get("/new").text
    assert ada.get("/new/import").status_code == 200
    answer = ada.post("/imports", {"url": clamp, "name": "mine", "visibility": "public"})
    assert answer.status_code == 303
    page = ada.get(answer.location)
    assert "Waiting for its turn" in page.text and 'http-equiv="refresh"' in page.text and "hx-trigger" in page.text
    assert ada.get("/ada/mine").location == answer.location
    assert site.stranger().get("/ada/mine").status_code == 404
    assert site.person("bob").get(answer.location).status_code == 404
    brought(site)
    assert ada.get(answer.location).location == "/ada/mine"
    assert ada.fragment(answer.location).headers["HX-Redirect"] == "/ada/mine"
    assert site.stranger().get("/ada/mine").status_code == 200
    assert "ada/mine" in ada.get("/new/import").text


def test_what_is_wrong_is_said_at_its_field_and_no_password_is_shown(ada):
    answer = ada.post("/imports", {"url": "https://ada:hunter2@example.org/x.git", "title": "Kept"})
    assert answer.status_code == 422 and 'id="url-error"' in answer.text and 'value="Kept"' in answer.text
    assert "hunter2" not in ada.get("/new/import").text
    taken = ada.post("/imports", {"url": "https://example.org/x.git", "name": "new", "visibility": "public"})
    assert taken.status_code == 422 and 'id="name-error"' in taken.text


def test_an_import_is_stopped_and_a_failure_says_why(site, ada, clamp):
    place = ada.post("/imports", {"url": clamp, "name": "stopped", "visibility": "public"}).location
    assert ada.post(f"{place}/cancellation").location == place
    page = ada.get(place).text
    assert "was stopped" in page and "Try again" in page and "hx-trigger" not in page
    lost = ada.post("/imports", {"url": clamp.replace("clamp", "lost"), "visibility": "public"}).location
    brought(site)
    assert "Nothing was imported" in ada.get(lost).text
    assert ada.get("/ada/stopped").status_code == ada.get("/ada/lost").status_code == 404


def test_a_mirror_says_what_it_follows_and_its_owner_stops_it(site, ada, clamp):
    ada.post("/imports", {"url": clamp, "name": "follower", "visibility": "public", "follow": "yes"})
    brought(site)
    page = site.stranger().get("/ada/follower").text
    assert "mirrors" in page and clamp in page
    settings = ada.get("/ada/follower/settings").text
    assert "Fetch now" in settings and "every 60 minutes" in settings
    assert ada.post("/ada/follower/settings/mirror/fetches").location == "/ada/follower/settings#mirror"
    mirror_job(site.house, "1")
    answer = ada.post("/ada/follower/settings/branches/removal", {"branch": "main", "expected": "0" * 40})
    assert answer.status_code in (403, 422)
    assert ada.post("/ada/follower/settings/mirror/ending").status_code == 303
    assert "Fetch now" not in ada.get("/ada/follower/settings").text
    assert ada.post("/ada/follower/settings/mirror/ending").status_code == 422


def test_a_token_for_elsewhere_is_never_shown(site, ada, clamp):
    site.design("ada", "outgoing", family.FILES)
    fields = {"url": clamp, "name": "cleo", "secret": "hunter2"}
    assert ada.post("/ada/outgoing/settings/outlet", fields).location == "/ada/outgoing/settings#outlet"
    deliver_job(site.house, "1")
    page = ada.get("/ada/outgoing/settings").text
    assert "hunter2" not in page and "The last try failed" in page and "asks for a name and a password" in page
    wrong = ada.post("/ada/outgoing/settings/outlet", {**fields, "url": "file:///etc"})
    assert wrong.status_code == 422 and 'id="outlet-url-error"' in wrong.text and "hunter2" not in wrong.text
    wrong = ada.post("/ada/outgoing/settings/outlet", {**fields, "name": "a:da"}).text
    assert 'id="outlet-name-error"' in wrong and 'id="new-name-error"' not in wrong, "the new name is not at fault"
    assert ada.post("/ada/outgoing/settings/outlet/removal").status_code == 303
    assert clamp not in ada.get("/ada/outgoing/settings").text


@pytest.fixture(scope="module")
def case(site, ada):
    """Ada's case: bob's proposal, reviewed and talked about, a challenge, and a private fork."""
    address = site.design("ada", "case", {**family.FILES, "checks.py": "def check_nothing():\n    pass\n"})
    site.commit("ada", address, family.wider(33.0), "wide", start=site.head(address))
    family.fork_of(site, address, "mallory", "secret-fork")
    site.visitor("bob")
    with site.house.writing(site.visitor("ada")) as work:
        design = design_by_path(work.session, "ada", "case")
        give_role(work, design, person_by_name(work.session, "bob"), "writer")
        design_by_path(work.session, "mallory", "secret-fork").visibility = "private"
    with site.house.writing(site.visitor("bob")) as work:
        design = design_by_path(work.session, "ada", "case")
        proposal = propose(work, design, design, "wide", "main", "Wider", "For larger hands.")
        comment(work, proposal, "What of the lid?")
    with site.house.writing(site.visitor("ada")) as work:
        design = design_by_path(work.session, "ada", "case")
        judge(work, proposal_of(work.session, design, 1), "request_changes", "Thicker.")
        open_challenge(work, design, "Lightest", "", "box.py", "mass", "least", now() + timedelta(days=9))
        publish(work, design, "v1")
        parent = known_refs(work.session, design)["refs/heads/main"]
        work.session.add(Saying(design_id=design.id, sha=parent, person_id=work.person.id, body="Well done."))
    return address


def test_a_design_leaves_whole_and_can_be_read_elsewhere(site, ada, case, tmp_path):
    answer = ada.get(f"{case}/export.zip")
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        archive.extractall(tmp_path)
    answer.close()
    assert list((site.house.settings.var / "exports").iterdir()) == []
    folder = tmp_path / "ada-case"
    told = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
    assert set(told) == {"design", "proposals", "challenges", "releases", "discussions", "lineage", "made"}
    assert [(each["tag"], each["commit"], each["by"]) for each in told["releases"]] == [("v1", site.head(case), "ada")]
    assert (told["design"]["format"], told["design"]["version"]) == ("opendesign-export", 1)
    subprocess.run(["git", "clone", "-q", "--mirror", folder / "repository.bundle", tmp_path / "copy.git"], check=True)
    said = subprocess.run(
        ["git", "-C", tmp_path / "copy.git", "for-each-ref", f"--format=%(refname) {COMMIT}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    refs = dict(line.split() for line in said.splitlines())
    [proposal] = told["proposals"]
    inner = {"refs/proposals/1/head": proposal["source_sha"], "refs/challenges/1/goal": told["challenges"][0]["sha"]}
    assert refs == told["design"]["refs"] | inner
    assert [each["body"] for each in told["discussions"]] == ["Well done."]
    assert told["lineage"]["family"] == "ada/case" and told["lineage"]["adoptions"] == []
    assert (proposal["author"], proposal["source"], proposal["state"]) == ("bob", "ada/case", "open")
    assert [each["body"] for each in proposal["comments"]] == ["What of the lid?"]
    assert [(each["by"], each["word"]) for each in proposal["reviews"]] == [("ada", "request_changes")]
    text = "".join(path.read_text() for path in folder.glob("*.json"))
    assert "@" not in text and "secret-fork" not in text and "mallory" not in text


def test_only_owners_take_a_design_away(site, ada, case):
    assert site.person("bob").get(f"{case}/export.zip").status_code == 403


def test_an_empty_design_leaves_too(site, ada):
    site.design("ada", "void", {})
    answer = ada.get("/ada/void/export.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert "ada-void/design.json" in names and "ada-void/repository.bundle" not in names
