"""Letters with links: a forgotten password, and the sign that an address is one's own."""

import re
from datetime import timedelta

import pytest
from postbox import LINK, open_postbox
from sqlalchemy import select, update

from opendesign.actions.enter import recognise_token
from opendesign.actions.heal import heal
from opendesign.actions.house import Visitor
from opendesign.actions.issue_token import issue_token
from opendesign.core.language import NAMES, TAGS
from opendesign.mail.post import Unsent
from opendesign.records.address import addresses_of
from opendesign.records.base import now
from opendesign.records.letter import Letter
from opendesign.records.person import person_by_name
from opendesign.worker.jobs import performer

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
NEW = "a quite new password"
ELSEWHERE = "http://evil.example"
GONE = "has been used, is older than an hour"


@pytest.fixture(scope="module")
def box():
    with open_postbox() as made:
        yield made


@pytest.fixture
def site(open_site, box):
    """A site of the test's own that writes letters."""
    box.letters.clear()
    box.refusing = 0
    return open_site(mail_url=box.url, public_url="http://design.example", verify_mail=True)


def work_off(site) -> int:
    """Does all letters in the queue, as the worker does; returns how many jobs there were."""
    done = 0
    while task := site.house.queue.huey.dequeue():
        if task.args[0] == "letter":
            performer(site.house)(*task.args)
            done += 1
    return done


def ask(site, login: str):
    """Somebody asks for a link, as if the service were called otherwise."""
    browser = site.stranger()
    assert 'href="/account/reset"' in browser.get("/enter", base_url=ELSEWHERE).text
    return browser.post("/account/reset", {"name": login}, base_url=ELSEWHERE)


def letters(site) -> list[Letter]:
    with site.house.reading() as work:
        return list(work.session.scalars(select(Letter).order_by(Letter.id)))


def join(site, name: str):
    """Somebody joins through the page."""
    browser = site.stranger()
    fields = {"name": name, "email": f"{name}@example.org", "password": "a long enough one"}
    assert browser.post("/join", fields).status_code == 303
    browser.token = ""
    return browser


def test_a_forgotten_password_is_replaced_through_a_letter(site, box):
    inside, outside = site.person("ada"), site.stranger()
    with site.house.writing(site.visitor("ada")) as work:
        token = issue_token(work, "laptop", ["read"])[1]
    assert ask(site, "ada@example.org").status_code == 200
    assert not box.letters, "nothing is sent while somebody waits for the page"
    assert work_off(site) == 1
    assert box.letters[-1]["X-To"] == "ada@example.org"
    assert box.link().startswith("http://design.example/account/reset/"), "whatever the request's Host says"
    secret = box.path().rpartition("/")[2]
    assert secret not in repr([vars(each) for each in letters(site)])
    page = outside.get(box.path())
    assert page.headers["Cache-Control"] == "no-store" and outside.get(box.path()).status_code == 200, (
        "looking uses nothing"
    )
    assert "12 to 128 characters" in outside.post(box.path(), {"new": "short"}).text
    assert outside.post(box.path(), {"new": NEW}).location == "/enter"
    again = site.stranger()
    assert again.post(box.path(), {"new": "mallory was here"}).status_code == 404 and GONE in again.get(box.path()).text
    assert "Signed in" not in inside.get("/").text
    assert site.stranger().enter("ada").status_code == 403 and site.stranger().enter("ada", NEW).status_code == 303
    assert recognise_token(site.house, token) is not None


def test_the_answer_is_the_same_for_somebody_and_nobody_and_many_are_braked(site, box):
    site.visitor("bea")
    known, unknown = ask(site, "bea"), ask(site, "nobody-at-all")
    told = [re.sub(r'value="[^"]+"', "", answer.text.partition("<main")[2]) for answer in (known, unknown)]
    assert told[0] == told[1] and "is on its way" in told[0] and known.status_code == unknown.status_code == 200
    assert work_off(site) == 2 and len(box.letters) == 1
    for login in ("bea", "nobody-at-all"):
        assert [ask(site, login).status_code for _ in range(3)] == [200, 200, 429]
    assert [ask(site, "bea@example.org").status_code for _ in range(3)] == [200] * 3
    work_off(site)
    assert len(box.letters) == 3, "an hour's letters to one person, by whatever name"
    answers = [ask(site, f"nobody-{number}").status_code for number in range(10)]
    assert answers[0] == 200 and answers[-1] == 429, "one address asks for many"
    assert ask(site, " ").status_code == 422


