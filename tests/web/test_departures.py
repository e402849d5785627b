"""Ada leaves for good: bob's fork lives, what she said stays by nobody, and mallory gains nothing by her going."""

import csv
import io
import re

import family
import pytest
from click.testing import CliRunner
from pyotp import TOTP
from sqlalchemy import func, select

from opendesign.actions.change_design import give_role
from opendesign.actions.enter import recognise_token
from opendesign.actions.issue_token import issue_token
from opendesign.actions.send_letter import letter_job
from opendesign.cli.people import person as commands
from opendesign.cli.wires import Wires
from opendesign.core.errors import NotFound
from opendesign.core.secret import hash_secret
from opendesign.records.base import Record, now
from opendesign.records.deed import Deed
from opendesign.records.design import design_by_path
from opendesign.records.letter import Letter
from opendesign.records.person import Person, person_by_name
from opendesign.records.report import Report

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def site(open_site):
    made = open_site()
    made.visitor("oona")
    with made.house.writing() as work:
        person_by_name(work.session, "oona").admin = True
    return made


def leave(browser, name: str, **fields: str):
    browser.get("/settings/leaving")
    return browser.post("/settings/leaving", {"name": name, "password": PASSWORD, **fields})


def who(browser) -> str:
    return browser.get("/").text.partition("Signed in as ")[2].partition("<")[0]


def here(site, name: str) -> Person | None:
    with site.house.reading() as work:
        return work.session.scalar(select(Person).where(Person.name == name))


def everything(site) -> str:
    """All that the records hold, as text."""
    with site.house.reading() as work:
        rows = (work.session.execute(select(table)).all() for table in Record.metadata.sorted_tables)
        return "\n".join(str(row) for table in rows for row in table)


def joins(site, name: str):
    fields = {"name": name, "email": f"{name}-new@example.org", "password": "several odd words at sea"}
    return site.stranger().post("/join", fields)


def test_ada_leaves_and_what_others_have_of_her_stays(site):
    box = site.design("ada", "box", family.FILES)
    fork = family.fork_of(site, box, "bob", "box")
    lamp = site.design("cleo", "lamp", family.FILES)
    site.commit("cleo", lamp, family.wider(30), "wide", start=site.head(lamp))
    proposal = family.proposed(site, lamp, lamp, "wide")
    browser, elsewhere = site.person("ada"), site.person("ada")
    with site.house.writing(site.people["ada"]) as work:
        number, token = work.person.id, issue_token(work, "laptop", ["admin"])[1]
    browser.get(proposal)
    assert browser.post(f"{proposal}/comments", {"body": "A shade would help."}).status_code == 303
    browser.post("/report", {"about": lamp, "kind": "other", "body": "It is too dark."})
    browser.post("/settings", {"full_name": "Ada Unforgettable", "place": "Ockham"})
    site.stranger().post("/account/reset", {"name": "ada"})
    page = browser.get("/settings/leaving").text
    assert "ada/box" in page and "1 fork stays" in page and "somebody who left" in page
    for wrong in ({"name": "Ada"}, {"password": "wrong wrong wrong"}):
        assert leave(browser, **({"name": "ada"} | wrong)).status_code in (403, 422) and who(browser) == "ada"
    answer = leave(browser, "ada")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"cache"')
    assert "Your account is gone" in browser.get("/").text and who(browser) == who(elsewhere) == ""
    assert recognise_token(site.house, token) is None and site.stranger().enter("ada").status_code == 403
    for gone in ("/ada", "/ada/box"):
        assert site.stranger().get(gone).status_code == 404
    assert site.read(fork, "box.py") and site.stranger().get(fork).status_code == 200
    with site.house.reading() as work:
        assert work.session.scalars(select(Report)).one().address == ""
        told = work.session.scalars(select(Deed).where(Deed.person_id == number).order_by(Deed.id)).all()
    assert {each.person for each in told} == {f"person {number}"} and {each.address for each in told} == {""}
    assert {"design.made", "visit.made", "person.changed", "person.ended"} <= {each.verb for each in told}
    page = site.stranger().get(proposal).text
    assert "A shade would help." in page and "somebody who left" in page
    audit = site.person("oona").get("/admin/audit?subject=person").text
    assert f"<td>person {number}</td>" in audit and "left for good" in audit
    kept = everything(site)
    assert not re.search(r"ada@example|Unforgettable|Ockham|'ada'|ada/box", kept), "nothing names her any more"


def test_mallory_gets_nothing_by_her_going(site):
    browser = site.person("dora")
    site.stranger().post("/account/reset", {"name": "dora"})
    number = site.people["dora"].person_id
    jobs = []
    while task := site.house.queue.huey.dequeue():
        jobs += [task.args[1]] if task.args[0] == "letter" else []
    with browser.client.session_transaction() as kept:
        stolen = dict(kept)
    with site.house.writing() as work:
        letter = work.session.scalars(select(Letter).where(Letter.person_id == number)).one()
        letter.secret_hash, letter.written_at = hash_secret("from her mail"), now()
    link = "/account/reset/from her mail"
    assert site.stranger().get(link).status_code == 200 and leave(browser, "dora").status_code == 303
    assert site.stranger().get(link).status_code == 404
    for job in jobs:
        letter_job(site.house, job)  # what was wanted before finds nobody
    mallory = site.stranger()
    with mallory.client.session_transaction() as kept:
        kept.update(stolen)
    assert who(mallory) == ""
    answer = joins(site, "dora")
    assert answer.status_code == 409 and "was somebody else" in answer.text and here(site, "dora") is None
    assert joins(site, "mallory").status_code == 303
    assert here(site, "mallory").id > number, "nor her number"


