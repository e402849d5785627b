"""Headers and cookies: on every address there is, for whoever asks and whatever the answer."""

import re

import pytest
from werkzeug.routing.converters import NumberConverter

WORDS = {"address": "main/box.py", "path": "box.py", "span": "main...main", "sha": "main", "ref": "main"}
WORDS |= {"owner": "hana", "design": "case", "name": "case", "format": "step", "key": "0" * 64}
SIGNED = "/account/notices/none"  # where mail programs post: the address itself is the sign
RUNS = re.compile(r"script-src|unsafe-eval|https?:|\*")
EVIL = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HARMFUL = {"page.html": "<script>alert(1)</script>", "drawing.svg": EVIL, "code.js": "alert(1)", "x.xml": EVIL}


@pytest.fixture(scope="module", params=["http", "https"])
def served(request, open_site):
    """A site reached by http or https, with a design in it, and the words of the addresses."""
    site = open_site(public_url=f"{request.param}://localhost")
    site.design("hana", "case", {"box.py": "x = 1\n"} | HARMFUL)
    return site, request.param


def addresses(app) -> list[tuple[str, str]]:
    """An address for every rule, and a method it takes."""
    adapter, found = app.url_map.bind("localhost"), []
    for rule in app.url_map.iter_rules():
        numbers = {name for name, kind in rule._converters.items() if isinstance(kind, NumberConverter)}
        texts = {name: 1 if name in numbers else WORDS.get(name, "none") for name in rule.arguments}
        methods = rule.methods - {"HEAD", "OPTIONS"}
        found += [(each, adapter.build(rule.endpoint, texts, append_unknown=False, method=each)) for each in methods]
    return found


def test_every_address_answers_with_the_headers(served):
    site, scheme = served
    browser, base = site.stranger().client, f"{scheme}://localhost"
    asked = addresses(site.app)
    assert len(asked) > 200
    asked = asked if scheme == "https" else [each for each in asked if len(each[1]) < 12]  # what differs is the frame's
    for method, address in [*asked, ("GET", "/not/there/at/all"), ("PUT", "/enter"), ("GET", "/static/none.js")]:
        answer = browser.open(address, method=method, base_url=base)
        headers, where = answer.headers, f"{method} {address} {answer.status_code}"
        policy = headers["Content-Security-Policy"]
        assert policy.startswith(("default-src 'self'", "sandbox")) and not RUNS.search(policy), where
        assert "frame-ancestors" in policy or policy.startswith("sandbox"), where
        assert headers["X-Content-Type-Options"] == "nosniff", where
        assert headers["Referrer-Policy"] == "same-origin" and "camera=()" in headers["Permissions-Policy"], where
        assert ("Strict-Transport-Security" in headers) == (scheme == "https"), where
        assert answer.mimetype != "text/html" or "no-" in headers["Cache-Control"], where
        for cookie in headers.getlist("Set-Cookie"):
            assert "HttpOnly" in cookie and "SameSite=Lax" in cookie, where
            assert ("Secure" in cookie) == (scheme == "https"), where
        answer.close()


def test_no_form_is_taken_without_its_sign_and_no_cookie_counts_in_the_api(served):
    site, scheme = served
    if scheme == "https":
        pytest.skip("the same forms; over https a browser's Referer is looked at as well")
    inside = site.person("hana").client
    forms = [path for method, path in addresses(site.app) if method == "POST" and not path.startswith("/api/")]
    for path in forms:
        if ".git/" not in path and path != SIGNED:
            assert inside.post(path).status_code == 400, path
    assert inside.get("/api/v1/tokens").status_code == 401
    assert inside.post("/api/v1/designs", json={"name": "x"}).status_code == 401


def test_raw_files_do_not_run(served):
    site, scheme = served
    for name in HARMFUL:
        answer = site.stranger().get(f"/hana/case/raw/main/{name}", base_url=f"{scheme}://localhost")
        assert answer.status_code == 200 and answer.headers["Content-Security-Policy"].startswith("sandbox;")
        assert answer.mimetype in ("text/plain", "image/svg+xml"), name


def test_entering_begins_a_new_visit(open_site):
    site = open_site()
    browser = site.person("ivo")
    first = browser.client.get_cookie("opendesign").value
    browser.token = ""
    assert browser.enter("ivo").status_code == 303
    second = browser.client.get_cookie("opendesign").value
    assert first != second
    browser.token = ""
    browser.get("/settings")
    browser.post("/settings/password", {"old": "correct horse battery", "new": "another long one"})
    for old in (first, second):
        thief = site.stranger()
        thief.client.set_cookie("opendesign", old)
        assert "Signed in" not in thief.get("/").text
    assert "Signed in as ivo" in browser.get("/").text
