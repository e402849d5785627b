"""OWASP ASVS 4.0.3 level 1, chapters 4, 5, 7, 8, 12 and 14: mallory writes designs, addresses, forms and headers."""

import csv
import io
import json
import logging
import re

import pytest

from opendesign.actions.change_design import give_role
from opendesign.actions.create_design import create_design
from opendesign.core.bom import FORMULAS
from opendesign.core.log import formatter
from opendesign.records import personal
from opendesign.records.base import now
from opendesign.records.deed import Deed
from opendesign.records.person import person_by_name
from opendesign.records.report import Report
from opendesign.web import health
from opendesign.web.deeds import table

EVIL = "<script>alert(1)</script>"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">{EVIL}</svg>'
MARKDOWN = f"""# {EVIL}

[go](javascript:alert(1)) <a href="data:text/html,x">x</a> <img src=x onerror=alert(1)> <iframe src="//evil.example">
<form action="https://evil.example"><input name=password></form> <style>body{{display:none}}</style> {{{{ 7 * 7191 }}}}
"""
FORMULA = '=HYPERLINK("https://evil.example","x")'
FILES = {"README.md": MARKDOWN, "box.py": "x = 1\n", "page.html": EVIL, "drawing.svg": SVG, "secret.txt": "of hers\n"}


@pytest.fixture(scope="module")
def design(site):
    """A public design of mallory's, in which nothing is meant well."""
    site.visitor("mallory")
    return site.design("mallory", "trap", FILES, title=f"{EVIL}{{{{ 7 * 7191 }}}}", summary=FORMULA)


@pytest.fixture(scope="module")
def hidden(site):
    """A private design of ada's."""
    return site.design("ada", "hidden", {"secret.txt": "of hers\n", "box.py": "x = 1\n"}, visibility="private")


def test_4_2_what_mallory_adds_to_a_form_changes_nothing_else(site):
    browser = site.person("mallory")
    more = {"admin": "1", "email": "other@example.org", "id": "1", "proven_at": "now", "quota_mb": "0", "password": "x"}
    assert browser.post("/settings", {"full_name": "M", "place": "", "bio": "", **more}).status_code == 303
    assert browser.get("/admin").status_code == 404 and "mallory@example.org" in browser.get("/settings").text
    wished = {"name": "mallory2", "email": "m2@example.org", "password": "several odd words at sea", "admin": True}
    answer = browser.client.post("/api/v1/people", json=wished)
    assert answer.status_code == 422 and "is not a field" in answer.json["detail"]


def test_4_2_a_form_of_another_site_is_refused_also_when_it_looks_like_htmx(site):
    browser = site.person("mallory")
    for path in ("/settings", "/settings/tokens", "/settings/visits/endings", "/leave", "/new", "/account/strength"):
        for headers in ({}, {"HX-Request": "true"}, {"Origin": "null"}, {"X-Requested-With": "XMLHttpRequest"}):
            assert browser.client.post(path, headers=headers).status_code == 400, path
    for word in ("_method", "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        address = "/settings/tokens?_method=DELETE" if word == "_method" else "/settings/tokens"
        assert browser.client.get(address, headers={word: "DELETE"}).status_code == 200
    assert {browser.client.open("/", method=verb).status_code for verb in ("TRACE", "TRACK", "CONNECT")} == {405}


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.git/HEAD", "/mallory/trap/.git/config", "/mallory/trap.git/config", "/static/", "/repos/"],
)
def test_4_3_nothing_is_listed_and_no_repository_lies_open(site, design, path):
    assert site.stranger().get(path).status_code in (302, 404)
    assert "[core]" not in site.stranger().get(path).text


