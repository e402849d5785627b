"""Challenges in a browser without JavaScript; what is built is put into the records as the worker does."""

from collections.abc import Callable
from datetime import timedelta

import family
import pytest
from remotes import read_only

from opendesign.actions.enter_challenge import enter_challenge
from opendesign.actions.judge_entries import challenge_job
from opendesign.actions.make_wanted import make_wanted
from opendesign.actions.open_challenge import open_challenge
from opendesign.actions.read_tree import read_tree
from opendesign.actions.stop_build import standing_of, stop_build
from opendesign.actions.stop_inspection import stop_inspection
from opendesign.actions.want_build import part_key
from opendesign.core.errors import Conflict, Invalid
from opendesign.records.base import now
from opendesign.records.build import Build, Comparison, build_by_key
from opendesign.records.challenge import Challenge, Entry, challenge_of, challenges_awaiting, unsettled
from opendesign.records.design import design_by_path
from opendesign.records.person import person_by_name

CHECKS = '[[part]]\nsource = "box.py"\nmaterial = "PETG"\n\n[checks.light]\npart = "box.py"\nmass_max_g = 100\n'
FILES = family.FILES | {"okh.toml": CHECKS}
DAY = timedelta(days=1)


def made(site, address: str, number: int, volumes: dict[float, float], real: float | None = None) -> None:
    """The worker does all it has to: the width of a box says its volume, in mm³, if it is not another one in truth."""
    for _turn in range(2):
        judged(site, address, number)
        with site.house.noting() as work:
            for row in work.session.query(Build).filter(Build.state == "wanted"):
                with site.house.store.open(str(row.design_id)) as repository:
                    text = repository.read(row.recipe["tree"], row.part).decode()
                volume = next((value for width, value in volumes.items() if f"WIDTH = {width}" in text), 1.0)
                total = {"volume_mm3": volume, "area_mm2": 9.0, "bbox_mm": [[0, 0, 0], [1, 1, 1]], "valid": True}
                row.state, row.result = "made", {"total": {**total, "solids": 1}, "shapes": []}
                row.finished_at = row.exported_at = now()
            for row in work.session.query(Comparison).filter(Comparison.state == "wanted"):
                volume = work.session.get(Build, row.after_key).total["volume_mm3"]
                row.state, row.result = "made", {"volume_mm3": {"added": real or volume}}


def box(width: float, address: str) -> dict[str, str]:
    """A box that no other test has built."""
    return {"box.py": f"{family.wider(width)['box.py']}# {address}\n"}


@pytest.fixture
def asked(site, request):
    """The address of ada's box, of which bia and davi have forks with other boxes."""
    name = f"asked-{request.node.name[5:20].replace('_', '-').strip('-')}"
    ada = site.design("ada", name, FILES | box(20.0, name))
    for owner, width in (("bia", 30.0), ("davi", 31.0)):
        site.commit(owner, family.fork_of(site, ada, owner), box(width, name))
    return ada


def opened(site, address: str, begun: timedelta = 0 * DAY, lasting: timedelta = DAY, **fields) -> int:
    """Ada opens a challenge some time ago; returns its number."""
    at = now() - begun
    goal = {"part": "box.py", "measure": "mass", "direction": "least", "deadline": at + lasting} | fields
    with site.house.writing(site.visitor("ada")) as work:
        design = design_by_path(work.session, *address.strip("/").split("/"))
        return open_challenge(work, design, "Lightest box", "Please.", at=at, **goal).number


def entered(site, address: str, number: int, owner: str, ago: timedelta = 0 * DAY, ref: str = "") -> None:
    """Somebody entered their fork some time ago."""
    name = address.split("/")[2]
    with site.house.writing(site.visitor(owner)) as work:
        challenge = challenge_of(work.session, design_by_path(work.session, "ada", name), number)
        enter_challenge(work, challenge, design_by_path(work.session, owner, name), ref, now() - ago)


def judged(site, address: str, number: int) -> None:
    """The worker looks at a challenge."""
    with site.house.reading() as work:
        design = design_by_path(work.session, *address.strip("/").split("/"))
        key = challenge_of(work.session, design, number).id
    challenge_job(site.house, str(key))


