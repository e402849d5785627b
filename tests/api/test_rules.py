"""The rule of a branch: proposals only, checks that must hold whatever was before, and owners who go around it."""

import pytest

FAILING = "[checks.light]\npart = 'lid.py'\nmass_max_g = 1\n"  # there is no such part: it fails, as it did before


@pytest.fixture
def note(ada, bia):
    """Ada's design without a part, whose check has always failed, with a proposal of Bia's."""
    ada.made("POST", "/designs", {"name": "note"})
    where = "/designs/ada/note"
    ada.made("PUT", f"{where}/files/main/okh.toml", {"content": FAILING})
    bia.made("POST", f"{where}/forks", {"name": "note"})
    bia.made("PUT", "/designs/bia/note/files/main/README.md", {"content": "one\n"})
    bia.made("POST", f"{where}/proposals", {"source": "bia/note", "source_branch": "main", "title": "Louder"})
    return where


def rule(who, where: str, **asked) -> dict:
    return who.made("PUT", f"{where}/branches/main/rule", asked)


def test_a_rule_is_shown_changed_and_ended(ada, bia, note):
    asked = {"required_approvals": 2, "required_checks": ["light", " light "], "owners_exempt": True}
    shown = rule(ada, note, **asked)
    assert (shown["proposals_only"], shown["required_checks"], shown["owners_exempt"]) == (True, ["light"], True)
    assert bia.get(f"{note}/branches/main").json == shown == bia.get(f"{note}/branches").json[0]
    assert rule(ada, note, proposals_only=True)["required_checks"] == []
    assert rule(ada, note)["proposals_only"] is False
    assert bia("PUT", f"{note}/branches/main/rule", {"proposals_only": True}).status_code == 403
    assert ada("PUT", f"{note}/branches/main/rule", {"required_checks": ["x" * 101]}).status_code in (413, 422)


def test_a_branch_with_a_rule_takes_no_files(ada, world, note):
    rule(ada, note, proposals_only=True)
    world.person("caio")
    ada.made("PUT", f"{note}/members/caio", {"role": "writer"})
    for who in (ada, world.person("caio")):
        answer = who("PUT", f"{note}/files/main/README.md", {"content": "two\n"})
        assert answer.status_code == 403 and answer.json["detail"].startswith("main takes proposals only; push to")
    assert ada("DELETE", f"{note}/branches/main").status_code == 422
    ada.made("POST", f"{note}/branches", {"name": "next"})
    ada.made("PUT", f"{note}/files/next/README.md", {"content": "two\n"})
    assert ada.made("POST", f"{note}/proposals/1/merge")["commit"]


def test_a_check_that_failed_before_blocks_where_the_rule_asks_for_it(ada, note):
    (check,) = ada.get(f"{note}/proposals/1").json["checks"]
    assert (check["state"], check["required"]) == ("passed", False)
    rule(ada, note, required_checks=["light", "stiff"])
    light, stiff = ada.get(f"{note}/proposals/1").json["checks"]
    assert (light["state"], light["required"]) == ("failed", True) and "But main asks for it." in light["detail"]
    assert stiff["state"] == "failed" and "which the design does not ask" in stiff["detail"]
    refused = ada("POST", f"{note}/proposals/1/merge", {})
    assert refused.status_code == 409 and [each["check"] for each in refused.json["errors"]] == ["light", "stiff"]
    late = ada("POST", f"{note}/proposals/1/merge", {"reason": "I say so."})
    assert late.status_code == 403 and "exempts nobody" in late.json["detail"]


def test_the_check_cannot_be_taken_away_by_what_is_proposed(ada, bia, note):
    rule(ada, note, required_checks=["light"])
    bia.made("DELETE", "/designs/bia/note/files/main/okh.toml")
    refused = ada("POST", f"{note}/proposals/1/merge", {})
    assert refused.status_code == 409 and "no longer asked for after the merge. But main asks" in refused.json["detail"]


