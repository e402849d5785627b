"""The gate of a merge lets through what builds and says why it stops the rest."""

from opendesign.core.checks import Outcome, judge, refusal, verdict

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
    assert refusal(checks) == ("This cannot be merged: lid.py does not build: radius too large in lid.py, line 12.")
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


def test_removed_parts_are_said():
    (check,) = judge([], [("lid.py", "made", GOOD, None)])
    assert check.state == "passed" and "no longer there" in check.detail


def test_many_failures_are_counted():
    text = refusal(judge([(f"p{n}.py", "failed", None, None) for n in range(9)], []))
    assert text.count("does not build") == 5 and text.endswith("And 4 more parts.")
