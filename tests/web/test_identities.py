"""Signing in with a provider: a real one is asked in another thread, and what it says wrongly opens nothing."""

import logging
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from identity_provider import CLIENT, SECRET, open_identity_provider
from joserfc.jwk import RSAKey
from sqlalchemy import select

from opendesign.cli.upkeep import config
from opendesign.cli.wires import Wires
from opendesign.core.errors import Invalid
from opendesign.core.letter import LINKED
from opendesign.core.settings import read_settings
from opendesign.oidc.provider import Provider, Question, Silent
from opendesign.records.base import now
from opendesign.records.identity import Identity
from opendesign.records.letter import Letter
from opendesign.records.person import Person, person_by_name

OURS = ("opendesign", "urllib3")  # the provider logs in the same process
BACK = "http://design.example/enter/provider/answer"


@pytest.fixture(scope="module")
def box():
    with open_identity_provider(BACK) as made:
        yield made


@pytest.fixture(scope="module")
def site(open_site, box):
    """A site at which the provider lets people in; the first person is its operator."""
    settings = {"oidc_url": box.url, "oidc_client": CLIENT, "oidc_secret": SECRET, "oidc_name": "Guild & Co"}
    made = open_site(public_url="http://design.example", enter_attempts=1000, **settings)
    made.visitor("oona")
    with made.house.writing() as work:
        person_by_name(work.session, "oona").admin = True
    return made


@pytest.fixture(autouse=True)
def honest(box):
    """The provider says what is so, until a test has it lie."""
    box.lies, box.seconds, box.key, box.quiet = {}, 3600, None, False


def member(box, name: str, email: str = "", verified: bool = True) -> None:
    """Who signs in at the provider next."""
    box.user = {"sub": f"number-{name}", "preferred_username": name, "email": email or f"{name}@guild.example"}
    box.user["email_verified"] = verified


def sign_in(browser, box, target: str = "/"):
    """A browser goes to the provider and comes back."""
    sent = browser.get(f"/enter/provider?next={target}")
    assert sent.status_code == 303, sent.text
    return browser.get(box.signs_in(sent.location))


def who(browser) -> str:
    """Whose the browser is now."""
    return browser.get("/").text.partition("Signed in as ")[2].partition("<")[0]


def joined(site, box, name: str, **fields: str):
    """Somebody new signs in and chooses a name."""
    browser = site.stranger()
    assert sign_in(browser, box).location == "/join/provider"
    browser.get("/join/provider")
    answer = browser.post("/join/provider", {"name": name, "email": f"{name}@guild.example", **fields})
    browser.token = ""
    return browser, answer


def proven(site, name: str) -> bool:
    with site.house.reading() as work:
        return person_by_name(work.session, name).proven_at is not None


def linked(site) -> dict[str, str]:
    with site.house.reading() as work:
        return {each.subject: each.person.name for each in work.session.scalars(select(Identity))}


def warned(site) -> set[str]:
    """Who got a letter about another way into their account."""
    with site.house.reading() as work:
        letters = work.session.scalars(select(Letter).where(Letter.kind == LINKED))
        return {work.session.get(Person, each.person_id).name for each in letters}


def test_somebody_new_chooses_a_name_and_is_known_the_next_time(site, box):
    member(box, "Pia Roe", "pia@guild.example")
    browser = site.stranger()
    assert "Sign in with Guild &amp; Co" in browser.get("/enter?next=/notices").text
    answer = sign_in(browser, box, "/notices")
    page = browser.get(answer.location).text
    assert 'value="pia-roe"' in page and "Guild &amp; Co has confirmed it" in page
    assert browser.post("/join/provider", {"name": "oona", "email": "pia@guild.example"}).status_code == 409
    answer = browser.post("/join/provider", {"name": "pia", "email": "pia@guild.example"})
    assert answer.location == "/notices" and proven(site, "pia")
    again = site.stranger()
    assert sign_in(again, box, "/settings").location == "/settings" and who(again) == "pia"
    asked = len(box.asked)
    again.post("/leave")
    assert who(again) == "" and len(box.asked) == asked, "leaving is between the browser and us"
    assert site.stranger().enter("pia", "").status_code == site.stranger().enter("pia", "x" * 12).status_code == 403
    assert linked(site)["number-Pia Roe"] == "pia"


