"""Notices by mail: at once or once a day, for whoever wants them, and ended by one click without entering."""

from datetime import timedelta

import family
import pytest
from markupsafe import escape
from postbox import open_postbox
from sqlalchemy import select, update

from opendesign.actions.heal import heal
from opendesign.mail.post import Unsent
from opendesign.records.base import now
from opendesign.records.notice import Notice
from opendesign.records.person import Person, person_by_name
from opendesign.worker.jobs import performer

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
NOTES = "one\ntwo\nthree\n"


@pytest.fixture(scope="module")
def box():
    with open_postbox() as made:
        yield made


@pytest.fixture(scope="module")
def site(open_site, box):
    return open_site(mail_url=box.url, mail_from="post@design.example", public_url="http://design.example")


@pytest.fixture
def case(site, box, request):
    """Ada has a design, bob a fork of it with a commit; cleo looks on. Nothing is in the queue or the postbox."""
    name = request.node.name.partition("_")[2][:40].replace("_", "-")
    own = site.design("ada", name, {"notes.md": NOTES})
    fork = family.fork_of(site, own, "bob")
    site.commit("bob", fork, {"notes.md": NOTES.replace("two", "TWO")}, message="Louder")
    for person in ("ada", "bob", "cleo"):
        choose(site, person, "never")
    work_off(site)
    box.letters.clear()
    return own, fork


def choose(site, name: str, choice: str) -> None:
    """Somebody says in the settings how often they want letters."""
    assert site.person(name).post("/settings/letters", {"letters": choice}).status_code == 303


def work_off(site) -> int:
    """Does the letters in the queue, as the worker does, and leaves the rest; returns how many jobs there were."""
    done = 0
    while task := site.house.queue.huey.dequeue():
        if task.args[0] in ("notice", "digest"):
            performer(site.house)(*task.args)
            done += 1
    return done


def to(box, name: str) -> list:
    return [each for each in box.letters if each["X-To"] == f"{name}@example.org"]


def post(site, name: str, address: str, **fields: str) -> None:
    assert site.person(name).post(address, fields).status_code == 303


def age(site, by: timedelta) -> None:
    """Makes all notices older."""
    with site.house.writing() as work:
        for row in work.session.scalars(select(Notice)):
            row.at -= by
        for reader in work.session.scalars(select(Person).where(Person.letters_at.is_not(None))):
            reader.letters_at -= by


def test_programs_say_how_often_letters_come_as_the_page_does(site):
    site.person("ada").post("/settings/letters", {"letters": "once"})
    client, own = site.app.test_client(), {"auth": ("ada", "correct horse battery")}
    address = "/api/v1/notices/letters"
    assert client.get(address, **own).json == {"often": "once", "confirmed": True}
    assert client.put(address, json={"often": "daily"}, **own).json == {"often": "daily", "confirmed": True}
    assert client.put(address, json={"often": "hourly"}, **own).status_code == 422
    assert client.get(address, **own).json["often"] == "daily"
    assert client.put(address, json={"often": "never"}).status_code == 401


def test_a_discussion_reaches_who_takes_part_at_once_in_one_thread(site, box, case):
    own, fork = case
    choose(site, "ada", "once"), choose(site, "bob", "once")
    ada = site.person("ada")
    ada.post("/language", {"language": "fr"})
    place = family.proposed(site, fork, own)
    post(site, "bob", f"{place}/comments", body="Is it <loud> enough?")
    assert ada.post(f"{place}/comments", {"body": "Louder still."}).status_code == 303
    post(site, "cleo", f"{place}/comments", body="I can **hear** `it`.")
    work_off(site)
    assert [each["X-To"].partition("@")[0] for each in box.letters] == ["ada", "ada", "bob", "ada", "bob"]
    first, second, third = to(box, "ada")
    assert f"{own}/proposals/1" in first.get_body(("plain",)).get_content()
    assert first["Message-ID"].endswith("@design.example>") and not first["References"]
    assert {each["References"] for each in (second, third)} == {first["Message-ID"]} == {second["In-Reply-To"]}
    assert len({each["Message-ID"] for each in (first, second, third)}) == 3
    text = second.get_body(("plain",)).get_content()
    assert "> Is it <loud> enough?" in text and "parce que vous l’avez choisi" in text
    assert "&lt;loud&gt;" in second.get_body(("html",)).get_content()
    assert to(box, "bob")[0]["References"] == first["Message-ID"]
    told = site.person("ada").get("/notices").text
    assert "I can hear it." in told, "words without Markdown"
    assert "Is it &lt;loud&gt; enough?" in told and f'href="{own}/proposals/1"' in told
    assert not to(box, "cleo"), "who wants none gets none"


