"""Locks on files: who has one, who may take it away, and what git-lfs is told before it pushes."""

import pytest
from lfs_client import LfsClient

from opendesign.actions.change_design import give_role
from opendesign.records.design import design_by_path
from opendesign.records.person import person_by_name

PASSWORD = "correct horse battery"
ROLES = {"ada": "owner", "bob": "writer", "rita": "reader"}


@pytest.fixture
def person(site):
    """Gives each person a git-lfs of their own."""

    def found(name: str) -> LfsClient:
        site.visitor(name)
        return LfsClient(site.app, name, PASSWORD)

    return found


@pytest.fixture(scope="module")
def design(site):
    """A private design of ada's to which bob writes and which rita sees."""
    address = site.design("ada", "locked", visibility="private")
    for name in ("bob", "rita"):
        site.visitor(name)
        with site.house.writing(site.visitor("ada")) as work:
            give_role(
                work, design_by_path(work.session, "ada", "locked"), person_by_name(work.session, name), ROLES[name]
            )
    return address


def test_a_file_is_locked_by_one_person(person, design):
    ada, bob, rita = (person(name) for name in ROLES)
    made = bob.ask("POST", design, "locks", {"path": "case.step", "ref": {"name": "refs/heads/main"}})
    assert made.status_code == 201
    lock = made.get_json()["lock"]
    assert lock["path"] == "case.step" and lock["owner"] == {"name": "bob"}
    twice = ada.ask("POST", design, "locks", {"path": "case.step"})
    assert twice.status_code == 409 and twice.get_json()["lock"] == lock
    assert ada.ask("POST", design, "locks", {"path": "lid.step"}).status_code == 201
    assert rita.ask("POST", design, "locks", {"path": "other.step"}).status_code == 403
    assert person("mallory").ask("GET", design, "locks").status_code == 404
    listed = rita.ask("GET", design, "locks").get_json()
    assert [each["path"] for each in listed["locks"]] == ["case.step", "lid.step"] and "next_cursor" not in listed
    assert rita.ask("GET", design, "locks?path=lid.step").get_json()["locks"][0]["owner"] == {"name": "ada"}
    first = rita.ask("GET", design, "locks?limit=1").get_json()
    second = rita.ask("GET", design, f"locks?limit=1&cursor={first['next_cursor']}").get_json()
    assert first["locks"] == [lock] and second["locks"][0]["path"] == "lid.step"
    assert rita.ask("GET", design, "locks?limit=-1").status_code == 422


def test_what_others_have_locked_is_told_and_only_owners_take_it_away(person, design):
    ada, bob, rita = (person(name) for name in ROLES)
    lock = bob.ask("POST", design, "locks", {"path": "box.step"}).get_json()["lock"]
    assert ada.ask("POST", design, "locks", {"path": "plate.step"}).status_code == 201
    sides = bob.ask("POST", design, "locks/verify", {}).get_json()
    assert lock in sides["ours"] and "plate.step" in [each["path"] for each in sides["theirs"]]
    assert rita.ask("POST", design, "locks/verify", {}).status_code == 403
    theirs = sides["theirs"][0]["id"]
    assert bob.ask("POST", design, f"locks/{theirs}/unlock", {}).status_code == 403
    assert bob.ask("POST", design, f"locks/{theirs}/unlock", {"force": True}).status_code == 403
    assert ada.ask("POST", design, f"locks/{lock['id']}/unlock", {}).status_code == 403
    assert ada.ask("POST", design, f"locks/{lock['id']}/unlock", {"force": True}).get_json()["lock"] == lock
    assert ada.ask("POST", design, f"locks/{lock['id']}/unlock", {}).status_code == 404
    assert rita.ask("GET", design, "locks?path=box.step").get_json()["locks"] == []
