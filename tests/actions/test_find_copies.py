"""A relative's file, as it was after many changes, is recognised where it appears at once."""

from families import ADA, BIA, CAIO, RIBS, commit
from houses import start

from opendesign.actions.change_design import change_design
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.heal import reindex
from opendesign.actions.house import Visitor
from opendesign.records.design import design_by_id
from opendesign.records.revision import Adoption

LINES = [f"plate = plate.union(rib({number}, HEIGHT, {number} * THICKNESS))\n\n" for number in range(24)]


def adopted(house):
    with house.reading() as work:
        found = work.session.query(Adoption).order_by(Adoption.id)
        return [(a.kind, a.source_id, a.target_id, a.source_sha, a.sha, tuple(a.evidence)) for a in found]


def test_a_file_that_grew_by_many_commits_is_a_copy_where_it_appears_whole(house, family):
    london, brazil, other = family
    for count in (8, 16, 24):
        grown = commit(house, brazil, {"ribs.py": "".join(LINES[:count])}, f"{count} ribs", BIA)
    commit(house, other, {"few.py": "".join(LINES[:16])}, "Sixteen lines are too few", CAIO)
    taken = commit(house, london, {"parts/ribs.py": "".join(LINES), "more.py": RIBS}, "Ribs", ADA)
    before = adopted(house)
    assert before == [("copy", brazil, london, grown, taken, ("weight",))]
    commit(house, brazil, {"again.py": "".join(LINES)}, "One's own is no copy", BIA)
    assert adopted(house) == before
    reindex(house)
    assert adopted(house) == before


def test_what_other_families_keep_to_themselves_does_not_make_a_file_common(house, family):
    london, brazil, _ = family
    ribs = "".join(LINES)
    for name in ("one", "two", "three"):
        hidden = start(house, Visitor(2), name, {"ribs.py": ribs})
        with house.writing(Visitor(2)) as work:
            change_design(work, design_by_id(work.session, hidden), visibility="private")
        lineage_job(house, str(hidden))
    for count in (8, 24):
        commit(house, brazil, {"ribs.py": "".join(LINES[:count])}, f"{count} ribs", BIA)
    commit(house, london, {"parts/ribs.py": ribs}, "Ribs", ADA)
    assert [found[0] for found in adopted(house)] == ["copy"]
