"""The radar: ada sees what bia has and she has not, by part; mallory sees nothing of what is private."""

import re

import family

from opendesign.actions.change_design import give_role, take_role
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.issue_token import issue_token
from opendesign.records.design import design_by_path
from opendesign.records.person import Person

HINGE = "from sizes import GAP\nimport cadquery as cq\n\nWIDTH = 20.0\n\n\nHOLE = 2.0\n\n\n"
HINGE += 'result = cq.Workplane().box(WIDTH, 10, 4).faces(">Z").workplane().hole(HOLE)\n'
FILES = {"hinge.py": HINGE, "lid.py": HINGE.replace("10, 4", "12, 3"), "pin.py": family.PIN, "sizes.py": "GAP = 0.2\n"}
BETTER = "fillet = result.edges('|Z').fillet(1.5 * GAP)\nresult = fillet.union(cq.Workplane().box(WIDTH, 2, 6))\n"


def traced(site, address: str) -> None:
    """What the worker finds out about a family."""
    with site.house.reading() as work:
        key = str(design_by_path(work.session, *address.strip("/").split("/")).id)
    lineage_job(site.house, key)


def two(site, name: str, **facts: str) -> tuple[str, str]:
    """Ada's design and bia's fork of it."""
    own = site.design("ada", name, FILES, **facts)
    return own, family.fork_of(site, own, "bia")


def pushed(site, owner: str, address: str, changes: dict, message: str) -> str:
    sha = site.commit(owner, address, changes, message=message)
    traced(site, address)
    return sha