def test_a_link_ends_with_its_hour_and_with_another_password(site, box):
    site.visitor("cai")
    ask(site, "cai"), work_off(site)
    with site.house.writing() as work:
        work.session.execute(update(Letter).values(written_at=now() - timedelta(minutes=61)))
    assert site.stranger().get(box.path()).status_code == 404
    ask(site, "cai"), work_off(site)
    assert site.stranger().get(box.path()).status_code == 200
    site.person("cai").post("/settings/password", {"old": "correct horse battery", "new": NEW})
    assert site.stranger().get(box.path()).status_code == 404
    assert site.stranger().get(box.path().replace("reset", "address")).status_code == 404


def test_a_letter_that_is_not_taken_is_tried_again(site, box, caplog):
    site.visitor("dea")
    ask(site, "dea")
    box.refusing = 1
    with pytest.raises(Unsent):
        work_off(site)
    assert "451" in caplog.text and "dea@" not in caplog.text.replace("mail.log", "")
    heal(site.house)
    assert work_off(site) == 1 and len(box.letters) == 1
    heal(site.house)
    assert work_off(site) == 0, "once sent, never again"
    assert site.stranger().get(box.path()).status_code == 200


def test_whoever_joins_confirms_their_address_before_they_make_anything(site, box):
    site.design("owner", "lamp")
    browser = join(site, "eli")
    refused = browser.post("/new", {"title": "Lamp", "name": "lamp", "licence": "CERN-OHL-P-2.0"})
    assert refused.status_code == 403 and "Confirm your e-mail address first" in refused.text
    assert browser.post("/owner/lamp/forks").status_code == 403
    assert "eli@example.org is not confirmed" in browser.get("/settings").text
    credentials = {"auth": ("eli", "a long enough one")}
    assert browser.client.get("/eli/box.git/info/refs?service=git-receive-pack", **credentials).status_code == 403
    assert work_off(site) == 1
    page = browser.get(box.path())
    assert "eli@example.org belongs to eli" in page.text and "is not confirmed" in browser.get("/settings").text
    assert browser.post(box.path()).location == "/settings"
    assert "Your e-mail address is confirmed." in browser.get("/settings").text
    assert browser.post(box.path()).status_code == 404
    assert browser.post("/owner/lamp/forks").status_code == 303


def test_the_letter_is_sent_again_but_not_for_ever(site, box):
    browser = join(site, "fay")
    for words in ("on its way", "on its way", "wait an hour"):
        browser.post("/settings/address")
        assert words in browser.get("/settings").text
    assert work_off(site) == 3 and len(box.letters) == 3
    with site.house.writing() as work:
        person_by_name(work.session, "fay").email = "other@example.org"
    assert site.stranger().get(box.path()).status_code == 404, "a link proves the address it was sent to"


def move(browser, email: str, password: str = "correct horse battery") -> str:
    """Somebody asks for another address in the settings; returns what they are told."""
    browser.get("/settings")
    assert browser.post("/settings/address/moves", {"email": email, "password": password}).location == "/settings"
    return browser.get("/settings").text


def test_a_new_address_stands_once_its_letter_is_answered_and_the_old_one_hears_of_it(site, box):
    browser = site.person("ira")
    assert "do not belong together" in move(browser, "new@example.org", "wrong password")
    assert "is your address already" in move(browser, "ira@example.org")
    assert "must be an address" in move(browser, "nonsense") and not letters(site)
    assert "on its way to the new address" in move(browser, "new@example.org")
    assert work_off(site) == 2
    new, old = box.letters
    assert (new["X-To"], old["X-To"]) == ("new@example.org", "ira@example.org")
    assert "new@example.org" not in old.get_content() and "choose another password at once" in old.get_content()
    path = "/account/address/" + new.get_content().partition("/account/address/")[2].split()[0]
    assert ">ira@example.org " in browser.get("/settings").text.replace("\n", "")
    stranger = site.stranger()
    assert "new@example.org belongs to ira" in stranger.get(path).text and stranger.post(path).status_code == 303
    assert "new@example.org" in browser.get("/settings").text and stranger.post(path).status_code == 404
    assert site.stranger().enter("new@example.org").status_code == 303
    with site.house.reading() as work:
        ira = person_by_name(work.session, "ira")
        assert addresses_of(work.session, ira) == {"ira@example.org", "new@example.org"}, "commits have either"


