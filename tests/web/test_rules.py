"""The rule of a branch in the browser: its form, saving beside it, and merging against it; no engine runs here."""

import re
from functools import cache

import family
import pytest
from remote import clone, listening

from tests.web.conftest import PASSWORD

FAILING = "[checks.light]\npart = 'lid.py'\nmass_max_g = 1\n"  # there is no such part: it fails, as it did before


@pytest.fixture(scope="module")
def who(site):
    """Browsers by the name of who has entered in them."""
    return cache(site.person)


@pytest.fixture
def ada(site, request):
    """Ada's design for one test, whose check has always failed; Bob may write to it."""
    name = request.node.name.replace("test_", "").replace("_", "-")[:40].strip("-")
    address = site.design("ada", name, {"README.md": "one\n", "okh.toml": FAILING})
    site.visitor("bob")
    site.person("ada").post(f"{address}/settings/members", {"person": "bob", "role": "writer"})
    return address


def ruled(who, address: str, **fields) -> None:
    answer = who("ada").post(f"{address}/settings/branches/rule", {"branch": "main", "approvals": "0", **fields})
    assert answer.status_code == 303, answer.text


def test_the_form_offers_the_checks_of_the_branch_and_keeps_what_was_chosen(who, ada):
    page = who("ada").get(f"{ada}/settings").text
    assert f'href="{ada}/settings?rule=main#rule"' in page and 'name="approvals"' not in page
    form = who("ada").get(f"{ada}/settings?rule=main").text
    assert 'name="check" value="light">' in form and "proposals only</span>" not in form
    ruled(who, ada, approvals="1", check=["light", "gone"], owners_exempt="yes")
    page = who("ada").get(f"{ada}/settings?rule=main").text
    assert ">proposals only<" in page and 'name="check" value="light" checked' in page
    assert 'value="gone" checked' in page and "nothing is merged before it is" in page
    assert len(re.findall(r'name="(?:proposals_only|owners_exempt)" value="yes" checked', page)) == 2
    wrong = who("ada").post(f"{ada}/settings/branches/rule", {"branch": "main", "approvals": "99"})
    assert wrong.status_code == 422 and 'role="alert"' in wrong.text and 'value="99"' in wrong.text
    ruled(who, ada)
    assert ">proposals only<" not in who("ada").get(f"{ada}/settings").text, "it asks nothing: the rule has ended"


def test_the_form_offers_the_checks_that_are_code_too(site, who, ada):
    form = who("ada").get(f"{ada}/settings?rule=main").text
    assert "check_closes" not in form and "names a check or a contract" not in form
    site.commit("ada", ada, {"okh.toml": ""})
    bare = who("ada").get(f"{ada}/settings?rule=main").text
    assert "Neither okh.toml nor checks.py of this branch names a check or a contract." in bare
    long = "check_" + "x" * 94
    checks = f"def check_closes(parts):\n    assert parts\n\n\ndef {long}():\n    pass\n"
    site.commit("ada", ada, {"checks.py": checks})
    form = who("ada").get(f"{ada}/settings?rule=main").text
    assert 'name="check" value="check_closes">' in form
    ruled(who, ada, check=["check_closes", long, "light"])
    form = who("ada").get(f"{ada}/settings?rule=main").text
    assert 'value="check_closes" checked' in form and f'value="{long}" checked' in form
    assert form.count("not found in okh.toml or checks.py of this branch") == 1, "only of light"


def test_what_is_edited_on_a_ruled_branch_goes_to_a_branch_of_ones_own(site, who, ada):
    ruled(who, ada, proposals_only="yes")
    page = who("bob").get(f"{ada}/edit/main/README.md").text
    assert "main takes proposals only, so this is saved" in page and "Save to a branch of mine" in page
    fields = {"path": "README.md", "content": "two\n", "expected": site.head(ada)}
    answer = who("bob").post(f"{ada}/edit/main/README.md", fields)
    assert answer.status_code == 303 and answer.location == f"{ada}/files/bob-main/README.md"
    page = who("bob").get(answer.location).text
    offer = f"{ada}/proposals/new?source={ada[1:].replace('/', '%2F')}&amp;source_branch=bob-main"
    assert "Saved to the new branch bob-main" in page and offer in page
    assert who("bob").get(offer.replace("&amp;", "&")).status_code == 200
    assert site.read(ada, "README.md") == "one\n" and site.read(ada, "README.md", "bob-main") == "two\n"
    elsewhere = who("bob").post(f"{ada}/edit/bob-main/README.md", {**fields, "content": "Kept text", "branch": "main"})
    assert elsewhere.status_code == 403 and "main takes proposals only" in elsewhere.text
    assert "Kept text" in elsewhere.text, "the text stays in the editor"
    assert who("bob").post(f"{ada}/deletions/main/README.md").location == f"{ada}/files/bob-main-2"


