"""The notice in an archive."""

from datetime import UTC, datetime

from opendesign.core.archive_notice import archive_notice

FACTS = {"design": "ada/lid", "title": "Lid", "revision": "1a" * 20, "source": "https://x/ada/lid", "licence": "MIT"}
WHEN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def test_a_notice_says_whose_which_and_where():
    told = archive_notice(FACTS, WHEN, ["parts/lid.step"], [])
    for words in ("Lid (ada/lid)", "1a" * 20, "2026-01-02 03:04 UTC", "https://x/ada/lid", "licenses/MIT.html"):
        assert words in told
    assert "modified" not in told and "Not in this archive" not in told


def test_a_fork_says_that_it_was_modified_and_when():
    assert "modified version, as of 2026-01-02: modified from x." in archive_notice(
        FACTS | {"origin": "modified from x"}, WHEN, [], []
    )


def test_what_is_missing_is_named_with_the_reason():
    told = archive_notice(FACTS, WHEN, [], [("a.py", "does not build:\nno")])
    assert "  a.py: does not build:no\n" in told


def test_without_a_licence_nothing_is_allowed():
    facts = {name: text for name, text in FACTS.items() if name != "licence"}
    assert "all rights reserved" in archive_notice(facts, WHEN, [], [])
