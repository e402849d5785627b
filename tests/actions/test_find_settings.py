"""Parameters that are set to a relative's values are found in the scripts that commits write anew."""

from families import ADA, BIA, CAIO, commit
from houses import BOX

from opendesign.actions.heal import reindex
from opendesign.records.revision import Adoption


def adopted(house, target):
    with house.reading() as work:
        found = work.session.query(Adoption).filter_by(target_id=target).order_by(Adoption.at, Adoption.source_sha)
        return [(a.kind, a.source_id, a.source_sha, a.sha, tuple(a.evidence)) for a in found]


def box(width, height=4.0, also=""):
    return {"box.py": BOX.replace("10.0  #", f"{width}  #").replace("HEIGHT = 4.0", f"HEIGHT = {height}") + also}


def ours(width):
    return {"box.py": box(width)["box.py"].replace("Width, mm", "How wide it is, in mm")}


def test_values_of_a_relative_are_adopted_by_whoever_sets_them_and_says_so(house, family):
    london, brazil, other = family
    born = commit(house, brazil, box(12.35), "Wider", BIA)
    taken = commit(house, london, ours(12.35), f"Wide\n\nAdopted-from: bia/case@{born}", ADA)
    assert adopted(house, london) == [("parameter", brazil, born, taken, ("trailer",))]
    commit(house, other, box(12.35, 5.0), "Wide and high", CAIO)
    assert [found[0] for found in adopted(house, other)] == ["twice"]
    commit(house, london, ours(10.0), "As at first", ADA)
    commit(house, brazil, box(10.0), "As at first", BIA)
    before = [adopted(house, each) for each in family]
    assert [len(found) for found in before] == [1, 0, 1], "to go back to where all began is nobody's"
    reindex(house)
    assert [adopted(house, each) for each in family] == before


def test_the_share_that_came_is_of_all_that_the_relative_set(house, family):
    london, brazil, _ = family
    born = commit(house, brazil, box(12.35, 5.0), "Wider and higher", BIA)
    commit(house, london, box(12.35), f"Wide\n\nAdopted-from: bia/case@{born}", ADA)
    with house.reading() as work:
        assert [each.share for each in work.session.query(Adoption).filter_by(target_id=london)] == [0.5]
