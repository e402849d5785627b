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


def test_names_are_cleaned_and_counted():
    assert clean_checks([" light ", "", "light", "two  words"]) == ("light", "two words")
    for wrong in ([f"c{number}" for number in range(31)], ["x" * 101]):
        with pytest.raises(Refusal):
            clean_checks(wrong)
