"""Remarks from a jail that nobody trusts, and the sentences for them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core import soundness
from opendesign.core.errors import Invalid

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
FACTS = st.fixed_dictionaries(
    {"kind": st.sampled_from([*soundness.SENTENCES, "nonsense"]) | JSON},
    optional=dict.fromkeys(("shape", "at", "count", "value", "fault", "message"), JSON),
)


def test_each_kind_has_a_sentence() -> None:
    for kind in soundness.SENTENCES:
        told = {"kind": kind, "shape": "lid", "value": 0.0042, "count": 3, "message": "the shape is empty"}
        [clean] = soundness.check([told])
        assert clean["message"].startswith("lid: ") and "{" not in clean["message"], clean
    assert set(soundness.NOTES) <= set(soundness.SENTENCES)


def test_the_kernels_words_are_words() -> None:
    told = {"kind": "invalid", "shape": "bow", "fault": "SelfIntersectingWire", "at": [1, 2.5, 3]}
    [clean] = soundness.check([told])
    assert "bow: the geometry kernel calls this shape invalid (self intersecting wire); " in clean["message"]
    assert clean["at"] == [1, 2.5, 3]
    assert soundness.check([told | {"fault": "<script>"}])[0]["fault"] == ""


@given(st.lists(FACTS | JSON, max_size=4) | JSON)
def test_whatever_comes_is_cleaned_or_refused(told: object) -> None:
    try:
        remarks = soundness.check(told)
    except Invalid:
        return
    for remark in remarks:
        assert set(remark) == {"kind", "shape", "at", "count", "value", "fault", "message"}
        assert math.isfinite(remark["value"]) and remark["count"] >= 0 and len(remark["message"]) < 1000


def test_too_many_are_refused() -> None:
    with pytest.raises(Invalid):
        soundness.check([{"kind": "flat"}] * 201)