def test_from_the_form_to_a_table_of_entries(site, asked):
    ada, bia = site.person("ada"), site.person("bia")
    assert "No challenges yet" in bia.get(f"{asked}/challenges").text
    form = ada.get(f"{asked}/challenges/new").text
    assert "<code" in form and "light" in form and 'value="least mass"' in form
    fields = {"title": "Lightest box", "goal": "least mass", "part": "box.py", "deadline": "next week"}
    wrong = ada.post(f"{asked}/challenges", fields)
    assert wrong.status_code == 422 and "write a day" in wrong.text and 'value="Lightest box"' in wrong.text
    answer = ada.post(f"{asked}/challenges", fields | {"deadline": f"{now() + 9 * DAY:%F}"})
    assert answer.location == f"{asked}/challenges/1"
    name = asked.split("/")[2]
    page = bia.get(answer.location).text
    assert f"<option>bia/{name}:main</option>" in page and f"davi/{name}:main" not in page
    assert bia.post(f"{answer.location}/entries", {"entry": f"bia/{name}:main"}).status_code == 303
    refused = bia.post(f"{answer.location}/entries", {"entry": f"davi/{name}:main"})
    assert refused.status_code == 403 and "You may not push to this design" in refused.text
    assert "Entries are being built" in bia.get(answer.location).text
    made(site, asked, 1, {20.0: 9000, 30.0: 8000.0})
    page = bia.get(answer.location).text
    assert "10.16" in page and "11.43" in page and "-11.1%" in page and "Entries are being built" not in page
    assert "1 entry" in bia.get(f"{asked}/challenges").text


def test_at_the_deadline_the_first_has_won_and_the_family_can_adopt_it(site, asked):
    number, name = opened(site, asked, 3 * DAY, 2 * DAY), asked.split("/")[2]
    entered(site, asked, number, "bia", 2 * DAY)
    entered(site, asked, number, "davi", 2 * DAY - timedelta(hours=1))
    with pytest.raises(Conflict, match="ended"):
        entered(site, asked, number, "davi")
    judged(site, asked, number)
    assert "being judged" in site.stranger().get(f"{asked}/challenges/{number}").text
    with site.house.reading() as work:
        design = design_by_path(work.session, "ada", name)
        assert challenge_of(work.session, design, number).id in unsettled(work.session), "so that upkeep ends it"
    made(site, asked, number, {20.0: 9000, 30.0: 8000.0, 31.0: 7000.0})
    ada, sha = site.person("ada"), site.head(f"/davi/{name}")
    page, link = ada.get(f"{asked}/challenges/{number}").text, f"{asked}/adoptions?source=davi%2F{name}&commit={sha}"
    assert f'href="{link.replace("&", "&amp;")}"' in page and "Davi" in page
    assert ada.get(link).status_code == 200
    assert f"/bia/{name}/adoptions?source" in site.person("bia").get(f"{asked}/challenges/{number}").text
    late = site.person("bia").post(f"{asked}/challenges/{number}/entries", {"entry": f"bia/{name}:main"})
    assert late.status_code == 409 and "has ended" in late.text


def test_nobody_has_won_while_the_service_is_read_only(site, asked):
    number, name = opened(site, asked, 3 * DAY, 2 * DAY), asked.split("/")[2]

    def ending() -> object:
        judged(site, asked, number)
        assert site.stranger().get(f"{asked}/challenges/{number}").status_code == 200
        assert site.stranger().get(f"/api/v1/designs{asked}/challenges/{number}").status_code == 200
        with site.house.reading() as work:
            found = challenge_of(work.session, design_by_path(work.session, "ada", name), number)
            assert found.ending or found.id in unsettled(work.session), "so that upkeep ends it"
            return found.ending

    site.person("orla")
    with site.house.writing() as work:
        person_by_name(work.session, "orla").admin = True
    with read_only(site.house, site.visitor("orla")):
        assert ending() is None
    assert ending() is not None


def test_a_copy_does_not_overtake_its_original(site, asked):
    number, name = opened(site, asked), asked.split("/")[2]
    site.commit("davi", f"/davi/{name}", box(30.0, name) | {"NOTES.md": "Mine.\n"})
    entered(site, asked, number, "davi", timedelta(minutes=-1))
    entered(site, asked, number, "bia", timedelta(minutes=-2))
    made(site, asked, number, {30.0: 8000.0})
    page = site.stranger().get(f"{asked}/challenges/{number}").text
    table = page.partition("<tbody>")[2]
    assert 0 < table.index(f"bia/{name}") < table.index(f"davi/{name}"), "received first, though entered later"


