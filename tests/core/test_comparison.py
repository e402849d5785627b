"""Parts are paired across revisions and their facts put side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core import printing
from opendesign.core.comparison import Fact, Pair, conserved, facts, overlaps, pair_alike, pair_edited, pair_parts

TOTAL = {
    "volume_mm3": 1000.0,
    "area_mm2": 600.0,
    "bbox_mm": [[0, 0, 0], [10, 10, 10]],
    "centre_mm": [5, 5, 5],
    "valid": True,
    "solids": 1,
    "faces": 6,
}


def test_parts_are_paired_by_path_then_key_then_file_name():
    before = {"same.py": "1", "edited.py": "2", "old.py": "3", "lid/top.py": "4", "gone.py": "5", "twin1.py": "6"}
    after = {"same.py": "1", "edited.py": "9", "new.py": "3", "case/top.py": "8", "fresh.py": "7", "twin2.py": "6"}
    after["twin3.py"] = "6"  # two parts equal to one gone: no way to say which it became
    assert pair_parts(before, after) == [
        Pair("lid/top.py", "case/top.py", "renamed"),
        Pair("edited.py", "edited.py", "changed"),
        Pair(None, "fresh.py", "added"),
        Pair("old.py", "new.py", "renamed"),
        Pair("same.py", "same.py", "unchanged"),
        Pair(None, "twin2.py", "added"),
        Pair(None, "twin3.py", "added"),
        Pair("gone.py", None, "removed"),
        Pair("twin1.py", None, "removed"),
    ]


revisions = st.dictionaries(st.sampled_from(["a.py", "b.py", "x/a.py", "x/c.py", "d.py"]), st.sampled_from("123"))


@given(revisions, revisions)
def test_every_part_stands_in_exactly_one_pair(before, after):
    pairs = pair_parts(before, after)
    assert sorted(pair.before for pair in pairs if pair.before) == sorted(before)
    assert sorted(pair.after for pair in pairs if pair.after) == sorted(after)
    for pair in pairs:
        assert (pair.status == "unchanged") == (pair.before == pair.after and before[pair.path] == after[pair.path])
        assert (pair.status == "added") == (pair.before is None) and (pair.status == "removed") == (pair.after is None)
    assert all(pair.status == "unchanged" for pair in pair_parts(after, after))


def test_a_part_whose_geometry_stays_was_renamed():
    own = {**TOTAL, "edges": 12, "inertia_mm5": [1.0, 1.0, 1.0]}
    pairs = pair_parts({"old.step": "1", "gone.step": "2"}, {"new.step": "3", "fresh.step": "4"})
    made = {"-old.step": own, "-gone.step": {**own, "faces": 9}, "+new.step": own, "+fresh.step": {**own, "faces": 8}}
    assert [(pair.before, pair.after) for pair in pair_alike(pairs, made)] == [
        (None, "fresh.step"),
        ("old.step", "new.step"),
        ("gone.step", None),
    ]
    assert pair_alike(pairs, {}) == pairs, "nothing is built yet"
    assert pair_alike(pairs, {**made, "+fresh.step": own}) == pairs, "two could be it"


def test_a_script_that_was_renamed_and_edited_is_known_by_its_lines():
    text = "\n".join(f"line {number}" for number in range(20))
    pairs = pair_parts({"a.py": "1", "b.py": "2"}, {"c.py": "3", "d.py": "4"})
    before, after = {"a.py": text, "b.py": "other\nthings"}, {"c.py": text.replace("line 7", "row 7"), "d.py": "none"}
    assert [(pair.before, pair.after, pair.status) for pair in pair_edited(pairs, before, after)] == [
        ("a.py", "c.py", "renamed"),
        (None, "d.py", "added"),
        ("b.py", None, "removed"),
    ]


def test_volumes_are_conserved_to_a_thousandth():
    volumes = {"common": 900.0, "added": 100.0, "removed": 50.0}
    assert conserved(volumes, 950.0, 1000.0) and conserved(volumes, 950.5, 999.5)
    assert not conserved(volumes, 952.0, 1000.0) and not conserved(volumes, 950.0, 990.0)
    assert conserved({"added": 5.0, "removed": 0.0, "common": 0.0}, 0.0, 5.0)


def test_bodies_that_lie_in_one_another_are_told_by_what_is_lacking():
    nuts = {"added": 0.0, "removed": 71.1, "common": 23837.7}  # each nut shown twice before, and once after
    assert overlaps(nuts, 47129.5, 23836.9) and not overlaps(nuts, 23909.0, 23836.9)
    assert overlaps({"added": 900.0, "removed": 0.0, "common": 0.0}, 0.0, 1000.0)
    assert not overlaps({"added": 0.0, "removed": 0.0, "common": 0.0}, 0.0, 0.0)


def test_facts_are_differences_of_measurements():
    after = {**TOTAL, "volume_mm3": 1200.0, "bbox_mm": [[0, 0, 0], [12, 10, 10]], "valid": False, "faces": 8}
    table = {fact.name: fact for fact in facts(TOTAL, after)}
    assert table["volume"] == Fact("volume", "mm³", 1000.0, 1200.0, 200.0)
    assert (table["size x"].change, table["size y"].change, table["faces"].change) == (2, 0, 2)
    assert table["valid"] == Fact("valid", "", True, False, None)
    assert [name for name, fact in table.items() if fact.differs] == ["volume", "size x", "mass", "faces", "valid"]


def test_what_printing_depends_on():
    printed = {**TOTAL, "level_mm2": 200.0, "overhang_mm2": 40.0, "wall_mm": 2.0}
    table = {fact.name: fact for fact in facts(printed, printed, ("PETG", "unobtainium"))}
    assert (table["mass"].before, table["mass"].after) == pytest.approx((1.27, 1.24))
    shell = 200 * 4.5 * 0.2 + 400 * 2 * 0.45
    assert table["filament"].before == pytest.approx(1.27e-3 * 1.05 * (shell + 0.15 * (1000 - shell)))
    assert (table["overhang"].before, table["wall"].before) == (40.0, 2.0)
    assert "filament" not in {fact.name for fact in facts(TOTAL, TOTAL)}, "an older build did not measure it"


@given(st.floats(1e-3, 1e6), st.floats(0, 1e6), st.floats(0, 1))
def test_a_print_takes_no_more_than_a_solid_does_and_no_less_than_its_infill(volume, area, share):
    total = {"volume_mm3": volume, "area_mm2": area, "level_mm2": area * share}
    solid = printing.mass(total, "")
    taken = printing.filament(total, "")
    assert 0.15 * solid * (1 - 1e-9) <= taken / printing.LOST <= solid * (1 + 1e-9)


def test_how_long_a_print_takes_follows_from_what_is_laid_and_how_high_it_is():
    printed = {**TOTAL, "level_mm2": 200.0}
    laid = printing.filament(printed, "PLA") / printing.LOST / 1.24e-3
    table = {fact.name: fact for fact in facts(printed, printed)}
    assert table["print"].unit == "min" and table["print"].before == pytest.approx((laid / 2.7 + 50 * 4) / 60)
    higher = {**printed, "bbox_mm": [[0, 0, 0], [10, 10, 20]]}
    assert printing.minutes(higher) - printing.minutes(printed) == pytest.approx(50 * 4 / 60)
    assert printing.minutes(TOTAL) is None and printing.minutes({**printed, "bbox_mm": None}) is None


# From PrusaSlicer 2.5 (0.2 mm, 2 perimeters, 5 and 4 layers, 15 %): volume, area, level area, height, minutes at the
# speeds it begins with (60 mm/s), and at 45 mm/s.
SLICED = {
    "clamp body": (45220, 12347, 3244, 72, 108.8, 101.3),
    "knob": (13507, 4210, 1697, 15, 39.5, 32.4),
    "shoe": (2631, 2073, 1134, 8, 17.4, 13.2),
    "pad": (2126, 1626, 501, 11, 17.0, 11.9),
    "enclosure": (70355, 32494, 10861, 34, 263.2, 227.5),
}


@pytest.mark.parametrize("part", SLICED)
def test_a_slicer_says_about_as_long(part):
    volume, area, level, height, *sliced = SLICED[part]
    box = [[0, 0, 0], [1, 1, height]]
    told = printing.minutes({"volume_mm3": volume, "area_mm2": area, "level_mm2": level, "bbox_mm": box})
    low, high = -0.20, 0.50  # what a slicer says lies within, as docs/lineage.md tells
    assert all(1 + low < minutes / told < 1 + high for minutes in sliced)


def test_materials_that_have_a_density():
    assert printing.density(" petg ") == 1.27 and printing.density("rPLA") == 1.24 and printing.density("oak") is None
    assert printing.counted("oak") == "PLA" and printing.counted("ABS") == "ABS"


def test_noise_is_no_difference():
    table = facts(TOTAL, {**TOTAL, "volume_mm3": 1000.0 + 1e-7, "area_mm2": 600.1})
    assert [fact.name for fact in table if fact.differs] == ["area"]


def test_a_missing_side_or_measure_is_empty():
    assert {fact.before for fact in facts(None, TOTAL)} == {None} and len(facts(None, TOTAL)) == 12
    assert [fact.change for fact in facts(TOTAL, None)] == [None] * 12
    assert facts(None, None) == [] and facts({"bbox_mm": None, "volume_mm3": 0.0}, {}) == [
        Fact("volume", "mm³", 0.0, None, None)
    ]
