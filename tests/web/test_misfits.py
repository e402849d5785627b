"""Cleo's fork in Brazil no longer fits the London base: her page says by how much, and shows where."""

import json
import re
from html import unescape
from urllib.parse import unquote

import family
import pytest
from engine_fixture import shared

from opendesign.actions.announce import PATIENCE, announce, awaits_pictures
from opendesign.core.announcement import Written
from opendesign.records.base import now
from opendesign.records.design import design_by_path
from opendesign.records.person import person_by_name
from opendesign.records.proposal import Proposal, proposal_of
from opendesign.worker.jobs import performer

pytestmark = pytest.mark.slow
LID = '''"""Lid: four screws hold it on the base."""

import cadquery as cq

AT = [(-34, -19), (34, -19), (34, 19), (-34, 19)]

lid = cq.Workplane().box(80, 50, 4, centered=(True, True, False)).faces(">Z").workplane(origin=(0, 0, 0))
lid = lid.pushPoints(AT).hole(3.2)
lid.faces("<Z").tag("seat")
result = lid
'''
PROMISES = """[contracts.london-base]
part = "lid.py"
kind = "holes"
holes = [
  { at = [-34, -19, 0], diameter = 3.2 },
  { at = [34, -19, 0], diameter = 3.2 },
  { at = [34, 19, 0], diameter = 3.2 },
  { at = [-34, 19, 0], diameter = 3.2 },
]
[contracts.seat]
part = "lid.py"
kind = "mates"
mates = [{ tag = "seat" }]
"""
MOVED = LID.replace("(34, 19)", "(34.8, 19)")


@pytest.fixture(scope="module")
def site(open_site, request):
    """A site whose engine runs."""
    return open_site(engine=shared(request, "namespaces"))


def work(site) -> None:
    """Does every job that waits, as a worker would."""
    perform, huey = performer(site.house), site.house.queue.huey
    while task := huey.dequeue():
        perform(*task.args)


def proposal_in(looking, address: str) -> Proposal:
    """The proposal at an address."""
    owner, name, number = address.strip("/").replace("proposals/", "").split("/")
    return proposal_of(looking.session, design_by_path(looking.session, owner, name), int(number))


def letter(looking, address: str, to: str) -> Written | None:
    """What is written to somebody when a proposal was opened."""
    proposal = proposal_in(looking, address)
    return announce(looking, proposal, person_by_name(looking.session, to), "opened", proposal.author)


def figures(page: str) -> list[dict]:
    """What the first stage of a page is told to draw."""
    return json.loads(re.search(r'<script type="application/json">(\[.*?\])</script>', page, re.S)[1])


def test_a_hole_that_has_moved_is_said_and_seen(site):
    london = site.design("ada", "laptop-case", {"lid.py": LID, "okh.toml": PROMISES})
    brazil = family.fork_of(site, london, "cleo")
    site.commit("cleo", brazil, {"lid.py": MOVED}, message="Make room for the fan")
    work(site)
    cleo = site.person("cleo")
    page = cleo.get(brazil).text
    assert "Does not fit ada/laptop-case: hole 3 is 0.80 mm off</a>" in page
    shown = re.search(r'href="([^"]+)">Does not fit', page)[1].replace("&amp;", "&")
    assert unquote(shown) == f"{brazil}/misfits?base=ada/laptop-case:"
    page = cleo.get(shown).text
    assert "Does it fit ada/laptop-case?" in page and "<strong>hole 3 is 0.80 mm off</strong>" in page
    (figure,) = figures(page)
    assert figure["label"] == "hole 3: 0.80 mm" and figure["promised"]["diameter"] == 3.2
    assert figure["line"] == [[34, 19, 0], [34.8, 19, 0]]
    picture = cleo.get(re.search(r'<img src="([^"]+/misfits/picture[^"]+)"', page)[1].replace("&amp;", "&"))
    assert picture.mimetype == "image/svg+xml" and ">hole 3: 0.80 mm</text>" in picture.text
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert "seat" in page and "The contract “seat” holds for lid.py." in page
    assert "Nothing is missed" in cleo.get(f"{london}/misfits/picture").text
    assert "Does not fit" not in cleo.get(london).text


