"""Second factors: ada sets one up, and mallory, who knows her password, gets no further with it (ASVS 2.8, 4.3.1)."""

import base64
import logging
import re
import time

import pytest
from click.testing import CliRunner
from pyotp import TOTP
from sqlalchemy import select, update

from opendesign.actions.issue_token import issue_token
from opendesign.actions.seal import unseal
from opendesign.cli.people import person as commands
from opendesign.cli.wires import Wires
from opendesign.core.letter import BARE, FACTOR, GUESSED, RECOVERED
from opendesign.records.deed import Deed
from opendesign.records.factor import Factor, RecoveryCode
from opendesign.records.letter import Letter
from opendesign.records.person import Person, Visit, person_by_name
from opendesign.records.personal import rows_of

PASSWORD = "correct horse battery"
KEY = re.compile(r'data-copy="([A-Z2-7 ]+)"')
CODE = re.compile(r"<li><code>([a-z2-7-]{29})</code>")
SLOW = 30


@pytest.fixture(scope="module")
def site(open_site):
    return open_site(operator_factor=True)


def set_up(site, name: str):
    """Somebody sets up a second factor; returns their browser, what makes the codes, and the recovery codes."""
    browser = site.person(name)
    browser.get("/settings/factor")
    page = browser.post("/settings/factor", {"password": PASSWORD}).text
    totp = TOTP(KEY.search(page)[1].replace(" ", ""))
    page = browser.post("/settings/factor/proof", {"code": totp.now()}).text
    codes = CODE.findall(page)
    assert len(set(codes)) == 10, page
    browser.token = ""
    return browser, totp, codes


