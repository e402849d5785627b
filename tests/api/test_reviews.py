"""Reviews, drafts and the rule of a branch; the designs hold text only, so no engine is needed to merge."""

import pytest

from opendesign.records.design import design_by_path
from opendesign.records.person import person_by_name
from opendesign.records.proposal import proposal_of
from opendesign.records.verdict import Verdict


@pytest.fixture
def note(ada, bia, world):
    """Ada's design without a part, with a proposal of Bia's; Caio may write to it."""
    ada.made("POST", "/designs", {"name": "note"})
    where = "/designs/ada/note"
    ada.made("PUT", f"{where}/files/main/README.md", {"content": "one\ntwo\nthree\n"})
    world.person("caio")
    ada.made("PUT", f"{where}/members/caio", {"role": "writer"})
    bia.made("POST", f"{where}/forks", {"name": "note"})
    write(bia, "one\nTWO\nthree\n")
    bia.made("POST", f"{where}/proposals", {"source": "bia/note", "source_branch": "main", "title": "Louder"})
    return where


def write(bia, text: str, path: str = "README.md") -> str:
    return bia.made("PUT", f"/designs/bia/note/files/main/{path}", {"content": text})["commit"]


def review(who, where: str, verdict: str, status: int = 201, **more) -> dict:
    answer = who("POST", f"{where}/proposals/1/reviews", {"verdict": verdict, **more})
    assert answer.status_code == status, answer.text
    return answer.json


def test_a_verdict_is_shown_until_a_newer_commit_or_word(ada, bia, note, nobody):
    first = review(ada, note, "request_changes", body="Quieter.")
    assert (first["by"], first["state"], first["counts"]) == ("ada", "current", True)
    review(ada, note, "approve")
    shown = nobody.get(f"{note}/proposals/1").json
    assert [(each["verdict"], each["state"]) for each in shown["reviews"]] == [
        ("request_changes", "outdated"),
        ("approve", "current"),
    ]
    assert shown["approvals"] == {"required": 0, "given": 1, "changes_requested": 0}
    write(bia, "one\nTwo\nthree\n")
    assert {each["state"] for each in nobody.get(f"{note}/proposals/1/reviews").json} == {"outdated"}


def test_what_is_no_verdict_is_refused(ada, bia, note):
    assert "somebody else approves it" in review(bia, note, "approve", 409)["detail"]
    assert review(ada, note, "request_changes", 422)["errors"][0]["name"] == "body"
    review(ada, note, "perhaps", 422)
    old = ada.get(f"{note}/proposals/1").json["source_commit"]
    new = write(bia, "one\nTwo\nthree\n")
    assert "moved" in review(ada, note, "approve", 409, commit=old)["detail"]
    review(ada, note, "approve", commit=new)
    ada.made("POST", f"{note}/proposals/1/decline")
    assert "declined already" in review(ada, note, "approve", 409)["detail"]


def test_a_branch_asks_for_approvals_of_writers(ada, bia, world, note):
    caio, dora = world.person("caio"), world.person("dora")
    rule = ada.made("PUT", f"{note}/branches/main/rule", {"required_approvals": 1})
    assert rule["required_approvals"] == 1 and ada.get(f"{note}/branches").json[0]["required_approvals"] == 1
    review(dora, note, "approve")  # may not write: said, not counted
    merging = ("POST", f"{note}/proposals/1/merge", {})
    assert "asks for 1 approval" in ada(*merging).json["detail"]
    review(caio, note, "approve")
    review(ada, note, "request_changes", body="Wait.")
    answer = ada(*merging)
    assert answer.status_code == 409 and "asks for changes" in answer.json["detail"]
    review(ada, note, "approve")
    write(bia, "one\nTwo\nthree\n")
    assert ada(*merging).status_code == 409, "an approval is of a commit"
    review(caio, note, "approve")
    assert ada.made(*merging)["commit"]


def test_a_writer_who_leaves_no_longer_counts(ada, world, note):
    ada.made("PUT", f"{note}/branches/main/rule", {"required_approvals": 1})
    review(world.person("caio"), note, "approve")
    ada.made("DELETE", f"{note}/members/caio")
    shown = ada.get(f"{note}/proposals/1").json
    assert shown["approvals"]["given"] == 0 and not shown["reviews"][0]["counts"]


