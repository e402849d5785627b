"""Two bills of materials are put side by side."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.bill import BillChange, Cost, amount, compare_bills, rows_of

BEFORE = """ref,part,quantity,unit_cost,currency,kind
A1,Screw,8,0.05,EUR,bought
A2,Spring,1,1.10,EUR,bought
A3,Driver,1,12,EUR,tool
A4,Board,1,9.99,USD,bought
"""
AFTER = """ref,part,quantity,unit_cost,currency,kind
A1,Screw,12,0.05,eur,bought
A3,Driver,1,14,EUR,tool
A4,Board,1.0,9.990,USD,bought
A5,Magnet,4,,EUR,bought
"""
PARTS = [("lid.py", "Lid")]


def compared(before: str | None, after: str | None, **renamed: str) -> BillChange:
    return compare_bills(rows_of(before, PARTS), rows_of(after, PARTS), renamed)


def test_rows_come_go_and_change_and_costs_add_up():
    found = compared(BEFORE, AFTER)
    assert [(row.ref, row.part, row.status, row.columns) for row in found.rows] == [
        ("A1", "Screw", "changed", ("quantity", "currency")),
        ("A3", "Driver", "changed", ("unit_cost",)),
        ("A5", "Magnet", "added", ()),
        ("A2", "Spring", "removed", ()),
    ]
    assert found.costs == [
        Cost("EUR", Decimal("1.50"), Decimal("0.60")),
        Cost("USD", Decimal("9.99"), Decimal("9.99")),
    ], "a tool is not used up"
    assert found.unpriced == 2, "the magnets and the lid have no price"


def test_parts_that_no_row_names_are_rows():
    found = compare_bills(rows_of(None, []), rows_of("part,source_file\nPin,pin.py\n", [*PARTS, ("pin.py", "Pin")]), {})
    assert [(row.part, row.status) for row in found.rows] == [("Pin", "added"), ("Lid", "added")]


def test_a_renamed_script_keeps_its_row():
    before, after = rows_of(None, [("lid.py", "Lid")]), rows_of(None, [("top.py", "Lid")])
    assert compare_bills(before, after, {"lid.py": "top.py"}).rows == []
    assert [row.status for row in compare_bills(before, after, {}).rows] == ["added", "removed"]


@pytest.mark.parametrize("text", ["", "-1", "1e9", "NaN", "٣", "1,5", "9" * 13, "1 2"])
def test_what_is_no_amount(text):
    assert amount(text) is None


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_are_compared(one, other):
    there, back = compared(one, other), compared(other, one)
    words = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted(words[row.status] for row in there.rows) == sorted(row.status for row in back.rows)
    assert [(cost.after, cost.before) for cost in there.costs] == [(cost.before, cost.after) for cost in back.costs]
    assert compared(one, one).rows == []
