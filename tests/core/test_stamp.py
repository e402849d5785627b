"""What files say about themselves."""

import unicodedata
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.build import is_key
from opendesign.core.stamp import LONGEST, Stamp

STAMP = Stamp("ada/lid", "Lid", "Ada", "lid.py", "1a" * 20, "2026-01-02T03:04:05", "MIT", "https://x/ada/lid")


def test_a_stamp_tells_what_is_known():
    assert STAMP.facts["design"] == "ada/lid" and "origin" not in STAMP.facts


def test_other_facts_are_kept_under_another_name():
    keys = {one.key(build) for one in (STAMP, replace(STAMP, licence="0BSD")) for build in ("a" * 64, "b" * 64)}
    assert len(keys) == 4 and all(map(is_key, keys))
    assert STAMP.key("a" * 64) == replace(STAMP).key("a" * 64)


@given(st.text(max_size=1000))
def test_facts_are_short_and_plain(text):
    shown = replace(STAMP, title=text).facts.get("title", "")
    assert len(shown) <= LONGEST and all(unicodedata.category(letter)[0] != "C" for letter in shown)
