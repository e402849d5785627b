"""Reviews in the browser: verdicts, drafts, and the rule of a branch; no engine runs here."""

import re
from functools import cache
from html import unescape

import family
import pytest

TEXT = {"README.md": "one\ntwo\nthree\n"}


@pytest.fixture(scope="module")
def who(site):
    """Browsers by the name of who has entered in them."""
    return cache(site.person)


@pytest.fixture
def ada(site, request):
    """Ada's design for one test, without a part: nothing has to be rebuilt to merge."""
    name = request.node.name.replace("test_", "").replace("_", "-")[:40].strip("-")
    return site.design("ada", name, TEXT)


@pytest.fixture
def address(site, ada):
    """Bia's proposal to it."""
    fork = family.fork_of(site, ada, "bia")
    site.commit("bia", fork, {"README.md": "one\nTWO\nthree\n"}, message="Louder")
    return family.proposed(site, fork, ada)


def test_a_reviewer_approves_and_it_is_outdated_by_a_push(site, who, ada, address):
    page = who("ada").get(address).text
    assert "Nobody has reviewed" in page and 'value="approve"' in page
    assert 'value="approve"' not in who("bia").get(address).text, "nobody approves their own"
    assert "Send the review" not in site.stranger().get(address).text
    commit = re.search(r'name="commit" value="(\w+)"', page)[1]
    answer = who("ada").post(f"{address}/reviews", {"verdict": "approve", "body": "It *fits*.", "commit": commit})
    assert answer.status_code == 303 and answer.location.endswith("#reviews")
    page = site.stranger().get(address).text
    assert "Approves" in page and "<em>fits</em>" in page and "(outdated)" not in page
    site.commit("bia", ada.replace("/ada/", "/bia/"), {"README.md": "one\nTwo\nthree\n"}, message="Less loud")
    page = site.stranger().get(address).text
    assert "(outdated)" in page and "Nobody has reviewed" in page
    late = who("ada").post(f"{address}/reviews", {"verdict": "approve", "commit": commit})
    assert late.status_code == 409 and "has moved" in late.text and "Conversation" in late.text


def test_a_verdict_without_sense_is_refused_in_place(who, address):
    for fields in (
        {},
        {"verdict": "maybe"},
        {"verdict": "request_changes"},
        {"verdict": "approve", "body": "x" * 70_000},
    ):
        answer = who("ada").post(f"{address}/reviews", fields)
        assert answer.status_code == 422 and 'role="alert"' in answer.text and "Conversation" in answer.text


def test_a_rule_hides_the_merge_until_enough_approve(site, who, ada, address):
    owner = who("ada")
    assert 'name="strategy"' in owner.get(address).text
    for wrong in ("", "-1", "99", "x"):
        answer = owner.post(f"{ada}/settings/branches/rule", {"branch": "main", "approvals": wrong})
        assert answer.status_code == 422 and 'role="alert"' in answer.text, wrong
    answer = owner.post(f"{ada}/settings/branches/rule", {"branch": "main", "approvals": "1"})
    assert answer.status_code == 303
    assert re.search(r'name="approvals"[^>]*value="1"', owner.get(f"{ada}/settings?rule=main").text)
    page = owner.get(address).text
    assert "Approval missing" in page and 'name="strategy"' not in page and "0 of 1 approvals" in page
    refused = owner.post(f"{address}/merge")
    assert refused.status_code == 409 and "asks for 1 approval" in refused.text
    owner.post(f"{address}/reviews", {"verdict": "approve"})
    assert 'name="strategy"' in owner.get(address).text
    assert owner.post(f"{address}/merge").status_code == 303
    assert "TWO" in site.read(ada, "README.md")


def test_a_draft_is_marked_and_made_ready(site, who, ada):
    site.commit("ada", ada, {"README.md": "two\n"}, "next", start=site.head(ada))
    fields = {"from": f"{ada.strip('/')}:next", "into": "main", "title": "Shorter", "draft": "yes"}
    address = who("ada").post(f"{ada}/proposals", fields).location
    assert ">draft<" in site.stranger().get(f"{ada}/proposals").text
    page = who("ada").get(address).text
    assert ">draft<" in page and "nobody merges it" in page and 'name="strategy"' not in page
    assert who("ada").post(f"{address}/merge").status_code == 409
    assert who("bia").post(f"{address}/readiness").status_code == 403
    assert who("ada").post(f"{address}/readiness").status_code == 303
    page = who("ada").get(address).text
    assert "says this is ready" in page and 'name="strategy"' in page
    assert who("ada").post(f"{address}/readiness").status_code == 409
    assert who("ada").post(f"{address}/draft").status_code == 303
    assert who("ada").post(f"{address}/merge").status_code == 409