def headings(page: str) -> list[str]:
    """The parts that the clusters of a radar are about."""
    found = re.findall(r'<h3 class="rows-head">(.*?)</h3>', page, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", "", each).split()) for each in found]


def subjects(page: str) -> list[str]:
    return re.findall(r'<a class="row-title" href="[^"]+/improvements/[0-9a-f]{40}">([^<]+)</a>', page)


def test_a_better_hinge_is_on_adas_radar_until_it_is_taken(site):
    ada, bia = two(site, "case")
    better = pushed(site, "bia", bia, {"hinge.py": HINGE + BETTER}, "A better hinge")
    wider = pushed(site, "bia", bia, {"sizes.py": "GAP = 0.35  # what our printers need, in mm\n"}, "More room")
    pushed(site, "bia", bia, {"GUIDE.md": "# How to build it\n\nPrint both, then push the pin in.\n"}, "A guide")
    page = site.stranger().get(f"{ada}/radar").text
    assert subjects(page) == ["More room", "A better hinge", "A guide"]
    assert headings(page) == ["hinge.py, lid.py", "hinge.py", "Files that belong to no part here"]
    assert f"{ada}/adoptions?source=bia%2Fcase&amp;commit={better}" in page and "adopted by nobody yet" in page
    assert "3 improvements waiting in the family" in site.stranger().get(ada).text
    assert "waiting in the family" not in site.stranger().get(bia).text

    # Ada picks it, as `git cherry-pick` and a push do.
    site.commit("ada", ada, {"lid.py": HINGE.replace("10, 4", "12, 3.5")}, message="A thicker lid")
    picked = pushed(site, "ada", ada, {"hinge.py": HINGE + BETTER}, "A better hinge")
    assert subjects(site.stranger().get(f"{ada}/radar").text) == ["More room", "A guide"]
    told = site.stranger().get(f"{ada}/improvements/{better}").text
    assert "Lives in 2 designs" in told and "It is here." in told and picked[:7] in told
    assert "the same patch; too much alike for chance" in told
    assert "An improvement: lives in 2 designs" in site.stranger().get(f"{bia}/revisions/{better}").text
    assert f"{ada}/improvements/{better}" in site.stranger().get(f"{ada}/lineage").text

    # What ada dismisses is gone until she takes that back.
    browser = site.person("ada")
    assert "Not for us" in browser.get(f"{ada}/radar").text
    assert browser.post(f"{ada}/dismissals", {"commit": wider}).status_code == 303
    page = browser.get(f"{ada}/radar").text
    assert subjects(page) == ["A guide"] and "1 dismissed" in page
    assert "1 improvement waiting in the family" in site.stranger().get(ada).text
    page = browser.get(f"{ada}/radar?shown=dismissed").text
    assert subjects(page) == ["More room"] and "dismissed by Ada" in page
    assert browser.post(f"{ada}/dismissals/{wider}/removal").status_code == 303
    assert subjects(browser.get(f"{ada}/radar").text) == ["More room", "A guide"]
    assert browser.post(f"{ada}/dismissals", {"commit": better}).status_code == 404, "it does not wait"


def test_whether_it_applies_is_said_row_by_row(site):
    ada, bia = two(site, "door")
    hole = pushed(site, "bia", bia, {"hinge.py": HINGE.replace("HOLE = 2.0", "HOLE = 3.0 + 2 * GAP")}, "Larger hole")
    other = pushed(site, "bia", bia, {"lid.py": FILES["lid.py"].replace("WIDTH = 20.0", "WIDTH = 4 * 8.0")}, "Wide")
    site.commit("ada", ada, {"hinge.py": HINGE.replace("WIDTH = 20.0", "WIDTH = 50.0")}, message="My own width")
    site.commit("ada", ada, {"lid.py": FILES["lid.py"].replace("WIDTH = 20.0", "WIDTH = 3 * 9.0")}, message="Mine")
    visitor = site.stranger()
    assert "applies cleanly" in visitor.fragment(f"{ada}/radar/{hole}/outlook").text
    assert "conflicts in 1 file" in visitor.fragment(f"{ada}/radar/{other}/outlook").text
    with site.house.writing() as work:
        design_by_path(work.session, *ada.strip("/").split("/")).default_branch = "gone"
    untried = visitor.fragment(f"{ada}/radar/{hole}/outlook")
    assert untried.status_code == 200 and "cannot be tried here" in untried.text
    with site.house.writing() as work:
        design_by_path(work.session, *ada.strip("/").split("/")).default_branch = "main"
    plain = visitor.get(f"{ada}/radar/{hole}/outlook")
    assert plain.status_code == 303 and plain.location == f"{ada}/trials?source=bia%2Fdoor&commit={hole}"
    assert visitor.get(f"{ada}/radar/{hole}").location == plain.location
    shown = visitor.fragment(f"{ada}/radar/{hole}").text
    assert f'id="part-hinge.py-{hole[:12]}"' in shown and "50" not in re.findall(r"<ins>(.*?)</ins>", shown)
    poll = re.search(r'hx-get="([^"]+)"', shown)[1].replace("&amp;", "&")
    assert poll.startswith(f"{ada}/radar/{hole}?part=") and visitor.fragment(poll).status_code == 204
    assert "It does not apply as it is" in visitor.fragment(f"{ada}/radar/{other}").text
    home = visitor.fragment(f"{ada}/improvements/{hole}/geometry").text
    assert 'id="part-hinge.py"' in home and f'hx-get="{bia}/compare/' in home, "there it is compared at home"


def test_search_source_part_sort_and_what_is_ticked(site):
    ada, bia = two(site, "crate", licence="CERN-OHL-W-2.0")
    caio = family.fork_of(site, ada, "caio")
    first = pushed(site, "bia", bia, {"hinge.py": HINGE + BETTER}, "A better hinge")
    second = pushed(site, "bia", bia, {"pin.py": family.PIN.replace("12", "14.5 + 2 * 0.25")}, "A longer pin")
    third = pushed(site, "caio", caio, {"lid.py": FILES["lid.py"] + BETTER.replace("1.5", "2.5")}, "Rounder lid")
    pushed(site, "caio", caio, {"hinge.py": HINGE + BETTER}, "Bia's hinge")
    visitor = site.stranger()
    assert subjects(visitor.get(f"{ada}/radar").text) == ["Rounder lid", "A longer pin", "A better hinge"]
    assert subjects(visitor.get(f"{ada}/radar?sort=adopted").text)[0] == "A better hinge"
    assert "adopted by 1" in visitor.get(f"{ada}/radar?sort=adopted").text
    assert subjects(visitor.get(f"{ada}/radar?source=caio/crate").text) == ["Rounder lid"]
    assert subjects(visitor.get(f"{ada}/radar?part=pin.py").text) == ["A longer pin"]
    assert subjects(visitor.get(f"{ada}/radar?q=HINGE+bia").text) == ["A better hinge"]
    assert "Nothing found" in visitor.get(f"{ada}/radar?q=nothing+like+it").text
    both = visitor.get(f"{ada}/radar?commit={second}&commit={first}")
    assert both.location == f"{ada}/adoptions?source=bia%2Fcrate&commit={first}&commit={second}"
    mixed = visitor.get(f"{ada}/radar?commit={second}&commit={third}")
    assert mixed.status_code == 422 and "one design at a time" in mixed.text
    assert "licence fits" in visitor.get(f"{ada}/radar").text


def test_what_was_taken_back_is_marked(site):
    ada, bia = two(site, "gate")
    before = {"hinge.py": HINGE}
    better = pushed(site, "bia", bia, {"hinge.py": HINGE + BETTER}, "A better hinge")
    pushed(site, "bia", bia, before, "It broke: back to the old hinge")
    page = site.stranger().get(f"{ada}/radar").text
    assert "taken back there" in page and "takes something back" in page
    told = site.stranger().get(f"{bia}/improvements/{better}").text
    assert "It was here, and was taken back." in told and "Lives in 0 designs" in told
    pushed(site, "bia", bia, {"hinge.py": HINGE + BETTER}, "The better hinge again")
    assert "Lives in 1 design" in site.stranger().get(f"{bia}/improvements/{better}").text


def test_empty_radars_say_what_will_be_there(site):
    alone = site.design("ada", "alone", FILES)
    assert "Nobody to learn from yet" in site.stranger().get(f"{alone}/radar").text
    ada, _ = two(site, "even")
    assert "You have everything" in site.stranger().get(f"{ada}/radar").text
    assert "Nothing is dismissed" in site.stranger().get(f"{ada}/radar?shown=dismissed").text


def test_mallory_learns_nothing_of_what_is_private(site):
    ada, bia = two(site, "safe")
    secret = pushed(site, "bia", bia, {"hinge.py": HINGE + BETTER}, "A secret hinge")
    taker = family.fork_of(site, ada, "caio")
    pushed(site, "caio", taker, {"hinge.py": HINGE + BETTER}, "Caio takes it")
    pushed(site, "caio", taker, {"pin.py": family.PIN.replace("12", "14.5 + 2 * 0.25")}, "Caio's own pin")
    mallory = site.person("mallory")
    mallory.post(f"{ada}/improvements/{secret}/comments", {"body": "I know it"})
    for owner, address in (("bia", bia), ("caio", taker)):
        site.person(owner).post(f"{address}/settings/visibility", {"visibility": "private"})
        traced(site, ada)
    pages = [mallory.get(address) for address in (ada, f"{ada}/radar", f"{ada}/improvements/{secret}")]
    for page in pages:
        told = page.text.replace(secret, "")  # the page of a refusal may repeat what was asked for
        assert not re.search("bia|caio|secret|waiting in the family|pin.py</a>", told, re.IGNORECASE)
    assert pages[2].status_code == 404
    for rest in (f"radar/{secret}", f"radar/{secret}/outlook", f"improvements/{secret}/geometry"):
        assert mallory.fragment(f"{ada}/{rest}").status_code == 404
        assert mallory.get(f"{bia}/{rest}").status_code == 404
    assert mallory.post(f"{ada}/improvements/{secret}/comments", {"body": "Still here?"}).status_code == 404
    assert mallory.get(f"{ada}/radar?commit={secret}").status_code == 404
    assert "Nobody to learn from yet" in pages[1].text


def api(site, name: str, address: str):
    """What the API answers to somebody with a token, or to a stranger."""
    words = {}
    if name:
        with site.house.writing(site.visitor(name)) as work:
            words = {"Authorization": f"Bearer {issue_token(work, 'test', ['read'])[1]}"}
    return site.stranger().get(f"/api/v1/designs{address}", headers=words)


def asked(site, name: str, ada: str, sha: str) -> list[int]:
    """What comes of all that may be asked of an improvement from a design's radar."""
    browser = site.person(name) if name else site.stranger()
    rest = [browser.get(f"{ada}/improvements/{sha}"), api(site, name, f"{ada}/improvements/{sha}")]
    rest += [browser.fragment(f"{ada}/radar/{sha}/outlook"), browser.get(f"{ada}/radar?commit={sha}")]
    return [each.status_code for each in rest]


def role(site, person: str, address: str, given: str) -> None:
    """A design's owner gives somebody a role there, or takes it away."""
    key = site.visitor(person).person_id
    with site.house.writing(site.visitor(address.split("/")[1])) as work:
        row = design_by_path(work.session, *address.strip("/").split("/"))
        who = work.session.get(Person, key)
        give_role(work, row, who, given) if given else take_role(work, row, who)


def test_who_sees_both_designs_sees_on_the_radar_what_the_private_one_has_and_nobody_else_does(site):
    ada, bia = two(site, "vault")
    dial = "dial = result.faces('>Y').workplane().polygon(9, 3.25 * GAP)\nresult = dial.extrude(2.75)\n"
    site.person("bia").post(f"{bia}/settings/visibility", {"visibility": "private"})
    secret = pushed(site, "bia", bia, {"hinge.py": HINGE + dial}, "A secret hinge")
    public = family.fork_of(site, ada, "caio")
    pushed(site, "caio", public, {"pin.py": family.PIN.replace("12", "15.5 + 3 * 0.25")}, "A longer pin")
    pushed(site, "bia", bia, {"pin.py": family.PIN.replace("12", "15.5 + 3 * 0.25")}, "What caio has")
    dora, radar = site.person("dora"), f"{ada}/radar"

    role(site, "dora", bia, "reader")
    assert subjects(dora.get(radar).text) == ["A longer pin", "A secret hinge"]
    assert [each["private"] for each in api(site, "dora", radar).json] == [False, True]
    assert asked(site, "dora", ada, secret) == [200, 200, 200, 303]
    assert "Lives in 1 design" in dora.get(f"{ada}/improvements/{secret}").text

    for name in ("", "ada", "caio", "mallory"):
        browser = site.person(name) if name else site.stranger()
        pages = [browser.get(each) for each in (radar, ada, f"{public}/radar", f"{ada}/lineage")]
        for page in (*pages, api(site, name, radar), api(site, name, f"{ada}/family")):
            assert page.status_code == 200 and not re.search("bia|secret|" + secret, page.text), (
                name,
                page.request.path,
            )
        assert asked(site, name, ada, secret) == [404, 404, 404, 404]
        assert asked(site, name, bia, secret) == [404, 404, 404, 404]
    role(site, "mallory", ada, "writer")
    assert site.person("mallory").post(f"{ada}/dismissals", {"commit": secret}).status_code == 404

    role(site, "dora", ada, "writer")
    taken = f"{ada}/adoptions?source=bia%2Fvault&commit={secret}"
    assert "only who may write to it takes from it" in dora.get(taken).text, "to look is not to take"
    assert dora.post(f"{ada}/dismissals", {"commit": secret}).status_code == 303
    assert subjects(dora.get(radar).text) == ["A longer pin"]
    assert "1 dismissed" in dora.get(radar).text and "1 dismissed" not in site.person("mallory").get(radar).text
    assert dora.post(f"{ada}/dismissals/{secret}/removal").status_code == 303
    pushed(site, "ada", ada, {"lid.py": FILES["lid.py"] + dial}, "Ada's own, and the same")
    assert subjects(dora.get(radar).text) == ["A longer pin"], "ada has it by now"
    role(site, "dora", bia, "")
    assert asked(site, "dora", public, secret) == [404, 404, 404, 404]