def test_one_click_ends_them_without_entering(site, box, case):
    own, fork = case
    choose(site, "ada", "once")
    place = family.proposed(site, fork, own)
    work_off(site)
    (letter,) = to(box, "ada")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = letter["List-Unsubscribe"].strip("<>")
    assert link.startswith("http://design.example/account/notices/") and link in str(letter.get_body(("plain",)))
    path, stranger = link.removeprefix("http://design.example"), site.stranger()
    page = stranger.get(path)
    assert "Shall ada get no more" in page.text and page.headers["Cache-Control"] == "no-store"
    wrong = path[:-1] + ("A" if path[-1] != "A" else "B")
    other = path.replace("/notices/", "/notices/9")
    assert [stranger.client.post(each).status_code for each in (wrong, other, f"{path}x", "/account/notices/é")] == [
        404
    ] * 4
    post(site, "bob", f"{place}/comments", body="One more.")
    assert work_off(site) == 1 and len(to(box, "ada")) == 2, "to look at it ends nothing"
    click = site.app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
    assert click.status_code == 200 and "gets no more of them" in click.text
    post(site, "bob", f"{place}/comments", body="And another.")
    assert work_off(site) == 0 and site.app.test_client().post(path).status_code == 200
    with site.house.writing() as work:
        person_by_name(work.session, "ada").email = "ada.new@example.org"
    assert stranger.get(path).status_code == 404, "the link is for the address it was sent to"
    with site.house.writing() as work:
        person_by_name(work.session, "ada").email = "ada@example.org"


def test_a_days_notices_come_in_one_letter_but_for_what_was_read(site, box, case):
    own, fork = case
    age(site, timedelta(days=9))
    place = family.proposed(site, fork, own)
    choose(site, "ada", "daily")
    for words in ("First.", "Second."):
        post(site, "bob", f"{place}/comments", body=words)
    heal(site.house)
    assert work_off(site) == 0, "the day is not over"
    age(site, timedelta(days=1))
    heal(site.house), heal(site.house)
    work_off(site)
    (letter,) = to(box, "ada")
    text = letter.get_content()
    assert text.count("says something about “Louder”") == 2 and "proposes" not in text, "it was told before she chose"
    assert letter["List-Unsubscribe"] and not letter["References"]
    post(site, "bob", f"{place}/comments", body="Third.")
    age(site, timedelta(days=1))
    post(site, "ada", "/notices/readings")
    heal(site.house)
    assert work_off(site) == 0 and len(box.letters) == 1


def test_nothing_goes_to_an_address_nobody_confirmed_nor_about_what_one_may_not_see(site, box, case):
    own, fork = case
    choose(site, "ada", "once"), choose(site, "cleo", "once")
    place = family.proposed(site, fork, own)
    post(site, "cleo", f"{place}/comments", body="Mine.")
    work_off(site), box.letters.clear()
    with site.house.writing() as work:
        person_by_name(work.session, "ada").proven_at = None
    post(site, "bob", f"{place}/comments", body="Hm.")
    assert site.person("ada").post(f"{own}/settings/visibility", {"visibility": "private"}).status_code == 303
    heal(site.house)
    work_off(site)
    assert not box.letters and "Hm." not in site.person("cleo").get("/notices").text
    with site.house.writing() as work:
        person_by_name(work.session, "ada").proven_at = now()


