"""Presets merge by script, preset and parameter."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.core.merging import Rivals
from opendesign.core.merging_presets import merge_presets

BASE = {"lid.py": {"Wide": {"WIDTH": 60.0, "WALL": 2}, "Low": {"HEIGHT": 9}}, "note": "kept"}
VALUES = st.dictionaries(st.sampled_from(["WIDTH", "WALL", "HEIGHT"]), st.integers(1, 4), min_size=1)
FILES = st.fixed_dictionaries(
    {"note": st.just("kept")}, optional={"lid.py": st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1)}
)


def dumped(content):
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def flat(content, at=""):
    if not isinstance(content, dict):
        return {at: content}
    return {name: value for key, each in content.items() for name, value in flat(each, f"{at}/{key}").items()}


def test_presets_added_by_both_and_neighbouring_values_merge():
    ours = {**BASE, "lid.py": {**BASE["lid.py"], "Ours": {"WALL": 3}}}
    theirs = {**BASE, "lid.py": {"Wide": {"WIDTH": 61.0, "WALL": 2}, "Low": {"HEIGHT": 9}, "Deep": {"WALL": 4}}}
    merged = merge_presets((dumped(BASE), dumped(ours), dumped(theirs)), {})
    lid = {"Wide": {"WIDTH": 61.0, "WALL": 2}, "Low": {"HEIGHT": 9}, "Deep": {"WALL": 4}, "Ours": {"WALL": 3}}
    assert (merged.text, merged.undecided) == (dumped({"lid.py": lid, "note": "kept"}), [])


def test_rivals_are_named_by_script_preset_and_parameter_and_decided():
    sides = [{"lid.py": {"Wide": {"WIDTH": value, "WALL": 2}}} for value in (60, 61, 62)]
    texts = tuple(map(dumped, sides))
    name = "lid.py/Wide/WIDTH"
    assert merge_presets(texts, {}).undecided == [Rivals(name, 60, 61, 62)]
    for word, value in (("theirs", 62), ("base", 60), (64.5, 64.5), ("65", 65)):
        decided = merge_presets(texts, {name: word})
        assert json.loads(decided.text)["lid.py"]["Wide"]["WIDTH"] == value and not decided.undecided
    for wrong in ({"lid.py": "ours"}, {name: {"a": 1}}):
        with pytest.raises(Invalid):
            merge_presets(texts, wrong)


def test_what_one_dropped_and_the_other_changed_is_a_conflict():
    texts = tuple(map(dumped, (BASE, {"note": "kept"}, {**BASE, "lid.py": {"Wide": {"WALL": 9}}})))
    [rivals] = merge_presets(texts, {}).undecided
    assert (rivals.name, rivals.ours, rivals.theirs) == ("lid.py", None, '{"Wide": {"WALL": 9}}')
    assert json.loads(merge_presets(texts, {"lid.py": "ours"}).text) == {"note": "kept"}


@pytest.mark.parametrize(
    "text", ["[]\n", '{"a": 1,\n', '{"a": 1, "a": 2}\n', '{"a":1}\n', "{} {}\n", "{" * 50, '{"a": NaN}\n']
)
def test_what_is_no_plain_object_stays_a_conflict_of_lines(text):
    assert merge_presets((dumped(BASE), text, dumped({"note": "x"})), {}) is None


@settings(max_examples=400, deadline=None)
@given(FILES, FILES, FILES)
def test_the_answer_is_the_same_from_either_side_and_no_change_is_lost(base, ours, theirs):
    merged = merge_presets(tuple(map(dumped, (base, ours, theirs))), {})
    swapped = merge_presets(tuple(map(dumped, (base, theirs, ours))), {})
    rivals = {each.name for each in merged.undecided}
    assert rivals == {each.name for each in swapped.undecided}
    decided = merge_presets(tuple(map(dumped, (base, ours, theirs))), dict.fromkeys(rivals, "theirs"))
    other = merge_presets(tuple(map(dumped, (base, theirs, ours))), dict.fromkeys(rivals, "ours"))
    assert decided.text == other.text and not decided.undecided
    found, (old, left, right) = flat(json.loads(merged.text)), map(flat, (base, ours, theirs))
    for name in old.keys() | left.keys() | right.keys():
        if any(f"{name}/".startswith(f"/{rival}/") for rival in rivals):
            continue
        changed = left.get(name) if left.get(name) != old.get(name) else right.get(name)
        assert found.get(name) == changed


def test_values_that_cannot_be_shown_are_shown_as_they_are_written():
    texts = tuple('{\n  "a": %s\n}\n' % value for value in ("1", "1e999", '"\\ud800"'))  # noqa: UP031
    assert merge_presets(texts, {}).undecided == [Rivals("a", 1, "1e999", '"\\ud800"')]
