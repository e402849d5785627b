"""What components have in common is believed with care, and a merge gains none of it unseen."""

import pytest

from opendesign.core import fit
from opendesign.core.checks import Outcome, judge, meant
from opendesign.core.demand import judge_demands, needs_fit, read_demands
from opendesign.core.errors import Invalid

TOTAL = {"valid": True, "volume_mm3": 10.0, "bbox_mm": [[0, 0, 0], [1, 1, 1]], "solids": 2}
SCREW = (("lamp/base", "lamp/screw"), 12.0, 0.0)


def made(*pairs, key="", path="assembly.py", **facts):
    """An assembly whose components fit in these pairs of names, common volume and gap."""
    listed = [{"between": list(names), "common_mm3": common, "gap_mm": gap} for names, common, gap in pairs]
    found = {"state": "made", "whole": True, "names": ["lamp/base", "lamp/lid", "lamp/screw"], "pairs": listed} | facts
    return Outcome(path, "made", TOTAL, None, key or repr((pairs, facts)), fit=found)


def gate(after, before, said=""):
    """The state and the sentence of one part."""
    (check,) = judge([after], [before] if before else [], {}, meant(said))
    return check.state, check.detail


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        {"pairs": {}},
        {"pairs": [{"between": ["a"], "common_mm3": 1, "gap_mm": 0}]},
        {"pairs": [{"between": ["a", 3], "common_mm3": 1, "gap_mm": 0}]},
        {"pairs": [{"between": ["a", "b"], "common_mm3": -1, "gap_mm": 0}]},
        {"pairs": [{"between": ["a", "b"], "common_mm3": "1", "gap_mm": 0}]},
        {"pairs": [{"between": ["a", "b"]}] * 1001},
        {"pairs": [], "components": -1},
    ],
)
def test_what_no_honest_job_writes_is_not_believed(wrong):
    with pytest.raises(Invalid):
        fit.check(wrong)


def test_only_known_facts_are_kept():
    pair = {"between": ["b\u202e", "a"], "common_mm3": None, "gap_mm": None, "more": 1}
    assert fit.check({"components": 2, "pairs": [pair], "whole": 1, "ok": True}) == {
        "components": 2,
        "pairs": [{"between": ["a", "b"], "common_mm3": None, "gap_mm": None}],
        "whole": False,
    }


def test_a_new_interference_fails_with_both_names_and_the_volume():
    lid = (("lamp/base", "lamp/lid"), 240.0, 0.0)
    assert gate(made(SCREW, lid), made(SCREW)) == (
        "failed",
        "assembly.py gains interference: base and lid have 240 mm³ in common, 0 before. If that is meant, say so in a "
        "line of the proposal's text or a commit's: “Interference: assembly.py”.",
    )
    state, detail = gate(made(SCREW, lid), made(SCREW), "Press fit\n\nInterference: assembly.py\n")
    assert state == "passed" and detail.endswith("base and lid have 240 mm³ in common, 0 before, as the proposal says.")
    assert gate(made(SCREW, lid), made(SCREW), "Interference: lid.py")[0] == "failed"


def test_a_screw_in_its_thread_passes_until_it_goes_deeper():
    assert gate(made(SCREW, key="a"), made(SCREW, key="b")) == ("passed", "assembly.py builds and is valid.")
    deeper = (SCREW[0], 12.5, 0.0)
    assert "12.5 mm³ in common, 12 before" in gate(made(deeper), made(SCREW))[1]
    assert gate(made(SCREW), made(deeper))[0] == "passed"
    assert gate(made((SCREW[0], 12.005, 0.0)), made(SCREW))[0] == "passed"


def test_a_renamed_component_keeps_its_interference_and_only_that():
    renamed, second = (("lamp/base", "lamp/bolt"), 12.0, 0.0), (("lamp/base", "lamp/bolt-2"), 12.0, 0.0)
    assert gate(made(renamed), made(SCREW))[0] == "passed"
    state, detail = gate(made(renamed, second), made(SCREW))
    assert state == "failed" and "base and bolt-2 have 12 mm³" in detail and "bolt have" not in detail
    assert gate(made(SCREW, renamed), made(SCREW))[0] == "failed"


def test_what_is_new_or_as_it_was_needs_no_look():
    unseen = Outcome("assembly.py", "made", TOTAL, None, "k", fit={"state": "wanted"})
    assert gate(unseen, None)[0] == gate(unseen, unseen)[0] == "passed"
    assert gate(unseen, made())[0] == "waiting"
    assert gate(made(), unseen)[0] == "passed" and gate(made(SCREW), unseen)[0] == "waiting"


def test_what_could_not_be_looked_at_is_said():
    lost = Outcome("assembly.py", "made", TOTAL, None, "k", fit={"state": "failed"})
    for after in (lost, made(whole=False), made((SCREW[0], None, None))):
        state, detail = gate(after, made(SCREW))
        assert state == "passed" and detail.endswith("not all of its components could be looked at for interference.")


@pytest.mark.parametrize(
    "before",
    [
        Outcome("assembly.py", "made", TOTAL, None, "k", fit={"state": "failed"}),
        made(whole=False),
        made((SCREW[0], None, None)),
        made((("lamp/base", "lamp/bolt"), None, None)),
    ],
)
def test_what_nobody_knew_before_is_said_and_not_taken_for_none(before):
    assert gate(made(SCREW), before) == (
        "passed",
        "assembly.py builds and is valid; base and screw have 12 mm³ in common, what it was before could not be looked "
        "at.",
    )


