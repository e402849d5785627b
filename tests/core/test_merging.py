"""Merging by parameters: the same whichever side is ours, byte for byte where nobody touched, and no change lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendesign.core.declaration import read_parameters
from opendesign.core.errors import Invalid
from opendesign.core.merging import Rivals, merge_scripts
from opendesign.core.rewriting import rewrite
from opendesign.core.threeway import join_keys, join_lines

SCRIPT = """'A box.'
WIDTH = 20.0  # mm
DEPTH, WALL = 30.0, 2.50
LID = True
HOLES = [1, 2,  3]


def make():
    return WIDTH
"""
NAMES = ("WIDTH", "DEPTH", "WALL", "LID", "HOLES")
NUMBERS = st.integers(1, 400).map(lambda tenth: tenth / 10)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(NAMES[:3], NUMBERS),
        "LID": st.booleans(),
        "HOLES": st.lists(st.integers(1, 9), min_size=1, max_size=4).map(tuple),
    },
)
PLACES = st.sets(st.sampled_from([0, 5, 9]), max_size=2)  # lines before which a side adds a remark of its own


def changed(values, places, word):
    """A side: SCRIPT with values set and its own remarks added before some lines."""
    lines = rewrite(SCRIPT, values).splitlines(keepends=True)
    return "".join(
        (f"# {word} {at}\n" if at in places else "") + line
        for at, line in enumerate([*lines, ""])
        if line or at in places
    )


def values_of(text):
    return {each.name: each.default for each in read_parameters(text)}


@settings(max_examples=120, deadline=None)
@given(VALUES, VALUES, PLACES, PLACES)
def test_every_change_of_both_sides_is_kept_whichever_side_is_ours(mine, yours, my_places, your_places):
    your_places = your_places - my_places
    ours, theirs = changed(mine, my_places, "mine"), changed(yours, your_places, "yours")
    merged = merge_scripts((SCRIPT, ours, theirs), {})
    swapped = merge_scripts((SCRIPT, theirs, ours), {})
    assert merged and swapped
    base, left, right = values_of(SCRIPT), values_of(ours), values_of(theirs)
    rivals = {name for name in NAMES if left[name] != right[name] and base[name] not in (left[name], right[name])}
    assert {each.name for each in merged.undecided} == {each.name for each in swapped.undecided} == rivals
    found = values_of(merged.text)
    for name in NAMES:
        expected = left[name] if name in rivals or left[name] != base[name] else right[name]
        assert found[name] == expected
    for places, word in ((my_places, "mine"), (your_places, "yours")):
        for at in places:
            assert merged.text.count(f"# {word} {at}\n") == 1
    if not rivals:
        assert merged.text == swapped.text
    decided = merge_scripts((SCRIPT, ours, theirs), dict.fromkeys(rivals, "theirs"))
    other = merge_scripts((SCRIPT, theirs, ours), dict.fromkeys(rivals, "ours"))
    assert decided and other and decided.text == other.text and not decided.undecided
    plain = "".join(line for line in decided.text.splitlines(keepends=True) if not line.startswith("# "))
    assert plain == rewrite(SCRIPT, values_of(decided.text)), "every byte but the literals that were set stays"


def test_a_value_and_the_words_beside_it_merge():
    ours = SCRIPT.replace("20.0", "25.5")
    theirs = SCRIPT.replace("# mm", "# mm [1:100]")
    assert merge_scripts((SCRIPT, ours, theirs), {}).text == SCRIPT.replace("20.0  # mm", "25.5  # mm [1:100]")


def test_rivals_name_all_three_values_and_are_decided_by_side_or_value():
    ours, theirs = (SCRIPT.replace("20.0", value) for value in ("25.0", "28.0"))
    texts = (SCRIPT, ours, theirs)
    assert merge_scripts(texts, {}).undecided == [Rivals("WIDTH", 20.0, 25.0, 28.0, "mm")]
    for choice, value in (("ours", "25.0"), ("theirs", "28.0"), ("base", "20.0"), (26.5, "26.5"), ("27", "27.0")):
        decided = merge_scripts(texts, {"WIDTH": choice})
        assert decided.text == SCRIPT.replace("20.0", value) and not decided.undecided
    for wrong in ({"WIDTH": "wide"}, {"WALL": 3.0}, {"NOTHING": "ours"}):
        with pytest.raises(Invalid):
            merge_scripts(texts, wrong)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("WIDTH = 25.0\n", "DEPTH = 2.0\n"),  # one dropped what the other set
        ("WIDTH = DEPTH * 2\nDEPTH = 1.0\n", "WIDTH = 3.0\nDEPTH = 1.0\n"),  # no parameter any more
        ("WIDTH = (\n", "WIDTH = 3.0\nDEPTH = 1.0\n"),  # not Python
        ("WIDTH = 1.0\nDEPTH = 1.0\nA = 1\n", "WIDTH = 1.0\nDEPTH = 1.0\nB = 2\n"),  # both added in the same place
        ("NEW = 2.0\nWIDTH = 1.0\nDEPTH = 1.0\n", "WIDTH = 1.0\nDEPTH = 1.0\nNEW = 2.0\n"),  # would be set twice
    ],
)
def test_what_excludes_each_other_as_text_is_no_merge(ours, theirs):
    base = "WIDTH = 1.0\nDEPTH = 1.0\n"
    assert merge_scripts((base, ours, theirs), {}) is None
    assert merge_scripts((base, theirs, ours), {}) is None


def test_both_added_the_same_script_with_another_value():
    merged = merge_scripts(("", SCRIPT, SCRIPT.replace("20.0", "21.0")), {})
    assert merged.undecided == [Rivals("WIDTH", None, 20.0, 21.0, "mm")]


@settings(max_examples=300, deadline=None)
@given(*[st.lists(st.sampled_from("abcdef"), max_size=8)] * 3)
def test_joined_lines_are_the_same_from_either_side(base, ours, theirs):
    joined = join_lines(base, ours, theirs)
    assert joined == join_lines(base, theirs, ours)
    assert join_lines(base, ours, base) == ours and join_lines(base, ours, ours) == ours


@settings(max_examples=200, deadline=None)
@given(*[st.lists(st.sampled_from("abcdefgh"), max_size=8, unique=True)] * 3)
def test_joined_keys_hold_what_both_sides_left_and_all_they_added(base, ours, theirs):
    joined = join_keys(base, ours, theirs)
    assert joined == join_keys(base, theirs, ours)
    assert sorted(joined) == sorted((set(ours) & set(theirs)) | ({*ours, *theirs} - set(base)))