def test_an_exempt_owner_merges_with_a_reason_that_stays(ada, bia, world, note):
    rule(ada, note, required_approvals=1, required_checks=["light"], owners_exempt=True)
    caio = world.person("caio")
    ada.made("PUT", f"{note}/members/caio", {"role": "writer"})
    merging = ("POST", f"{note}/proposals/1/merge")
    for who in (caio, world.person("ada", "write")):
        assert who(*merging, {"reason": "Now."}).status_code == 403, "only an owner, with all that an owner may"
    assert ada(*merging, {"reason": "  "}).status_code == 409, "no reason"
    commit = ada.made(*merging, {"reason": "The printer is\nwaiting."})["commit"]
    merge = bia.get(f"{note}/proposals/1").json["merge"]
    assert merge["reason"] == "The printer is waiting." and merge["by"] == "ada"
    assert "asks for 1 approval" in merge["against"] and "But main asks for it." in merge["against"]
    assert "Against-Rule: The printer is waiting." in ada.get(f"{note}/revisions/{commit}").json["body"]


def test_a_reason_that_nothing_needs_is_not_kept_and_saves_no_draft(ada, bia, note):
    rule(ada, note, proposals_only=True, owners_exempt=True)
    bia.made("DELETE", f"{note}/proposals/1/readiness")
    answer = ada("POST", f"{note}/proposals/1/merge", {"reason": "Now."})
    assert answer.status_code == 409 and "is a draft" in answer.json["detail"]
    bia.made("POST", f"{note}/proposals/1/readiness")
    ada.made("POST", f"{note}/proposals/1/merge", {"reason": "Now."})
    merge = ada.get(f"{note}/proposals/1").json["merge"]
    assert merge["reason"] is None and merge["against"] is None


def test_a_merge_decides_nothing_that_nobody_approved(ada, bia, world, note):
    caio = world.person("caio")
    ada.made("PUT", f"{note}/members/caio", {"role": "writer"})
    for who, where, text in ((ada, note, "two\n"), (bia, "/designs/bia/note", "three\n")):
        who.made("PUT", f"{where}/files/main/README.md", {"content": text})
        who.made("PUT", f"{where}/files/main/bom.csv", {"content": f"ref,part,note\nS1,Screw,{text}"})
    rule(ada, note, required_approvals=1, owners_exempt=True)
    ada.made("POST", f"{note}/proposals/1/reviews", {"verdict": "approve"})
    alone = [{"README.md": {"content": "Mine"}}, *({"bom.csv": {"S1/note": word}} for word in ("mine", 4, "base"))]
    for decided in alone:
        refused = caio("POST", f"{note}/proposals/1/merge", {"resolutions": decided})
        assert refused.status_code == 409 and "nobody approved" in refused.json["detail"], decided
    sides = caio("POST", f"{note}/proposals/1/merge", {"resolutions": {"bom.csv": {"S1/note": "ours"}}})
    assert sides.status_code == 409 and "same lines of README.md" in sides.json["detail"]
    whole = {"resolutions": alone[0] | {"bom.csv": {"S1/note": "theirs"}}, "reason": "Both say it badly."}
    ada.made("POST", f"{note}/proposals/1/merge", whole)
    merge = ada.get(f"{note}/proposals/1").json["merge"]
    assert merge["reason"] == "Both say it badly." and "nobody approved what neither side has" in merge["against"]


def test_where_no_approval_is_asked_for_a_merge_may_decide(ada, note):
    rule(ada, note, proposals_only=True, owners_exempt=True)
    ada.made("PUT", f"{note}/files/main/README.md", {"content": "two\n"})
    rule(ada, note, proposals_only=True)
    ada.made("POST", f"{note}/proposals/1/merge", {"resolutions": {"README.md": {"content": "one and two\n"}}})
    assert ada.get(f"{note}/proposals/1").json["merge"]["reason"] is None
