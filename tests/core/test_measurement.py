"""What is believed of a build's measurements, and what they say about a change."""

import json
import math
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendesign.core import measurement
from opendesign.core.errors import Invalid


def shape(name: str = "lid", **changes: object) -> dict:
    """Returns the measurement of a 10 × 20 × 30 mm block."""
    return {
        "name": name,
        "path": [name],
        "volume_mm3": 6000.0,
        "area_mm2": 2200.0,
        "bbox_mm": [[0, 0, 0], [10, 20, 30]],
        "centre_mm": [5, 10, 15],
        "valid": True,
        "solids": 1,
        "faces": 6,
        "edges": 12,
        "colour": None,
        "inertia_mm5": [1.0, 2.0, 3.0],
        "level_mm2": 400.0,
        "overhang_mm2": 0.0,
        "wall_mm": 10.0,
        **changes,
    }


def test_a_clean_measurement_stays_what_it_is():
    assert measurement.check([shape()]) == [shape()]


def test_what_older_builds_did_not_measure_is_not_known():
    older = {key: value for key, value in shape().items() if key not in ("level_mm2", "overhang_mm2", "wall_mm")}
    assert measurement.check([older]) == [shape(level_mm2=None, overhang_mm2=None, wall_mm=None)]
    total = measurement.total([shape(), older])
    assert (total["level_mm2"], total["overhang_mm2"], total["wall_mm"]) == (None, None, 10.0)


def test_what_is_not_known_is_dropped():
    assert "script" not in measurement.check([shape(script="<b>")])[0]


@pytest.mark.parametrize(
    "change",
    [
        {"volume_mm3": math.nan},
        {"volume_mm3": 10**400},
        {"bbox_mm": [[0, 0, -(10**400)], [1, 1, 1]]},
        {"volume_mm3": math.inf},
        {"volume_mm3": "6000"},
        {"volume_mm3": True},
        {"volume_mm3": None},
        {"bbox_mm": [[0, 0, 0]]},
        {"bbox_mm": [[0, 0, 0], [10, 20, -30]]},
        {"bbox_mm": [[0, 0, math.nan], [1, 1, 1]]},
        {"centre_mm": [1, 2]},
        {"faces": -1},
        {"faces": 1.5},
        {"faces": 10**9},
        {"name": 7},
        {"path": "lid"},
        {"path": ["x"] * 101},
        {"colour": [1, 2, 3]},
        {"inertia_mm5": [1, 2, None]},
        {"level_mm2": -1.0},
        {"overhang_mm2": "much"},
        {"wall_mm": math.inf},
    ],
)
def test_a_fault_is_found(change: dict):
    with pytest.raises(Invalid):
        measurement.check([shape(**change)])


def test_a_thousand_shapes_are_enough():
    assert len(measurement.check([shape()] * 1000)) == 1000
    with pytest.raises(Invalid):
        measurement.check([shape()] * 1001)


def test_names_cannot_hide_or_turn_what_follows():
    name = measurement.check([shape("a\u202egnp.exe\n\x00\u200b" + "x" * 300)])[0]["name"]
    assert name.startswith("agnp.exexx") and len(name) == 200


@given(st.text())
def test_every_name_comes_out_printable(name: str):
    clean = measurement.clean_name(name)
    assert 0 < len(clean) <= 200
    assert not any(unicodedata.category(letter)[0] == "C" for letter in clean)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=300)
@given(st.sampled_from(sorted(shape())), json_values)
def test_what_passes_is_finite_and_can_be_written_down(key: str, value: object):
    try:
        (clean,) = measurement.check([shape() | {key: value}])
    except Invalid:
        return
    json.dumps(clean, allow_nan=False)
    assert set(clean) == set(shape())


@given(json_values)
def test_nothing_but_a_refusal_comes_of_odd_lists(value: object):
    try:
        measurement.check(value)
    except Invalid:
        return


def test_totals_add_up():
    other = shape("base", bbox_mm=[[0, 0, -10], [40, 5, 0]], volume_mm3=2000.0, centre_mm=[9, 2, -5], valid=False)
    total = measurement.total([shape(), other])
    assert total["volume_mm3"] == 8000 and total["parts"] == 2 and total["faces"] == 12
    assert total["bbox_mm"] == [[0, 0, -10], [40, 20, 30]]
    assert total["centre_mm"] == pytest.approx([6, 8, 10])
    assert total["valid"] is False
    assert (total["level_mm2"], total["wall_mm"]) == (800.0, 10.0)


def test_sizes_and_masses():
    assert measurement.size(shape()) == (10, 20, 30)
    assert measurement.mass(shape(), 1.24) == pytest.approx(7.44)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**400), 10**400) | st.floats() | st.text(max_size=400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=20,
)


@given(ANYTHING)
def test_texts_and_figures_are_made_of_anything(value: object):
    texts, figures = measurement.texts(value), measurement.figures(value)
    assert all(isinstance(text, str) and len(text) <= 300 for text in texts) and len(texts) <= 50
    assert all(type(number) is float and math.isfinite(number) for number in figures.values())
    assert measurement.texts([value] * 100) == measurement.texts([value] * 50)
