"""Bills merge by row and column; rows nobody touched stay as they are written."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.core.merging import Rivals
from opendesign.core.merging_bom import merge_bom

HEAD = "ref,part,quantity,note\n"
BASE = HEAD + 'S1,"M3x10, steel",4,\nS2,M3 nut,4,"two\nlines"\nP1,Lid,1,\n'
ROWS = st.dictionaries(
    st.sampled_from(["S1", "S2", "P1", "P2"]), st.tuples(st.sampled_from("abc"), st.sampled_from("123"))
)


def written(rows):
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([key, part, count, ""] for key, (part, count) in rows.items())
    return HEAD + stream.getvalue()


def rows_of(text):
    return {row["ref"]: (row["part"], row["quantity"]) for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_cells_of_a_row_and_rows_at_the_end_merge_and_the_rest_stays():
    ours = BASE.replace('steel",4,', 'steel",6,') + "A9,Foot,4,\n"
    theirs = BASE.replace('steel",4,', 'steel",4,zinc') + "A1,Hinge,2,\n"
    merged = merge_bom((BASE, ours, theirs), {})
    expected = BASE.replace('steel",4,', 'steel",6,zinc') + "A1,Hinge,2,\nA9,Foot,4,\n"
    assert (merged.text, merged.undecided) == (expected, [])


def test_rivals_are_named_by_row_and_column():
    texts = (BASE, BASE.replace("Lid,1", "Lid,2"), BASE.replace("Lid,1", "Lid,3"))
    assert merge_bom(texts, {}).undecided == [Rivals("P1/quantity", "1", "2", "3")]
    for choice, value in (("ours", 2), ("theirs", 3), ("base", 1), ("8", 8), (9, 9)):
        assert merge_bom(texts, {"P1/quantity": choice}).text == BASE.replace("Lid,1", f"Lid,{value}")
    with pytest.raises(Invalid):
        merge_bom(texts, {"P1/part": "ours"})
    dropped = (BASE, BASE.replace("P1,Lid,1,\n", ""), texts[2])
    assert merge_bom(dropped, {}).undecided == [Rivals("P1", "P1,Lid,1,", None, "P1,Lid,3,")]
    assert merge_bom(dropped, {"P1": "theirs"}).text == texts[2]
    assert merge_bom(dropped, {"P1": "ours"}).text == dropped[1]
    with pytest.raises(Invalid):
        merge_bom(dropped, {"P1": "P1,Cap,1,"})


BROKEN = BASE + 'x,"y\n', '"a\nb",ref\n1,2\n', "\n"


@pytest.mark.parametrize("text", [BASE.replace("note", "remark"), BASE + "S1,again,1,\n", BASE + ",,1,\n", *BROKEN])
def test_what_has_no_names_of_its_own_stays_a_conflict_of_lines(text):
    assert merge_bom((BASE, text, BASE.replace("Lid", "Cap")), {}) is None


@settings(max_examples=400, deadline=None)
@given(ROWS, ROWS, ROWS)
def test_the_answer_is_the_same_from_either_side_and_no_change_is_lost(base, ours, theirs):
    texts = tuple(map(written, (base, ours, theirs)))
    merged, swapped = merge_bom(texts, {}), merge_bom((texts[0], texts[2], texts[1]), {})
    rivals = {each.name for each in merged.undecided}
    assert rivals == {each.name for each in swapped.undecided}
    decided = merge_bom(texts, dict.fromkeys(rivals, "theirs"))
    other = merge_bom((texts[0], texts[2], texts[1]), dict.fromkeys(rivals, "ours"))
    assert decided.text == other.text and not decided.undecided
    found = rows_of(merged.text)
    for key in {*base, *ours, *theirs} - {name.partition("/")[0] for name in rivals}:
        old, left, right = (side.get(key) for side in (base, ours, theirs))
        if left is None or right is None:
            assert found.get(key) == (left if right == old else right)
            continue
        before = old or (None, None)
        assert found[key] == tuple(a if a != o else b for o, a, b in zip(before, left, right, strict=True))
