"""Manifests merge by table and key."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.core.merging import Rivals
from opendesign.core.merging_manifest import manifest_slots, merge_manifest

BASE = """# What it is.
title = "A # box"  # shown
version = "1.0"
license = 'CERN-OHL-S-2.0'
count = 3

[[part]]
source = "lid.py"
name = "Lid"

[[part]]
source = "pin.py"
name = "Pin"

[opendesign]
parts = [
  "a.py",  # first
  "b.py",
]
"""
WORDS = {"title": '"A # box"', "version": '"1.0"', "count": "3"}
WORDS |= {"part[lid.py].name": '"Lid"', "part[pin.py].name": '"Pin"'}
CHANGES = st.fixed_dictionaries({}, optional={name: st.sampled_from(['"x"', '"y # z"']) for name in WORDS})


def changed(values):
    text = BASE
    for name, value in values.items():
        text = text.replace(WORDS[name], value)
    return text


@settings(max_examples=150, deadline=None)
@given(CHANGES, CHANGES)
def test_every_change_of_both_sides_is_kept_whichever_side_is_ours(mine, yours):
    ours, theirs = changed(mine), changed(yours)
    merged, swapped = merge_manifest((BASE, ours, theirs), {}), merge_manifest((BASE, theirs, ours), {})
    rivals = {name for name in mine.keys() & yours.keys() if mine[name] != yours[name]}
    assert {each.name for each in merged.undecided} == {each.name for each in swapped.undecided} == rivals
    assert merged.text == changed(yours | mine) and swapped.text == changed(mine | yours)
    assert merge_manifest((BASE, ours, theirs), dict.fromkeys(rivals, "theirs")).text == swapped.text


def test_rivals_are_named_by_table_and_key_and_decided():
    texts = (BASE, BASE.replace('"Lid"', '"Cap"'), BASE.replace('"Lid"', '"Top"'))
    name = "part[lid.py].name"
    assert merge_manifest(texts, {}).undecided == [Rivals(name, "Lid", "Cap", "Top")]
    for word, value in (("theirs", "Top"), ("base", "Lid"), ('The "lid"', 'The "lid"'), (7, "7")):
        decided = merge_manifest(texts, {name: word})
        assert tomllib.loads(decided.text)["part"][0]["name"] == value and not decided.undecided
    counts = tuple(BASE.replace("= 3", f"= {count}") for count in (3, 4, 5))
    assert merge_manifest(counts, {"count": "6"}).text == BASE.replace("= 3", "= 6")
    for wrong in ({"title": "ours"}, {"count": "six"}, {"count": "6 # x"}, {"count": "6\na = 1"}):
        with pytest.raises(Invalid):
            merge_manifest(counts, wrong)


def test_a_value_ends_before_the_remark_behind_it_and_spans_lines():
    slots = manifest_slots(BASE)
    assert slots["title"].written == '"A # box"'
    assert slots["opendesign.parts"].value == ("a.py", "b.py") and slots["opendesign.parts"].written.endswith("\n]")


@pytest.mark.parametrize("text", ["= [", BASE.replace('version = "1.0"\n', ""), BASE + "\n[opendesign.x]\nparts = [\n"])
def test_what_excludes_each_other_stays_a_conflict_of_lines(text):
    assert merge_manifest((BASE, text, BASE.replace('"1.0"', '"2.0"')), {}) is None
