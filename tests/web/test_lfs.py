"""Git LFS as its client speaks it: files are sent and had, and never by who may not."""

import os
import time

import family
import pytest
from lfs_client import JSON, LfsClient, oid_of, pointer

from opendesign.actions.change_design import change_design, delete_design, give_role, take_role
from opendesign.actions.issue_token import issue_token
from opendesign.actions.pull import pull
from opendesign.actions.read_tree import read_tree
from opendesign.actions.sweep_files import sweep_files
from opendesign.actions.want_build import part_key
from opendesign.core.lfs import Pointer
from opendesign.records.design import design_by_path, known_refs
from opendesign.records.person import person_by_name

PASSWORD = "correct horse battery"
STEP = b"ISO-10303-21;\n" + b"DATA;\n" * 40
LIMITS = {"lfs_file_bytes": 4000, "lfs_design_bytes": 6000, "lfs_owner_bytes": 9000}


@pytest.fixture(scope="module", params=["disk", "bucket"])
def site(open_site, request):
    """A site on which little may be kept, on its disk or in a bucket."""
    on_disk = request.param == "disk"
    return open_site(**LIMITS, shelf_url="" if on_disk else request.getfixturevalue("store_of_files").below("lfs-web"))


@pytest.fixture
def person(site):
    """Gives each person a git-lfs of their own."""

    def found(name: str) -> LfsClient:
        site.visitor(name)
        return LfsClient(site.app, name, PASSWORD)

    return found


@pytest.fixture
def design(site, request):
    """A design of ada's with a STEP file in Git LFS that has not been sent."""
    name = request.node.name.partition("[")[0].removeprefix("test_").replace("_", "-")[:40]
    return site.design("ada", name, {"case.step": pointer(STEP), "README.md": "# Case\n"}, visibility="private")


@pytest.fixture(scope="module")
def drawer(site):
    """An empty design of ada's, to which nothing is ever sent in the end."""
    return site.design("ada", "drawer")


def row(work, design: str):
    return design_by_path(work.session, *design.strip("/").split("/"))


def kept(site) -> list:
    """All files that are there, and whatever lies on the disk."""
    lfs = site.house.store.lfs
    return [*lfs.everything(), *sorted(path for path in lfs.root.rglob("*") if path.is_file() and path.name != "held")]


def key(site, design: str) -> str:
    """The build of the STEP file at the head of a design."""
    with site.house.reading() as work:
        found = row(work, design)
        sha = known_refs(work.session, found)["refs/heads/main"]
        return part_key(read_tree(work, found, sha), "case.step")


def test_a_file_is_sent_and_had(site, person, design):
    ada = person("ada")
    before = key(site, design)
    told = ada.told(design, "upload", STEP)
    assert told["actions"].keys() == {"upload", "verify"} and told["authenticated"]
    verify = told["actions"]["verify"]
    named = {"oid": oid_of(STEP), "size": len(STEP)}
    assert site.app.test_client().post(verify["href"], json=named, headers=verify["header"]).status_code == 422
    assert ada.send(design, STEP).status_code == 200
    assert site.app.test_client().post(verify["href"], json=named, headers=verify["header"]).status_code == 200
    assert "actions" not in ada.told(design, "upload", STEP)
    assert key(site, design) != before
    whole = ada.have(design, STEP)
    assert whole.data == STEP and whole.mimetype == "application/octet-stream"
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    part = ada.have(design, STEP, Range="bytes=100-")
    assert part.status_code == 206 and part.data == STEP[100:]


def test_by_name_and_password_alone(site, person, design):
    ada, path = person("ada"), f"objects/{oid_of(STEP)}"
    assert ada.ask("PUT", design, path, data=STEP, headers=ada.headers).status_code == 200
    assert ada.ask("GET", design, path).data == STEP
    assert LfsClient(site.app, "ada", "wrong").ask("GET", design, path).status_code == 401
    assert LfsClient(site.app).ask("GET", design, path).status_code == 401


def test_who_may(site, person, design):
    ada, mallory, rita = map(person, ("ada", "mallory", "rita"))
    assert ada.send(design, STEP).status_code == 200
    with site.house.writing(site.visitor("ada")) as work:
        _, reading = issue_token(work, "read", ["read"])
        give_role(work, row(work, design), person_by_name(work.session, "rita"), "reader")
    token = LfsClient(site.app, "ada", reading)
    named = (oid_of(STEP), len(STEP))
    statuses = {
        name: [client.batch(design, operation, named).status_code for operation in ("download", "upload")]
        for name, client in (
            ("stranger", LfsClient(site.app)),
            ("mallory", mallory),
            ("rita", rita),
            ("token", token),
        )
    }
    assert statuses == {"stranger": [401, 401], "mallory": [404, 404], "rita": [200, 403], "token": [200, 403]}
    assert token.have(design, STEP).data == STEP
    with site.house.writing(site.visitor("ada")) as work:
        change_design(work, row(work, design), visibility="public")
    assert LfsClient(site.app).have(design, STEP).data == STEP


