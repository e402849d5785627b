"""The page on which a design takes a relative's commits, and what their team reads; no engine runs here."""

import re

import family
import pytest

from opendesign.actions.set_rule import set_rule
from opendesign.records.design import design_by_path

NOTES = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def fields(page: str) -> dict[str, list[str]]:
    """What the form of the page sends."""
    form = page.split('<form class="stack', 1)[1].split("</form>")[0]
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(form):
        found.setdefault(name, []).append(value)
    found.pop("csrf_token", None)
    return found


@pytest.fixture
def case(site, request):
    """Ada's notes, bob's fork, and the address of the page to take his first commit."""
    name = request.node.name.replace("_", "-")[:50]
    own = site.design("ada", name, {"notes.md": NOTES}, licence="CERN-OHL-W-2.0")
    fork = family.fork_of(site, own, "bob")
    sha = site.commit("bob", fork, {"notes.md": NOTES.replace("two", "TWO")}, message="Louder <two>")
    return own, fork, sha, f"{own}/adoptions?source={fork.strip('/')}&commit={sha}"


def test_ada_reads_what_it_is_takes_it_and_bob_hears_of_it(site, case):
    own, fork, sha, address = case
    ada, bob = site.person("ada"), site.person("bob")
    revision = ada.get(f"{fork}/revisions/{sha}").text
    assert f"{own}/adoptions?source={fork.strip('/')}&amp;commit={sha}" in revision
    page = ada.get(address).text
    for words in ("Louder &lt;two&gt;", "Bob", "Both designs are under CERN-OHL-W-2.0.", "Ready to adopt", "notes.md"):
        assert words in page
    taken = ada.post(f"{own}/adoptions", fields(page))
    assert taken.status_code == 303 and taken.headers["Location"].startswith(f"{own}/revisions/")
    assert "TWO" in site.read(own, "notes.md")
    assert "Louder" in ada.get(f"{own}/adoptions").text and "There already" in ada.get(address).text
    told = bob.get("/notices").text
    assert f"from {fork.strip('/')} into {own.strip('/')}." in told and 'aria-label="1 unread notice"' in told
    assert bob.post("/notices/readings").status_code == 303
    told = bob.get("/notices").text
    assert "unread" not in told and "Louder &lt;two&gt;" in told
    assert "unread" not in ada.get("/").text


def test_a_stranger_enters_first_and_a_reader_only_tries_it(site, case):
    own, _, sha, address = case
    assert site.stranger().get(address).headers["Location"].startswith("/enter")
    assert site.stranger().get(f"{own}/adoptions").status_code == 200
    answer = site.person("cleo").get(address)
    assert answer.status_code == 303 and "/trials?source=" in answer.headers["Location"] and sha in answer.text


def test_what_it_needs_is_one_click_away(site, case):
    own, fork, first, _ = case
    more = site.commit("bob", fork, {"notes.md": NOTES.replace("two", "TWO, three")}, message="More")
    answer = site.person("ada").get(f"{own}/adoptions?source={fork.strip('/')}&commit={more}")
    assert answer.status_code == 200 and "It builds upon earlier commits" in answer.text
    along = re.search(r'href="([^"]+)">\s*<svg[^>]*>.*?</svg> Take this one along', answer.text)[1]
    page = site.person("ada").get(along.replace("&amp;", "&")).text
    assert fields(page)["commit"] == [first, more] and "Ready to adopt" in page


