"""A parameter set as a relative set it: what counts, and what is chance or their common past."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.adoption import NEVER, Change
from opendesign.core.lineage.setting import (
    Setting,
    Values,
    plain_settings,
    scripts_set,
    set_alike,
    settings,
    significant,
)
from opendesign.core.lineage.unit import hunks

LONDON, BRAZIL = 1, 2
START = datetime(2026, 3, 1, tzinfo=UTC)


def values(sha, design, day, named=(), who="bia@example.org", **after):
    found = tuple(Setting("box.py", name, 1.0, value) for name, value in after.items())
    people, names = frozenset({who}), frozenset(named)
    return Values(Change(sha * 40, design, START + timedelta(days=day), people, named=names), found)


def found(ours, *seen, own=NEVER, base=None):
    return [(each.kind, each.change.sha[0], each.share) for each in set_alike([ours], seen, own, base or {})]


def ours(day=40, **after):
    return values("z", LONDON, day, who="ada@example.org", **after)


def test_two_that_move_together_count_and_one_round_number_does_not():
    theirs = values("a", BRAZIL, 0, WALL=3.0, GAP=0.4)
    assert found(ours(WALL=3.0, GAP=0.4), theirs) == [("parameter", "a", 1.0)]
    assert found(ours(WALL=3.0), theirs) == []
    assert found(ours(WALL=3.0, GAP=0.5), theirs) == []


def test_one_of_three_digits_or_one_that_is_declared_counts():
    theirs = values("a", BRAZIL, 0, WALL=3.25, GAP=0.4)
    assert found(ours(WALL=3.25), theirs) == [("parameter", "a", 0.5)]
    assert found(ours(GAP=0.4, named=["a" * 12]), theirs) == [("parameter", "a", 0.5)]


def test_two_that_came_by_two_commits_of_one_design_count_for_both():
    seen = values("a", BRAZIL, 0, WALL=3.0), values("b", BRAZIL, 1, GAP=0.4)
    assert found(ours(WALL=3.0, GAP=0.4), *seen) == [("parameter", "a", 1.0), ("parameter", "b", 1.0)]
    other = values("b", 3, 1, GAP=0.4)
    assert found(ours(WALL=3.0, GAP=0.4), seen[0], other) == []


def test_back_to_where_both_began_is_nobodys_and_what_one_had_is_ones_own():
    theirs = values("a", BRAZIL, 0, WALL=3.25)
    assert found(ours(WALL=3.25), theirs, base={("box.py", "WALL"): 3.25}) == []
    assert found(ours(WALL=3.25), theirs, own={"a" * 40: START}) == []
    assert found(ours(WALL=3.25), values("y", LONDON, -9, WALL=3.25), theirs) == []


def test_soon_and_without_a_way_both_have_solved_it():
    theirs = values("a", BRAZIL, 0, WALL=3.25)
    assert found(ours(3, WALL=3.25), theirs) == [("twice", "a", 1.0)]
    assert found(values("z", LONDON, 3, WALL=3.25), theirs) == [("parameter", "a", 1.0)]


@pytest.mark.parametrize(
    ("value", "digits"),
    [(3.25, 3), (-0.0125, 3), (100, 1), (1.5e-7, 2), (120.5, 4), (True, 0), ("abc", 0), (20.0, 1), (105, 3)],
)
def test_significant_digits(value, digits):
    assert significant(value) == digits


def test_a_script_is_read_where_literals_move():
    before = "WIDTH = 10.0  # mm\nGAP = 0.3\nSIZES = [1, 2]\nHALF = WIDTH / 2\n"
    after = before.replace("10.0", "12.5").replace("[1, 2]", "[1, 3]")
    assert [(each.name, each.before, each.after) for each in settings("box.py", before, after)] == [
        ("WIDTH", 10.0, 12.5),
        ("SIZES", (1, 2), (1, 3)),
    ]
    assert settings("box.py", before, "def (") == []
    head = b"--- a/box.py\n+++ b/box.py\n@@ -1 +1 @@\n"
    assert scripts_set(hunks(head + b"-WIDTH = 10.0\n+WIDTH = 12.5\n")) == {"box.py"}
    assert scripts_set(hunks(head + b"-    width: float = 10\n+    width: float = 12\n")) == {"box.py"}
    assert scripts_set(hunks(head + b"-a = b\n+a = c\n")) == set()


@given(st.floats(1e-6, 1e6), st.sampled_from([1, 10, 1000]))
def test_digits_do_not_depend_on_the_sign_or_on_the_power_of_ten(value, power):
    number = float(f"{value:.3g}")
    assert significant(number) == significant(-number) <= 3
    assert significant(float(f"{number * power:.3g}")) == significant(number)


def test_lines_that_only_set_names_need_no_more_reading():
    told = b"""--- a/lid.py
+++ b/lid.py
@@ -3 +3 @@
-WALL = 2.0  # Thickness, mm
+WALL = 2.45  # Thickness, mm
@@ -9,2 +9,2 @@
-SIZES = (1, 2)
-NAME = "lid"
+SIZES = (1, 3)
+NAME = "lid"  # printed inside
--- a/box.py
+++ b/box.py
@@ -5 +5 @@
-DEPTH = 8.0
+DEPTH = WALL * 4
"""
    found = plain_settings(hunks(told), {"lid.py", "box.py"})
    assert {path: [(each.name, each.before, each.after) for each in some] for path, some in found.items()} == {
        "lid.py": [("WALL", 2.0, 2.45), ("SIZES", (1, 2), (1, 3))]
    }


def test_names_that_no_index_holds_are_left_out():
    long = "W" * 1000
    before, after = (f"{long} = {value}\nGAP = {value}\n" for value in (2.5, 3.5))
    assert [each.name for each in settings("box.py", before, after)] == ["GAP"]
    assert settings(f"{'deep/' * 200}box.py", before, after) == []
    told = f"--- a/b.py\n+++ b/b.py\n@@ -1 +1 @@\n-{long} = 1\n+{long} = 2\n".encode()
    assert plain_settings(hunks(told), {"b.py"}) == {"b.py": []}
