"""Operators run the service: they look, suspend, take down, pause; nobody else is told that there is such a page."""

import base64
import csv
import io
import json
import logging
import threading
from dataclasses import replace

import pytest

from opendesign.actions.fork import fork
from opendesign.actions.issue_token import issue_token
from opendesign.actions.measure_storage import measure_storage
from opendesign.core.errors import NoRoom
from opendesign.core.log import formatter, scrubbed
from opendesign.records.base import now
from opendesign.records.deed import Deed, deeds, forget_deeds
from opendesign.records.design import design_by_path
from opendesign.records.mishap import mishaps
from opendesign.records.person import person_by_name
from opendesign.web import health
from opendesign.worker.jobs import performer

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def olga(site):
    """Olga, who runs the service, in her browser."""
    browser = site.person("olga")
    with site.house.writing() as work:
        person_by_name(work.session, "olga").admin = True
    return browser


def push_address(site, address: str, who: str = ""):
    """What git asks first when it pushes, or fetches as nobody."""
    service = "git-receive-pack" if who else "git-upload-pack"
    headers = {}
    if who:
        secret = base64.b64encode(f"{who}:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {secret}"}
    return site.app.test_client().get(f"{address}.git/info/refs?service={service}", headers=headers)


def last_deed(site, verb: str) -> Deed:
    with site.house.reading() as work:
        return work.session.scalars(deeds(verb=verb).limit(1)).one()


def test_no_browser_keeps_what_operators_see_nor_that_there_is_such_a_page(site, olga):
    for path in ("/admin", "/admin/people", "/admin/reports", "/admin/audit", "/admin/audit.csv"):
        assert olga.get(path).headers["Cache-Control"] == "private, no-store", path
    assert "no-store" in site.person("mallory").get("/admin").headers["Cache-Control"]


def test_whoever_is_suspended_is_sent_out_and_told_why(site, olga):
    mallory = site.person("mallory")
    site.design("mallory", "spam")
    with site.house.writing(site.visitor("mallory")) as work:
        token = issue_token(work, "bot", ["write"])[1]
    assert mallory.get("/settings").status_code == 200
    assert olga.post("/admin/people/mallory/suspension", {"reason": ""}).status_code == 422
    assert olga.post("/admin/people/mallory/suspension", {"reason": "Advertising."}).status_code == 303
    assert "/enter" in mallory.get("/settings").location
    answer = site.stranger().enter("mallory")
    assert answer.status_code == 403 and "Advertising." in answer.text
    assert "Advertising." in push_address(site, "/mallory/spam", "mallory").text
    asking = {"headers": {"Authorization": f"Bearer {token}"}}
    answer = site.app.test_client().get("/api/v1/tokens", **asking)
    assert answer.status_code == 401 and "Advertising." in answer.json["detail"]
    assert site.stranger().get("/mallory/spam").status_code == 200
    assert olga.post("/admin/people/olga/suspension", {"reason": "No."}).status_code == 409
    assert olga.post("/admin/people/mallory/suspension/end").status_code == 303
    assert site.stranger().enter("mallory").status_code == 303
    told = last_deed(site, "person.changed")
    assert (told.person, told.subject, told.detail["suspended_for"]) == ("olga", "mallory", ["Advertising.", ""])


def test_what_is_taken_down_answers_with_the_reason_and_its_forks_stay(site, olga):
    address = site.design("vera", "lamp")
    site.design("vera", "hidden", visibility="private")
    with site.house.writing(site.visitor("will")) as work:
        fork(work, design_by_path(work.session, "vera", "lamp"))
    form = {"design": "vera/lamp", "reason": "It is not theirs: see the letter of 3 May."}
    assert olga.post("/admin/takedowns", form).status_code == 303
    for browser in (site.stranger(), site.person("vera")):
        answer = browser.get(address)
        assert answer.status_code == 451 and "see the letter of 3 May" in answer.text
        assert browser.get(f"{address}/files/main").status_code == 451
    answer = site.app.test_client().get("/api/v1/designs/vera/lamp")
    assert answer.status_code == 451 and answer.content_type == "application/problem+json"
    assert "see the letter" in answer.json["detail"]
    assert push_address(site, address).status_code == 451
    assert push_address(site, address, "vera").status_code == 451
    assert "taken down" in olga.get(address).text
    secret = base64.b64encode(f"olga:{PASSWORD}".encode()).decode()
    answer = site.app.test_client().get("/api/v1/designs/vera/lamp", headers={"Authorization": f"Basic {secret}"})
    assert answer.json["visibility"] == "withheld"
    assert site.stranger().get("/will/lamp").status_code == 200
    assert push_address(site, "/will/lamp").status_code == 200
    assert "/vera/lamp" not in site.stranger().get("/vera").text
    olga.post("/admin/takedowns", {"design": "vera/hidden", "reason": "Neither."})
    assert site.stranger().get("/vera/hidden").status_code == 404
    assert site.person("vera").get("/vera/hidden").status_code == 451
    assert olga.post("/admin/takedowns/vera/lamp/end").status_code == 303
    assert site.stranger().get(address).status_code == 200
    olga.post("/admin/takedowns", form | {"forks": "yes"})
    assert site.stranger().get("/will/lamp").status_code == 451