def test_a_proposal_shows_what_its_result_would_miss(site):
    london = site.design("ada", "base-case", {"lid.py": LID, "okh.toml": PROMISES})
    brazil = family.fork_of(site, london, "cleo")
    lower = LID.replace("80, 50, 4", "80, 50, 4.5").replace("(True, True, False)", "(True, True, True)")
    site.commit("cleo", brazil, {"lid.py": lower})
    address = family.proposed(site, brazil, london)
    assert "waits for its parts" in site.stranger().get(f"{address}/misfits").text
    assert re.search(r"Waiting</span> <code>seat</code>", site.stranger().get(f"{address}/geometry").text)
    with site.house.reading() as looking:
        assert awaits_pictures(looking, proposal_in(looking, address), now())
        assert not awaits_pictures(looking, proposal_in(looking, address), now() - PATIENCE)
        early = letter(looking, address, "ada")
    assert early.images == [] and "Pictures of the difference were not ready" in early.text
    work(site)
    page = site.stranger().get(address).text
    assert f'<a href="{address}/misfits">Show what does not fit</a>' in page
    page = site.stranger().get(f"{address}/misfits").text
    (figure,) = figures(page)
    assert (figure["kind"], figure["label"]) == ("flat", "seat: 2.25 mm")
    picture = site.stranger().get(f"{address}/misfits/picture?check=seat&part=lid.py")
    assert ">seat: 2.25 mm</text>" in picture.text
    page = site.stranger().get(f"{address}/geometry").text
    assert re.search(r"No longer fits</span> <code>seat</code>", page) and "<ins>2.25 mm off</ins>" in page
    shown = unescape(re.search(r'<img src="([^"]+/misfits/picture[^"]+)"', page)[1])
    assert "side=after" in shown and ">seat: 2.25 mm</text>" in site.stranger().get(shown).text
    with site.house.reading() as looking:
        assert not awaits_pictures(looking, proposal_in(looking, address), now())
        written = letter(looking, address, "ada")
    ((name, picture),) = written.images
    assert picture.startswith(b"\x89PNG") and len(picture) < 150_000 and f"cid:{name}" in written.html
    assert written.text.startswith("Cleo proposes “")
    for said in ("Volume: 15.87 → 17.86 cm³", "80.00 × 50.00 × 4.50 mm", "no longer fits seat: 2.25 mm off", address):
        assert said in written.text


def test_nobody_is_written_about_a_private_design_they_may_not_see(site):
    secret = site.design("ada", "quiet-case", {"lid.py": LID}, visibility="private")
    site.commit("ada", secret, {"lid.py": MOVED}, "fan", start=site.head(secret))
    address = family.proposed(site, secret, secret, "fan")
    with site.house.reading() as looking:
        assert letter(looking, address, "cleo") is None
        assert "Lid (lid.py): changed" in letter(looking, address, "ada").text


def test_a_parent_that_one_may_not_see_says_nothing(site):
    secret = site.design("ada", "secret-case", {"lid.py": LID, "okh.toml": PROMISES}, visibility="private")
    public = site.design("cleo", "open-case", {"lid.py": LID})
    for page in ("misfits", "misfits/picture"):
        assert site.stranger().get(f"{secret}/{page}").status_code == 404
        assert site.stranger().get(f"{public}/{page}?base=ada/secret-case:").status_code == 404
    assert "No contracts" in site.stranger().get(f"{public}/misfits").text


def test_a_comparison_says_of_each_changed_part_whether_it_still_fits(site):
    london = site.design("ada", "compared-case", {"lid.py": LID, "okh.toml": PROMISES, "base.py": LID})
    brazil = family.fork_of(site, london, "cleo")
    thick = LID.replace("80, 50, 4,", "80, 50, 5,")
    site.commit("cleo", brazil, {"lid.py": MOVED, "base.py": thick}, message="Make room for the fan")
    asked, stranger = f"{london}/compare/main...cleo:main", site.stranger()
    stranger.get(asked)
    work(site)
    page = stranger.get(asked).text
    above = page.partition('id="parts"')[0].partition('id="promises"')[2]
    assert re.search(r"No longer fits</span> <code>london-base</code> .*lid\.py</span> 0\.80 mm off", above)
    assert re.search(r"Still fits</span> <code>seat</code>", above) and page.count("<code>london-base</code>") == 2
    assert (
        "<del>fits</del>" in page
        and "<ins>0.80 mm off</ins>" in page
        and "<strong>hole 3 is 0.80 mm off</strong>" in page
    )
    (figure,) = json.loads(unescape(re.search(r'figures="([^"]+)"', page)[1]))
    assert figure["line"] == [[34, 19, 0], [34.8, 19, 0]]
    shown = unescape(re.search(r'<img src="([^"]+/misfits/picture[^"]+)"', page)[1])
    assert ">hole 3: 0.80 mm</text>" in stranger.get(shown).text
    assert "Nothing is missed" in stranger.get(shown.replace("side=after", "side=before")).text
    fresh = stranger.fragment(f"{asked}?part=lid.py&done=0").text
    assert 'id="promises" hx-swap-oob="true"' in fresh and "No longer fits" in fresh
    back = stranger.get(f"{london}/compare/cleo:main...main").text
    assert "Fits now" in back and "<del>0.80 mm off</del>" in back
    api = stranger.get(f"/api/v1/designs{london}/compare/main...cleo:main").json
    lid = next(part for part in api["parts"] if part["path"] == "lid.py")
    assert [(each["name"], each["became"]) for each in lid["contracts"]] == [
        ("london-base", "broken"),
        ("seat", "kept"),
    ]
    assert lid["contracts"][0]["after"]["by_mm"] == pytest.approx(0.8)
    query = {"range": "main...cleo:main", "part": "lid.py", "check": "london-base"}
    drawn = stranger.get(f"/api/v1/designs{london}/checks/picture", query_string=query)
    assert drawn.mimetype == "image/svg+xml" and ">hole 3: 0.80 mm</text>" in drawn.text
