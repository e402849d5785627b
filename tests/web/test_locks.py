"""Locks on files: who has one, who may take it away, and what git-lfs is told before it pushes."""

import family
import pytest
from lfs_client import LfsClient

from opendesign.actions.change_design import give_role
from opendesign.core.errors import Forbidden
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


def test_what_somebody_has_locked_nobody_else_edits_or_merges(site, person):
    """In the browser as in the API; whoever has locked it may, and everybody once the lock is away."""
    design = site.design("ada", "notes", {"notes.md": "One\n"}, licence="MIT")
    with site.house.writing(site.visitor("ada")) as work:
        give_role(work, design_by_path(work.session, "ada", "notes"), person_by_name(work.session, "bob"), "writer")
    ada, bob, word = site.person("ada"), person("bob"), "notes.md is locked by bob"
    lock = bob.ask("POST", design, "locks", {"path": "notes.md"}).get_json()["lock"]
    head, edit = site.head(design), f"{design}/edit/main/notes.md"
    form = {"path": "notes.md", "content": "Two\n", "message": "Count", "expected": head, "branch": "main"}
    assert ada.get(edit).status_code == 200
    refused = ada.post(edit, form)
    assert refused.status_code == 403 and word in refused.text and "Two\n</textarea>" in refused.text
    assert ada.post(edit, form | {"branch": "mine"}).status_code == 403
    site.commit("bob", design, {"notes.md": "Three\n"}, "bobs", start=head)
    proposal = family.proposed(site, design, design, "bobs")
    merge = {"expected": head, "strategy": "merge"}
    refused = ada.post(f"{proposal}/merge", merge)
    assert refused.status_code == 403 and word in refused.text
    with pytest.raises(Forbidden, match=word):
        site.commit("ada", design, {"notes.md": None})
    site.commit("ada", design, {"README.md": "# Mine\n"})
    assert person("ada").ask("POST", design, f"locks/{lock['id']}/unlock", {"force": True}).status_code == 200
    assert ada.post(f"{proposal}/merge", merge | {"expected": site.head(design)}).status_code == 303
    assert site.read(design, "notes.md") == "Three\n"


def test_a_revert_of_what_is_locked_leaves_no_branch_behind(site, person):
    design = site.design("ada", "back", {"notes.md": "One\n"}, licence="MIT")
    site.commit("ada", design, {"notes.md": "Two\n"}, "two", start=site.head(design))
    proposal = family.proposed(site, design, design, "two")
    ada = site.person("ada")
    assert ada.post(f"{proposal}/merge", {"expected": site.head(design), "strategy": "merge"}).status_code == 303
    with site.house.writing(site.visitor("ada")) as work:
        give_role(work, design_by_path(work.session, "ada", "back"), person_by_name(work.session, "bob"), "writer")
    assert person("bob").ask("POST", design, "locks", {"path": "notes.md"}).status_code == 201
    refused = ada.post(f"{proposal}/revert")
    assert refused.status_code == 403 and "notes.md is locked by bob" in refused.text
    with site.house.reading() as work:
        row = design_by_path(work.session, "ada", "back")
        with site.house.store.open(row.key) as repository:
            assert "refs/heads/revert-1" not in repository.refs()
