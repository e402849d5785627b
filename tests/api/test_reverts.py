"""A merged proposal is taken back, and an open one takes in what came to its target; text only, so no engine."""

import pytest

TEXT = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"


@pytest.fixture
def note(ada, bia):
    """Ada's design, and a proposal of Bia's to change its second line."""
    ada.made("POST", "/designs", {"name": "note"})
    where = "/designs/ada/note"
    write(ada, where, TEXT)
    bia.made("POST", f"{where}/forks", {"name": "note"})
    write(bia, "/designs/bia/note", TEXT.replace("two", "TWO"))
    bia.made("POST", f"{where}/proposals", {"source": "bia/note", "source_branch": "main", "title": "Louder"})
    return where


def write(who, where: str, text: str) -> None:
    who.made("PUT", f"{where}/files/main/README.md", {"content": text})


def read(who, where: str) -> str:
    return who.get(f"{where}/files/main/README.md").json["content"]


@pytest.mark.parametrize("strategy", ["merge", "squash"])
def test_a_merge_is_taken_back_and_later_work_stays(ada, note, strategy):
    ada.made("POST", f"{note}/proposals/1/merge", {"strategy": strategy})
    write(ada, note, read(ada, note).replace("seven", "SEVEN"))
    back = ada.made("POST", f"{note}/proposals/1/revert")
    assert (back["number"], back["source_branch"], back["target_branch"]) == (2, "revert-1", "main")
    assert back["title"] == "Revert “Louder”"
    ada.made("POST", f"{note}/proposals/2/merge", {})
    assert read(ada, note) == TEXT.replace("seven", "SEVEN")
    again = ada("POST", f"{note}/proposals/1/revert")
    assert again.status_code == 409 and "there already" in again.json["detail"]
    ada.made("DELETE", f"{note}/branches/revert-1")
    assert "Nothing of proposal 1 is left" in ada("POST", f"{note}/proposals/1/revert").json["detail"]


def test_what_cannot_be_taken_back_is_said_and_leaves_nothing(ada, bia, note):
    assert "is open" in ada("POST", f"{note}/proposals/1/revert").json["detail"]
    ada.made("POST", f"{note}/proposals/1/merge", {})
    write(ada, note, TEXT.replace("two", "2"))
    refused = ada("POST", f"{note}/proposals/1/revert")
    assert refused.status_code == 409 and "same lines of README.md" in refused.json["detail"]
    assert [each["name"] for each in ada.get(f"{note}/branches").json] == ["main"]
    assert len(ada.get(f"{note}/proposals").json) == 1
    assert bia("POST", f"{note}/proposals/1/revert").status_code == 403


def test_a_proposal_takes_in_its_target(ada, bia, note):
    assert bia("POST", f"{note}/proposals/1/update").status_code == 409, "nothing new yet"
    write(ada, note, TEXT.replace("seven", "SEVEN"))
    assert ada("POST", f"{note}/proposals/1/update").status_code == 403, "it is Bia's branch"
    commit = bia.made("POST", f"{note}/proposals/1/update")["commit"]
    assert read(bia, "/designs/bia/note") == TEXT.replace("two", "TWO").replace("seven", "SEVEN")
    assert ada.get(f"{note}/proposals/1").json["source_commit"] == commit
    write(ada, note, TEXT.replace("two", "2"))
    refused = bia("POST", f"{note}/proposals/1/update")
    assert refused.status_code == 409 and "same lines of README.md" in refused.json["detail"]


def test_a_branch_of_the_design_itself_is_updated_too(ada, note):
    ada.made("POST", f"{note}/branches", {"name": "side"})
    ada.made("PUT", f"{note}/files/side/side.txt", {"content": "more"})
    ada.made("POST", f"{note}/proposals", {"source_branch": "side"})
    write(ada, note, TEXT.replace("seven", "SEVEN"))
    commit = ada.made("POST", f"{note}/proposals/2/update")["commit"]
    assert ada.get(f"{note}/branches/side").json["commit"] == commit


def test_an_update_from_the_target_decides_what_both_sides_set(ada, bia, note):
    fork, size = "/designs/bia/note", "WIDTH = {}\nWALL = {}\n"
    ada.made("PUT", f"{note}/files/main/box.py", {"content": size.format(20.0, 2.0)})
    bia.made("POST", f"{note}/proposals/1/update")
    ada.made("PUT", f"{note}/files/main/box.py", {"content": size.format(24.0, 2.4)})
    bia.made("PUT", f"{fork}/files/main/box.py", {"content": size.format(30.0, 3.0)})
    refused = bia("POST", f"{note}/proposals/1/update")
    assert refused.status_code == 409 and "set WIDTH of box.py, WALL of box.py to" in refused.json["detail"]
    half = bia("POST", f"{note}/proposals/1/update", json={"resolutions": {"box.py": {"WALL": "ours"}}})
    assert half.status_code == 409 and "set WIDTH of box.py to" in half.json["detail"]
    chosen = {"box.py": {"WALL": "ours", "WIDTH": "theirs"}}
    bia.made("POST", f"{note}/proposals/1/update", {"resolutions": chosen})
    assert bia.get(f"{fork}/files/main/box.py").json["content"] == size.format(30.0, 2.4), "ours is the target"
    assert ada.get(f"{note}/proposals/1").json["mergeable"] == "clean"