def test_nobody_erases_a_takedown_by_leaving(site):
    lamp, oona, gwen = site.design("gwen", "lamp"), site.person("oona"), site.person("gwen")
    form = {"design": lamp.strip("/"), "reason": "It is not hers."}
    assert oona.post("/admin/takedowns", form).status_code == 303
    page = gwen.get("/settings/leaving").text
    assert "Write to the operators" in page and 'action="/settings/leaving"' not in page
    answer = leave(gwen, "gwen")
    assert answer.status_code == 409 and "write to the operators to leave nevertheless: gwen/lamp" in answer.text
    assert site.stranger().get(lamp).status_code == 451 and here(site, "gwen")
    assert lamp in oona.get("/admin/people/gwen").text.partition("only the audit log says so")[2]
    assert oona.post("/admin/people/gwen/removal", {"name": "gwen"}).status_code == 303
    assert site.stranger().get(lamp).status_code == 404 and here(site, "gwen") is None


def test_the_second_factor_is_asked_for_and_the_last_operator_stays(site):
    browser = site.person("finn")
    browser.get("/settings/factor")
    page = browser.post("/settings/factor", {"password": PASSWORD}).text
    totp = TOTP(re.search(r'data-copy="([A-Z2-7 ]+)"', page)[1].replace(" ", ""))
    codes = re.findall(r"<code>([a-z2-7-]{29})<", browser.post("/settings/factor/proof", {"code": totp.now()}).text)
    assert leave(browser, "finn").status_code == 403 and leave(browser, "finn", code="123456").status_code == 403
    assert leave(browser, "finn", code=codes[0]).status_code == 303 and here(site, "finn") is None
    oona = site.person("oona")
    answer = leave(oona, "oona")
    assert answer.status_code == 409 and "only operator" in answer.text and here(site, "oona")


def test_what_others_own_too_is_handed_over_first(site):
    jig = site.design("gil", "jig", family.FILES)
    hana, gil = site.person("hana"), site.person("gil")
    gil.get(f"{jig}/settings")
    assert gil.post(f"{jig}/settings/offer", {"person": "hana"}).status_code == 409, "she has no part in it"
    with site.house.writing(site.people["gil"]) as work:
        give_role(work, design_by_path(work.session, "gil", "jig"), person_by_name(work.session, "hana"), "owner")
    assert leave(gil, "gil").status_code == 409 and "gil/jig/settings#handover" in gil.get("/settings/leaving").text
    hana.get(f"{jig}/settings")
    assert hana.post(f"{jig}/settings/takeover").status_code == 409, "nobody has offered it"
    gil.get(f"{jig}/settings")
    assert gil.post(f"{jig}/settings/offer", {"person": "hana"}).status_code == 303
    assert "gil offers it to you" in hana.get(f"{jig}/settings").text
    head = site.head(jig)
    answer = hana.post(f"{jig}/settings/takeover")
    assert answer.location == "/hana/jig/settings" and site.head("/hana/jig") == head
    assert gil.get("/hana/jig/settings").status_code == 200 and gil.get(jig).status_code == 404
    assert leave(gil, "gil").status_code == 303 and site.stranger().get("/hana/jig").status_code == 200


def test_an_operator_removes_somebody_on_the_page_and_on_the_machine(site, monkeypatch):
    monkeypatch.setenv("SUDO_USER", "root")
    oona = site.person("oona")
    site.design("ivo", "spam", family.FILES), site.visitor("jan")
    oona.get("/admin/people/ivo")
    assert oona.post("/admin/people/ivo/removal", {"name": "jan"}).status_code == 422 and here(site, "ivo")
    assert oona.post("/admin/people/ivo/removal", {"name": "ivo"}).location == "/admin/people"
    assert here(site, "ivo") is None
    with pytest.raises(NotFound), site.house.reading() as work:
        design_by_path(work.session, "ivo", "spam")
    wires = Wires(lambda: (site.house.settings, {}), lambda _settings: site.house, *[None] * 3)
    assert CliRunner().invoke(commands, ["remove", "jan"], input="n\n", obj=wires).exit_code and here(site, "jan")
    assert "jan is gone" in CliRunner().invoke(commands, ["remove", "jan", "--yes"], obj=wires).output
    assert here(site, "jan") is None
    asked = ["add", "jan", "jan@example.org", "--password", "several odd words at sea"]
    assert "jan has joined" in CliRunner().invoke(commands, asked, obj=wires).output, "an operator gives the name again"
    row = oona.get("/admin/audit?subject=jan&person=command+line").text.split("<tbody>")[1].split("</tbody>")[0]
    for told in ("<td>command line</td>", "added a person <strong>jan</strong>", ">command line (root)<"):
        assert told in row, row
    (told,) = csv.DictReader(io.StringIO(oona.get("/admin/audit.csv?subject=jan&person=command+line").text))
    assert (told["verb"], told["address"]) == ("person.made", "command line (root)")
    with site.house.reading() as work:
        by = select(Deed.person).where(Deed.verb == "person.ended").order_by(Deed.id.desc())
        assert work.session.scalars(by).all()[:2] == ["command line", "oona"]
        assert work.session.scalar(select(func.count(Person.id)).where(Person.name == "jan")) == 1
