"""A part that has a relative's shape shows as taken, with what tells it."""

import family

from opendesign.actions.find_adoptions import lineage_job
from opendesign.records.design import design_by_path
from opendesign.records.revision import Adoption


def test_a_shape_that_was_drawn_again_is_told_in_words(site):
    ada = site.design("ada", "shoe", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    born = site.commit(
        "ada", ada, {"rib.py": "sole = heel.union(last(SIZE, WIDTH / 3, 2 * STITCH))\n"}, message="A rib"
    )
    came = site.commit("bia", bia, {"own.py": "STEP = load('rib.step')\n"}, message="Mine")
    with site.house.reading() as work:
        key = str(design_by_path(work.session, "ada", "shoe").id)
    lineage_job(site.house, key)
    with site.house.writing() as work:
        ends = [design_by_path(work.session, owner, "shoe").id for owner in ("ada", "bia")]
        found = Adoption(source_id=ends[0], target_id=ends[1], kind="geometry", sha=came, source_sha=born, commits=1)
        found.evidence = ["weight", "fingerprint", "overlap:0.9996", "part:rib.step", "part:own.py"]
        work.session.add(found)
    said = "the same shape in rib.step, own.py; volume, area, moments of inertia and surfaces agree to four digits; "
    for place in (f"{ada}/lineage", f"{bia}/improvements/{born}"):
        page = site.stranger().get(place).text
        assert said + "99.96% overlap, turned and moved; too much alike for chance" in page
    taken = site.stranger().get(f"/api/v1/designs{ada}/lineage").json["adoptions"]
    assert [(each["kind"], each["source"], each["target"]) for each in taken] == [("geometry", "ada/shoe", "bia/shoe")]