def test_rules_are_of_branches_that_exist_and_within_bounds(ada, note):
    assert ada("PUT", f"{note}/branches/none/rule", {"required_approvals": 1}).status_code == 404
    assert ada("PUT", f"{note}/branches/main/rule", {"required_approvals": 11}).status_code == 422
    ada.made("PUT", f"{note}/branches/main/rule", {"required_approvals": 2})
    assert ada.made("PUT", f"{note}/branches/main/rule", {"required_approvals": 0})["required_approvals"] == 0
    assert ada("POST", f"{note}/proposals/1/merge", {}).status_code == 200


def test_a_draft_is_not_merged_before_it_is_ready(ada, bia, world, note):
    ada.made("POST", f"{note}/branches", {"name": "next"})
    wish = {"source": "bia/note", "source_branch": "main", "target_branch": "next", "draft": True}
    assert bia.made("POST", f"{note}/proposals", wish)["draft"] is True
    assert "is a draft" in ada("POST", f"{note}/proposals/2/merge", {}).json["detail"]
    assert world.person("dora")("POST", f"{note}/proposals/2/readiness").status_code == 403
    assert bia.made("POST", f"{note}/proposals/2/readiness")["draft"] is False
    assert bia("POST", f"{note}/proposals/2/readiness").status_code == 409
    assert bia.made("DELETE", f"{note}/proposals/2/readiness")["draft"] is True
    assert ada("POST", f"{note}/proposals/2/merge", {}).status_code == 409
    ada.made("POST", f"{note}/proposals/2/readiness")
    assert ada.made("POST", f"{note}/proposals/2/merge", {})["commit"]
    assert bia("DELETE", f"{note}/proposals/2/readiness").status_code == 409, "it has ended"


def test_who_saw_what_is_listed(ada, bia, note, nobody):
    seen = ada.made("POST", f"{note}/proposals/1/looks")
    assert (seen["by"], seen["newest"]) == ("ada", True)
    write(bia, "one\nTwo\nthree\n")
    assert [each["newest"] for each in nobody.get(f"{note}/proposals/1/looks").json] == [False]
    assert ada.made("POST", f"{note}/proposals/1/looks")["newest"] is True
    assert len(nobody.get(f"{note}/proposals/1/looks").json) == 1, "the latest look is kept"


def test_nobody_approves_commits_they_brought(ada, world, note):
    caio, dora = world.person("caio"), world.person("dora")
    ada.made("PUT", f"{note}/members/dora", {"role": "writer"})
    ada.made("PUT", f"{note}/branches/main/rule", {"required_approvals": 1})
    ada.made("POST", f"{note}/branches", {"name": "next"})
    ada.made("PUT", f"{note}/files/next/more.md", {"content": "More\n"})
    ada.made("POST", f"{note}/proposals", {"source": "ada/note", "source_branch": "next", "title": "More"})
    caio.made("PUT", f"{note}/files/next/mine.md", {"content": "Mine\n"})
    reviews = f"{note}/proposals/2/reviews"
    refused = caio("POST", reviews, {"verdict": "approve"})
    assert refused.status_code == 409 and "You brought commits of this proposal" in refused.json["detail"]
    ada.made("PUT", f"{note}/files/next/more.md", {"content": "Much more\n"})
    assert caio("POST", reviews, {"verdict": "approve"}).status_code == 409, "also below the newest commit"
    assert caio.made("POST", reviews, {"verdict": "request_changes", "body": "Wait."})["counts"] is True
    with world.house.writing() as work:
        design = design_by_path(work.session, "ada", "note")
        proposal, person = proposal_of(work.session, design, 2), person_by_name(work.session, "caio")
        work.session.add(Verdict(proposal=proposal, person=person, sha=proposal.source_sha, word="approve"))
    refused = ada("POST", f"{note}/proposals/2/merge", {})
    assert "and has 0" in refused.json["detail"], "one that was given all the same does not count"
    assert dora.made("POST", reviews, {"verdict": "approve"})["counts"] is True
    assert ada.made("POST", f"{note}/proposals/2/merge", {})["commit"]
