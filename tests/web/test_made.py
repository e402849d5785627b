"""“I made this” in a browser without JavaScript: told, changed, confirmed, doubted, taken back; and seen by whom."""

import io
import re

import family
import pytest
from photos import PLACE, photo

from opendesign.actions.change_design import change_design, give_role
from opendesign.actions.edit import drop_branch, edit_files
from opendesign.actions.judge_made import judge_made
from opendesign.core.measurement import check, total
from opendesign.records.base import now
from opendesign.records.build import Build
from opendesign.records.design import design_by_path
from opendesign.records.made import Made, made_of
from opendesign.records.person import person_by_name

FORM = {"result": "worked", "part": "box.py", "p.WIDTH": "30", "material": "PETG", "recycled": "100", "x": "30,2"}


@pytest.fixture
def box(site, request):
    """The address of ada's box."""
    return site.design("ada", f"box-{request.node.name[5:25].replace('_', '-').strip('-')}", family.FILES)


def told(site, who: str, box: str, photos: int = 0, **fields: str) -> str:
    """Somebody says in a browser that they made the box; returns the address of what they said."""
    files = [(io.BytesIO(photo(300 + each, 200)), f"{each}.jpg") for each in range(photos)]
    answer = site.person(who).post(f"{box}/made", FORM | fields | {"photos": files})
    assert answer.status_code == 303, answer.text
    return answer.location


def judged(site, box: str):
    """What was made of a box, the newest first: states and whether each is a verified build."""
    with site.house.reading() as work:
        design = design_by_path(work.session, *box.strip("/").split("/"))
        rows = list(work.session.scalars(made_of(design, belongs=True)))
        return [(each.state, each.built) for each in judge_made(work, rows, [design.id])]


def built(site, width: float) -> None:
    """The worker builds what is wanted, so wide."""
    with site.house.noting() as work:
        for row in work.session.query(Build).filter(Build.state == "wanted"):
            shape = {"volume_mm3": 1.0, "area_mm2": 1.0, "bbox_mm": [[0, 0, 0], [width, 10, 4]], "centre_mm": [0, 0, 0]}
            shapes = check([shape | {"valid": True, "solids": 1}])
            row.state, row.result, row.finished_at = "made", {"total": total(shapes), "shapes": shapes}, now()


def test_from_the_part_with_its_values_to_a_page_with_readings_beside_the_model(site, box):
    bia = site.person("bia")
    part = bia.get(f"{box}/parts/box.py?p.WIDTH=30").text
    link = part.partition(f'href="{box}/made/new?')[2].partition('"')[0].replace("&amp;", "&")
    form = bia.get(f"{box}/made/new?{link}").text
    assert 'name="p.WIDTH" value="30"' in form and '<option value="box.py" selected>' in form
    sha = form.partition('name="ref" value="')[2][:40]
    assert site.person("bia").post(f"{box}/made", FORM | {"result": ""}).status_code == 422
    wrong = site.person("bia").post(f"{box}/made", FORM | {"x": "wide", "note": "Kept."})
    assert wrong.status_code == 422 and "number of millimetres" in wrong.text and "Kept." in wrong.text
    here = told(site, "bia", box, photos=2, ref=sha)
    assert here == f"{box}/made/1"
    built(site, 30.0)
    page = site.stranger().get(here).text
    words = re.sub(r"<[^>]+>", "", page)
    for word in ("WIDTH = 30", "PETG, 100 % recycled", "+0.20mm", "+0.67%", "Nobody yet"):
        assert word in words, word
    src = page.partition(f'src="{here}/photos/')[2].partition('"')[0]
    shown = site.stranger().get(f"{here}/photos/{src}")
    assert shown.mimetype == "image/jpeg" and PLACE.encode() not in shown.data
    assert page.count("<img") == 2
    for place in (box, f"{box}/parts/box.py", f"{box}/revisions/{sha}"):
        assert "Made by 1 person" in site.stranger().get(place).text, place
    assert "box.py" in site.stranger().get(f"{box}/made").text
    assert "has made" in site.person("ada").get("/notices").text


def test_it_counts_once_somebody_of_another_team_confirms_it(site, box):
    here = told(site, "bia", box)
    family.fork_of(site, box, "emma")
    assert site.person("bia").post(f"{here}/word", {"word": "confirmed"}).status_code == 403
    page = site.person("bia").get(here).text
    assert "I confirm it" not in page and "Ask somebody who has seen it" in page
    assert site.person("davi").post(f"{here}/word", {"word": "doubted"}).status_code == 422, "a doubt needs a reason"
    assert site.person("davi").post(f"{here}/word", {"word": "doubted", "reason": "A render."}).status_code == 303
    assert judged(site, box) == [("doubted", False)]
    assert site.person("ada").post(f"{here}/word", {"word": "confirmed"}).status_code == 303
    assert judged(site, box) == [("verified", True)], "one confirmation verifies, whatever others doubt"
    told_of = {"lineage?sort=builds": f'href="{box}/made">1</a>'}
    told_of |= {"lineage/pairs": f'href="{here}"', "credit": "a verified build"}
    for page, link in told_of.items():
        assert link in site.stranger().get(f"{box}/{page}").text, page
    assert "doubts that" in site.person("bia").get("/notices").text
    assert site.person("ada").post(f"{here}/word/removal").status_code == 303
    assert judged(site, box) == [("doubted", False)]