def test_what_was_looked_at_before_counts_beside_what_was_not():
    lid, other = (("lamp/base", "lamp/lid"), 240.0, 0.0), (("lamp/base", "lamp/lid"), 0.0, 0.0)
    for before in (made(other, whole=False), made(other, (SCREW[0], None, None)), made((SCREW[0], None, None))):
        state, detail = gate(made(SCREW, lid), before)
        assert state == "failed" and "base and lid have 240 mm³ in common, 0 before" in detail
        assert "base and screw" not in detail


def check(manifest, after, before=()):
    """The state and the sentence of one check of the manifest."""
    asked = read_demands(f"[checks.room]\n{manifest}\n")
    (found,) = judge_demands(asked, read_demands(""), [after], list(before))
    return found.state, found.detail.removeprefix("The check “room” ")


NEAR = (("lamp/base", "lamp/lid"), 0.0, 0.2)


def test_a_gap_that_is_too_small_is_said_in_mm():
    assert check("clearance = 0.2", made(NEAR)) == ("passed", "holds for assembly.py.")
    assert check("clearance = 0.3", made(NEAR)) == (
        "failed",
        "fails: assembly.py has 0.2 mm between base and lid, 0.1 mm less than 0.3.",
    )
    assert check("clearance = 0.3", made(NEAR), [made(NEAR, key="old")])[0] == "passed"
    assert check("clearance = 0.3", made((NEAR[0], 0.0, 0.1)), [made(NEAR)])[0] == "failed"
    assert "has no gap between base and screw: they have 12 mm³" in check("clearance = 0.3", made(SCREW))[1]
    assert "could not be measured" in check("clearance = 0.3", made((NEAR[0], 0.0, None)))[1]


def test_a_check_may_be_about_two_components():
    about = "part = 'assembly.py'\nclearance = 0.3\nbetween = {}"
    assert check(about.format("['lid', 'base']"), made(NEAR, SCREW))[1].count("between") == 1
    assert check(about.format("['l*', 'lamp/base']"), made(NEAR))[0] == "failed"
    assert check(about.format("['lid', 'screw']"), made(NEAR, SCREW)) == ("passed", "holds for assembly.py.")
    state, detail = check(about.format("['cover', 'base']"), made(NEAR))
    assert state == "failed" and "has no component called “cover”" in detail
    single = Outcome("assembly.py", "made", TOTAL | {"solids": 1})
    assert check(about.format("['lid', 'base']"), single)[0] == "failed"
    assert check("clearance = 0.3", single)[0] == "passed"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("lid", {"lamp/lid"}),
        ("l*", {"lamp/lid", "lamp/base/left", "lamp/base"}),
        ("lamp/lid", {"lamp/lid"}),
        ("base", {"lamp/base", "lamp/base/left"}),
        ("**/lid", {"lamp/lid"}),
        ("**", {"lamp/lid", "lamp/base/left", "lamp/base", "[x]"}),
        ("[x]", {"[x]"}),
        ("lamp/*", set()),
        ("LID", set()),
    ],
)
def test_a_component_is_called_by_its_name_its_part_or_a_pattern(name, meant):
    assert fit.called(["lamp/lid", "lamp/base", "lamp/base/left", "[x]"], name) == meant


def test_no_interference_at_all_can_be_demanded():
    assert check("interference = false", made(NEAR))[0] == "passed"
    state, detail = check("interference = false", made(SCREW))
    assert (state, detail) == ("failed", "fails: assembly.py has 12 mm³ in which base and screw interfere.")
    assert check("interference = true", made(SCREW))[0] == "passed"


def test_a_demand_fails_closed_where_nobody_could_look():
    for limit in ("interference = false", "clearance = 0.1"):
        assert check(limit, made(whole=False))[0] == "failed"
        assert check(limit, Outcome("assembly.py", "made", TOTAL))[0] == "failed"
        assert check(limit, made(state="wanted"))[0] == "waiting"


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("clearance = 0", "must be a number over 0"),
        ("clearance = 3", "must be at most 2 mm"),
        ("interference = 0", "must be true or false"),
        ("part = 'a.py'\nclearance = 1\nbetween = ['a']", "must name two components"),
        ("clearance = 1\nbetween = ['a', 'b']", "needs the “part”"),
        ("part = 'a.py'\nsolids = 1\nbetween = ['a', 'b']", "needs the “part”"),
    ],
)
def test_limits_that_are_wrong_are_said(limit, said):
    state, detail = check(limit, made())
    assert state == "failed" and said in detail


def test_only_what_a_check_asks_about_or_a_merge_changes_is_looked_at():
    old, new = made(key="old"), made(SCREW, key="new")
    same, single = made(path="other.py", key="same"), Outcome("lid.py", "made", TOTAL | {"solids": 1}, None, "lid")
    nothing, asked = read_demands(""), read_demands("[checks.x]\npart = 'other.py'\nclearance = 0.3\n")
    assert needs_fit(nothing, [new, same, single], [old, same]) == ["new", "old"]
    assert needs_fit(nothing, [new], []) == []
    assert needs_fit(asked, [new, same, single], []) == ["same"]