def test_in_read_only_mode_all_can_be_read_and_nothing_written(site, olga):
    address = site.design("nora", "shelf")
    nora = site.person("nora")
    assert olga.post("/admin/mode", {"mode": "read-only", "reason": "A larger disk."}).status_code == 303
    assert last_deed(site, "switch.made").detail["reason"] == "A larger disk."
    try:
        page = nora.get(address)
        assert page.status_code == 200 and "A larger disk." in page.text
        answer = nora.post(f"{address}/settings", {"title": "Other"})
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
        answer = site.app.test_client().post("/api/v1/people", json={"name": "x"})
        assert answer.status_code == 503 and answer.json["type"] == "/api#read-only" and answer.headers["Retry-After"]
        answer = push_address(site, address, "nora")
        assert answer.status_code == 503 and "A larger disk." in answer.text and answer.headers["Retry-After"]
        assert push_address(site, address).status_code == 200
        assert site.stranger().enter("nora").status_code == 303
    finally:
        assert olga.post("/admin/mode", {"mode": "all"}).status_code == 303
    assert "A larger disk." not in nora.get(address).text
    assert nora.post(f"{address}/settings", {"title": "Other"}).status_code == 303


def test_a_quota_refuses_what_has_no_room_and_names_the_limit(site, olga):
    address = site.design("quentin", "bulk", {"noise.txt": "".join(f"{n * 7919}\n" for n in range(400_000))})
    assert olga.post("/admin/people/quentin/quota", {"quota_mb": "many"}).status_code == 422
    assert olga.post("/admin/people/quentin/quota", {"quota_mb": "1"}).status_code == 303
    answer = push_address(site, address, "quentin")
    assert answer.status_code == 507 and "limit of 1 MB" in answer.text
    with pytest.raises(NoRoom, match="limit of 1 MB"):
        site.commit("quentin", address, {"a.txt": "x"})
    assert measure_storage(site.house) > 0
    rows = [row for row in olga.get("/admin/storage").text.split("<tr>") if "quentin" in row]
    assert len(rows) == 1 and ">1.0<" in rows[0].rpartition("<td")[2], rows
    olga.post("/admin/people/quentin/quota", {"quota_mb": ""})
    assert push_address(site, address, "quentin").status_code == 200


def test_a_page_is_reported_also_by_strangers_but_not_without_end(site, olga):
    address = site.design("rita", "knife")
    stranger = site.stranger()
    assert f"/report?about={address}" in stranger.get(address).text
    assert "What is wrong?" in stranger.get(f"/report?about={address}").text
    assert stranger.get("/report?about=/").status_code == 404
    assert stranger.post("/report", {"about": address, "kind": "spam", "body": ""}).status_code == 422
    for _ in range(5):
        answer = stranger.post("/report", {"about": address, "kind": "dangerous", "body": "Too <sharp>."})
        assert answer.status_code == 303 and answer.location == address
    answer = stranger.post("/report", {"about": address, "kind": "dangerous", "body": "Again."})
    assert answer.status_code == 429
    assert "reported" not in site.person("rita").get(f"{address}/settings/audit").text
    listed = olga.get("/admin/reports").text
    assert "Too &lt;sharp&gt;." in listed and address in listed
    number = listed.split("/admin/reports/")[1].split("/")[0]
    assert olga.post(f"/admin/reports/{number}/closing", {"outcome": "It is a knife."}).status_code == 303
    assert "It is a knife." in olga.get("/admin/reports?state=closed").text
    assert olga.post(f"/admin/reports/{number}/closing").status_code == 409


def test_a_job_that_fails_is_shown_with_why_and_tried_again(site, olga, monkeypatch):
    def breaks(_house, _key):
        raise OSError("no space left for ada@example.org")

    perform = performer(site.house)
    monkeypatch.setitem(performer.__globals__["JOBS"], "review", breaks)
    for _ in range(2):
        with pytest.raises(OSError):
            perform("review", "77", "request-of-nora")
    with site.house.reading() as work:
        (row,) = work.session.scalars(mishaps())
    assert (row.job, row.key, row.times, row.request) == ("review", "77", 2, "request-of-nora")
    page = olga.get("/admin/jobs").text
    assert "no space left" in page and "ada@example.org" not in page
    before = site.house.queue.waiting()
    assert olga.post(f"/admin/jobs/{row.id}/retry").status_code == 303
    assert site.house.queue.waiting() == before + 1
    with pytest.raises(OSError):
        perform("review", "77", "")
    monkeypatch.setitem(performer.__globals__["JOBS"], "review", lambda _house, _key: None)
    perform("review", "77", "")
    assert "no space left" not in olga.get("/admin/jobs").text


