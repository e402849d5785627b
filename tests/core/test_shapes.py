"""What happened to each shape of a part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.shapes import differences


def shape(name: str = "lid", **changes: object) -> dict:
    """Returns the measurement of a 10 × 20 × 30 mm block."""
    return {
        "name": name,
        "volume_mm3": 6000.0,
        "area_mm2": 2200.0,
        "bbox_mm": [[0, 0, 0], [10, 20, 30]],
        "centre_mm": [5, 10, 15],
        "solids": 1,
        "faces": 6,
        "edges": 12,
        "inertia_mm5": [1.0, 2.0, 3.0],
        **changes,
    }


AWAY = {"centre_mm": [6, 10, 15], "bbox_mm": [[1, 0, 0], [11, 20, 30]]}
FAR = {"centre_mm": [105, 10, 15], "bbox_mm": [[100, 0, 0], [110, 20, 30]]}
SHAPES = st.builds(
    lambda name, faces, place: shape(name, faces=faces, **place),
    st.sampled_from("abc"),
    st.sampled_from([6, 7]),
    st.sampled_from([{}, AWAY, FAR]),
)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "unchanged"),
        ({"volume_mm3": 6000.0000001}, "unchanged"),
        ({"volume_mm3": 6001.0}, "changed"),
        ({"faces": 7}, "changed"),
        ({"centre_mm": [6, 10, 15], "bbox_mm": [[1, 0, 0], [11, 20, 30]]}, "moved"),
        ({"colour": [1, 0, 0, 1]}, "unchanged"),
    ],
)
def test_what_happened_to_a_part(change: dict, status: str):
    (found,) = differences([shape()], [shape(**change)])
    assert found.status == status


def test_shapes_come_and_go():
    found = differences([shape("lid"), shape("foot")], [shape("hinge", faces=9), shape("lid")])
    assert [(change.name, change.status) for change in found] == [
        ("hinge", "added"),
        ("lid", "unchanged"),
        ("foot", "removed"),
    ]
    assert [change.volume_mm3 for change in found] == [6000, 0, -6000]


def test_shapes_with_another_name_are_known_by_their_geometry():
    before = [shape("lid"), shape("pin", faces=3), shape("pin", faces=3, **AWAY), shape("old", faces=8)]
    after = [shape("top"), shape("nail", faces=3, **FAR), shape("pin", faces=3), shape("new", faces=7)]
    found = differences(before, after)
    assert [(change.name, change.before and change.before["name"], change.status) for change in found] == [
        ("top", "lid", "renamed"),
        ("nail", "pin", "moved"),
        ("pin", "pin", "unchanged"),
        ("new", None, "added"),
        ("old", "old", "removed"),
    ]


@given(st.lists(SHAPES, max_size=8), st.lists(SHAPES, max_size=8))
def test_every_shape_stands_in_exactly_one_change(before, after):
    found = differences(before, after)
    assert sorted(each.before["name"] for each in found if each.before) == sorted(one["name"] for one in before)
    assert sorted(each.after["name"] for each in found if each.after) == sorted(one["name"] for one in after)
    assert {each.status for each in differences(after, after)} <= {"unchanged"}


def test_a_thousand_alike_shapes_pair_at_once():
    before = [shape(f"a{number}") for number in range(1000)]
    after = [shape(f"b{number}", **AWAY) for number in range(1000)]
    assert {change.status for change in differences(before, after)} == {"moved"}
