"""What stands around every page: headers, protection of forms, languages, refusals, signs of life."""

import gzip

import pytest

from opendesign.web.bundles import asset


def test_pages_carry_the_headers_that_keep_content_harmless(stranger):
    headers = stranger.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'self'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_has_inline_script_or_style(site, stranger):
    address = site.design("ada", "clean", {"box.py": "x = 1\n", "README.md": "# Clean\n"})
    for page in ("/", "/join", "/enter", address, f"{address}/files/main", f"{address}/revisions"):
        text = stranger.get(page).text
        assert " style=" not in text and " onclick=" not in text, page
        assert text.count("<script") == text.count("<script src=") + text.count('<script type="application/json"'), page


def test_built_files_are_kept_for_ever_and_compressed(stranger):
    address = asset("app.css")
    answer = stranger.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200 and answer.mimetype == "text/css"
    assert answer.headers["Content-Encoding"] == "gzip" and "immutable" in answer.headers["Cache-Control"]
    plain = stranger.get(address, headers={"Accept-Encoding": ""})
    assert gzip.decompress(answer.data) == plain.data
    assert stranger.get("/static/../frame.py").status_code == 404
    assert stranger.get("/static/manifest.py").status_code == 404


def test_forms_from_elsewhere_are_refused(site):
    client = site.stranger().client
    answer = client.post("/enter", data={"name": "ada", "password": "x"})
    assert answer.status_code == 400 and "expired" in answer.text


def test_what_is_not_there_says_so_with_a_next_step(stranger):
    answer = stranger.get("/nobody-here")
    assert answer.status_code == 404
    assert "There is nobody called “nobody-here” here." in answer.text and 'href="/"' in answer.text
    assert stranger.get("/a/b/c/d/e").status_code == 404
    assert stranger.client.put("/enter").status_code == 405


def test_htmx_gets_a_fragment_and_programs_get_a_problem(stranger):
    fragment = stranger.fragment("/nobody-here")
    assert fragment.status_code == 404 and "<html" not in fragment.text and 'role="alert"' in fragment.text
    told = stranger.get("/nobody-here", headers={"Accept": "application/json"})
    assert told.mimetype == "application/problem+json" and told.json["status"] == 404


def test_strangers_are_sent_to_the_entrance_and_back(stranger):
    answer = stranger.get("/settings/tokens")
    assert answer.status_code in (302, 303) and answer.location == "/enter?next=/settings/tokens"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_way_back_never_leads_elsewhere(site, target):
    site.visitor("ada")
    assert site.stranger().enter("ada", next=target).location == "/"


def test_a_body_that_is_too_large_is_refused(site):
    browser = site.person("ada")
    answer = browser.post("/new", {"title": "x" * (9 << 20)})
    assert answer.status_code == 413 and "larger than this page takes" in answer.text


def test_signs_of_life_name_what_is_missing(stranger):
    assert stranger.get("/healthz").json == {"status": "alive"}
    answer = stranger.get("/readyz")
    assert answer.status_code == 503
    told = answer.json
    assert (told["database"], told["queue"], told["shelf"]) == ("ok", "ok", "ok") and "engine" in told["jail"]


def test_the_language_is_the_browsers_until_one_is_chosen(site):
    browser = site.stranger()
    assert '<html lang="en"' in browser.get("/", headers={"Accept-Language": "de, en;q=0.5"}).text
    assert browser.post("/language", {"language": "xx", "next": "/join"}).location == "/join"
    assert '<html lang="en"' in browser.get("/").text