def test_a_letter_that_was_not_taken_is_tried_again_and_a_flood_waits_for_the_day(site, box, case, caplog):
    own, fork = case
    choose(site, "ada", "once")
    box.refusing = 1
    place = family.proposed(site, fork, own)
    with pytest.raises(Unsent):
        work_off(site)
    assert "451" in caplog.text and not box.letters
    heal(site.house)
    assert work_off(site) == 1 and len(to(box, "ada")) == 1
    with site.house.writing() as work:
        seen = [Notice(**facts(work, own)) for _ in range(20)]
        work.session.add_all(seen)
    post(site, "bob", f"{place}/comments", body="Again.")
    assert work_off(site) == 1 and len(to(box, "ada")) == 1
    with site.house.writing() as work:
        work.session.execute(
            update(Notice).where(Notice.mailed_at.is_not(None)).values(mailed_at=now() - timedelta(days=1))
        )
    age(site, timedelta(days=1))
    heal(site.house)
    work_off(site)
    assert "says something" in to(box, "ada")[-1].get_content()


def test_a_letter_about_much_is_one_letter(site, box, case):
    own, fork = case
    choose(site, "ada", "once")
    place = family.proposed(site, fork, own)
    work_off(site), box.letters.clear()
    with site.house.writing() as work:
        together = now()
        work.session.add_all(Notice(**facts(work, own) | {"mailed_at": together}) for _ in range(30))
    post(site, "bob", f"{place}/comments", body="Again.")
    assert work_off(site) == 1 and len(to(box, "ada")) == 1, "thirty notices came in one letter"


def test_what_was_told_before_letters_were_chosen_is_not_sent_and_nothing_says_it_was(site, box, case):
    own, fork = case
    place = family.proposed(site, fork, own)
    choose(site, "ada", "once")
    heal(site.house)
    assert work_off(site) == 0
    with site.house.reading() as work:
        mine = Notice.person_id == person_by_name(work.session, "ada").id
        told = work.session.scalars(select(Notice).where(mine).order_by(Notice.id.desc())).first()
        assert told is not None and told.mailed_at is None
    post(site, "bob", f"{place}/comments", body="Now you hear me.")
    assert work_off(site) == 1 and len(to(box, "ada")) == 1


def test_the_page_says_what_the_letter_says_and_both_lead_there(site, box, case):
    own, _fork = case
    choose(site, "ada", "once")
    with site.house.writing() as work:
        told = facts(work, own) | {"mailed_at": None, "commits": 3, "subject": "A <stop>"}
        work.session.add(row := Notice(**told))
        work.session.flush()
        work.soon("notice", row.id)
    assert work_off(site) == 1
    sentence, link = to(box, "ada")[0].get_content().splitlines()[:2]
    assert "A <stop>" in sentence and "commits: 3" in sentence
    page = site.person("ada").get("/notices").text
    assert str(escape(sentence)) in page and f'href="{link.removeprefix("http://design.example")}"' in page


def facts(work, own: str) -> dict:
    """What twenty letters within an hour leave behind."""
    ada = person_by_name(work.session, "ada").id
    last = work.session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    designs = {"source_id": last.source_id, "target_id": last.target_id}
    return {"person_id": ada, "sha": "0" * 40, "subject": "x", "commits": 1, "mailed_at": now(), **designs}


def test_new_commits_and_a_draft_that_is_ready_are_told_to_whoever_takes_part(site, box, case):
    own, fork = case
    choose(site, "ada", "once")
    place = family.proposed(site, fork, own)
    post(site, "bob", f"{place}/draft")
    site.commit("bob", fork, {"notes.md": NOTES.replace("two", "TWO!")}, message="Louder still")
    post(site, "bob", f"{place}/readiness")
    work_off(site)
    words = [each.get_body(("plain",)).get_content() for each in to(box, "ada")]
    told = ("proposes “", "has new commits in “", "calls “")
    assert len(words) == 3 and all(word in text for word, text in zip(told, words, strict=True)), words
    assert not to(box, "bob"), "nobody is told of what they did"
