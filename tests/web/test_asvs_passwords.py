"""OWASP ASVS 4.0.3 level 1, chapter 2: mallory guesses, stuffs and replaces passwords."""

import logging
import re

import pytest

from opendesign.actions.enter import check_password
from opendesign.actions.send_letter import letter_job
from opendesign.core.errors import Forbidden
from opendesign.core.letter import CHANGED

PASSWORD, NEW = "correct horse battery", "several odd words at sea"
LONG = "".join(chr(ord("a") + number * 7 % 26) for number in range(128))


def join(site, name: str, password: str):
    """Somebody joins through the page; returns the answer."""
    fields = {"name": name, "email": f"{name}@example.org", "password": password}
    return site.stranger().post("/join", fields)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elf letters", "12 to 128 characters"),
        (LONG + "x", "12 to 128 characters"),
        ("passwordpassword", "tried first"),
        ("qwertyuiop123", "tried first"),
        ("1q2w3e4r5t6y", "tried first"),
        ("Passw0rd1234", "tried first"),
        ("mallory@example.org", "tried first"),
        ("opendesign2026", "tried first"),
    ],
)
def test_2_1_short_long_and_common_passwords_are_refused(site, password, why):
    answer = join(site, "mallory", password)
    assert answer.status_code == 422 and why in answer.text
    assert not re.search(r'type="password"[^>]*value=', answer.text)


@pytest.mark.parametrize(
    ("name", "password"),
    [("lower", "only small letters here"), ("letters", "écrevisses 🦞 à la nage"), ("longest", LONG)],
)
def test_2_1_whatever_can_be_typed_is_taken_whole(site, name, password):
    assert join(site, name, password).status_code == 303
    site.people[name] = None
    assert site.stranger().enter(name, password).status_code == 303
    for other in (password[:-1], password[:72] if len(password) > 72 else password + " ", password.upper()):
        assert site.stranger().enter(name, other).status_code == 403, "no part of it is enough"


def test_2_1_a_password_of_earlier_times_is_good_until_it_is_changed(site):
    site.visitor("ada")
    with pytest.raises(Forbidden):
        check_password(site.house, "ada", "x" * 1001, "")
    assert check_password(site.house, "ada", PASSWORD, "") == site.people["ada"].person_id


def test_2_1_forms_take_what_is_pasted_and_can_show_it(site):
    pages = {"/join": "new-password", "/enter": "current-password"}
    for path, purpose in pages.items():
        page = site.stranger().get(path).text
        (field,) = re.findall(r'<input[^>]*type="password"[^>]*required[^>]*>', page)
        assert f'autocomplete="{purpose}"' in field and "maxlength" not in field, "a browser would cut silently"
        assert 'data-shows="password"' in page and "onpaste" not in page


def test_2_1_how_hard_a_password_is_to_guess_is_told_while_it_is_typed(site):
    browser = site.stranger()
    browser.get("/join")
    told = {}
    for password in ("short", "passwordpassword", "mallorymallory", "several odd words at sea"):
        answer = browser.post("/account/strength", {"password": password, "name": "mallory"})
        told[password] = re.search(r'value="(\d)".*<span class="small">([^<]+)', answer.text).groups()
        assert password not in answer.text
    assert told["short"] == ("1", "7 characters more.") and told["passwordpassword"][0] == "1"
    assert int(told["mallorymallory"][0]) < 3 and told["several odd words at sea"][0] == "5"


def test_2_1_a_stranger_has_so_many_passwords_judged_a_minute(open_site):
    browser = open_site(builds_per_address_a_minute=2).stranger()
    browser.get("/join")
    asked = [browser.post("/account/strength", {"password": "several odd words"}).status_code for _ in range(3)]
    assert asked == [200, 200, 429]


def test_2_1_a_change_needs_the_old_password_and_is_told_by_letter(site, caplog):
    caplog.set_level(logging.INFO, "opendesign.mail")
    browser, thief = site.person("bob"), site.person("bob")
    wrong = thief.post("/settings/password", {"old": "guessed", "new": NEW})
    assert wrong.status_code == 403 and "do not belong together" in wrong.text
    assert thief.post("/settings/password", {"old": PASSWORD, "new": "passwordpassword"}).status_code == 422
    assert browser.post("/settings/password", {"old": PASSWORD, "new": NEW}).status_code == 303
    assert "Signed in" not in thief.get("/").text and "Signed in" in browser.get("/").text
    kinds = []
    while task := site.house.queue.huey.dequeue():
        if task.args[0] == "letter":
            letter_job(site.house, task.args[1])
            kinds += [CHANGED] if "Your password was changed" in caplog.text else []
    assert kinds == [CHANGED] and "/account/reset\n" in caplog.text and NEW not in caplog.text


def test_2_2_stuffing_is_slowed_down_for_all_processes_of_the_web(open_site):
    site = open_site(enter_attempts=3)
    other = open_site(site.house.settings.root, enter_attempts=3)  # as a second process, or one that was started again
    site.visitor("cleo")
    browsers = [each.stranger() for each in (site, other)]
    for number in range(3):
        assert browsers[number % 2].enter("cleo", f"stuffed {number}").status_code == 403
    assert [each.enter("cleo", PASSWORD).status_code for each in browsers] == [429, 429]
    git = other.stranger().client.get("/cleo/x.git/info/refs?service=git-receive-pack", auth=("cleo", PASSWORD))
    assert git.status_code == 429
    ask = other.stranger().client.get
    many = [ask("/api/v1/tokens", auth=(f"nobody-{number}", "stuffed")).status_code for number in range(16)]
    assert many[0] == 401 and many[-1] == 429, "one address goes through many names"


def test_2_2_nobody_dodges_the_count_by_saying_they_are_elsewhere(open_site):
    here = open_site(enter_attempts=1)
    behind = open_site(enter_attempts=1, proxies=1)

    def tries(site, said: str) -> list[int]:
        ask, auth = site.stranger().client.get, ("nobody-{}-{}", "stuffed")
        words = [(said.format(n), (auth[0].format(n, len(said)), auth[1])) for n in range(6)]
        answers = [ask("/api/v1/tokens", auth=who, headers={"X-Forwarded-For": said}) for said, who in words]
        return [answer.status_code for answer in answers]

    assert tries(here, "198.51.100.{}") == [401] * 5 + [429]
    assert tries(behind, "198.51.100.{}") == [401] * 6, "each of the proxy's clients counts alone"
    assert tries(behind, "203.0.113.{}, 198.51.100.77") == [401] * 5 + [429]


def test_2_2_accounts_are_not_made_by_the_thousand(open_site):
    site = open_site(joins_per_address=2)
    assert [join(site, f"sock-{n}", NEW).status_code for n in range(3)] == [303, 303, 429]
    body = {"name": "sock-4", "email": "sock-4@example.org", "password": NEW}
    assert site.stranger().client.post("/api/v1/people", json=body).status_code == 429


def test_2_5_no_account_is_there_from_the_start(site):
    for name, password in (("admin", "admin"), ("root", "root"), ("ada", "opendesign-demo")):
        site.stranger().enter(name, password)
        assert site.stranger().client.get("/api/v1/tokens", auth=(name, password)).status_code in (401, 429)
