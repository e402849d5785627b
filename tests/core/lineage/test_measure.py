"""What the parts of a design measure together: sums, the assembly that holds the others, and what is not known."""

import pytest

from opendesign.core.lineage.measure import Facts, Part


def part(path: str, volume: float | None = 1000.0, state: str = "made", **facts) -> Part:
    total = {"volume_mm3": volume, "area_mm2": 600.0, "bbox_mm": [[0, 0, 0], [10, 20, volume]], **facts}
    return Part(path, path, state, total if volume is not None else None)


def test_the_parts_together_weigh_their_sum_and_the_longest_is_as_long():
    facts = Facts([part("body.py"), part("lid.py", 500.0)])
    assert facts.value("volume", "PLA") == 1500.0
    assert facts.value("mass", "PETG") == pytest.approx(1.905)
    assert (facts.value("z", "PLA"), facts.value("area", "PLA")) == (1000.0, 1200.0)
    assert facts.value("volume", "PLA", "lid.py") == 500.0 and facts.value("volume", "PLA", "foot.py") is None


def test_an_assembly_is_the_whole_and_counts_once():
    facts = Facts([part("body.py"), part("assembly.py", 1500.0), part("lid.py", 500.0)])
    assert facts.value("volume", "PLA") == 1500.0


def test_a_sum_with_an_unknown_part_is_unknown():
    facts = Facts([part("body.py"), part("lid.py", None, "wanted"), part("pin.py", state="failed")])
    assert facts.value("volume", "PLA") is None and (facts.failed, facts.waiting) == (1, 1)
    assert Facts().value("mass", "PLA") is None


def test_the_filament_is_estimated_where_level_areas_were_measured():
    assert part("a.py", level_mm2=100.0).value("filament", "PLA") > 0
    assert part("a.py").value("filament", "PLA") is None and part("a.py").value("print", "PLA") is None
    one = part("a.py", level_mm2=100.0)
    assert Facts([one, one]).value("print", "PLA") == 2 * one.value("print", "PLA") > 0


def test_what_a_part_of_an_unknown_material_weighs_is_unknown():
    assert part("a.py").value("mass", "unobtainium") is None and part("a.py").value("volume", "unobtainium") == 1000.0
    assert Facts([part("a.py"), part("b.py")]).value("mass", "unobtainium") is None


def test_what_fails_is_worse_than_what_is_not_valid():
    bad, odd = Facts([part("a.py", state="failed")]), Facts([part("a.py", valid=False)], (3, 3))
    assert bad.trouble > Facts([], (1, 3)).trouble > odd.trouble > Facts([part("a.py")]).trouble
