"""Texts are kept clean: one form of Unicode, nothing invisible."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.core.text import clean_line, clean_text, slug


def test_hidden_characters_go_and_the_rest_stays():
    assert clean_text("  a\r\nb\rc\td\0\x1b[31m \u202eevil\u2066 \ud800\ufeff👩‍🔧 e\u0301 ", 100) == (
        "a\nb\nc\td[31m evil 👩‍🔧 é"
    )
    assert clean_line(" a \n\n b\t c ", 100) == "a b c"


def test_too_long_is_refused_with_the_limit():
    assert clean_text("x" * 10, 10) == "x" * 10
    for text, length in (("x" * 11, 11), ("x" * 10**7, 10**7)):
        with pytest.raises(Invalid, match=f"The title has {length} characters, at most 10 are allowed"):
            clean_text(text, 10, "title")
    with pytest.raises(Invalid):
        clean_text(3, 10)


@given(st.text(max_size=200))
def test_cleaning_is_stable_and_leaves_no_control_or_turning_character(text):
    cleaned = clean_text(text, 1000)
    assert clean_text(cleaned, 1000) == cleaned
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    assert not [c for c in cleaned if unicodedata.bidirectional(c) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI")]
    assert "\n" not in clean_line(text, 1000)


@given(st.text(max_size=200))
def test_a_slug_is_safe_in_a_file_name(text):
    found = slug(text)
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-") and ".." not in found
    assert not found.startswith((".", "-"))
