"""Units of hunks: what counts, what does not, and what takes one back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opendesign.core.lineage.unit import hunks, is_source, unit, units, value

LINES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")), max_size=6
)


@example([], ["\0"])
@given(LINES, LINES)
def test_what_takes_a_hunk_back_is_named_by_it(minus, plus):
    one, other = unit("lid.py", minus, plus), unit("base.py", plus, minus)
    assert (one is None) == (other is None)
    if one and other:
        assert (one.id, one.reverse, one.tokens) == (other.reverse, other.id, other.tokens)
        assert one.id != one.reverse


@given(LINES, LINES, st.sampled_from(["", " ", "\t", "    "]))
def test_blanks_and_comments_do_not_count(minus, plus, blank):
    said = [blank + line + blank for line in plus] + ["", "  # a remark"]
    one, other = unit("lid.py", minus, plus), unit("parts/lid.py", [*minus, "#"], said)
    assert (one and (one.id, one.value)) == (other and (other.id, other.value))


@pytest.mark.parametrize(("tokens", "worth"), [(0, 0), (3, 0), (4, 2.32), (7, 3), (31, 5), (10_000, 5)])
def test_value_is_logarithmic_and_capped(tokens, worth):
    assert value(tokens) == pytest.approx(worth, abs=0.01)


@pytest.mark.parametrize(
    ("line", "tokens"),
    [("WALL = 2.4", 3), ('name = "a b c"', 3), ("x = -1.5e-3 * y[0]", 9), ("f(a, b)", 6), ("größe = 3", 3)],
)
def test_tokens_are_those_of_the_language(line, tokens):
    assert unit("lid.py", [], [line]).tokens == tokens


@pytest.mark.parametrize("path", ["lid.py", "parts/lid.scad", "okh.toml", "bom.csv", "docs/guide.md", "licences.py"])
def test_what_people_write_is_source(path):
    assert is_source(path)


@pytest.mark.parametrize(
    "path", ["lid.step", "out/LID.STL", "shot.png", "LICENSE", "docs/LICENCE.md", "COPYING.txt", "vendor/gears/g.py"]
)
def test_exports_licences_and_the_work_of_others_are_not(path):
    assert not is_source(path)


PATCH = b"""\
diff --git a/lid.py b/lid.py
index 1..2 100644
--- a/lid.py
+++ b/lid.py
@@ -3 +3 @@ def lid():
-WALL = 2.0
+WALL = 2.4
@@ -9,0 +10,2 @@
+--- a/is a line, not a header
++++ b/as is this
\\ No newline at end of file
diff --git "a/t\\303\\274r\\".py" "b/t\\303\\274r\\".py"
new file mode 100644
--- /dev/null
+++ "b/t\\303\\274r\\".py"
@@ -0,0 +1 @@
+DEPTH = 4
diff --git a/old.py b/old.py
deleted file mode 100644
--- a/old.py
+++ /dev/null
@@ -1,2 +0,0 @@
-a = 1
-b = 2
diff --git a/lid.stl b/lid.stl
Binary files a/lid.stl and b/lid.stl differ
"""


def test_a_patch_is_read_hunk_by_hunk():
    assert list(hunks(PATCH)) == [
        ("lid.py", ["WALL = 2.0"], ["WALL = 2.4"]),
        ("lid.py", [], ["--- a/is a line, not a header", "+++ b/as is this"]),
        ('tür".py', [], ["DEPTH = 4"]),
        ("old.py", ["a = 1", "b = 2"], []),
    ]
    assert [each.path for each in units(PATCH)] == ["lid.py", "lid.py", 'tür".py', "old.py"]


@given(st.binary(max_size=300))
def test_any_bytes_are_read(patch):
    assert isinstance(units(patch), list)
    assert isinstance(units(PATCH + patch), list)


def test_a_quote_that_never_closes_is_read_in_a_line():
    line = '"' + '\\"' * 500_000
    assert 0 < unit("lid.py", [], [line]).tokens < 10


def test_what_a_machine_wrote_counts_nothing():
    hunk = "@@ -%d +%d @@\n-a = %d\n+b = %d\n"
    patch = "--- a/x.py\n+++ b/x.py\n" + "".join(hunk % (n, n, n, n) for n in range(2001))
    assert units(patch.encode()) == []