def test_an_address_the_provider_has_not_verified_is_confirmed_by_a_letter_and_opens_no_account(site, box):
    site.visitor("rex")
    member(box, "quy", "rex@example.org", verified=False)
    _, taken = joined(site, box, "quy", email="rex@example.org")
    assert taken.status_code == 409 and "in use" in taken.text
    _, made = joined(site, box, "quy", email="other@guild.example")
    assert made.status_code == 303 and not proven(site, "quy")
    assert linked(site)["number-quy"] == "quy" and "rex" not in linked(site).values()


def test_a_verified_address_opens_an_account_whose_owner_confirmed_it_and_no_other(site, box):
    site.visitor("sol"), site.visitor("tam"), site.visitor("val")
    with site.house.writing() as work:
        person_by_name(work.session, "tam").proven_at = None  # mallory may have joined with tam's address
    member(box, "sol", "sol@example.org")
    browser = site.stranger()
    assert sign_in(browser, box).location == "/" and who(browser) == "sol" and "sol" in warned(site)
    # One unconfirmed, an operator, one that is linked with another account, one whose address has no capitals.
    for somebody in ("tam", "oona", "sol", "VAL"):
        member(box, f"another-{somebody}", f"{somebody}@example.org")
        answer = sign_in(browser := site.stranger(), box)
        assert answer.status_code == 409 and "Enter with its password" in answer.text and who(browser) == ""
        assert f"number-another-{somebody}" not in linked(site)


def test_who_is_in_links_an_account_by_a_button_and_unlinks_it(site, box):
    browser = site.person("uma")
    member(box, "una", "una@guild.example", verified=False)
    assert "Link with Guild &amp; Co" in browser.get("/settings").text
    assert sign_in(browser, box).location == "/settings/identities"
    assert "una@guild.example at Guild &amp; Co" in browser.get("/settings/identities").text
    assert "number-una" not in linked(site), "to be sent there and back links nothing"
    browser.post("/settings/identities")
    assert linked(site)["number-una"] == "uma" and "uma" in warned(site)
    other = site.person("vic")
    assert sign_in(other, box).location == "/settings/identities"
    other.get("/settings/identities"), other.post("/settings/identities")
    assert "linked with somebody else" in other.get("/settings").text and linked(site)["number-una"] == "uma"
    page = browser.get("/settings").text
    removal = page.partition("/settings/identities/")[2].partition('"')[0]
    assert other.post(f"/settings/identities/{removal}").status_code == 404
    browser.post(f"/settings/identities/{removal}")
    assert "number-una" not in linked(site) and who(browser) == "uma"


def test_the_suspended_and_those_who_may_not_join_are_told_so(site, open_site, box):
    member(box, "xio")
    joined(site, box, "xio")
    with site.house.writing() as work:
        person_by_name(work.session, "xio").suspended_at = now()
    browser = site.stranger()
    answer = sign_in(browser, box)
    assert answer.status_code == 403 and "is suspended" in answer.text and who(browser) == ""
    settings = {"oidc_url": box.url, "oidc_client": CLIENT, "oidc_secret": SECRET, "joining": False}
    closed = open_site(public_url="http://design.example", **settings)
    answer = sign_in(closed.stranger(), box)
    assert answer.status_code == 403 and "Joining is closed here" in answer.text


def test_whoever_joins_through_a_provider_counts_as_all_who_join(open_site, box):
    settings = {"oidc_url": box.url, "oidc_client": CLIENT, "oidc_secret": SECRET, "joins_per_address": 1}
    site = open_site(public_url="http://design.example", **settings)
    member(box, "yan")
    assert joined(site, box, "yan")[1].status_code == 303
    member(box, "zoe")
    _, answer = joined(site, box, "zoe")
    assert answer.status_code == 429 and "Too many have joined" in answer.text and "number-zoe" not in linked(site)


def test_the_last_way_in_is_kept(site, box):
    member(box, "wyn")
    browser, _ = joined(site, box, "wyn")
    page = browser.get("/settings").text
    assert "You have none" in page and 'action="/settings/password"' not in page
    removal = page.partition("/settings/identities/")[2].partition('"')[0]
    browser.post(f"/settings/identities/{removal}")
    assert "Choose a password first" in browser.get("/settings").text and "wyn" in linked(site).values()


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"aud": "another-service"},
        {"aud": ["another-service"], "azp": CLIENT},
        {"aud": [CLIENT, "another-service"], "azp": "another-service"},
        {"iss": "https://another.example"},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"exp": 1_700_000_000},
        {"sub": None},
        {"sub": "s" * 256},
    ],
    ids=str,
)
def test_what_is_signed_must_be_for_us_and_for_this_question_and_for_now(site, box, lie):
    member(box, "nel")
    box.lies = lie
    browser = site.stranger()
    answer = sign_in(browser, box)
    assert answer.status_code == 403 and "did not prove who you are" in answer.text and who(browser) == ""


