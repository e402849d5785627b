"""What a design demands of its parts is read with care, and judged beside what was there before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.checks import Outcome, verdict
from opendesign.core.demand import judge_demands, read_demands


def total(x=10.0, y=20.0, z=5.0, solids=1, valid=True):
    """The measurement of a block."""
    return {"volume_mm3": x * y * z, "bbox_mm": [[0, 0, 0], [x, y, z]], "solids": solids, "valid": valid}


def made(path="lid.py", key="", **block):
    return Outcome(path, "made", total(**block), None, key)


def judged(manifest, after, before=(), old=None):
    """Judges with one manifest on both sides, unless another is said."""
    return judge_demands(read_demands(manifest), read_demands(manifest if old is None else old), after, list(before))


def one(manifest, after, before=(), old=None):
    (check,) = judged(manifest, after, before, old)
    return check.state, check.detail


LIGHT = '[checks.light]\npart = "lid.py"\nmass_max_g = 2\ndensity = 1.25\n'


def test_a_part_that_gets_too_heavy_is_refused_in_grams():
    assert one(LIGHT, [made()]) == ("passed", "The check “light” holds for lid.py.")
    state, detail = one(LIGHT, [made(z=10.0), made("base.py", z=900.0)], [made()])
    assert (state, detail) == ("failed", "The check “light” fails: lid.py weighs 2.5 g, 0.5 g more than 2.")


def test_what_failed_before_and_is_no_worse_is_said():
    state, detail = one(LIGHT, [made(z=9.0)], [made(z=10.0)])
    assert state == "passed" and detail.endswith("0.25 g more than 2; it was so before and is no worse here.")
    assert one(LIGHT, [made(z=11.0)], [made(z=10.0)])[0] == "failed"


@pytest.mark.parametrize(
    ("limits", "block", "said"),
    [
        ("mass_min_g = 2\nmaterial = 'PLA'", {}, "weighs 1.24 g, 0.76 g less than 2"),
        ("volume_max_mm3 = 900", {}, "has 1000 mm³, 100 mm³ more than 900"),
        ("box_max_mm = [10, 10, 4.5]", {}, "is 10 × 20 × 5 mm, 10 mm in y and 0.5 mm in z more than 10 × 10 × 4.5"),
        ("fits_bed_mm = [200, 200, 100]", {"x": 232.0}, "is 232 × 20 × 5 mm, 42 mm too large for a bed of"),
        ("solids = 1", {"solids": 2}, "has 2 solids instead of 1"),
        ("valid = true", {"valid": False}, "is not a valid shape"),
        ("mass_max_g = 2", {}, "has no known mass: the check needs a density"),
    ],
)
def test_each_limit_says_by_how_much_it_is_missed(limits, block, said):
    state, detail = one(f"[checks.x]\n{limits}\n", [made(**block)])
    assert state == "failed" and f"lid.py {said}" in detail


@pytest.mark.parametrize("limits", ["fits_bed_mm = [30, 15, 12]", "box_max_mm = [10, 20, 5]", "valid = false"])
def test_what_just_fits_passes(limits):
    assert one(f"[checks.x]\n{limits}\n", [made()])[0] == "passed", "turned, 20 × 5 × 10 stays 5 mm from each edge"


@given(st.permutations([31.0, 47.5, 90.0]), st.sampled_from([[57.5, 100.0, 31.0], [41.0, 57.5, 90.0]]))
def test_a_bed_takes_a_part_however_it_is_modelled(block, bed):
    x, y, z = block
    manifest = f"[checks.bed]\nfits_bed_mm = {bed}\n"
    assert one(manifest, [made(x=x, y=y, z=z)])[0] == "passed"
    assert one(manifest, [made(x=x + 1, y=y + 1, z=z + 1)])[0] == "failed"


def test_a_part_s_material_in_the_manifest_gives_its_density():
    manifest = '[[part]]\nsource = "lid.py"\nmaterial = "rPETG"\n[checks.x]\npart = "*.py"\nmass_max_g = 1.2\n'
    assert one(manifest, [made()])[1] == "The check “x” fails: lid.py weighs 1.27 g, 0.07 g more than 1.2."


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("[checks.x]\nmass_mx_g = 1", "“mass_mx_g” is not known; known are mass_max_g"),
        ("[checks.x]\nmass_max_g = -1", "“mass_max_g” must be a number over 0"),
        ("[checks.x]\nmass_max_g = nan", "“mass_max_g” must be a number over 0"),
        ("[checks.x]\nmass_max_g = true", "“mass_max_g” must be a number over 0"),
        ("[checks.x]\nbox_max_mm = [1, 2]", "“box_max_mm” must be three lengths"),
        ("[checks.x]\nsolids = 1.5", "“solids” must be a whole number"),
        ("[checks.x]\nvalid = 1", "“valid” must be true or false"),
        ("[checks.x]\npart = 'lid.py'", "it limits nothing"),
        ("[checks.x]\npart = 3\nsolids = 1", "“part” must be a path"),
        ("[checks.x]\npart = ['a', 3]\nsolids = 1", "“part” must be a path"),
        ("[checks.x]\nmaterial = 'brass'\nmass_max_g = 1", "“material” is no material"),
        ("[checks]\nx = 3", "The check “x” cannot be used: it is not a table; write [checks.x]"),
        ("checks = 3", "“checks” in okh.toml is not a table"),
        ("[checks.x]\npart = 'nothing.py'\nsolids = 1", "fits no part: there is no nothing.py"),
    ],
)
def test_a_wrong_check_fails_and_says_where(manifest, said):
    state, detail = one(manifest, [made()], [made()], "")
    assert state == "failed" and said in detail
    assert one(manifest, [made()], [made()])[0] == "passed", "it was as wrong before"


@pytest.mark.parametrize("manifest", ["checks = ", "a = " + "1" * 5000, "a = " + "[" * 5000])
def test_a_manifest_that_is_no_toml_takes_no_check_away_unseen(manifest):
    (check,) = judged(manifest, [made()], [made()], LIGHT)
    assert (check.name, check.state) == ("okh.toml", "failed") and "is not TOML" in check.detail


def test_what_the_merge_changes_about_a_check_is_said():
    state, detail = one(LIGHT.replace("= 2", "= 9"), [made(z=20.0)], [made()], LIGHT)
    assert state == "passed" and detail.endswith("The merge changes what it asks: mass_max_g 2 → 9.")
    assert one("", [made(z=20.0)], [made()], LIGHT)[1] == "The check “light” is no longer asked for after the merge."


def test_checks_wait_for_builds_and_a_part_that_does_not_build_is_not_measured():
    wanted, failed = Outcome("lid.py", "wanted", key="k"), Outcome("lid.py", "failed", None, "why", "k")
    assert one(LIGHT, [wanted])[0] == "waiting" == one(LIGHT, [made(z=10.0)], [wanted])[0]
    assert one(LIGHT, [made()], [wanted])[0] == "passed", "what holds needs no look at what was before"
    assert one(LIGHT, [failed], [made()])[0] == "failed" and one(LIGHT, [failed], [failed])[0] == "passed"


def test_names_and_numbers_of_checks_are_bounded():
    many = "".join(f"[checks.c{number}]\nsolids = 1\n" for number in range(40))
    assert [check.state for check in judged(many, [made()], (), "")].count("failed") == 1
    (check,) = judged('[checks."a\\u202eb\\n"]\nsolids = 1', [made()])
    assert check.name == "ab"


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    assert verdict(judged(f"[checks]\n{text}", [made()], [made()])) in ("passed", "failed")
    assert verdict(judged(f"[checks.x]\n{text}", [made()], [made()])) in ("passed", "failed")


def test_a_part_that_nobody_built_and_the_merge_leaves_alone_is_not_waited_for():
    left = Outcome("base.py", "wanted", key="k1", unwanted=True)
    everything = LIGHT.replace('"lid.py"', '"*.py"')
    assert one(everything, [left, made()], [left, made()])[1].endswith("for lid.py. 1 more is as it was before.")
    state, detail = one(everything, [left], [left], LIGHT)
    assert state == "passed" and "asks nothing of this merge" in detail and "The merge changes what it asks" in detail
    assert one(everything, [left, made()], [made()])[0] == "waiting"
    assert one(everything, [left, made(z=20.0)], [left, made()])[0] == "failed"