@pytest.mark.parametrize("place", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_5_1_nobody_is_led_elsewhere(site, place):
    browser = site.stranger()
    site.visitor("bob")
    browser.get("/enter")
    assert f'value="{place}"' not in browser.get("/enter", query_string={"next": place}).text
    for path, fields in (
        ("/language", {"language": "fr"}),
        ("/enter", {"name": "bob", "password": "correct horse battery"}),
    ):
        answer = browser.post(path, {**fields, "next": place}, headers={"Referer": "https://evil.example/x"})
        assert (answer.status_code, answer.location) == (303, "/")
    answer = site.stranger().get("/settings/../new", headers={"Referer": place})
    assert place not in answer.headers.get("Location", "")


def test_5_2_what_mallory_writes_is_shown_and_not_run(site, design):
    for path in (design, f"{design}/files/main", f"{design}/files/main/README.md", "/mallory", f"/?q={EVIL}"):
        page = site.stranger().get(path).text
        assert EVIL not in page and "51709" not in page and "{{ 7" not in page.replace("{{ 7 * 7191 }}", ""), path
        tags = " ".join(re.findall(r"<[a-z][^<>]*>", page))
        assert not re.search(r"(href|src|action)\s*=\s*[\"']?\s*(javascript|data:text|//evil|https://evil)", tags), path
        assert not re.search(r"\son[a-z]+\s*=|<iframe|<style|name=password", tags), path


def test_5_2_a_line_break_of_mallorys_ends_no_header(site, design):
    browser, broken = site.stranger(), "x%0d%0aSet-Cookie:%20a=b"
    for path in (f"/enter?next=/{broken}", f"{design}/raw/main/{broken}", f"{design}.git/{broken}", f"/{broken}"):
        answer = browser.client.get(path, headers={"X-Request-Id": "x y"})
        assert "a=b" not in answer.headers.getlist("Set-Cookie") and "x y" not in answer.headers["X-Request-Id"]


def test_5_3_what_mallory_searches_for_stays_a_text(site, design, hidden):
    for words in ("' OR 1=1 --", "%' UNION SELECT password FROM person --", "\\", "%", "_", '"; DROP TABLE person; --'):
        for path in ("/", f"{design}/search"):
            answer = site.stranger().get(path, query_string={"q": words})
            assert answer.status_code == 200 and "argon2" not in answer.text and "Hidden" not in answer.text
    assert site.stranger().get("/mallory").status_code == 200


@pytest.mark.parametrize(
    "climb", ["../../../etc/passwd", "..%2f..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/secret", "/etc/passwd"]
)
def test_12_3_no_path_leads_out_of_a_design(site, design, hidden, climb):
    for place in ("files/main", "raw/main", "parts", "previews", "edit/main", "archive", "source", "history"):
        answer = site.stranger().get(f"{design}/{place}/{climb}")
        assert answer.status_code in (302, 303, 308, 404, 422) and "root:" not in answer.text, place
    client = site.stranger().client
    for path in ("/mallory/..%2f..%2fada/hidden/raw/main/secret.txt", "/mallory/trap/../../ada/hidden"):
        assert "of hers" not in client.get(path).text


def test_12_4_files_of_mallorys_are_sent_so_that_nothing_in_them_runs(site, design):
    for name in ("page.html", "drawing.svg", "README.md", "box.py"):
        answer = site.stranger().get(f"{design}/raw/main/{name}")
        assert answer.mimetype in ("text/plain", "image/svg+xml")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_7_1_no_line_of_the_log_is_written_by_mallory():
    told = "failed\n12:00:00 opendesign.access request status=200\r\x1b[2Jperson=1"
    for kind in ("text", "json"):
        record = logging.LogRecord("opendesign", logging.INFO, "", 0, "GET %s", (f"/x{told}",), None)
        record.key = told
        lines = formatter(kind).format(record).split("\n")
        assert not any("\r" in line or "\x1b" in line for line in lines)
        assert all(line.startswith("  ") for line in lines[1:]), kind
        assert kind == "text" or json.loads(lines[0])


def test_7_4_a_fault_of_ours_tells_nothing_but_its_name(site, monkeypatch, caplog):
    def broken(*_words, **_more):
        raise RuntimeError("the secret place /srv/opendesign")

    monkeypatch.setattr("opendesign.web.people.entrance", broken)
    answer = site.stranger().get("/enter")
    assert answer.status_code == 500 and answer.headers["X-Request-Id"] in answer.text
    assert not re.search(r"secret place|Traceback|RuntimeError|werkzeug|\.py", answer.text)
    assert "secret place" in caplog.text


def test_7_4_what_is_not_ready_is_named_to_everybody_and_why_to_the_log(open_site, monkeypatch, caplog):
    site = open_site()
    monkeypatch.setitem(health.QUESTIONS, "database", lambda _house: 1 / 0)
    answer = site.stranger().client.get("/readyz")
    assert answer.status_code == 503 and answer.json["database"] == "ZeroDivisionError"
    assert str(site.house.settings.root) not in answer.text and "division by zero" in caplog.text


def test_8_2_no_browser_keeps_what_is_not_for_everybody(site, design, hidden):
    browser, forever = site.person("ada"), "private, no-store"
    for path in ("/settings", "/settings/tokens", "/settings/visits", "/settings/storage", "/notices", hidden):
        assert browser.get(path).headers["Cache-Control"] == forever, path
    assert browser.get(f"{hidden}/settings").headers["Cache-Control"] == forever
    assert browser.get(design).headers["Cache-Control"] == "private, no-cache"
    auth = {"auth": ("ada", "correct horse battery")}
    for path in ("/api/v1/tokens", "/api/v1/designs/ada/hidden", "/api/v1/notices"):
        assert browser.client.get(path, **auth).headers["Cache-Control"] == forever, path
    assert "private" in browser.client.get("/api/v1/designs/mallory/trap").headers["Cache-Control"]


def test_8_3_somebody_takes_along_what_is_kept_about_them_and_nothing_that_opens_a_door(site, design, hidden):
    browser, other = site.person("cleo"), site.visitor("mallory")
    secret = re.search(r'data-copy="(od_[^"]+)"', browser.post("/settings/tokens", {"scopes": "read"}).text)[1]
    assert (
        "record.json" in browser.get("/settings").text and "What is kept about you" in site.stranger().get("/join").text
    )
    answer = browser.get("/settings/record.json")
    assert (
        answer.headers["Content-Disposition"].startswith("attachment") and "no-store" in answer.headers["Cache-Control"]
    )
    told = answer.json
    assert told["person"][0]["email"] == "cleo@example.org" and told["token"][0]["scopes"] == ["read"]
    assert {each["verb"] for each in told["deed"]} >= {"visit.made", "token.made"} and len(told["visit"]) == 1
    for word in (secret, "argon2", "hash", "mallory", "hidden", f'"person_id": {other.person_id},'):
        assert word not in answer.text, word
    assert site.stranger().get("/settings/record.json").status_code in (302, 303)


def test_8_3_what_somebody_did_for_others_is_in_it_and_a_cut_is_said(site, design, monkeypatch):
    with site.house.writing(site.visitor("dora")) as work:
        box = create_design(work, "drawer", "Drawer")
        give_role(work, box, person_by_name(work.session, "ada"), "writer")
        reported = Report(design_id=box.id, place="/dora/drawer", kind="spam", body="Look.", address="198.51.100.7")
        work.session.add(reported)
        reported.closed_by, reported.closed_at, reported.outcome = work.person.id, now(), "None."
    told = site.person("dora").get("/settings/record.json").json
    assert [each["role"] for each in told["member"]] == ["writer"] and told["report"][0]["outcome"] == "None."
    assert "address" not in told["report"][0] and told["visit"][0]["address"], "hers, and nobody else's"
    assert "cut" not in told
    monkeypatch.setattr(personal, "MOST", 1)
    told = site.person("dora").get("/settings/record.json").json
    assert len(told["deed"]) == 1 and {"table": "visit", "rows": 2} in told["cut"]


def test_13_the_api_reads_json_alone_and_says_no_other_site_may_ask(site, design):
    client = site.stranger().client
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"):
        answer = client.post("/api/v1/people", data="{}", content_type=kind)
        assert answer.status_code == 415, kind
    for path in ("/api/v1/designs", "/api/v1/openapi.json", "/"):
        answer = client.get(path, headers={"Origin": "https://evil.example"})
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]
        assert path == "/" or answer.headers["Content-Disposition"] == 'attachment; filename="api.json"'
        assert "charset" in answer.content_type or answer.mimetype == "application/json"
    assert client.get("/api/v1/designs?per_page=1&per_page=2").status_code == 422, "a field is given once"
    assert client.delete("/api/v1/designs/mallory/trap").status_code == 401


def test_14_what_is_looked_for_at_fixed_addresses_is_there(site, open_site):
    assert site.stranger().get("/.well-known/change-password").location == "/settings"
    assert site.stranger().get("/.well-known/security.txt").status_code == 404
    assert "Disallow: /settings\n" in site.stranger().get("/robots.txt").text
    told = open_site(security_contact="holes@example.org\nX: y").stranger().get("/.well-known/security.txt").text
    assert told.startswith("Contact: mailto:holes@example.org X: y\nExpires: 20") and len(told.splitlines()) == 4


def test_5_3_no_table_makes_a_spreadsheet_count():
    words = dict.fromkeys(("person", "address", "verb", "subject", "request"), FORMULA)
    (_, told) = csv.reader(io.StringIO(table([Deed(at=now(), detail={}, **words)])))
    assert told.count(f"'{FORMULA}") == 5 and not any(cell.startswith(FORMULAS) for cell in told)