def test_a_mate_in_a_private_design_is_refused_and_one_who_becomes_a_mate_counts_no_more(site, box):
    here = told(site, "bia", box)
    site.visitor("caio"), site.visitor("eva")
    hidden = site.design("bia", f"{box.split('-')[-1]}-hidden", family.FILES, visibility="private")
    joined(site, "bia", hidden, "caio")
    assert site.person("caio").post(f"{here}/word", {"word": "confirmed"}).status_code == 403
    assert "your word would not count" in site.person("caio").get(here).text
    assert site.person("eva").post(f"{here}/word", {"word": "confirmed"}).status_code == 303
    shared = site.design("bia", f"{box.split('-')[-1]}-shared", family.FILES)
    assert judged(site, box) == [("verified", True)]
    joined(site, "bia", shared, "eva")
    assert judged(site, box) == [("open", False)]
    assert "does not count" in site.stranger().get(here).text


def joined(site, owner: str, address: str, name: str) -> None:
    """Somebody may write to a design from now on."""
    with site.house.writing(site.visitor(owner)) as work:
        design = design_by_path(work.session, *address.strip("/").split("/"))
        give_role(work, design, person_by_name(work.session, name), "writer")


def test_what_is_changed_is_confirmed_anew_and_what_failed_is_verified_but_builds_nothing(site, box):
    here = told(site, "bia", box, photos=1)
    site.person("ada").post(f"{here}/word", {"word": "confirmed"})
    bia = site.person("bia")
    assert 'name="without"' in bia.get(f"{here}/changes").text
    digest = bia.get(here).text.partition(f'href="{here}/photos/')[2].partition(".jpg")[0]
    changed = FORM | {"result": "failed", "note": "The hole tore out.", "without": digest}
    assert bia.post(f"{here}/changes", changed | {"note": ""}).status_code == 422, "a failure is told"
    assert bia.post(f"{here}/changes", changed).status_code == 303
    assert judged(site, box) == [("open", False)]
    page = site.stranger().get(here).text
    assert "The hole tore out." in page and "<img" not in page and "does not count" in page
    assert site.stranger().get(f"{here}/photos/{digest}.jpg").status_code == 404
    site.person("ada").post(f"{here}/word", {"word": "confirmed"})
    assert judged(site, box) == [("verified", False)]
    assert site.person("ada").get(f"{here}/changes").status_code == 404, "nobody changes another's words"
    assert site.person("ada").post(f"{here}/removal").status_code == 403, "not the owner of the design either"
    assert bia.post(f"{here}/removal").status_code == 303
    assert judged(site, box) == [] and site.stranger().get(here).status_code == 404
    assert "box.py" not in site.person("ada").get("/notices").text.partition(f"{box}/made")[2]


def test_what_was_said_while_a_design_was_private_stays_with_its_people(site, box):
    name = box.split("/")[2]
    with site.house.writing(site.visitor("ada")) as work:
        change_design(work, design_by_path(work.session, "ada", name), visibility="private")
    here = told(site, "ada", box, photos=1)
    src = site.person("ada").get(here).text.partition(f'src="{here}')[2].partition('"')[0]
    for place in (here, f"{here}{src}", f"{box}/made"):
        assert site.stranger().get(place).status_code == 404, place
    with site.house.writing(site.visitor("ada")) as work:
        change_design(work, design_by_path(work.session, "ada", name), visibility="public")
    for place in (here, f"{here}{src}"):
        assert site.stranger().get(place).status_code == 404, place
        assert site.person("ada").get(place).status_code == 200, place
    assert "Nothing yet" in site.stranger().get(f"{box}/made").text
    assert "Made by" not in site.stranger().get(box).text
    told(site, "bia", box)
    assert "Made by 1 person" in site.stranger().get(box).text


def test_photos_that_are_none_and_too_many_are_refused_before_anything_is_kept(site, box):
    bia = site.person("bia")
    for sent in ([b"<svg onload=alert(1)>"], [photo(9, 9)] * 7):
        files = [(io.BytesIO(each), "x.jpg") for each in sent]
        answer = bia.post(f"{box}/made", FORM | {"photos": files})
        assert answer.status_code == 422 and "Not kept yet" in answer.text
    assert judged(site, box) == []
    assert bia.post(f"{box}/made", FORM | {"ref": "0" * 40}).status_code == 404


def test_a_revision_on_no_branch_is_none_to_make_from_and_a_day_has_an_end(site, box):
    sha = site.head(box)
    with site.house.writing(site.visitor("ada")) as work:
        design = design_by_path(work.session, *box.strip("/").split("/"))
        lost = edit_files(work, design, "side", {"a": b"a"}, "A", start=sha)
        drop_branch(work, design, "side", lost)
    assert site.person("bia").post(f"{box}/made", FORM | {"ref": lost}).status_code == 422, "of no branch"
    assert told(site, "bia", box, ref=sha)
    with site.house.writing(site.visitor("bia")) as work:
        design = design_by_path(work.session, *box.strip("/").split("/"))
        for number in range(2, 21):
            facts = {"number": number, "sha": sha, "result": "worked", "readings": {}, "settings": {}}
            work.session.add(Made(design=design, person=work.person, **facts))
    assert site.person("bia").post(f"{box}/made", FORM).status_code == 429
