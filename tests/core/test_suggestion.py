"""Where a commented line stands now, and the text with a suggestion taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.core.suggestion import clean_suggestion, find_line, line_at, replaced

words = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=5)
texts = st.builds(
    lambda lines, end, last: end.join(lines) + (end if last else ""),
    st.lists(words, min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)


def test_a_line_is_found_again_where_it_went_if_there_is_one():
    text = "a\nb\nc\n"
    assert line_at(text, 2) == "b" and line_at(text, 4) is None and line_at(text, 0) is None
    assert find_line(text, 2, "b") == 2
    assert find_line("new\n" + text, 2, "b") == 3, "it moved"
    assert find_line("b\nx\nb\n", 2, "b") is None, "either could be meant"
    assert find_line("a\nB\nc\n", 2, "b") is None


def test_line_ends_stay_and_an_empty_suggestion_removes():
    assert replaced("a\r\nb\r\nc", 2, "x\ny") == "a\r\nx\r\ny\r\nc"
    assert replaced("a\nb\n", 2, "") == "a\n"
    assert replaced("a\nb", 2, "x") == "a\nx"
    assert clean_suggestion("    x = 1\r\n", 100) == "    x = 1\n"
    for wrong in ("x" * 101, "\0"):
        with pytest.raises(Invalid):
            clean_suggestion(wrong, 100)


@given(texts, st.integers(1, 9), words.filter(bool))
def test_only_the_one_line_changes(text, number, suggestion):
    before = line_at(text, number)
    if before is None:
        return
    assert replaced(text, number, before) == text or not before
    after = replaced(text, number, suggestion)
    assert line_at(after, number) == suggestion
    assert find_line(after, number, suggestion) == number
    count = text.count("\n")
    assert after.count("\n") == count and all(
        line_at(after, at) == line_at(text, at) for at in range(1, count + 2) if at != number
    )
