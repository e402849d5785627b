"""Comments that are kept as HTML read as those written anew: in each language, after each change, for each visitor."""

from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from opendesign.web.articles import LONGEST, articles

PLAIN = {
    "id": 7,
    "author": "ada",
    "moment": datetime(2026, 2, 3, 4, 5, tzinfo=UTC),
    "html": Markup("<p>Wide enough?</p>"),
    "place": {"kind": "line", "href": "/ada/box/proposals/1/files#box.py-new-5", "text": "box.py:5"},
    "outdated": False,
    "pin": None,
    "suggestion": None,
}
ASKED = {"before": "1", "after": ["2"], "taken": None, "taken_href": "", "action": "/ada/box/proposals/1/acceptance"}
CHANGES = [
    {},
    {"id": 8},
    {"author": "bob"},
    {"moment": datetime(2026, 2, 4, 4, 5, tzinfo=UTC)},
    {"html": Markup("<p>Wide!</p>")},
    {"html": Markup("<p>" + "x" * LONGEST)},
    {"place": None},
    {"place": {**PLAIN["place"], "text": "box.py:6"}},
    {"outdated": True},
    {"outdated": True, "pin": {"point": "", "at": "x 1 y 2 z 3 mm", "words": "It is gone."}},
    {"suggestion": ASKED},
]


def read(site, views: list[dict], language: str) -> tuple[list[Markup], list[Markup]]:
    """Returns comments as one visitor is shown them, and as the macro writes them for that visitor."""
    with site.app.test_request_context("/", headers={"Accept-Language": language}):
        macro = site.app.jinja_env.get_template("_macros/threads.html").module.comment
        return list(articles(views)), [macro(view) for view in views]


@pytest.mark.parametrize("language", ["en", "fr", "pt-BR"])
def test_comments_read_as_if_written_anew(site, language):
    views = [{**PLAIN, **change} for change in CHANGES]
    for _time in ("first", "again"):
        shown, anew = read(site, views, language)
        assert shown == anew
        assert len(set(shown)) == len(views), "each change is seen"


def test_languages_differ(site):
    assert len({read(site, [{**PLAIN, "outdated": True}], language)[0][0] for language in ("en", "fr", "pt-BR")}) == 3


def test_a_form_carries_the_token_of_who_looks(site):
    view = {**PLAIN, "suggestion": ASKED}
    first, second = (read(site, [view], "en")[0][0] for _visitor in range(2))
    assert "csrf_token" in first and first != second
