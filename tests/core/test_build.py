"""Builds are named by all their inputs; downloads by what people look for."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.build import (
    blob_id,
    build_key,
    comparison_key,
    is_key,
    source_key,
)

FILES = {"lid.py": blob_id(b"a"), "sizes.py": blob_id(b"b")}


@pytest.mark.parametrize("content", [b"", b"hello\n", bytes(range(256)) * 40])
def test_blob_ids_are_those_of_git(content):
    asked = subprocess.run(["git", "hash-object", "--stdin"], input=content, capture_output=True, check=True)
    assert blob_id(content) == asked.stdout.decode().strip()


def test_a_key_changes_with_every_input_and_with_nothing_else():
    key = build_key("cadquery 2.8.0", "lid.py", FILES)
    assert is_key(key) and key == build_key("cadquery 2.8.0", "lid.py", dict(reversed(FILES.items())))
    others = {
        build_key("cadquery 2.8.1", "lid.py", FILES),
        build_key("cadquery 2.8.0", "sizes.py", FILES),
        build_key("cadquery 2.8.0", "lid.py", {**FILES, "sizes.py": blob_id(b"c")}),
        build_key("cadquery 2.8.0", "lid.py", {**FILES, "more.py": blob_id(b"b")}),
        build_key("cadquery 2.8.0", "lid.py", {"lid.py": FILES["lid.py"], "size.py": FILES["sizes.py"]}),
        source_key("cadquery 2.8.0", "lid.py", FILES),
    }
    assert len(others) == 6 and key not in others


@given(*[st.tuples(st.text(), st.text(), st.dictionaries(st.text(), st.text(), max_size=3))] * 2)
def test_two_inputs_never_share_a_key(one, other):
    assert (build_key(*one) == build_key(*other)) == (one == other)


def test_a_source_key_outlives_a_rename():
    renamed = {"cover.py": FILES["lid.py"], "sizes.py": FILES["sizes.py"]}
    assert source_key("e", "lid.py", FILES) == source_key("e", "cover.py", renamed)
    assert source_key("e", "lid.py", FILES) != source_key("e", "sizes.py", FILES)


def test_a_comparison_has_a_direction():
    keys = {comparison_key("e", "a", "b"), comparison_key("e", "b", "a"), comparison_key("e", None, "b")}
    assert len(keys) == 3 and all(map(is_key, keys))
    assert not is_key("A" * 64) and not is_key("a" * 63) and not is_key("a" * 64 + "\n")
