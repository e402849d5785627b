"""What the rule of a branch makes of the checks of a merge."""

import pytest

from opendesign.core.checks import Check
from opendesign.core.errors import Refusal
from opendesign.core.rule import Rule, clean_checks, require

HELD = Check("light", "passed", "It holds.", "limit")
EXCUSED = Check("light", "passed", "It fails; it was so before.", "limit", excused=True)
WORSE = Check("light", "failed", "It fails.", "limit")
WAITING = Check("light", "waiting", "It waits.", "limit")
PART = Check("light", "passed", "A part of that name was so before.", excused=True)
MAIN = Rule("main", checks=("light",))


def test_without_a_rule_and_for_checks_it_does_not_name_all_stays_as_it_was():
    assert require([EXCUSED, PART], None) == [EXCUSED, PART]
    assert require([EXCUSED, PART], Rule("main", approvals=2, checks=())) == [EXCUSED, PART]


def test_what_failed_before_is_no_excuse_for_a_check_that_the_rule_names():
    (check,) = require([EXCUSED], MAIN)
    assert check.state == "failed" and check.required and check.excused
    assert check.detail == "It fails; it was so before. But main asks for it."


@pytest.mark.parametrize("check", [HELD, WORSE, WAITING])
def test_the_others_are_marked_and_keep_their_state(check):
    (found,) = require([check], MAIN)
    assert (found.state, found.required, found.excused) == (check.state, True, False)


def test_a_check_that_nobody_asks_for_any_more_does_not_hold():
    part, missing = require([PART], MAIN)
    assert part == PART, "parts have the gate of their own"
    assert missing.state == "failed" and "“light”, which the design does not ask" in missing.detail and missing.excused


@pytest.mark.parametrize(
    ("file", "asked"), [("checks.py", ("check_closes",)), ("okh.toml", ("light",)), ("okh.toml", ("check_closes",))]
)
def test_what_cannot_be_read_is_not_said_to_ask_nothing(file, asked):
    kind = "assert" if file == "checks.py" else "limit"
    broken = Check(file, "failed", f"{file} cannot be run: time is up.", kind)
    assert require([broken], Rule("main", checks=asked)) == [broken], "which refuses the merge by itself"


def test_only_a_file_that_stops_the_merge_excuses_what_is_not_asked():
    broken = Check("checks.py", "failed", "checks.py cannot be run.", "assert")
    changed = Check("checks.py", "passed", "The merge changes code.", "assert")
    left = Check("okh.toml", "passed", "It is no TOML; it was so before.", "limit", excused=True)
    part = Check("checks.py", "failed", "It does not build.")
    for check, asked in ((broken, "light"), (changed, "check_closes"), (left, "light"), (part, "check_closes")):
        found, missing = require([check], Rule("main", checks=(asked,)))
        assert found == check and (missing.name, missing.state, missing.excused) == (asked, "failed", True)
    assert missing.detail == "main asks for the check “check_closes”, which the design does not ask."
    (_, missing) = require([left], MAIN)
    assert missing.detail == "main asks for the check “light”, which is not found."


def test_names_are_cleaned_and_counted():
    assert clean_checks([" light ", "", "light", "two  words"]) == ("light", "two words")
    for wrong in ([f"c{number}" for number in range(31)], ["x" * 101]):
        with pytest.raises(Refusal):
            clean_checks(wrong)
