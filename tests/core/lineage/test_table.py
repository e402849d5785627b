"""The table of a family: what is searched, filtered and folded away, and the order of the rest."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.table import FEW, SORTS, Row, Wish, choose, sorted_rows

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def row(key: int, path: str = "", days: int = 0, changes: int = 1, private: bool = False, **facts) -> Row:
    return Row(key, key, path or f"maker/case-{key}", "A case", NOW - timedelta(days=days), private, changes, **facts)


def keys(rows: list[Row], **wish) -> list[int]:
    return [each.key for each in choose(rows, Wish(**wish), NOW, 0)[0]]


QUIET = [row(key, changes=0) for key in range(100, 100 + FEW + 5)]


def test_many_without_changes_are_folded_and_found_by_searching():
    rows = [row(0, changes=0), row(1), *QUIET]
    listed, folded = choose(rows, Wish(), NOW, 0)
    assert ([each.key for each in listed], folded) == ([0, 1], len(QUIET))
    assert len(keys(rows, unchanged=True)) == len(rows)
    assert keys(rows, words="CASE-104 maker") == [104]


def test_few_without_changes_are_listed():
    assert choose(QUIET[:FEW], Wish(), NOW, 0)[1] == 0


def test_whoever_gave_without_changing_anything_stays():
    assert keys([row(1), row(2, changes=0, gave=1), *QUIET]) == [1, 2]


def test_filters():
    rows = [row(1, days=400), row(2, ahead=2), row(3, took=1, private=True)]
    assert keys(rows, active=True) == [2, 3]
    assert keys(rows, differs=True) == [2]
    assert keys(rows, flow=True) == [3]
    assert (keys(rows, visibility="private"), keys(rows, visibility="public")) == ([3], [1, 2])


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("tree", [1, 2, 3]),
        ("name", [3, 1, 2]),
        ("activity", [2, 1, 3]),
        ("ahead", [1, 2, 3]),
        ("-ahead", [2, 3, 1]),
        ("mass", [3, 1, 2]),
        ("-mass", [1, 3, 2]),
        ("checks", [2, 1, 3]),
        ("nonsense", [1, 2, 3]),
    ],
)
def test_orders(sort, expected):
    rows = [
        row(1, "bia/case", 5, ahead=4, mass=9.0),
        row(2, "caio/case", 1, mass=None, trouble=(1, 0, 0)),
        row(3, "ada/case", 8, mass=2.0),
    ]
    assert [each.key for each in sorted_rows(rows[::-1], sort)] == expected


NUMBERS = st.none() | st.floats(0, 100)
ROWS = st.builds(
    row, st.integers(1, 99), days=st.integers(0, 900), volume=NUMBERS, mass=NUMBERS, ahead=st.integers(0, 3)
)


@given(st.lists(ROWS, unique_by=lambda each: each.key), st.sampled_from(SORTS), st.booleans())
def test_every_order_keeps_every_row_and_puts_the_unknown_last(rows, sort, turned):
    found = sorted_rows(rows, f"-{sort}" if turned else sort)
    assert sorted(each.key for each in found) == sorted(each.key for each in rows)
    if sort in ("mass", "volume"):
        values = [getattr(each, sort) for each in found]
        known = [value for value in values if value is not None]
        assert values[: len(known)] == sorted(known, reverse=turned)
