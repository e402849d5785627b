"""The gate of a merge lets through what builds and says why it stops the rest."""

from opendesign.core.checks import Outcome, judge, promised, refusal, verdict

GOOD, BAD = {"valid": True, "volume_mm3": 10.0}, {"valid": False, "volume_mm3": 10.0}
ERROR = {"kind": "ValueError", "message": "radius too large.\nmore", "file": "lid.py", "line": 12}


def states(after, before=()):
    return [(check.name, check.state) for check in judge(after, before)]


def test_parts_that_build_and_are_valid_pass():
    checks = judge([("lid.py", "made", GOOD, None), ("base.py", "made", GOOD, None)], [("lid.py", "made", BAD, None)])
    assert [(c.name, c.state) for c in checks] == [("base.py", "passed"), ("lid.py", "passed")]
    assert verdict(checks) == "passed" and refusal(checks) is None and verdict([]) == "passed"


def test_a_part_that_does_not_build_blocks_with_its_reason():
    checks = judge(
        [("lid.py", "failed", None, ERROR), ("base.py", "wanted", None, None)], [("lid.py", "made", GOOD, None)]
    )
    assert verdict(checks) == "failed"
    assert refusal(checks) == "This cannot be merged: lid.py does not build: radius too large in lid.py, line 12."
    assert refusal(checks, "adopted").startswith("This cannot be adopted: lid.py")
    assert verdict(judge([("a.py", "failed", None, "time is up")], [])) == "failed"


def test_an_invalid_shape_blocks():
    checks = judge([("lid.py", "made", BAD, None)], [("lid.py", "made", GOOD, None)])
    assert verdict(checks) == "failed" and "lid.py builds, but its shape is not valid" in refusal(checks)


def test_unfinished_builds_wait():
    assert states([("a.py", "wanted", None, None), ("b.py", "making", None, None)]) == [
        ("a.py", "waiting"),
        ("b.py", "waiting"),
    ]


def test_what_was_broken_before_and_is_unchanged_is_said_and_does_not_block():
    old = [("lid.py", "failed", None, ERROR), ("pin.py", "made", BAD, None)]
    checks = judge(old, old)
    assert verdict(checks) == "passed" and all("it was so before" in check.detail for check in checks)
    keyed = [Outcome("lid.py", "failed", None, ERROR, "k1")]
    assert verdict(judge([Outcome("lid.py", "failed", None, ERROR, "k1")], keyed)) == "passed"
    assert verdict(judge([Outcome("lid.py", "failed", None, ERROR, "k2")], keyed)) == "failed"
    assert verdict(judge([("lid.py", "failed", None, {"message": "other"})], old[:1])) == "failed"
    assert verdict(judge([("lid.py", "made", BAD, None)], old[:1])) == "failed"


def test_a_part_nobody_asked_for_waits_unless_the_merge_leaves_it_as_it_was():
    left = Outcome("lid.py", "wanted", key="k1", unwanted=True)
    (check,) = judge([left], [left])
    assert (check.state, check.detail) == ("passed", "lid.py is as it was before.")
    assert states([left], [left._replace(key="k0")]) == states([left]) == [("lid.py", "waiting")]
    keyless = left._replace(key="")
    assert states([keyless], [keyless]) == states([left._replace(unwanted=False)], [left]) == [("lid.py", "waiting")]


def test_removed_parts_are_said():
    (check,) = judge([], [("lid.py", "made", GOOD, None)])
    assert check.state == "passed" and "no longer there" in check.detail


def test_many_failures_are_counted():
    text = refusal(judge([(f"p{n}.py", "failed", None, None) for n in range(9)], []))
    assert text.count("does not build") == 5 and text.endswith("And 4 more.")


def solid(count, key=""):
    return Outcome("lid.py", "made", {"valid": True, "solids": count}, None, key)


def test_a_part_keeps_its_solids_unless_the_proposal_says_otherwise():
    assert verdict(judge([solid(1)], [solid(1)])) == "passed" == verdict(judge([solid(3)], []))
    (broken,) = judge([solid(2, "b")], [solid(1, "a")])
    assert broken.state == "failed"
    assert broken.detail.startswith("lid.py has 2 solids, 1 before.") and "“Solids: lid.py 2”" in broken.detail
    (meant,) = judge([solid(2)], [solid(1)], {"lid.py": 2, "other.py": 9})
    assert meant.state == "passed" and "2 solids, 1 before, as the proposal says" in meant.detail
    (wrong,) = judge([solid(1, "b")], [solid(1, "a")], {"lid.py": 2})
    assert (wrong.state, wrong.detail) == ("failed", "lid.py has 1 solid; the proposal says 2.")
    assert verdict(judge([solid(2, "a")], [solid(2, "a")], {"lid.py": 1})) == "passed", "not what this is about"


def test_the_count_waits_for_what_was_before():
    for state in ("wanted", "making"):
        assert states([solid(1, "b")], [Outcome("lid.py", state, key="a")]) == [("lid.py", "waiting")]
    assert verdict(judge([solid(2)], [Outcome("lid.py", "making")], {"lid.py": 2})) == "passed"
    assert verdict(judge([solid(2)], [Outcome("lid.py", "failed", None, ERROR)])) == "passed", "it did not build before"


def test_a_proposal_says_solids_in_lines_of_its_own():
    lines = [
        "Two halves.",
        "Solids: lid.py 1",
        "  Solids: `a b/lid.py`  12 ",
        "Solids: lid.py 2",
        "Solids: base.py two",
    ]
    assert promised("\n".join([*lines, "no Solids: x.py 3"])) == {"lid.py": 2, "a b/lid.py": 12}
    assert promised("") == {} and promised("Solids:" + " x" * 30_000) == {}
