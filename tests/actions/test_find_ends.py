"""What was taken as a value or as a file lives while that is there, and ends and lives again as other things do."""

from families import ADA, BIA, commit
from houses import BOX, start

from opendesign.actions.heal import reindex
from opendesign.actions.house import Visitor
from opendesign.records.lapse import Lapse
from opendesign.records.revision import Adoption, Revision

LINES = [f"plate = plate.union(rib({number}, HEIGHT, {number} * THICKNESS))\n" for number in range(24)]
PEGS = "".join(f"plate = plate.cut(peg({number}, {number} * PITCH, DEPTH))\n" for number in range(24))
RIBS = "".join(LINES)


def box(width, height=4.0):
    return {"box.py": BOX.replace("10.0  # [5:1:50] Width", f"{width}  # Width").replace("= 4.0", f"= {height}")}


def ends(house):
    with house.reading() as work:
        return [(a.kind, a.ended_at) for a in work.session.query(Adoption).order_by(Adoption.at, Adoption.id)]


def lapsed(house, design):
    with house.reading() as work:
        return {each.sha: each.at for each in work.session.query(Lapse).filter_by(design_id=design)}


def moment(house, sha):
    with house.reading() as work:
        return work.session.query(Revision).filter_by(sha=sha).one().received_at


def anew(house, design):
    """What is known, which is the same when all is found anew."""
    before = ends(house), lapsed(house, design)
    reindex(house)
    assert (ends(house), lapsed(house, design)) == before
    return before[0]


def test_values_end_when_the_last_is_another_and_live_when_one_is_back(house, family):
    london, brazil, _ = family
    born = commit(house, brazil, box(12.35, 6.55), "Wide and high", BIA)
    commit(house, london, box("12.35  # London", "6.55  # So high"), "So", BIA)
    assert anew(house, london) == [("parameter", None)]
    commit(house, london, box(14.0, 6.55), "Wider", ADA)
    assert ends(house) == [("parameter", None)] and born not in lapsed(house, london)
    gone = moment(house, commit(house, london, box(14.0, 7.0), "Higher", ADA))
    commit(house, london, {"NOTES.md": "later\n"}, "Notes", ADA)
    assert lapsed(house, london)[born] == gone and anew(house, london) == [("parameter", gone)]
    commit(house, london, {"box.py": None, "case.py": box(12.35, 7.0)["box.py"]}, "As it was, elsewhere", ADA)
    assert anew(house, london) == [("parameter", None)] and born not in lapsed(house, london)


def test_values_end_with_their_script(house, family):
    london, brazil, _ = family
    commit(house, brazil, box(12.35), "Wide", BIA)
    commit(house, london, box("12.35  # London"), "So", BIA)
    gone = moment(house, commit(house, london, {"box.py": None}, "No box", ADA))
    commit(house, london, {"NOTES.md": "later\n"}, "Notes", ADA)
    assert anew(house, london) == [("parameter", gone)]
    commit(house, london, box("12.35  # London"), "A box again", ADA)
    assert anew(house, london) == [("parameter", None)]


def test_a_copied_file_ends_when_it_is_written_anew_or_deleted_and_lives_when_it_is_back(house, family):
    london, brazil, _ = family
    for count in (8, 24):
        born = commit(house, brazil, {"ribs.py": "".join(LINES[:count])}, "Ribs", BIA)
    commit(house, london, {"stiff.py": RIBS}, "Ribs", ADA)
    commit(house, london, {"stiff.py": None, "parts/stiff.py": "".join(LINES[8:])}, "Fewer, and elsewhere", ADA)
    assert anew(house, london) == [("copy", None)]
    over = commit(house, london, {"parts/stiff.py": PEGS + LINES[9]}, "Pegs", ADA)
    assert lapsed(house, london)[born] == moment(house, over)
    assert anew(house, london) == [("copy", moment(house, over))]
    commit(house, london, {"parts/stiff.py": "".join(LINES[8:])}, "Not pegs", ADA)
    assert anew(house, london) == [("copy", None)] and born not in lapsed(house, london)
    gone = commit(house, london, {"parts/stiff.py": None}, "Neither", ADA)
    assert anew(house, london) == [("copy", moment(house, gone))]


def test_what_came_from_another_family_ends_as_well(house, family):
    london, _, _ = family
    clamp = start(house, Visitor(3), "clamp", {"clamp.py": BOX + "# clamp\n"})
    long_ago = moment(house, commit(house, clamp, {"ribs.py": RIBS}, "Ribs", BIA)).replace(year=2020)
    with house.writing() as work:
        for each in work.session.query(Revision).filter_by(design_id=clamp):
            each.received_at = long_ago
    commit(house, london, {"stiff.py": RIBS}, "Ribs", ADA)
    assert anew(house, london) == [("copy", None)]
    gone = commit(house, london, {"stiff.py": None}, "No ribs", ADA)
    assert anew(house, london) == [("copy", moment(house, gone))]