def test_lines_in_conflict_are_finished_here(site, case):
    own, _, _, address = case
    site.commit("ada", own, {"notes.md": NOTES.replace("two", "2")})
    ada = site.person("ada")
    page = ada.get(address).text
    text = re.search(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert "TWO" in text[2] and "&lt;&lt;&lt;&lt;&lt;&lt;&lt;" in text[2]
    field = text[1].replace("&#34;", '"')
    undecided = ada.post(f"{own}/adoptions", fields(page) | {field: NOTES + "<<<<<<< x\n"})
    assert undecided.status_code == 422 and "both versions still stand there" in undecided.text
    taken = ada.post(f"{own}/adoptions", fields(page) | {field: NOTES.replace("two", "2 TWO")})
    assert taken.status_code == 303 and "2 TWO" in site.read(own, "notes.md")


def test_a_branch_with_a_rule_gets_a_proposal(site, case):
    own, _, sha, address = case
    with site.house.writing(site.visitor("ada")) as work:
        set_rule(work, design_by_path(work.session, *own.strip("/").split("/")), "main", 0, ())
    ada = site.person("ada")
    page = ada.get(address).text
    assert "takes proposals only" in page and "Adopt and propose" in page
    taken = ada.post(f"{own}/adoptions", fields(page))
    assert taken.headers["Location"] == f"{own}/proposals/1"
    assert "TWO" in site.read(own, "notes.md", f"adopt-{sha[:7]}") and "TWO" not in site.read(own, "notes.md")
    assert "Louder" in ada.get(taken.headers["Location"]).text


def test_a_licence_that_does_not_fit_asks_for_a_reason(site, case):
    own, fork, _, address = case
    with site.house.writing(site.visitor("bob")) as work:
        design_by_path(work.session, *fork.strip("/").split("/")).licence = "CERN-OHL-S-2.0"
    ada = site.person("ada")
    page = ada.get(address).text
    assert "The licences do not fit" in page and "I have the right" in page
    asked = fields(page)
    for given in ({}, {"right": "I asked"}, {"sure": "yes"}):
        refused = ada.post(f"{own}/adoptions", asked | given)
        assert refused.status_code == 409 and "Not adopted" in refused.text
    assert ada.post(f"{own}/adoptions", asked | {"right": "I asked", "sure": "yes"}).status_code == 303
    assert "I asked" in site.person("bob").get("/notices").text


def test_a_part_named_in_the_address_is_kept_where_fragments_ask(site):
    own = site.design("ada", "share", family.FILES)
    fork = family.fork_of(site, own, "bob")
    pin = family.PIN.replace("0.9", "1.0")
    sha = site.commit("bob", fork, {**family.wider(30.0), "pin.py": pin, "README.md": "#\n"}, message="Wider")
    ada = site.person("ada")
    whole = ada.get(f"{own}/adoptions?source={fork.strip('/')}&commit={sha}").text
    shares = dict(re.findall(r'href="([^"]+)">((?:box|pin)\.py)</a>', whole))
    page = ada.get(next(href for href, part in shares.items() if part == "box.py").replace("&amp;", "&")).text
    assert set(shares.values()) == {"box.py", "pin.py"}
    assert "Only the share of box.py" in page and "2 changed files are left out" in page
    poll = re.search(r'hx-get="([^"]+part=[^"]+)"', page)[1].replace("&amp;", "&")
    assert "share=box.py" in poll and ada.fragment(poll).status_code == 204
    checks = re.search(r'hx-get="([^"]+checks=\d+)"', page)[1].replace("&amp;", "&")
    assert ada.fragment(checks).status_code == 204
    assert 'id="take"' in ada.fragment(re.sub(r"checks=\d+", "checks=99", checks)).text


def test_nonsense_is_answered_in_words(site, case):
    own, fork, _, _ = case
    ada = site.person("ada")
    assert ada.post(f"{own}/adoptions").status_code == 422
    for query in ("source=nobody/nothing&commit=main", f"source={fork.strip('/')}&commit=nope"):
        assert ada.get(f"{own}/adoptions?{query}").status_code == 404
    for query in (f"source={own.strip('/')}&commit=main", f"source={fork.strip('/')}"):
        assert ada.get(f"{own}/adoptions?{query}").status_code == 422


def test_to_try_what_nobody_has_tried_is_paced(open_site):
    site = open_site(builds_per_address_a_minute=3)
    own = site.design("ada", "paced", {"notes.md": NOTES}, licence="CERN-OHL-W-2.0")
    fork = family.fork_of(site, own, "bob")
    shas = [site.commit("bob", fork, {f"more{number}.md": NOTES}, message="More") for number in range(3)]
    ada = site.person("ada")
    pages = [f"{own}/adoptions?source={fork.strip('/')}&commit={sha}" for sha in shas]
    assert [ada.get(page).status_code for page in pages] == [200, 200, 429]
    assert ada.get(pages[0]).status_code == 200, "that is known"