def test_a_script_that_lies_of_its_own_volume_wins_nothing(site, asked):
    number, name = opened(site, asked), asked.split("/")[2]
    entered(site, asked, number, "bia")
    made(site, asked, number, {30.0: 8.0}, real=8000.0)
    page = site.stranger().get(f"{asked}/challenges/{number}").text
    assert "its shape is not what its script says of it" in page and f"bia/{name}" in page
    assert site.person("ada").post(f"{asked}/challenges/{number}/ending", {"how": "closed"}).status_code == 303
    assert "ended without a winner" in site.stranger().get(f"{asked}/challenges/{number}").text


def test_what_an_entry_waits_for_has_it_judged_when_it_ends(site, asked):
    number = opened(site, asked)
    entered(site, asked, number, "bia")
    judged(site, asked, number)
    with site.house.reading() as work:
        entry = work.session.query(Entry).order_by(Entry.id.desc()).first()
        keys = [row.key for row in work.session.query(Build) if challenges_awaiting(work.session, row.key)]
        assert keys and entry.state == "waiting"
    made(site, asked, number, {30.0: 8000.0})
    judged(site, asked, number)
    with site.house.reading() as work:
        assert work.session.get(Entry, entry.id).state == "passed"
        assert not any(challenges_awaiting(work.session, key) for key in keys)
    assert make_wanted(site.house) == "nothing"


def test_once_all_is_judged_after_the_deadline_nobody_takes_the_win_away(site, asked):
    number, ada = opened(site, asked, lasting=DAY), site.person("ada")
    entered(site, asked, number, "bia")
    made(site, asked, number, {30.0: 8000.0})
    judged(site, asked, number)
    with site.house.writing() as work:
        found = work.session.query(Challenge).filter_by(number=number).order_by(Challenge.id.desc()).first()
        found.deadline, key = now() - DAY, found.id
    answer = ada.post(f"{asked}/challenges/{number}/ending", {"how": "withdrawn", "reason": "Not him."})
    assert answer.status_code == 409 and "deadline has passed" in answer.text
    assert "bia" in ada.get(f"{asked}/challenges/{number}").text
    with site.house.reading() as work:
        assert work.session.get(Challenge, key).ending.winner is not None


def test_nothing_private_is_entered_and_nothing_without_checks_is_opened(site, asked):
    number, name = opened(site, asked), asked.split("/")[2]
    with site.house.writing() as work:
        design_by_path(work.session, "bia", name).visibility = "private"
    with pytest.raises(Invalid, match="make it public"):
        entered(site, asked, number, "bia")
    with pytest.raises(Conflict, match="nothing that is not in the challenge's own revision"):
        entered(site, asked, number, "ada")
    site.commit("ada", asked, {"okh.toml": None})
    with pytest.raises(Invalid, match="has no checks"):
        opened(site, asked)
    page = site.person("ada").post(f"{asked}/challenges/{number}/ending", {"how": "withdrawn", "reason": "Found it."})
    assert page.status_code == 303
    text = site.stranger().get(f"{asked}/challenges/{number}").text
    assert "Found it." in text and "Take part" not in text


def test_nobody_has_a_challenge_judge_for_ever_by_stopping_what_it_waits_for(site, asked):
    name, checks = asked.split("/")[2], "def check_it(parts):\n    assert len(parts) == 1\n"
    for owner in ("ada", "bia"):
        site.commit(owner, f"/{owner}/{name}", {"checks.py": checks})
    number = opened(site, asked)
    entered(site, asked, number, "bia")
    judged(site, asked, number)

    with site.house.reading() as work:
        tree = read_tree(work, design_by_path(work.session, "bia", name), site.head(f"/bia/{name}"))

    def stopped(stop: Callable, what: object) -> bool:
        with site.house.writing(site.visitor("bia")) as work:
            return stop(work, what).stopped

    ways = [(stop_build, part_key(tree, "box.py")), (stop_inspection, tree)]
    for each in ways:
        with pytest.raises(Conflict, match="a challenge waits for it"):
            stopped(*each)
    with site.house.reading(site.visitor("bia")) as work:
        standing = standing_of(work, build_by_key(work.session, part_key(tree, "box.py")))
    assert standing and not standing.stoppable, "so that no page shows a button that is refused"
    page = site.person("ada").post(f"{asked}/challenges/{number}/ending", {"how": "withdrawn"})
    assert page.status_code == 303 and all(stopped(*each) for each in ways)
