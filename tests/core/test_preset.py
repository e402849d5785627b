"""Presets are read tolerantly, checked against the part, and written without touching anything else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.declaration import read_parameters
from opendesign.core.errors import Conflict, Invalid, NotFound
from opendesign.core.preset import Preset, drop_preset, keep_preset, presets_path, read_presets, rename_preset

SCRIPT = """width = 20.0  # [5:100] Width, mm
lid = "snap"  # [snap, screw]
HOLES = [1.5, 2]
NAMES = ["a", "b, c"]
round = True
AREA = width * 2
"""
PARAMETERS = read_parameters(SCRIPT, "parts/box.py")
TEXT = """{
    "$comment": "mine",
    "box.py": {"Wide": {"width": 60, "lid": "screw", "HOLES": [1, 2, 3]}, "Bad": {"width": 1000, "nope": 1},
               "Set": {"AREA": 3}, "Worse": 7, " padded": {}, "": {}},
    "lid.py": {"Wide": {"other": 1}},
    "parameterSets": {
        "From OpenSCAD": {"width": "33.5", "round": "false", "HOLES": "[4, 5]", "NAMES": "x, \\"y, z\\""},
        "Of another script": {"else": "1"}, "Wide": {"width": "70"}
    },
    "fileFormatVersion": "1"
}
"""


def found(text: str = TEXT) -> dict[str, Preset]:
    return {each.name: each for each in read_presets(text, "parts/box.py", PARAMETERS)}


def test_presets_of_both_forms_are_read_and_typed():
    presets = found()
    assert presets["Wide"].values == {"width": 60, "lid": "screw", "HOLES": (1, 2, 3)}
    assert presets["From OpenSCAD"].values == {
        **{"width": 33.5, "round": False, "HOLES": (4, 5), "NAMES": ("x", "y, z")},
    }
    assert "Of another script" not in presets and presets_path("parts/box.py") == "parts/presets.json"
    assert presets_path("box.py") == "presets.json"


def test_a_bad_preset_is_named_with_why_and_the_rest_stays_usable():
    presets = found()
    assert {name: bool(each.problem) for name, each in presets.items()} == {
        **{"Wide": False, "Bad": True, "Set": True, "Worse": True, " padded": True, "": True, "From OpenSCAD": False}
    }
    assert "nope is not a parameter" in presets["Bad"].problem and "between 5 and 100 mm" in presets["Bad"].problem
    assert "AREA cannot be set: it follows from width * 2" in presets["Set"].problem


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"box.py": []}', '{"box.py": {"a": {"width": NaN}}}', "[" * 100_000, '{"a": 1e999}x']
)
def test_a_file_that_cannot_be_read_is_one_problem(text):
    presets = read_presets(text, "parts/box.py", PARAMETERS)
    assert [each.name for each in presets] == [""] and "presets.json" in presets[0].problem


def test_a_byte_order_mark_does_not_disturb():
    assert read_presets("\ufeff" + TEXT, "box.py", PARAMETERS)[0].values["width"] == 60


def test_keeping_touches_nothing_else():
    text = keep_preset(TEXT, "parts/box.py", "Wide", {"width": 61, "HOLES": (1, 2)})
    before, after = json.loads(TEXT), json.loads(text)
    before["box.py"]["Wide"] = {"width": 61, "HOLES": [1, 2]}
    assert after == before and list(after) == list(before) and list(after["box.py"]) == list(before["box.py"])
    assert text.startswith('{\n    "$comment"')  # the file's own indentation
    assert keep_preset(text, "parts/box.py", "Wide", {"width": 61, "HOLES": (1, 2)}) == text


def test_a_set_of_openscad_stays_where_and_what_it_is():
    text = keep_preset(TEXT, "parts/box.py", "From OpenSCAD", {"width": 34.0, "round": True, "HOLES": (4, 5)})
    sets = json.loads(text)["parameterSets"]
    assert sets["From OpenSCAD"] == {"width": "34.0", "round": "true", "HOLES": "[4, 5]"}
    assert found(text)["From OpenSCAD"].values == {"width": 34, "round": True, "HOLES": (4, 5)}


def test_renaming_keeps_place_and_values():
    text = rename_preset(TEXT, "parts/box.py", "Bad", "Good")
    assert list(json.loads(text)["box.py"]) == ["Wide", "Good", "Set", "Worse", " padded", ""]
    with pytest.raises(Conflict):
        rename_preset(TEXT, "parts/box.py", "Bad", "Wide")
    with pytest.raises(NotFound):
        rename_preset(TEXT, "parts/box.py", "None", "Some")


def test_dropping_the_last_drops_the_script():
    text = keep_preset(None, "box.py", "One", {"width": 30})
    assert text == '{\n  "box.py": {\n    "One": {\n      "width": 30\n    }\n  }\n}\n'
    assert drop_preset(text, "box.py", "One") == "{}\n"
    assert "From OpenSCAD" not in drop_preset(TEXT, "box.py", "From OpenSCAD")
    with pytest.raises(NotFound):
        drop_preset(None, "box.py", "One")


@pytest.mark.parametrize("name", ["", " ", "a/b", "x" * 81, ".."])
def test_a_name_that_no_address_can_hold_is_refused(name):
    with pytest.raises(Invalid):
        keep_preset(None, "box.py", name, {"width": 30})


def test_a_part_has_at_most_a_hundred():
    text = None
    for number in range(100):
        text = keep_preset(text, "box.py", f"n{number}", {"width": 30})
    keep_preset(text, "box.py", "n5", {"width": 31})
    with pytest.raises(Invalid, match="100 presets"):
        keep_preset(text, "box.py", "one more", {"width": 30})


NAMES = st.text(st.characters(blacklist_categories=("C", "Z"), blacklist_characters="/"), min_size=1, max_size=20)
VALUES = st.fixed_dictionaries(
    {"width": st.floats(5, 100).map(lambda value: round(value, 3))},
    optional={
        "lid": st.sampled_from(["snap", "screw"]),
        "NAMES": st.lists(st.text(st.characters(blacklist_categories=("C", "Z")), max_size=9), min_size=1).map(tuple),
        "round": st.booleans(),
    },
)


@given(st.dictionaries(NAMES.filter(lambda name: name.strip(".")), VALUES, max_size=5))
def test_what_is_kept_is_read_again(presets):
    names = {name: __import__("unicodedata").normalize("NFC", name) for name in presets}
    text = None
    for name, values in presets.items():
        text = keep_preset(text, "box.py", name, values)
    read = {each.name: each.values for each in read_presets(text or "{}", "box.py", PARAMETERS)}
    assert read == {names[name]: values for name, values in presets.items()}
