"""OWASP ASVS 4.0.3 level 1, chapter 3: mallory has a cookie of ada's, or a browser she left open."""

import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from opendesign.actions.enter import enter, recognise_visit
from opendesign.actions.send_letter import letter_job
from opendesign.core.secret import hash_secret
from opendesign.records.base import now
from opendesign.records.person import IDLE_DAYS, VISIT_DAYS, Visit, forget_visits

PASSWORD, NEW = "correct horse battery", "several odd words at sea"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
ENDING = re.compile(r"/settings/visits/(\d+)/ending")


def entered(site, name: str, agent: str):
    """A browser of this make in which somebody is in."""
    site.visitor(name)
    browser = site.stranger()
    browser.get("/enter")
    answer = browser.post("/enter", {"name": name, "password": PASSWORD}, headers={"User-Agent": agent})
    assert answer.status_code == 303
    browser.token = ""
    return browser


def stolen(site, browser):
    """A browser of mallory's with somebody's cookie."""
    thief = site.stranger()
    thief.client.set_cookie("opendesign", browser.client.get_cookie("opendesign").value)
    return thief


def is_in(browser) -> bool:
    return "Signed in as" in browser.get("/settings/tokens", follow_redirects=True).text


def test_3_4_over_https_the_cookie_is_for_this_host_alone(open_site):
    site = open_site(public_url="https://localhost")
    site.visitor("ada")
    browser, here = site.stranger(), {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/"}}
    browser.get("/enter", **here)
    answer = browser.post("/enter", {"name": "ada", "password": PASSWORD}, **here)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-opendesign=") and "Domain=" not in cookie
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "?" not in answer.location


def test_3_2_a_secret_is_long_known_only_as_a_hash_and_not_the_one_mallory_brought(site):
    browser, fixed = site.stranger(), site.stranger()
    site.visitor("ada")
    fixed.get("/enter")
    before = fixed.client.get_cookie("opendesign").value
    fixed.enter("ada")
    planted = site.stranger()
    planted.client.set_cookie("opendesign", before)
    assert is_in(fixed) and not is_in(planted) and not is_in(browser)
    forged = fixed.client.get_cookie("opendesign").value.split(".")
    planted.client.set_cookie("opendesign", ".".join([forged[0], forged[1], "A" * len(forged[2])]))
    assert not is_in(planted), "a cookie that this service did not sign"
    with site.house.reading() as work:
        assert all(len(each.secret_hash) == 64 for each in work.session.scalars(select(Visit)))


def test_3_3_leaving_and_a_new_password_end_the_visit_wherever_its_cookie_went(site):
    browser = entered(site, "bob", FIREFOX)
    thief = stolen(site, browser)
    assert is_in(thief)
    browser.get("/")
    answer = browser.post("/leave")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert not is_in(thief) and not is_in(browser)
    browser, thief = entered(site, "bob", FIREFOX), entered(site, "bob", EDGE)
    browser.get("/settings")
    assert browser.post("/settings/password", {"old": PASSWORD, "new": NEW}).status_code == 303
    assert not is_in(thief) and is_in(browser)


@pytest.mark.parametrize(
    "aged",
    [{"opened_at": timedelta(days=VISIT_DAYS)}, {"opened_at": timedelta(days=IDLE_DAYS)}, {"seen_at": timedelta(15)}],
)
def test_3_3_a_visit_ends_by_its_age_and_when_it_is_not_used(site, aged):
    browser = entered(site, "cleo", FIREFOX)
    assert is_in(browser)
    mine = Visit.person_id == site.people["cleo"].person_id
    with site.house.writing() as work:
        ages = {name: now() - age - timedelta(minutes=1) for name, age in aged.items()}
        work.session.execute(update(Visit).where(mine).values(**ages))
    assert not is_in(browser)
    with site.house.writing() as work:
        forget_visits(work.session)
        assert not work.session.scalars(select(Visit).where(mine)).all()


def test_3_3_a_visit_that_is_used_goes_on_and_says_when(site):
    browser = entered(site, "dan", FIREFOX)
    with site.house.writing() as work:
        mine = work.session.scalars(select(Visit).where(Visit.person_id == site.people["dan"].person_id)).one()
        mine.opened_at = mine.seen_at = now() - timedelta(days=13)
    assert is_in(browser)
    with site.house.reading() as work:
        assert now() - work.session.get(Visit, mine.id).last_seen < timedelta(minutes=5)
    with browser.client.session_transaction() as kept:
        secret = kept["visit"]
    assert recognise_visit(site.house, secret).person_id == site.people["dan"].person_id
    assert recognise_visit(site.house, hash_secret(secret)).person_id is None, "what the database holds opens nothing"


def test_3_3_somebody_sees_every_browser_and_sends_out_those_that_are_not_theirs(site):
    here, phone, thief = (entered(site, "eve", agent) for agent in (FIREFOX, "curl/8", EDGE))
    page = here.get("/settings/visits").text
    assert "Firefox, Linux" in page and "Edge, Windows" in page and "Unknown browser" in page
    assert page.count("this browser") == 1 and "127.0.0.1" in page
    keys = ENDING.findall(page)
    assert len(keys) == 2
    other = entered(site, "finn", FIREFOX)
    other.get("/settings/visits")
    assert other.post(f"/settings/visits/{keys[0]}/ending").status_code == 404, "another's browser"
    assert here.post(f"/settings/visits/{keys[0]}/ending").status_code == 303
    assert [is_in(thief), is_in(phone)].count(True) == 1
    here.get("/settings/visits")
    assert here.post("/settings/visits/endings").status_code == 303
    assert not is_in(thief) and not is_in(phone) and is_in(here) and is_in(other)


def test_2_2_who_enters_with_another_browser_from_elsewhere_is_written_about(open_site, caplog):
    caplog.set_level(logging.INFO, "opendesign.mail")
    site = open_site(mail_url="console")
    site.visitor("gus")

    def written(address: str, agent: str) -> int:
        enter(site.house, "gus", PASSWORD, address, agent)
        while task := site.house.queue.huey.dequeue():
            letter_job(site.house, task.args[1])
        return caplog.text.count("Somebody entered from a new place")

    assert written("198.51.100.1", FIREFOX) == 0, "nothing is known of them yet"
    assert written("198.51.100.2", FIREFOX) == 0 and written("198.51.100.1", EDGE) == 0
    assert written("203.0.113.9", "curl/8") == 1
    assert "198.51" not in caplog.text and "/settings/visits\n" in caplog.text
