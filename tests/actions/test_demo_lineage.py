"""The demo's family shows what lineage is about: each kind, something taken back, solved twice, and owed."""

import tomllib

import pytest
from houses import new_house

from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.tell import tell
from opendesign.actions.watch_family import Wish, watch_family
from opendesign.actions.weigh_pairs import weigh_pairs
from opendesign.cli.demo import STORY
from opendesign.records.design import design_by_path
from opendesign.records.revision import Adoption, Revision

LONDON, SAO_PAULO, PORTO_ALEGRE = (f"{owner}/laptop-case" for owner in ("ada", "bia", "davi"))
MOVING = ("commit", "merge", "accept", "adopt", "fork")
KINDS = {"merge", "pick", "port", "parameter", "copy", "declared", "twice"}


def of_family():
    """The events that move something in the family, and whom they need."""
    events = tomllib.loads((STORY / "story.toml").read_text())["event"]
    accepted = {event["proposal"] for event in events if event["kind"] == "accept"}
    theirs = {event["id"] for event in events if event["kind"] == "propose" and event["design"] == LONDON} & accepted
    for event in events:
        about = event.get("design", "").endswith("/laptop-case") or event.get("name") == "laptop-case"
        moves = event["kind"] in (*MOVING, "branch", "design") and about
        if moves or event["kind"] == "person" or {event.get("id"), event.get("proposal")} & theirs:
            yield event


def test_the_story_of_the_family_goes_forward():
    moments = [event["at"] for event in of_family() if event["kind"] in MOVING]
    assert moments == sorted(moments)


@pytest.mark.slow
def test_the_family_shows_each_kind_of_adoption(tmp_path):
    house = new_house(tmp_path)
    try:
        list(tell(house, STORY, list(of_family()), "opendesign-demo"))
        with house.reading() as work:
            london, south, far = (
                design_by_path(work.session, *path.split("/")) for path in (LONDON, SAO_PAULO, PORTO_ALEGRE)
            )
        for each in (london, south, far):
            lineage_job(house, str(each.id))
        with house.reading() as work:
            found = work.session.query(Adoption).all()
            received = work.session.query(Revision).filter_by(design_id=london.id).all()
            pairs = {
                pair.relative.path: pair for pair in weigh_pairs(work, design_by_path(work.session, *LONDON.split("/")))
            }
            radar = watch_family(work, design_by_path(work.session, *LONDON.split("/")), Wish())
        assert {each.kind for each in found} == KINDS
        picked = next(each for each in found if each.kind == "pick")
        assert picked.source_id == south.id and {"author", "trailer"} <= set(picked.evidence)
        assert [(each.kind, each.target_id) for each in found if each.ended_at] == [("port", south.id)]
        assert [each.kind for each in found if not each.credited] == ["declared", "twice"]
        days = max(each.received_at for each in received) - min(each.received_at for each in received)
        assert days.days > 90, "days of the story are days between receipts"
        assert {"Guia de montagem em português", "Walls for recycled PETG"} <= {each.subject for each in radar.found}
        assert all(pairs[path].back.debt.number.value > 0 for path in (SAO_PAULO, PORTO_ALEGRE))
        assert pairs[SAO_PAULO].there.flow.value > 0 < pairs[SAO_PAULO].back.flow.value
    finally:
        house.database.close()
