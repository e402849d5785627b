"""Proposals in the browser: offering a branch, talking about it, and how it ends; no engine runs here."""

import json
import re
from functools import cache
from html import unescape
from urllib.parse import urlencode

import family
import pytest
from markupsafe import escape


@pytest.fixture(scope="module")
def who(site):
    """Browsers by the name of who has entered in them: entering costs a password hash each time."""
    return cache(site.person)


@pytest.fixture
def ada(site, request):
    """Ada's design for one test."""
    name = request.node.name.replace("test_", "").replace("_", "-")[:40].strip("-")
    return site.design("ada", name, family.FILES)


@pytest.fixture
def bia(site, ada):
    """Bia's fork of it, 10 mm wider."""
    fork = family.fork_of(site, ada, "bia")
    site.commit("bia", fork, family.wider(30.0), message="Wider\n\nFor two pins.")
    return fork


def test_who_has_no_fork_is_told_how_to_begin(site, who, ada):
    page = who("caio").get(f"{ada}/proposals/new").text
    assert "Nothing of yours to propose yet" in page and f'action="{ada}/forks"' in page
    stranger = site.stranger().get(f"{ada}/proposals/new")
    assert stranger.status_code in (302, 303) and "/enter?next=" in stranger.location
    assert "No proposals yet" in site.stranger().get(f"{ada}/proposals").text


def test_a_branch_is_offered_with_a_preview_of_what_it_brings(site, who, ada, bia):
    browser = who("bia")
    page = browser.get(f"{ada}/proposals/new").text
    assert 'value="Wider"' in page and "For two pins." in page and "1 commit" in page and "WIDTH" in page
    assert browser.get(f"{ada}/proposals/new?source={bia.strip('/')}&branch=main").text.count("selected") >= 2
    fields = {"from": f"{bia.strip('/')}:main", "into": "main", "title": "A wider box", "body": "**Two** pins fit."}
    answer = browser.post(f"{ada}/proposals", fields)
    assert answer.status_code == 303 and answer.location == f"{ada}/proposals/1"
    shown = site.stranger().get(answer.location).text
    assert "<strong>Two</strong> pins fit." in shown and "wants to merge 1 commit" in shown
    assert "1 of 2 parts changes, 1 parameter, 1 file, 1 commit." in shown
    twin = browser.post(f"{ada}/proposals", fields)
    assert twin.status_code == 409 and "Proposal 1 is open" in twin.text and 'value="A wider box"' in twin.text


def test_what_cannot_be_proposed_is_refused_in_place(site, who, ada, bia):
    browser = who("bia")
    for source in ("", f"{bia.strip('/')}:nothing", f"{ada.strip('/')}:main", "bia/nothing:main", "odd"):
        answer = browser.post(f"{ada}/proposals", {"from": source, "into": "main"})
        assert answer.status_code in (404, 409, 422), source
    long = browser.post(f"{ada}/proposals", {"from": f"{bia.strip('/')}:main", "into": "main", "title": "x" * 300})
    assert long.status_code == 422 and 'id="title-error"' in long.text
    hidden = site.design("caio", ada.split("/")[2], family.FILES, visibility="private")
    assert browser.post(f"{ada}/proposals", {"from": f"{hidden.strip('/')}:main"}).status_code == 404


def test_lists_by_state(site, who, ada, bia):
    address = family.proposed(site, bia, ada, title="First")
    assert "First" in site.stranger().get(f"{ada}/proposals").text
    who("ada").post(f"{address}/closing", {"reason": "Not now."})
    assert "None in this state" in site.stranger().get(f"{ada}/proposals").text
    for state in ("declined", "all", "nonsense"):
        page = site.stranger().get(f"{ada}/proposals?state={state}").text
        assert ("First" in page) == (state != "nonsense")