def test_mallory_gets_nothing_by_a_name(site, person, design):
    ada, mallory = person("ada"), person("mallory")
    assert ada.send(design, STEP).status_code == 200
    own = site.design("mallory", "guesses", {"case.step": pointer(STEP)})
    assert mallory.told(own, "download", STEP)["error"]["code"] == 404
    assert mallory.told(own, "upload", STEP)["actions"]["upload"]  # the bytes are asked for, whoever has sent them
    assert mallory.send(own, STEP, b"x" * len(STEP)).status_code == 422
    assert mallory.ask("GET", own, f"objects/{oid_of(STEP)}").status_code == 404
    assert key(site, own) != key(site, design)  # a build of the real file is nothing that her pointer leads to
    browser = site.person("mallory")
    assert browser.get(f"{own}/raw/main/case.step").status_code == 404
    assert "has not been sent here" in browser.get(f"{own}/files/main/case.step").text
    # A pass is for one file of one design, and for one thing.
    theirs = ada.told(design, "download", STEP)["actions"]["download"]
    other = theirs["href"].replace(design, own)
    assert site.app.test_client().get(other, headers=theirs["header"]).status_code in (403, 404)
    assert site.app.test_client().put(theirs["href"], data=STEP, headers=theirs["header"]).status_code == 403
    altered = {"Authorization": theirs["header"]["Authorization"][:-2] + "xx"}
    assert site.app.test_client().get(theirs["href"], headers=altered).status_code == 401
    upload = mallory.told(own, "upload", STEP)["actions"]["upload"]
    stolen = upload["href"].replace(own, design)
    assert site.app.test_client().get(stolen, headers=upload["header"]).status_code == 404


def test_a_pass_ends_with_the_role(site, person, design):
    bob = person("bob")
    with site.house.writing(site.visitor("ada")) as work:
        give_role(work, row(work, design), person_by_name(work.session, "bob"), "writer")
    action = bob.told(design, "upload", STEP)["actions"]["upload"]
    with site.house.writing(site.visitor("ada")) as work:
        take_role(work, row(work, design), person_by_name(work.session, "bob"))
    assert site.app.test_client().put(action["href"], data=STEP, headers=action["header"]).status_code == 404


@pytest.mark.parametrize(
    ("instead", "status"), [(b"y" * len(STEP), 422), (STEP[:-1], 422), (STEP + b"y", 422), (b"", 422)]
)
def test_wrong_bytes_leave_nothing(site, person, drawer, instead, status):
    before = kept(site)
    content = STEP + drawer.encode()  # nobody has sent this one
    if len(instead) == len(STEP):
        instead += drawer.encode()
    assert person("ada").send(drawer, content, instead).status_code == status
    assert kept(site) == before
    assert person("ada").told(drawer, "upload", content)["actions"]["upload"]


def test_quotas_are_named_and_hold_for_passes_too(site, person):
    cleo = person("cleo")
    one, two = (site.design("cleo", name) for name in ("one", "two"))
    big, more = (bytes([n]) * 3900 for n in (1, 2))
    assert cleo.told(one, "upload", b"z" * 4001)["error"]["code"] == 413
    both = cleo.batch(one, "upload", (oid_of(big), len(big)), (oid_of(more), len(more))).get_json()["objects"]
    assert "actions" in both[0] and both[1]["error"]["code"] == 507
    assert "lfs_design_bytes" in both[1]["error"]["message"]
    late = cleo.told(one, "upload", more)["actions"]["upload"]
    assert cleo.send(one, big).status_code == 200
    before = kept(site)
    refused = site.app.test_client().put(late["href"], data=more, headers=late["header"])
    assert refused.status_code == 507 and kept(site) == before
    assert cleo.send(two, more).status_code == 200
    assert "lfs_owner_bytes" in cleo.told(two, "upload", bytes(1500))["error"]["message"]
    # What is kept twice counts once, and a fork counts for whoever sent what it took over.
    assert cleo.send(two, big[:1]).status_code == cleo.send(one, big[:1]).status_code == 200
    copy = family.fork_of(site, one, "dana")
    assert person("dana").told(copy, "upload", bytes(4000))["actions"]


