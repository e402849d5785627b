"""What one part promises to others is held beside what it was before the change."""

from opendesign.core.checks import Outcome
from opendesign.core.demand import read_demands
from opendesign.core.promise import misfits_in, missed_in, promises, rank

HOLES = """[contracts.london-base]
part = "lid.py"
kind = "holes"
holes = [{ at = [5, 5, 0], diameter = 3.2 }, { at = [45, 5, 0], diameter = 3.2 }]
"""
SEAT = "[contracts.seat]\npart = '*.py'\nkind = 'mates'\nmates = [{ tag = 'seat' }]\n"
TOTAL = {"bbox_mm": [[0, 0, 0], [50, 10, 4]], "volume_mm3": 2000.0, "solids": 1, "valid": True}


def lid(x=45.0, path="lid.py", seat=0.0, **more) -> Outcome:
    holes = [{"ends": [[at, 5, 0], [at, 5, 4]], "diameter": 3.2} for at in (5.0, x)]
    corners = [[a, b, seat] for a, b in ((0, 0), (50, 0), (50, 10), (0, 10))]
    tags = [{"tag": "seat", "normal": [0, 0, -1], "corners": corners}]
    return Outcome(path, "made", TOTAL, key=f"key-{x}-{seat}", holes=holes, tags=tags)._replace(**more)


def became(before, after, old=HOLES, new=HOLES):
    return [
        (one.name, one.asked, one.became) for one in promises((read_demands(old), before), (read_demands(new), after))
    ]


def test_a_lid_still_fits_no_longer_fits_or_fits_now():
    assert became(lid(), lid()) == [("london-base", "both", "kept")]
    assert became(lid(), lid(45.8)) == [("london-base", "both", "broken")]
    assert became(lid(45.8), lid()) == [("london-base", "both", "mended")]
    assert became(lid(45.8), lid(46)) == [("london-base", "both", "missed")]
    assert became(None, lid(46)) == [("london-base", "both", "missed")]
    assert became(None, lid()) == [("london-base", "both", "kept")]
    assert became(lid(), None) == [("london-base", "both", "gone")]


def test_what_did_not_build_promises_nothing():
    broken = lid(state="failed")
    (one,) = promises((read_demands(HOLES), broken), (read_demands(HOLES), lid()))
    assert (one.before.state, one.became, one.fresh) == ("unknown", "kept", True), "“still” would claim too much"
    assert became(broken, lid(seat=0.5), SEAT, SEAT) == [("seat", "both", "unknown")], "where it was is not known"


def test_by_how_much_and_where_is_said_of_both_sides():
    asked = read_demands(HOLES)
    found = promises((asked, lid(45.3)), (asked, lid(45.8)))
    (one,) = found
    assert [round(side.by_mm, 6) for side in (one.before, one.after)] == [0.3, 0.8]
    assert one.after.clauses == ("has the hole ⌀ 3.2 mm at (45, 5, 0) 0.8 mm off its place",)
    (misfit,) = misfits_in(found, "london-base", "after")
    assert (misfit.part, misfit.build, misfit.figure.name) == ("lid.py", "key-45.8-0.0", "2")
    assert [each.build for each in misfits_in(found, "", "before")] == ["key-45.3-0.0"]
    assert misfits_in(found, "seat", "after") == []
    parts = [("box.py", []), ("lid.py", found), ("mill.py", found)]
    assert (
        missed_in(parts, "", "", "", "") == missed_in(parts, "lid.py", "london-base", "after", "") == ([misfit], False)
    )
    assert missed_in(parts, "box.py", "", "", "") == missed_in(parts, "none.py", "", "", "") == ([], False)
    assert sorted(("kept", "gone", "broken", "missed"), key=rank) == ["broken", "missed", "gone", "kept"]


def test_a_face_without_a_place_is_held_to_where_it_was_with_whoever_asks():
    raised = lid(seat=0.5)
    assert became(lid(), raised, SEAT, SEAT) == [("seat", "both", "broken")]
    assert became(lid(), raised, SEAT, "") == [("seat", "before", "broken")]
    assert became(lid(), raised, "", SEAT) == [("seat", "after", "mended")], "the state after is the one that promises"


def test_a_contract_that_two_manifests_word_differently_is_held_to_both_words():
    wider = HOLES.replace("45, 5", "46, 5")
    assert became(lid(), lid(46), HOLES, wider) == [
        ("london-base", "before", "broken"),
        ("london-base", "after", "mended"),
    ]


def test_a_renamed_part_keeps_its_promises_and_another_has_none():
    assert became(lid(), lid(path="cover.py")) == [("london-base", "both", "kept")]
    assert became(lid(path="base.py"), lid(path="base.py")) == []


def test_what_is_not_built_yet_waits_and_what_does_not_build_is_not_known():
    assert became(lid(), lid(state="making"))[0][2] == "waiting"
    assert became(lid(state="wanted"), lid())[0][2] == "waiting"
    assert became(lid(state="making"), lid(seat=0.5), SEAT, SEAT)[0][2] == "waiting"
    assert became(lid(), lid(state="failed", total=None))[0][2] == "unknown"
    assert became(lid(state="failed", total=None), lid())[0][2] == "kept"


def test_a_contract_that_cannot_be_used_says_nothing_here():
    assert became(lid(), lid(46), "[contracts.x]\nkind = 'odd'\n", "[contracts.x]\nkind = 'odd'\n") == []