def test_what_another_key_signed_opens_nothing(site, box):
    member(box, "nel")
    for kid in ("1", "2"):
        box.key = RSAKey.generate_key(2048, {"kid": kid})
        assert sign_in(site.stranger(), box).status_code == 403
    box.key, box.published = None, RSAKey.generate_key(2048, {"kid": "3"})
    assert sign_in(site.stranger(), box).status_code == 303, "a new key is looked up where the old one was"


def test_an_address_may_be_told_beside_what_is_signed(site, box):
    box.user, told = {"sub": "number-xia"}, {"email": "xia@guild.example", "email_verified": True, "name": "Xia Lu"}
    for subject, seen in (("number-xia", 'value="xia@guild.example"'), ("number-other", 'value=""')):
        box.told = told | {"sub": subject}
        browser = site.stranger()
        assert sign_in(browser, box).location == "/join/provider" and seen in browser.get("/join/provider").text


def test_an_answer_counts_once_in_the_browser_that_asked(site, box):
    member(box, "nel")
    asker, thief = site.stranger(), site.stranger()
    back = box.signs_in(asker.get("/enter/provider").location)
    assert thief.get(back).status_code == 403, "who was not sent there has no question"
    thief.get("/enter/provider")
    assert thief.get(back).status_code == 403, "nor does another question's answer do"
    forged = back.replace("state=", "state=x")
    assert asker.get(forged).status_code == 403 and asker.get(back).status_code == 403
    back = box.signs_in(asker.get("/enter/provider").location)
    assert asker.get(back).status_code == 303 and asker.get(back).status_code == 403
    stolen = box.signs_in(thief.get("/enter/provider").location)
    with thief.client.session_transaction() as kept:
        kept["question"] = kept["question"] | {"verifier": "x" * 64}
    assert thief.get(stolen).status_code == 403, "a code is worth nothing without the word that was kept (PKCE)"
    denied = asker.get("/enter/provider").location and asker.get("/enter/provider/answer?error=access_denied")
    assert denied.status_code == 403 and "Try again" in denied.text
    elsewhere = site.stranger().get("/enter/provider", base_url="http://evil.example").location
    assert BACK in unquote(elsewhere) and "evil.example" not in elsewhere, "whatever the request's Host says"


def test_a_provider_that_does_not_answer_is_said_plainly(site, box):
    browser = site.stranger()
    way = browser.get("/enter/provider").location
    back = box.signs_in(way)
    box.quiet = True
    answer = browser.get(back)
    assert (
        answer.status_code == 503
        and "Guild &amp; Co does not answer" in answer.text
        and 'name="password"' in answer.text
    )
    away = Provider("http://127.0.0.1:1", CLIENT, SECRET)
    for reason in ("ConnectionError", "a moment ago"):
        with pytest.raises(Silent, match=reason):
            away.way(Question(), BACK)


def test_the_secret_is_neither_logged_nor_shown(site, box, caplog):
    caplog.set_level(logging.DEBUG)
    member(box, "nel")
    sign_in(site.stranger(), box)
    box.lies = {"nonce": "another"}
    sign_in(site.stranger(), box)
    ours = "".join(each.getMessage() for each in caplog.records if each.name.startswith(OURS))
    assert "A sign-in was refused" in ours and not any(word in ours for word in (SECRET, "number-nel", *box.tokens))
    wires = Wires(lambda: read_settings({"OPENDESIGN_OIDC_SECRET": SECRET}, {}), *[None] * 4)
    shown = CliRunner().invoke(config, obj=wires).output
    assert "(set, not shown)" in shown and SECRET not in shown


def test_only_encrypted_addresses_are_asked(site, box):
    for url in ("http://guild.example", "ftp://127.0.0.1", "guild.example", "http://127.0.0.1.example"):
        with pytest.raises(Invalid, match="https") as told:
            Provider(url, CLIENT, SECRET)
        assert SECRET not in str(told.value)
    with pytest.raises(Invalid, match="oidc_client"):
        Provider("https://guild.example", "", SECRET)


def test_without_the_setting_nobody_is_sent_anywhere(open_site):
    browser = open_site().stranger()
    assert "Sign in with" not in browser.get("/enter").text
    assert browser.get("/enter/provider").status_code == browser.get("/enter/provider/answer").status_code == 404
