"""A provider's word is one proof: who has a second factor shows it, too, and links wait for their owner."""

import re

import pytest
from identity_provider import CLIENT, SECRET, open_identity_provider
from pyotp import TOTP
from sqlalchemy import select

from opendesign.records.identity import Identity

PASSWORD = "correct horse battery"
BACK = "http://design.example/enter/provider/answer"


@pytest.fixture(scope="module")
def box():
    with open_identity_provider(BACK) as made:
        yield made


@pytest.fixture(scope="module")
def site(open_site, box):
    settings = {"oidc_url": box.url, "oidc_client": CLIENT, "oidc_secret": SECRET, "oidc_name": "Guild"}
    made = open_site(public_url="http://design.example", **settings)
    made.visitor("oona")
    return made


def sign_in(browser, box, name: str):
    """Somebody goes to the provider, is called so there, and comes back."""
    box.user = {"sub": f"number-{name}", "preferred_username": name, "email": f"{name}@example.org"}
    box.user["email_verified"] = True
    return browser.get(box.signs_in(browser.get("/enter/provider?next=/notices").location))


def who(browser) -> str:
    return browser.get("/").text.partition("Signed in as ")[2].partition("<")[0]


def set_up(browser, **proof: str) -> list[str]:
    """Somebody who is in sets up a second factor; returns their recovery codes."""
    browser.get("/settings/factor")
    page = browser.post("/settings/factor", proof).text
    totp = TOTP(re.search(r'data-copy="([A-Z2-7 ]+)"', page)[1].replace(" ", ""))
    return re.findall(r"<code>([a-z2-7-]{29})<", browser.post("/settings/factor/proof", {"code": totp.now()}).text)


def linked(site) -> set[str]:
    with site.house.reading() as work:
        return set(work.session.scalars(select(Identity.subject)))


def test_who_comes_by_a_provider_alone_shows_the_code_and_has_no_password_to_give(site, box):
    browser = site.stranger()
    sign_in(browser, box, "pia")
    browser.get("/join/provider")
    browser.post("/join/provider", {"name": "pia", "email": "pia@example.org"})
    browser.token = ""
    codes = set_up(browser)
    assert who(browser) == "pia" and 'name="password"' not in browser.get("/settings/factor").text
    again = site.stranger()
    assert sign_in(again, box, "pia").location == "/enter/code" and who(again) == ""
    again.get("/enter/code")
    assert again.post("/enter/code", {"code": "123456"}).status_code == 403
    assert again.post("/enter/code", {"code": codes[0]}).location == "/notices" and who(again) == "pia"
    again.get("/settings/factor")
    assert again.post("/settings/factor/removal").status_code == 403, "a code stands for the password"
    assert again.post("/settings/factor/removal", {"code": codes[1]}).status_code == 303
    assert sign_in(site.stranger(), box, "pia").location == "/notices"


def test_a_verified_address_opens_no_account_that_has_a_second_factor(site, box):
    browser = site.person("quinn")
    set_up(browser, password=PASSWORD)
    answer = sign_in(stranger := site.stranger(), box, "quinn")
    assert answer.status_code == 409 and "Enter with its password" in answer.text and who(stranger) == ""
    assert "number-quinn" not in linked(site)


def test_a_link_that_waited_too_long_is_not_made_and_that_is_said(site, box):
    browser = site.person("yuri")
    assert sign_in(browser, box, "yuri").location == "/settings/identities"
    with browser.client.session_transaction() as kept:
        kept["claim"] = kept["claim"] | {"at": kept["claim"]["at"] - 16 * 60}
    browser.get("/settings"), browser.post("/settings/identities")
    assert "Begin again" in browser.get("/settings").text and "number-yuri" not in linked(site)