def test_a_new_address_is_stopped_by_a_new_password_and_never_taken_from_somebody(site, box):
    browser, other = site.person("jon"), site.visitor("kai")
    assert "on its way" in move(browser, "kai@example.org"), "whether somebody has it is not said"
    work_off(site)
    path = "/account/address/" + box.letters[0].get_content().partition("/account/address/")[2].split()[0]
    taken = site.stranger().post(path)
    assert taken.status_code == 409 and person_by(site, "kai") == other.person_id
    browser.post("/settings/password", {"old": "correct horse battery", "new": NEW})
    assert site.stranger().get(path).status_code == 404


def test_the_api_does_what_the_pages_do(site, box):
    client, post = site.app.test_client(), {"base_url": ELSEWHERE}
    fields = {"name": "lea", "email": "lea@example.org", "password": "a long enough one"}
    assert client.post("/api/v1/people", json=fields, headers={"Accept-Language": "pt-BR"}).status_code == 201
    work_off(site)
    assert "Este endereço é seu?" in box.letters[-1]["Subject"]
    secret, own = box.path().rpartition("/")[2], {"auth": ("lea", "a long enough one")}
    assert client.post("/api/v1/address-proofs", **own).status_code == 204
    assert client.post("/api/v1/address-proofs/uses", json={"secret": secret}).status_code == 204
    assert client.post("/api/v1/address-proofs", **own).status_code == 409
    assert client.post("/api/v1/address-proofs/uses", json={"secret": secret}).status_code == 404
    known, unknown = (client.post("/api/v1/password-resets", json={"name": name}, **post) for name in ("lea", "nobody"))
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data) == (204, b"")
    again = [client.post("/api/v1/password-resets", json={"name": "nobody"}).status_code for _ in range(3)]
    assert again == [204, 204, 429]
    box.letters.clear()
    work_off(site)
    secret = box.path().rpartition("/")[2]
    assert client.post("/api/v1/password-resets/uses", json={"secret": secret, "password": "short"}).status_code == 422
    assert client.post("/api/v1/password-resets/uses", json={"secret": secret, "password": NEW}).status_code == 204
    assert client.post("/api/v1/password-resets/uses", json={"secret": secret, "password": NEW}).status_code == 404
    wish = {"email": "lea@example.com", "password": "a long enough one"}
    assert client.post("/api/v1/address-moves", json=wish, auth=("lea", NEW)).status_code == 403
    assert client.post("/api/v1/address-moves", json=wish | {"password": NEW}, auth=("lea", NEW)).status_code == 204
    assert client.post("/api/v1/address-moves", json=wish).status_code == 401


def test_letters_are_in_the_language_that_somebody_read_pages_in_last(site, box):
    browser = site.person("mia")
    for language, words in (("fr", "Choisissez un nouveau mot de passe"), ("pt_BR", "Escolha uma nova senha")):
        browser.post("/language", {"language": language})
        ask(site, "mia"), work_off(site)
        assert words in box.letters[-1]["Subject"]
        assert LINK.search(box.letters[-1].get_content())
    assert site.stranger().client.get("/", headers={"Accept-Language": "fr"}).status_code == 200
    site.stranger().enter("mia")
    ask(site, "mia@example.org"), work_off(site)
    assert "Choose a new password" in box.letters[-1]["Subject"]
    assert set(TAGS.values()) == set(NAMES)


def test_nothing_asks_for_it_where_the_setting_is_off(open_site):
    site = open_site()
    browser = join(site, "gus")
    assert "gus@example.org is not confirmed" in browser.get("/settings").text
    site.people["gus"] = Visitor(person_by(site, "gus"))
    site.design("gus", "lamp")


def person_by(site, name: str) -> int:
    with site.house.reading() as work:
        return person_by_name(work.session, name).id