def rested(site, name: str) -> None:
    """Half a minute goes by: the code of now is one that was not used."""
    with site.house.writing() as work:
        mine = Factor.person_id == person_by_name(work.session, name).id
        work.session.execute(update(Factor).where(mine).values(step=int(time.time()) // SLOW - 2))


def half_in(site, name: str):
    """Somebody who has shown the password alone."""
    browser = site.stranger()
    answer = browser.enter(name)
    assert (answer.status_code, answer.location) == (303, "/enter/code")
    browser.get("/enter/code")
    return browser


def who(browser) -> str:
    return browser.get("/").text.partition("Signed in as ")[2].partition("<")[0]


def told(site, name: str) -> list[str]:
    """The kinds of letters somebody was sent."""
    with site.house.reading() as work:
        mine = select(Letter.kind).join(Person).where(Person.name == name)
        return list(work.session.scalars(mine.order_by(Letter.id)))


def done(site, name: str) -> list[tuple[str, str]]:
    """What was done about somebody's factor, and by whom."""
    with site.house.reading() as work:
        found = work.session.scalars(select(Deed).where(Deed.subject == name).order_by(Deed.id))
        return [(each.verb, each.person) for each in found if each.verb.startswith(("factor", "recovery"))]


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def test_who_has_a_second_factor_enters_with_a_code_and_once_with_a_recovery_code(site, caplog):
    caplog.set_level(logging.DEBUG)
    _, totp, codes = set_up(site, "ada")
    rested(site, "ada")
    browser = site.stranger()
    assert browser.enter("ada", next="/notices").location == "/enter/code"
    assert 'autocomplete="one-time-code"' in browser.get("/enter/code").text
    answer = browser.post("/enter/code", {"code": f"{totp.now()[:3]} {totp.now()[3:]}"})
    assert (answer.status_code, answer.location, who(browser)) == (303, "/notices", "ada")
    browser = half_in(site, "ada")
    browser.post("/enter/code", {"code": codes[3].upper().replace("-", " ")})
    assert who(browser) == "ada" and "9 recovery codes are left" in browser.get("/settings/factor").text
    browser = half_in(site, "ada")
    assert browser.post("/enter/code", {"code": codes[3]}).status_code == 403 and who(browser) == ""
    assert told(site, "ada") == [FACTOR, RECOVERED]
    assert caplog.records and not any(word in caplog.text for word in (totp.secret, codes[3]))
    assert done(site, "ada") == [("factor.made", "ada"), ("recovery.ended", "ada")]


def test_setting_it_up_asks_for_the_password_and_a_code_and_sends_other_browsers_out(site):
    browser, other = site.person("bob"), site.person("bob")
    browser.get("/settings/factor")
    assert browser.post("/settings/factor", {"password": "wrong wrong wrong"}).status_code == 403
    page = browser.post("/settings/factor", {"password": PASSWORD}).text
    secret = KEY.search(page)[1].replace(" ", "")
    assert f"secret={secret}" in page and 'role="img"' in page and len(secret) == 32
    with site.house.reading() as work:
        assert not work.session.get(Factor, site.people["bob"].person_id), "nothing is kept before the first code"
    assert browser.post("/settings/factor/proof", {"code": "000000"}).status_code == 403
    assert CODE.search(browser.post("/settings/factor/proof", {"code": TOTP(secret).now()}).text)
    assert who(browser) == "bob" and who(other) == ""
    page = browser.get("/settings/factor").text
    assert secret not in page and not CODE.search(page), "neither is shown again"
    assert browser.post("/settings/factor", {"password": PASSWORD}).status_code == 409
    with site.house.reading() as work:
        person = person_by_name(work.session, "bob")
        kept = work.session.get(Factor, person.id)
        assert secret not in kept.sealed and unseal(site.house, kept.sealed) == secret
        taken = rows_of(work.session, person)
        assert "sealed" not in taken["factor"][0] and "secret_hash" not in taken["recovery_code"][0]


def test_what_is_sensitive_asks_for_the_password_again(site):
    browser, totp, codes = set_up(site, "cleo")
    browser.get("/settings/factor")
    for path in ("codes", "removal"):
        assert browser.post(f"/settings/factor/{path}", {"password": "wrong wrong wrong"}).status_code == 403
        assert browser.post(f"/settings/factor/{path}", {"code": totp.now()}).status_code == 403
    new = CODE.findall(browser.post("/settings/factor/codes", {"password": PASSWORD}).text)
    assert len(new) == 10 and not set(new) & set(codes)
    with site.house.reading() as work:
        mine = RecoveryCode.person_id == site.people["cleo"].person_id
        assert len(work.session.scalars(select(RecoveryCode).where(mine)).all()) == 10
    assert browser.post("/settings/factor/removal", {"password": PASSWORD}).status_code == 303
    assert site.stranger().enter("cleo").location == "/"
    assert told(site, "cleo") == [FACTOR, BARE]
    assert [verb for verb, _ in done(site, "cleo")] == ["factor.made", "factor.changed", "factor.ended"]


def test_a_code_counts_once_and_for_a_step_of_two_clocks(site):
    _, totp, _ = set_up(site, "dora")
    now = int(time.time())
    thief = half_in(site, "dora")
    assert thief.post("/enter/code", {"code": totp.at(now)}).status_code == 403, "it was shown when it was set up"
    rested(site, "dora")
    assert thief.post("/enter/code", {"code": totp.at(now + 5 * SLOW)}).status_code == 403
    assert thief.post("/enter/code", {"code": totp.at(now - 5 * SLOW)}).status_code == 403
    assert half_in(site, "dora").post("/enter/code", {"code": totp.at(now + SLOW)}).status_code == 303
    assert thief.post("/enter/code", {"code": totp.at(now + SLOW)}).status_code == 403, "seen over her shoulder"
    assert thief.post("/enter/code", {"code": totp.at(now)}).status_code == 403, "nor one from before it"
    assert who(thief) == ""


def test_a_password_alone_opens_nothing_wherever_mallory_goes_with_it(site):
    design = site.design("edda", "vault", visibility="private")
    set_up(site, "edda")
    mallory = half_in(site, "edda")
    for path in ("/settings", "/settings/factor", "/settings/tokens", "/settings/record.json", "/new", design):
        answer = mallory.get(path)
        assert answer.status_code == 404 or "/enter" in answer.location, path
    for path in ("/settings/factor/removal", "/settings/factor/codes", "/settings/tokens", "/settings/password"):
        answer = mallory.post(path, {"password": PASSWORD, "scopes": "admin", "label": "x"})
        assert answer.status_code == 302 and "/enter" in answer.location, path
    mallory.get("/enter/code")
    asked = mallory.client.get("/settings/tokens", headers={"HX-Request": "true"})
    assert asked.status_code == 302 and "/enter" in asked.location
    assert mallory.client.get("/api/v1/tokens").status_code == 401, "the API looks at no cookie"
    with mallory.client.session_transaction() as kept:
        half = dict(kept["half"])
    assert mallory.client.post("/enter/code", data={"code": "123456"}).status_code == 400, "the form has its sign"
    planted = site.stranger()
    with planted.client.session_transaction() as kept:
        kept["half"] = half | {"at": half["at"] - 601}
    planted.get("/enter/code")
    answer = planted.post("/enter/code", {"code": "123456"})
    assert answer.status_code == 409 and "Begin again" in answer.text, "a first proof is good for ten minutes"
    with site.house.reading() as work:
        mine = select(Visit).where(Visit.person_id == site.people["edda"].person_id)
        assert len(work.session.scalars(mine).all()) == 1, "hers"


def test_a_new_password_ends_what_was_half_done(site):
    browser, totp, _ = set_up(site, "finn")
    mallory = half_in(site, "finn")
    browser.get("/settings")
    fields = {"old": PASSWORD, "new": "several odd words at sea"}
    assert browser.post("/settings/password", fields).status_code == 303 and who(browser) == "finn"
    rested(site, "finn")
    assert mallory.post("/enter/code", {"code": totp.now()}).status_code == 409 and who(mallory) == ""


def test_guessing_codes_is_slowed_down_and_told_to_who_has_the_password(open_site):
    site = open_site(enter_attempts=3)
    _, totp, codes = set_up(site, "gil")
    rested(site, "gil")
    mallory = half_in(site, "gil")
    guesses = [mallory.post("/enter/code", {"code": f"{number:06}"}).status_code for number in range(4)]
    assert guesses == [403, 403, 403, 429]
    again = half_in(site, "gil")
    for code in (totp.now(), codes[0]):
        assert again.post("/enter/code", {"code": code}).status_code == 429, "right or wrong, from whichever browser"
    assert told(site, "gil") == [FACTOR, GUESSED]
    with site.house.reading() as work:
        failed = work.session.scalars(select(Deed).where(Deed.verb == "attempt.made")).all()
        assert [each.subject for each in failed] == ["gil"] * 3 and not any(
            "0000" in str(each.detail) for each in failed
        )


def test_neither_git_nor_the_api_takes_the_password_of_who_has_a_factor(site):
    site.design("hugo", "box", visibility="private")
    git, api = "/hugo/box.git/info/refs?service=git-upload-pack", "/api/v1/tokens"
    client, files = site.stranger().client, {"operation": "download", "objects": []}
    assert client.get(git, headers=basic("hugo", PASSWORD)).status_code == 200
    set_up(site, "hugo")
    answer = client.get(git, headers=basic("hugo", PASSWORD))
    assert answer.status_code == 403 and "Make a token" in answer.text and "second factor" in answer.text
    answer = client.post(api, json={"scopes": ["read"]}, headers=basic("hugo", PASSWORD))
    assert answer.status_code == 401 and "Make a token" in answer.json["detail"]
    answer = client.post("/hugo/box.git/info/lfs/objects/batch", json=files, headers=basic("hugo", PASSWORD))
    assert answer.status_code == 403 and "Make a token" in answer.text
    with site.house.writing(site.people["hugo"]) as work:
        token = issue_token(work, "laptop", ["admin"])[1]
    assert client.get(git, headers=basic("hugo", token)).status_code == 200
    assert client.get(api, headers=basic("hugo", token)).status_code == 200
    assert client.get(git, headers=basic("hugo", "wrong wrong wrong")).status_code == 401


def test_operators_need_one_before_they_run_the_service(site):
    browser = site.person("ines")
    site.design("ivan", "secret", visibility="private")
    with site.house.writing() as work:
        person_by_name(work.session, "ines").admin = True
    with site.house.writing(site.people["ines"]) as work:
        token = {"Authorization": f"Bearer {issue_token(work, 'ops', ['admin'])[1]}"}
    answer = browser.get("/admin")
    assert answer.status_code == 403 and 'href="/settings/factor"' in answer.text
    assert browser.post("/admin/people/ivan/role", {"role": "operator"}).status_code == 403
    answer = browser.client.get("/api/v1/admin/people", headers=token)
    assert answer.status_code == 403 and "second factor" in answer.json["detail"]
    assert browser.get("/ivan/secret").status_code == 404, "until then nobody special"
    assert site.person("ivan").get("/admin").status_code == 404
    assert "Operators need a second factor" in browser.get("/settings/factor").text
    browser, *_ = set_up(site, "ines")
    assert browser.get("/admin").status_code == browser.get("/ivan/secret").status_code == 200
    assert browser.client.get("/api/v1/admin/people", headers=token).status_code == 200


def test_an_operator_takes_a_lost_factor_off_on_the_machine(site):
    set_up(site, "jara")
    wires = Wires(lambda: (site.house.settings, {}), lambda _settings: site.house, *[None] * 3)
    shown = CliRunner().invoke(commands, ["factor", "jara"], obj=wires)
    assert shown.output == "jara has a second factor.\n", shown.output
    taken = CliRunner().invoke(commands, ["factor", "jara", "--remove"], obj=wires)
    assert "by password alone" in taken.output
    assert "no second factor" in CliRunner().invoke(commands, ["factor", "jara", "--remove"], obj=wires).output
    assert site.stranger().enter("jara").location == "/" and told(site, "jara")[-1] == BARE
    assert done(site, "jara") == [("factor.made", "jara"), ("factor.ended", "command line")], "it was not she"