def test_a_fork_whose_branch_has_a_rule_takes_edits_beside_it(site, who, ada):
    fork = family.fork_of(site, ada, "caio")
    answer = who("caio").post(f"{fork}/settings/branches/rule", {"branch": "main", "approvals": "1"})
    assert answer.status_code == 303
    fields = {"path": "README.md", "content": "three\n", "expected": site.head(ada)}
    answer = who("caio").post(f"{ada}/edit/main/README.md", fields)
    assert answer.location == f"{fork}/files/main-2/README.md"


def test_a_required_check_is_shown_and_an_owner_merges_against_it(site, who, ada):
    site.commit("bob", ada, {"README.md": "two\n"}, "next", start=site.head(ada))
    address = family.proposed(site, ada, ada, "next")
    assert "Ready to merge" in who("bob").get(address).text
    ruled(who, ada, check="light")
    page = who("ada").get(address).text
    assert "1 check failed" in page and "But main asks for it." in page and ">required<" in page
    assert "Merge against the rule" not in page, "it exempts nobody"
    ruled(who, ada, check="light", approvals="1", owners_exempt="yes")
    assert "Merge against the rule" not in who("bob").get(address).text, "who may write owns nothing"
    assert who("bob").post(f"{address}/merge", {"reason": "Now."}).status_code == 403
    assert "Merge against the rule" in who("ada").get(address).text
    assert who("ada").post(f"{address}/merge", {"reason": "The printer waits."}).status_code == 303
    page = site.stranger().get(address).text
    assert page.count("The printer waits.") == 2 and "Merged against the rule of main" in page
    assert "The branch asks for 1 approval" in page and site.read(ada, "README.md") == "two\n"


def test_a_branch_with_a_rule_offers_no_update_and_no_deletion(site, who, ada):
    site.commit("bob", ada, {"README.md": "two\n"}, "next", start=site.head(ada))
    address = family.proposed(site, ada, ada, "next")
    site.commit("bob", ada, {"more.md": "More\n"})
    assert "Update from main" in who("bob").get(address).text
    who("ada").post(f"{ada}/settings/branches/rule", {"branch": "next", "approvals": "1"})
    assert "Update from main" not in who("bob").get(address).text
    assert who("bob").post(f"{address}/update").status_code == 403
    page = who("ada").get(f"{ada}/settings").text
    assert "Delete next" not in page
    removal = {"branch": "next", "expected": site.head(ada, "next")}
    answer = who("ada").post(f"{ada}/settings/branches/removal", removal)
    assert answer.status_code == 422 and "next has a rule" in answer.text


def test_real_pushes_reach_a_ruled_branch_only_from_who_is_named_and_never_backwards(site, who, ada, tmp_path):
    ruled(who, ada, pusher="bob")
    assert 'name="pusher" value="bob" checked' in who("ada").get(f"{ada}/settings?rule=main").text
    with listening(site.app) as where:
        bob, owner = (clone(where, ada, name, PASSWORD, tmp_path / name) for name in ("bob", "ada"))
        first = bob.refs()["refs/heads/main"]
        owner.commit(note="mine")
        assert "main takes proposals only" in owner.refused("HEAD:main")
        second = bob.commit(note="bob's")
        bob.git("push", "-q", "origin", "HEAD:main")
        assert bob.refs()["refs/heads/main"] == second
        assert "only moves forward" in bob.refused("--force", f"{first}:refs/heads/main")
        assert "cannot be deleted" in bob.refused(":main")
        who("ada").post(f"{ada}/settings/members", {"person": "bob", "role": "reader"})
        bob.commit(note="more")
        assert bob.refused("HEAD:main") and owner.refs()["refs/heads/main"] == second

        ruled(who, ada)
        assert "cannot be deleted" in owner.refused(":main"), "the default branch stays without a rule too"
        assert "only moves forward" in owner.refused("--force", "HEAD:main")
        assert owner.refs()["refs/heads/main"] == second
    stranger = who("ada").post(f"{ada}/settings/branches/rule", {"branch": "main", "approvals": "0", "pusher": "bob"})
    assert stranger.status_code == 422 and "may not write to" in stranger.text
