"""What was made and confirmed: who is credited for it, and which teams have built a design, wherever that is shown."""

import json

import pytest
from houses import BOX, settle_in, start
from photos import photo

from opendesign.actions.change_design import give_role
from opendesign.actions.export_design import export_design
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.fork import fork
from opendesign.actions.judge_made import builds_in, judge_family
from opendesign.actions.share_credit import share_credit
from opendesign.actions.tell_made import read_photos, tell_made, withdraw_made
from opendesign.actions.vouch import vouch
from opendesign.actions.weigh_family import weigh_designs, weigh_whole
from opendesign.actions.weigh_pairs import open_scales
from opendesign.core.lineage.credit import WHOLE
from opendesign.core.made import Account
from opendesign.records.design import design_by_id
from opendesign.records.made import one_made
from opendesign.records.person import person_by_id
from opendesign.records.personal import rows_of

WORKED = Account("worked", "FDM", readings={"x": 10.1})


@pytest.fixture
def crowd(house):
    """Ada's case, Bia's fork of it, and the people: ada, bia, caio, davi, emma by name."""
    names = ("ada", "bia", "caio", "davi", "emma")
    people = dict(zip(names, settle_in(house, *names), strict=True))
    case = start(house, people["ada"], "case", {"box.py": BOX})
    with house.writing(people["bia"]) as work:
        other = fork(work, design_by_id(work.session, case)).id
        give_role(
            work, design_by_id(work.session, other), person_by_id(work.session, people["caio"].person_id), "writer"
        )
    for key in (case, other):
        lineage_job(house, str(key))
    return people, case, other


def made(house, who, design: int, *confirming, account: Account = WORKED, part: str = "box.py", photos=()) -> int:
    """Somebody makes a part, and others confirm it."""
    with house.writing(who) as work:
        number = tell_made(work, design_by_id(work.session, design), account, "", part, {}, photos).number
    for each in confirming:
        with house.writing(each) as work:
            row = design_by_id(work.session, design)
            vouch(work, one_made(work.session, row, True, number), "confirmed")
    return number


def credited(house, design: int) -> dict[str, list[tuple[str, int]]]:
    """What each person has of verification, by kind and weight; all shares sum to the whole."""
    with house.reading() as work:
        found = share_credit(work, design_by_id(work.session, design))
    assert sum(each.ppm for each in found.shares) == WHOLE
    said = {each.who: [(e.kind, e.weight) for e in each.events if e.pool == "verification"] for each in found.shares}
    return {who: events for who, events in said.items() if events}


def built(house, design: int, who=None) -> tuple[float, list[float]]:
    """The build factor of the family, and that of each of its designs."""
    with house.reading(who) if who else house.reading() as work:
        scales = open_scales(work, design_by_id(work.session, design))
        return weigh_whole(scales).builds.value, [each.builds.value for each in weigh_designs(scales)]


def test_credit_goes_to_makers_measurers_and_confirmers_once_for_each_part(house, crowd):
    people, case, other = crowd
    made(house, people["bia"], case)
    assert credited(house, case) == {}, "what nobody confirms earns nothing"
    made(house, people["bia"], case, people["davi"], people["emma"])
    expected = {
        "bia": [("build", 3), ("measurement", 1)],
        "davi": [("vouch", 1)],
        "emma": [("vouch", 1)],
    }
    assert credited(house, case) == expected
    assert credited(house, other) == expected, "the fork has the same revision"
    for _ in range(3):
        made(house, people["bia"], case, people["davi"])
    assert credited(house, case) == expected, "many records of one thing are no more than one"
    failed = Account("failed", note="It cracked.")
    made(house, people["davi"], case, people["ada"], account=failed, part="")
    assert credited(house, case)["davi"] == [("build", 3), ("vouch", 1)], "an honest failure is verification, too"
    assert credited(house, case)["ada"] == [("vouch", 1)]


def test_the_build_factor_counts_teams_and_never_the_same_twice(house, crowd):
    people, case, other = crowd
    assert built(house, case) == (0.0, [0.0, 0.0])
    made(house, people["bia"], case, people["ada"])
    made(house, people["caio"], other, people["davi"])
    assert built(house, case) == (1.0, [1.0, 1.0]), "bia and caio control a design together"
    made(house, people["davi"], other, people["emma"])
    assert built(house, case) == (2.0, [1.0, 2.0])
    made(house, people["emma"], other, people["davi"], account=Account("failed", note="It cracked."))
    assert built(house, case) == (2.0, [1.0, 2.0]), "what failed shows nobody how to build it"
    with house.writing() as work:
        design_by_id(work.session, other).visibility = "private"
    assert built(house, case) == (1.0, [1.0]), "what is private counts for nobody who may not see it"
    assert built(house, case, people["caio"])[1] == [1.0, 2.0]


def test_reindex_and_a_second_look_give_the_same(house, crowd):
    people, case, _other = crowd
    made(house, people["bia"], case, people["ada"])

    def look():
        with house.reading() as work:
            return builds_in(judge_family(work, [case]))

    before = look(), credited(house, case)
    lineage_job(house, str(case))
    assert (look(), credited(house, case)) == before


def test_exports_hold_it_and_what_is_taken_back_is_gone(house, crowd):
    people, case, _other = crowd
    number = made(house, people["bia"], case, people["ada"], photos=read_photos([photo()]))
    with house.reading(people["ada"]) as work:
        export = export_design(work, design_by_id(work.session, case), "https://example.org")
        told = json.loads(export.entries["ada-case/made.json"])
        export.close()
        assert [(each["number"], each["by"], each["result"]) for each in told] == [(number, "bia", "worked")]
        assert [each["word"] for each in told[0]["words"]] == ["confirmed"]
        assert export.entries[f"ada-case/{told[0]['photos'][0]}"].startswith(b"\xff\xd8")
        mine = rows_of(work.session, person_by_id(work.session, people["bia"].person_id))
        assert (len(mine["made"]), len(mine["photo"])) == (1, 1) and "picture" not in mine["photo"][0]
        assert len(rows_of(work.session, work.person)["vouch"]) == 1
    with house.writing(people["bia"]) as work:
        withdraw_made(work, one_made(work.session, design_by_id(work.session, case), True, number))
    assert credited(house, case) == {}
    with house.reading() as work:
        mine = rows_of(work.session, person_by_id(work.session, people["bia"].person_id))
        assert not mine.keys() & {"made", "photo"}