def test_comments_on_the_whole_a_line_and_a_point(site, who, ada, bia):
    address = family.proposed(site, bia, ada)
    browser = who("caio")
    answer = browser.post(f"{address}/comments", {"body": "Does it *fit*? <script>alert(1)</script>"})
    assert answer.status_code == 303 and re.search(r"#comment-\d+$", answer.location)
    page = browser.get(address).text
    assert "Does it <em>fit</em>?" in page and "<script>alert" not in page
    form = browser.get(f"{address}/files?path=box.py&line=5").text
    assert 'name="line" value="5"' in form and 'id="box.py-new-5"' in form
    line = browser.post(f"{address}/comments", {"body": "Why 30?", "path": "box.py", "line": "5"})
    assert line.location == f"{address}/files#box.py-new-5"
    assert "Why 30?" in browser.get(f"{address}/files").text
    browser.post(f"{address}/comments", {"body": "Thin here", "path": "box.py", "point": "1.5,0,-2", "view": "top"})
    assert 'data-point="1.5,0,-2"' not in browser.get(f"{address}/geometry").text, "no part, no marker"
    assert ">x 1.5 y 0 z -2 mm" in re.sub(r"\s+<", "<", browser.get(address).text)
    htmx = browser.client.post(
        f"{address}/comments", data={"csrf_token": browser.token, "body": "Now"}, headers={"HX-Request": "true"}
    )
    assert htmx.status_code == 201 and htmx.text.startswith("<article") and "<html" not in htmx.text


def test_a_comment_on_a_parameter_suggests_a_value_that_is_taken(site, who, ada, bia):
    address = family.proposed(site, bia, ada)
    page = who("caio").get(f"{address}/geometry?part=box.py").text
    assert 'name="parameter"' in page and '<option value="WIDTH">WIDTH = 30' in page
    fields = {"path": "box.py", "parameter": "WIDTH", "suggestion": "28", "body": "Enough?"}
    place = who("caio").post(f"{address}/comments", fields).location
    assert re.fullmatch(rf"{address}/geometry\?part=box\.py#comment-\d+", place)
    assert "box.py WIDTH</a>" in who("caio").get(place.partition("#")[0]).text
    assert 'name="parameter"' not in site.stranger().get(f"{address}/geometry?part=box.py").text
    (take,) = re.findall(r'action="([^"]+/acceptance)"', who("bia").get(address).text)
    assert who("bia").post(take).status_code == 303 and "WIDTH = 28" in site.read(bia, "box.py")
    wrong = who("caio").post(f"{address}/comments", fields | {"parameter": "DEPTH"})
    assert wrong.status_code == 422 and "no such parameter" in wrong.text


def test_the_change_is_tried_on_a_third_persons_own_design(site, who, ada, bia):
    address = family.proposed(site, bia, ada)
    assert "/trials?" not in who("caio").get(address).text, "Caio has no fork"
    own = family.fork_of(site, ada, "caio")
    link = f"{own}/trials?source={ada[1:].replace('/', '%2F')}&amp;proposal=1"
    assert f'href="{link}"' in who("caio").get(f"{address}/commits").text
    page = who("caio").get(unescape(link)).text
    assert re.search(r"<del>20</del>.*<ins>30</ins>", page) and "Nothing is committed" in page
    for other in (site.stranger(), who("ada"), who("bia")):
        assert "/trials?" not in other.get(address).text, "for those two it is the merge, or theirs already"