def test_owners_read_what_was_done_to_their_design_and_operators_all(site, olga):
    address = site.design("tess", "hook")
    tess = site.person("tess")
    tess.post(f"{address}/settings", {"title": "=cmd|calc"})
    page = tess.get(f"{address}/settings/audit").text
    assert "changed a design" in page and "127.0.0.1" not in page
    found = olga.get("/admin/audit?person=tess&verb=design.changed").text
    assert "=cmd|calc" in found and "127.0.0.1" in found and "created a design" not in found.split("<tbody>")[1]
    rows = list(csv.DictReader(io.StringIO(olga.get("/admin/audit.csv?person=tess").text)))
    assert {"design.changed", "visit.made"} <= {row["verb"] for row in rows}
    assert last_deed(site, "audit.exported").person == "olga"
    with site.house.writing() as work:
        assert forget_deeds(work.session, now()) > 0
    with site.house.reading() as work:
        assert work.session.scalars(deeds()).all() == []


def test_each_request_has_a_name_that_a_deed_and_a_log_line_carry(site, caplog):
    address = site.design("ugo", "peg", visibility="private")
    ugo = site.person("ugo")
    with caplog.at_level(logging.INFO, "opendesign.access"):
        answer = ugo.post(
            f"{address}/settings?token=od_secretsecret", {"title": "Peg 2"}, headers={"X-Request-Id": "mine-12345"}
        )
    assert answer.headers["X-Request-Id"] == "mine-12345"
    assert last_deed(site, "design.changed").request == "mine-12345"
    line = [record for record in caplog.records if record.name == "opendesign.access"][-1]
    told = json.loads(formatter("json").format(line))
    assert (told["route"], told["status"], told["method"]) == ("/<owner>/<design>/settings", 303, "POST")
    assert site.stranger().post("/enter", {"name": "ugo", "password": PASSWORD}, headers={"X-Request-Id": "in-1234567"})
    assert last_deed(site, "visit.made").request == "in-1234567"
    assert told["person"] == site.visitor("ugo").person_id and told["ms"] >= 0
    assert not {"peg", "ugo", "od_secretsecret"} & set(json.dumps(told).replace("/", " ").split())
    for odd in ("short", "x" * 65, "has space in it", "tag<script>"):
        assert site.stranger().get("/", headers={"X-Request-Id": odd}).headers["X-Request-Id"] != odd


def test_a_fault_of_ours_shows_the_name_under_which_the_log_knows_it(site, monkeypatch):
    def breaks(*_words, **_more):
        raise RuntimeError("broken")

    monkeypatch.setattr("opendesign.web.explore.search_designs", breaks)
    answer = site.stranger().get("/?q=fault", headers={"X-Request-Id": "fault-of-ours"})
    assert answer.status_code == 500 and "fault-of-ours" in answer.text


@pytest.mark.parametrize(
    "secret",
    [
        "Bearer abcdef123456",
        "od_3q2-7wAAAAAAAAAA",
        "https://ada:hunter2@example.org/x.git",
        "password=hunter22",
        '"password": "hunter22"',
        "/enter?token=hunter22&x=1",
        "Cookie: opendesign=hunter22",
        "ada@example.org",
    ],
)
def test_no_line_of_the_log_holds_a_secret(secret):
    record = logging.makeLogRecord({"name": "x", "msg": f"It failed: {secret}", "detail": secret})
    for kind in ("json", "text"):
        line = formatter(kind).format(record)
        for hidden in ("hunter2", "abcdef123456", "3q2-7w", "ada@"):
            assert hidden not in line
    assert scrubbed("ada/box has 3 parts") == "ada/box has 3 parts"


def test_metrics_are_for_this_machine_or_who_has_the_token_and_name_nobody(open_site):
    site = open_site(metrics_token="let me count")
    site.design("xena", "very-private-name", visibility="private")
    site.person("xena").get("/xena/very-private-name")
    client = site.app.test_client()
    text = client.get("/metrics").text
    assert 'opendesign_requests_total{method="GET",route="/<owner>/<design>",status="200"}' in text
    for name in ("request_seconds_bucket", "queue_jobs", "made", "engine", "storage_bytes", "database_connections"):
        assert f"opendesign_{name}" in text
    assert "very-private-name" not in text and "xena" not in text
    away = {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}}
    assert client.get("/metrics", **away).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}, **away).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer let me count"}, **away).status_code == 200
    client.open("/", method="BREW")
    assert 'method="BREW"' not in client.get("/metrics").text


def test_ready_says_what_does_not_answer_in_time(site, monkeypatch):
    hanging = threading.Event()
    monkeypatch.setitem(health.QUESTIONS, "shelf", lambda _house: str(hanging.wait(60)))
    monkeypatch.setattr(health, "LIMIT", 0.05)
    try:
        answer = site.app.test_client().get("/readyz")
        assert answer.status_code == 503 and answer.json["shelf"] == "no answer within 0.05 s"
    finally:
        hanging.set()


def test_one_operator_always_remains(site, olga):
    assert olga.post("/admin/people/olga/role", {"role": "person"}).status_code == 409
    site.visitor("pia")
    assert olga.post("/admin/people/pia/role", {"role": "operator"}).status_code == 303
    assert olga.post("/admin/people/pia/role", {"role": "person"}).status_code == 303
    with site.house.reading(replace(site.visitor("pia"))) as work:
        assert not work.operates
