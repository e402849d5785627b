"""Bills of materials."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.bom import COLUMNS, COMPUTED, Printed, quantity, read, table

TOTAL = {"volume_mm3": 10_000.0, "area_mm2": 2_800.0, "bbox_mm": [[0, 0, 0], [50, 20, 10]]}
LID = Printed("lid.py", "Lid", TOTAL, 2)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_without_a_table_the_parts_make_one():
    (row,) = rows(table(None, [LID]))
    assert tuple(row) == (*COLUMNS, *COMPUTED)
    assert (row["part"], row["quantity"], row["kind"], row["source_file"]) == ("Lid", "2", "printed", "lid.py")
    assert (row["volume_cm3"], row["box_mm"], row["solid_mass_g"]) == ("10.000", "50.00 x 20.00 x 10.00", "")


def test_rows_of_the_repository_stay_and_are_measured():
    text = "part,source_file,material,quantity,own\nTop,lid.py,petg,3,mine\nScrew,,steel,8,\n"
    top, screw = rows(table(text, [LID]))
    assert (top["part"], top["quantity"], top["own"], top["solid_mass_g"]) == ("Top", "3", "mine", "12.7")
    assert (screw["part"], screw["volume_cm3"]) == ("Screw", "")


@pytest.mark.parametrize("cell", ["=1+1", "+a", "-cmd", "@x"])
def test_no_cell_is_a_formula(cell):
    assert rows(table(f"part,quantity\n{cell},-2\n", []))[0]["part"] == f"'{cell}"
    assert rows(table(f"part,quantity\n{cell},-2\n", []))[0]["quantity"] == "-2"


def test_a_part_is_counted_in_its_assembly():
    other = TOTAL | {"area_mm2": 2_801.0}
    assert quantity(TOTAL, [TOTAL, other, TOTAL, {}]) == 2
    assert quantity(TOTAL, [other]) == 1 == quantity(TOTAL, [])


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    found, columns = read(text)
    assert set(COLUMNS) <= set(columns)
    assert len(rows(table(text, [LID]))) >= len(found)