@pytest.mark.parametrize(
    "fields",
    [
        {"body": ""},
        {"body": "x" * 70_000},
        {"body": "x", "path": "nothing.py", "line": "1"},
        {"body": "x", "path": "box.py", "line": "0"},
        {"body": "x", "path": "box.py", "line": "²"},
        {"body": "x", "line": "3"},
        {"body": "x", "path": "box.py", "point": "1,2"},
        {"body": "x", "path": "box.py", "point": "nan,0,0"},
        {"body": "x", "path": "box.py", "x": "1", "y": "", "z": "2"},
        {"body": "x", "path": "box.py", "x": "", "y": "", "z": ""},
        {"body": "x", "path": "box.py", "point": "1,2,1e31"},
        {"body": "x", "path": "README.md", "point": "1e300,0,0"},
        {"body": "x", "path": "box.py", "point": "1,2,3", "normal": "up"},
        {"body": "x", "path": "box.py", "point": "1,2,3", "build": "0" * 64},
    ],
)
def test_bad_comments(site, who, fields):
    ada = site.design("ada", f"remarks-{abs(hash(str(fields)))}", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    site.commit("bia", bia, family.wider(30.0))
    address = family.proposed(site, bia, ada)
    answer = who("caio").post(f"{address}/comments", fields)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert "Conversation" in answer.text and 'id="comment-' not in answer.text.replace('id="comment-body-new"', "")


def test_declining_withdrawing_and_opening_again(site, who, ada, bia):
    address = family.proposed(site, bia, ada)
    assert who("caio").post(f"{address}/closing").status_code == 403
    owner = who("ada")
    assert "Decline" in owner.get(address).text
    assert owner.post(f"{address}/closing", {"reason": "Too wide for us."}).status_code == 303
    page = owner.get(address).text
    assert "declined this" in page and "Too wide for us." in page and "Open again" in page
    assert owner.post(f"{address}/closing").status_code == 409
    assert who("bia").post(f"{address}/reopening").status_code == 303
    author = who("bia")
    assert "Withdraw" in author.get(address).text
    author.post(f"{address}/closing")
    assert "withdrew this" in author.get(address).text


def test_a_merge_without_an_engine_is_refused_in_place(site, who, ada, bia):
    address = family.proposed(site, bia, ada)
    owner = who("ada")
    assert "Rebuild and merge" in owner.get(address).text
    answer = owner.post(f"{address}/merge", {"strategy": "merge"})
    assert answer.status_code == 422 and "engine is not running" in answer.text and "Conversation" in answer.text
    fragment = owner.client.post(f"{address}/merge", data={"csrf_token": owner.token}, headers={"HX-Request": "true"})
    assert (
        fragment.status_code == 422 and fragment.text.strip().startswith("<section") and 'id="merge"' in fragment.text
    )
    assert "WIDTH = 20.0" in site.read(ada, "box.py")


def test_the_merge_box_asks_again_only_for_news(site, who, ada, bia):
    address = family.proposed(site, bia, ada)
    stranger = site.stranger()
    page = stranger.get(address).text
    assert f'hx-get="{address}/merge?done=0"' in page and "0 of 2 parts of the merged design rebuilt" in page
    assert stranger.fragment(f"{address}/merge?done=0").status_code == 204
    assert "0 of 2 parts" in stranger.fragment(f"{address}/merge?done=1").text
    assert stranger.get(f"{address}/merge").location == f"{address}#merge"


def test_a_conflict_shows_both_versions_and_the_way_out(site, who, ada, bia):
    address = family.proposed(site, bia, ada)
    site.commit("ada", ada, family.wider(25.0), message="Our own width")
    page = site.stranger().get(address).text
    assert 'data-state="conflict"' in page and "1 file in conflict" in page
    row = page.partition('id="conflicts"')[2].partition("WIDTH</th>")[2].partition("</tr>")[0]
    assert re.sub("<[^>]+>", " ", row).split() == ["20", "25", "30", "mm"], "as it was, on main, as proposed"
    assert page.count('<table class="lines diff">') == 2 and f"/{bia.strip('/')}.git" in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "both versions are of one file, and each line has an address of its own"
    answer = who("ada").post(f"{address}/merge")
    assert answer.status_code == 409 and "Both sides set WIDTH of box.py to other values" in answer.text


def test_neighbouring_parameters_of_london_and_brazil_do_not_conflict(site, who, ada, bia):
    address = family.proposed(site, bia, ada)
    site.commit("ada", ada, {"box.py": family.BOX.replace("HOLE = 2.0", "HOLE = 3.5")}, message="A wider hole")
    page = site.stranger().get(address).text
    assert 'data-state="unknown"' in page and "Which value counts?" not in page and "0 of 2 parts" in page


def test_rival_values_are_a_form_that_shows_each_choice_first(site, who, ada, bia):
    address = family.proposed(site, bia, ada)
    site.commit("ada", ada, family.wider(25.0), message="Our own width")
    owner = who("ada")
    page = owner.get(address).text
    form = page.partition("Which value counts?")[2].partition("</form>")[0]
    side = "side:" + json.dumps(["box.py", "WIDTH"])
    assert re.findall(r'name="([^"]+)" value="(\w+)" required', form) == [
        (str(escape(side)), word) for word in ("ours", "theirs", "base", "own")
    ]
    assert re.findall(r"<b>(.*?)</b>", form) == ["25", "30", "20"]
    assert len(set(re.findall(r'href="/builds/(\w+)"', form))) == 3, "a part for each choice"
    assert 'type="number" min="5.0" max="100.0"' in form and 'type="range"' in form
    own = {side: "own", side.replace("side", "own"): "27.5"}
    chosen = owner.get(f"{address}?{urlencode(own)}").text.partition("Which value counts?")[2].partition("</form>")[0]
    assert len(set(re.findall(r'href="/builds/(\w+)"', chosen))) == 4 and 'value="27.5"' in chosen
    assert 'value="own" required checked' in chosen
    for value in ("1000", "wide"):
        wrong = owner.get(f"{address}?{urlencode(own | {side.replace('side', 'own'): value})}").text
        assert "Not shown" in wrong and "WIDTH must" in wrong
    for odd in ("side:[", "side:[1, 2]", 'side:["box.py"]'):
        assert owner.post(f"{address}/merge", {odd: "ours"}).status_code == 422
    assert owner.post(f"{address}/merge", {side: "nobody's"}).status_code == 422
    decided = owner.post(f"{address}/merge", own)
    assert decided.status_code == 422 and "engine is not running" in decided.text, "decided; it only cannot be rebuilt"
    assert "csrf_token=" not in form and "Rebuild and merge with my choice" in form
    assert "Rebuild and merge with my choice" not in site.stranger().get(address).text
    assert "WIDTH = 25.0" in site.read(ada, "box.py")


def test_rival_presets_are_decided_by_the_name_of_their_value(site, who, ada, bia):
    for owner, design, value in (("ada", ada, "61.0"), ("bia", bia, "62.0")):
        site.commit(owner, design, {"presets.json": family.PRESETS.replace("60.0", value)})
    address = family.proposed(site, bia, ada)
    form = who("ada").get(address).text.partition("Which value counts?")[2].partition("</form>")[0]
    assert "<code>box.py/Wide/WIDTH</code>" in form and re.findall(r"<b>(.*?)</b>", form) == ["61", "62", "60"]


def test_a_proposal_follows_its_branch_and_outlives_its_source(site, who, ada, bia):
    address = family.proposed(site, bia, ada)
    site.commit("bia", bia, {"README.md": "# Wide\n"}, message="Say so")
    assert "Say so" in site.stranger().get(f"{address}/commits").text
    who("bia").post(f"{bia}/settings/deletion", {"confirmation": bia.strip("/")})
    for page in ("", "/files", "/commits", "/geometry"):
        answer = site.stranger().get(f"{address}{page}")
        assert answer.status_code == 200 and "a deleted design" in answer.text


def test_a_branch_that_is_gone_leaves_the_conversation(site, who, ada, bia):
    site.commit("ada", ada, {"README.md": "y"}, "next", start=site.head(ada))
    address = family.proposed(site, bia, ada, target_branch="next")
    who("ada").post(f"{ada}/settings/branches/removal", {"branch": "next", "expected": site.head(ada, "next")})
    for page in ("", "/files", "/commits", "/geometry"):
        assert site.stranger().get(f"{address}{page}").status_code == 200
    assert "not there any more" in site.stranger().get(address).text
    assert who("ada").post(f"{address}/merge").status_code == 404


def test_lines_in_conflict_are_finished_in_the_browser(site, who, ada, bia):
    for owner, design, line in (("ada", ada, "For London.\r\n"), ("bia", bia, "For São Paulo.\r\n")):
        site.commit(owner, design, {"README.md": f"# Box\r\n\r\n{line}"}, message="Say what for")
    address = family.proposed(site, bia, ada)
    owner, field = who("ada"), "text:" + json.dumps(["README.md", "crlf"])
    form = owner.get(address).text.partition("Which lines count?")[2].partition("</form>")[0]
    assert f'name="{escape(field)}"' in form and "Rebuild and merge with my choice" in form
    text = unescape(form.partition("<textarea")[2].partition(">\n")[2].partition("</textarea>")[0])
    assert text.startswith("# Box\n\n<<<<<<< ") and "For London.\n=======\nFor São Paulo.\n>>>>>>> " in text
    stranger = site.stranger().get(address).text
    assert "<textarea" not in stranger.partition('id="conflicts"')[2]
    unfinished = owner.post(f"{address}/merge", {field: text.replace("\n", "\r\n")})
    assert unfinished.status_code == 422 and "README.md, line 3: both versions still stand there" in unfinished.text
    assert owner.post(f"{address}/merge", {'text:["README.md", "cr"]': "x"}).status_code == 422
    both = "# Box\r\n\r\nFor London and São Paulo.\r\n"
    decided = owner.post(f"{address}/merge", {field: both})
    assert decided.status_code == 422 and "engine is not running" in decided.text, "decided; it only cannot be rebuilt"