@pytest.mark.parametrize(
    "file", [("../../etc/passwd", 1), ("A" * 64, 1), ("a" * 64, -1), ("a" * 64, True), (None, None)]
)
def test_a_name_that_is_none_is_refused_alone(person, drawer, file):
    good = (oid_of(STEP), len(STEP))
    answers = person("ada").batch(drawer, "upload", good, file).get_json()["objects"]
    assert sorted(each.get("error", {}).get("code", 200) for each in answers) == [200, 422]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422),
        (b"[]", 422),
        (b"[" * 100_000, 422),
        (b'{"operation": "upload", "objects": 5}', 422),
        (b'{"operation": "delete", "objects": []}', 422),
        (b'{"operation": "upload", "transfers": ["tus"], "objects": []}', 422),
        (b'{"operation": "upload", "hash_algo": "sha512", "objects": []}', 409),
        (b'{"operation": "upload", "objects": [' + b"{}," * 1000 + b"{}]}", 413),
        (b" " * (1 << 20) + b"{}", 413),
    ],
)
def test_a_request_that_is_none_is_refused(person, drawer, body, status):
    ada = person("ada")
    answer = ada.ask("POST", drawer, "objects/batch", data=body, headers=ada.headers | JSON)
    assert answer.status_code == status and answer.mimetype == JSON["Accept"] and answer.get_json()["message"]


@pytest.mark.parametrize("oid", ["..%2F..%2Fsecret", "x", "A" * 64])
def test_no_path_leads_out(person, drawer, oid):
    ada = person("ada")
    for method in ("GET", "PUT"):
        assert ada.ask(method, drawer, f"objects/{oid}", data=b"x", headers=ada.headers).status_code in (404, 405, 422)


def test_forks_keep_what_they_have(site, person, design, monkeypatch):
    ada, eve = person("ada"), person("eve")
    content = STEP + b"forks"
    assert ada.send(design, content).status_code == 200
    with site.house.writing(site.visitor("ada")) as work:
        change_design(work, row(work, design), visibility="public")
    copy = family.fork_of(site, design, "eve")
    with site.house.writing(site.visitor("ada")) as work:
        change_design(work, row(work, design), visibility="private")
    later = STEP + b"after the fork"
    assert ada.send(design, later).status_code == 200
    assert eve.have(copy, content).data == content
    assert eve.told(copy, "upload", later)["actions"]["upload"]
    lonely = STEP + b"nobody's"
    assert ada.send(design, lonely).status_code == 200
    with site.house.writing(site.visitor("ada")) as work:
        delete_design(work, row(work, design), design.strip("/"))
    assert sweep_files(site.house) == 0  # they have just come
    monkeypatch.setattr("opendesign.actions.sweep_files.GRACE_SECONDS", -60)
    arriving = site.house.store.lfs.arrivals / "abandoned"
    arriving.parent.mkdir(exist_ok=True)
    arriving.touch(), os.utime(arriving, (time.time() - 90_000,) * 2)
    assert sweep_files(site.house) > 0 and not arriving.exists()
    assert eve.have(copy, content).data == content
    assert not site.house.store.lfs.holds(Pointer(oid_of(lonely), len(lonely)))


def test_files_come_along_with_the_commits_that_name_them(site, person, design):
    ada, gil = person("ada"), person("gil")
    with site.house.writing(site.visitor("ada")) as work:
        change_design(work, row(work, design), visibility="public")
    copy = family.fork_of(site, design, "gil")
    with site.house.writing(site.visitor("gil")) as work:
        change_design(work, row(work, copy), visibility="private")
    wanted, other = STEP + b"wider", STEP + b"not proposed"
    assert gil.send(copy, wanted).status_code == gil.send(copy, other).status_code == 200
    guessed = STEP + b"ada has not got this"
    site.commit("gil", copy, {"case.step": pointer(wanted), "lid.step": pointer(guessed)})
    proposal = family.proposed(site, copy, design)
    assert ada.have(design, wanted).data == wanted
    assert ada.told(design, "download", other)["error"] and ada.told(design, "download", guessed)["error"]
    assert site.stranger().get(proposal).status_code == 200
    third = family.fork_of(site, design, "ada", "third")
    site.commit("ada", third, {"case.step": pointer(wanted[:-1])})
    assert ada.send(third, wanted[:-1]).status_code == 200
    with site.house.writing(site.visitor("ada")) as work:
        pull(work, row(work, design), "main", row(work, third), "main")
    assert LfsClient(site.app).have(design, wanted[:-1]).data == wanted[:-1]


def test_a_relative_that_one_sees_need_not_be_sent_again(site, person, design):
    ada = person("ada")
    content = STEP + b"seen"
    assert ada.send(design, content).status_code == 200
    copy = family.fork_of(site, design, "ada", "seen-again")
    later = STEP + b"seen later"
    assert ada.send(design, later).status_code == 200
    assert "actions" not in ada.told(copy, "upload", later)
    assert ada.have(copy, later).data == later