def test_a_suggestion_is_shown_taken_and_outdated(site, who, ada, address):
    who("caio").post(f"{address}/comments", {"path": "README.md", "line": "2", "suggestion": "  two!\r\n& three"})
    who("caio").post(f"{address}/comments", {"path": "README.md", "line": "2", "suggestion": "2"})
    form = who("caio").get(f"{address}/files?path=README.md&line=2").text
    assert "The line reads: TWO" in form and 'name="suggestion"' in form
    page = who("bia").get(address).text
    takes = re.findall(r'action="([^"]+/acceptance)"', page)
    assert len(takes) == 2 and '<td class="lc">  two!</td>' in page and "&amp; three" in page
    assert "/acceptance" not in who("ada").get(address).text, "who may not write to the source takes nothing"
    assert who("bia").post(takes[0]).status_code == 303
    assert site.read(ada.replace("/ada/", "/bia/"), "README.md") == "one\n  two!\n& three\nthree\n"
    page = who("bia").get(address).text
    assert "Taken in" in page and ">outdated<" in page and "/acceptance" not in page
    late = who("bia").post(takes[1])
    assert late.status_code == 409 and "reads otherwise now" in late.text


def test_a_suggestion_removes_a_line(site, who, ada, address):
    form = who("caio").get(f"{address}/files?path=README.md&line=2").text
    assert 'name="removes"' in form
    answer = who("caio").post(
        f"{address}/comments", {"path": "README.md", "line": "2", "removes": "yes", "body": "Why?"}
    )
    assert answer.status_code == 303
    page = who("bia").get(address).text
    (take,) = re.findall(r'action="([^"]+/acceptance)"', page)
    assert '<td class="lc">TWO</td>' in page and 'class="add"><td class="sign">+</td><td class="lc">' not in page
    assert who("bia").post(take).status_code == 303
    assert site.read(ada.replace("/ada/", "/bia/"), "README.md") == "one\nthree\n"


def test_who_looks_again_is_told_what_changed(site, who, ada, address):
    assert "Changed since you looked" not in who("caio").get(address).text
    first = site.head(ada.replace("/ada/", "/bia/"))
    assert "Changed since you looked" not in who("caio").get(address).text
    second = site.commit("bia", ada.replace("/ada/", "/bia/"), {"README.md": "one\nTwo\nthree\n"}, message="Less loud")
    page = who("caio").get(address).text
    assert "Changed since you looked" in page and "1 new commit." in page
    link = f"{ada}/compare/{first}...{second}"
    assert f'href="{link}"' in page and "Two" in who("caio").get(link).text
    again = who("caio").get(address).text
    assert "Changed since you looked" not in again and "Seen by 1 person" in again
    stranger = site.stranger().get(address).text
    assert "Changed since you looked" not in stranger and "Seen by" not in stranger


def test_a_proposal_is_updated_merged_and_taken_back(site, who, ada, address):
    assert "Update from main" not in who("bia").get(address).text
    site.commit("ada", ada, {"more.md": "More\n"}, message="More")
    assert "Update from main" in who("bia").get(address).text
    assert "Update from main" not in who("ada").get(address).text
    assert who("bia").post(f"{address}/update").status_code == 303
    assert "Update from main" not in who("bia").get(address).text
    assert who("ada").post(f"{address}/merge").status_code == 303
    page = who("ada").get(address).text
    assert f'action="{address}/revert"' in page and "/revert" not in who("bia").get(address).text
    back = who("ada").post(f"{address}/revert")
    assert back.status_code == 303 and back.location == f"{ada}/proposals/2"
    assert who("ada").post(f"{back.location}/merge").status_code == 303
    assert site.read(ada, "README.md") == TEXT["README.md"] and site.read(ada, "more.md") == "More\n"


def test_where_approvals_are_asked_for_the_choices_say_what_a_merge_may_take(site, who, ada, address):
    site.commit("ada", ada, {"README.md": "one\n2\nthree\n"}, message="In figures")
    said = "a merge takes one side or the other"
    page = who("ada").get(address).text
    assert "Which lines count?" in page and said not in page
    who("ada").post(f"{ada}/settings/branches/rule", {"branch": "main", "approvals": "1"})
    assert f"main asks for approvals, so {said}" in who("ada").get(address).text
    page = who("bia").get(address).text
    assert f'formaction="{address}/update"' in page and "Update main with my choice" in page
    field = unescape(re.search(r'<textarea[^>]* name="(text:[^"]+)"', page)[1])
    assert who("bia").post(f"{address}/update", {field: "one\n2, TWO\nthree\n"}).status_code == 303
    assert site.read(ada.replace("/ada/", "/bia/"), "README.md") == "one\n2, TWO\nthree\n"
    assert "Which lines count?" not in who("bia").get(address).text
