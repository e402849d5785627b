"""A tree with parameters set: each part that has them changes, and is built under the same name as with the values."""

from dataclasses import replace

import pytest
from family import BOX, PIN

from opendesign.core.build import blob_id
from opendesign.core.errors import Invalid
from opendesign.core.snapshot import Snapshot

SOURCES = {"box.py": BOX, "pin.py": PIN, "wide.py": BOX.replace("20.0", "40.0")}
TREE = Snapshot("0" * 40, {path: blob_id(text.encode()) for path, text in SOURCES.items()}, SOURCES)


def test_values_are_set_in_every_part_that_has_them():
    found = TREE.with_values({"WIDTH": "30"})
    assert [{each.name: each.default for each in found.parameters(path)}.get("WIDTH") for path in SOURCES] == [
        30,
        None,
        30,
    ]
    assert found.key("engine", "box.py", {}) == TREE.key("engine", "box.py", {"WIDTH": 30})
    assert found.key("engine", "pin.py", {}) == TREE.key("engine", "pin.py", {})
    assert TREE.with_values({}).blobs == TREE.blobs


def test_a_preset_is_set_in_every_part_that_has_it():
    presets = '{"box.py": {"Wide": {"WIDTH": 60}, "Odd": {"WIDTH": 9000}}, "wide.py": {"Wide": {"HOLE": 3}}}'
    tree = replace(TREE, presets_files={"presets.json": presets})
    found = tree.with_preset("Wide")
    assert found.key("engine", "box.py", {}) == TREE.key("engine", "box.py", {"WIDTH": 60})
    assert found.key("engine", "wide.py", {}) == TREE.key("engine", "wide.py", {"HOLE": 3})
    assert found.key("engine", "pin.py", {}) == TREE.key("engine", "pin.py", {})
    with pytest.raises(Invalid, match=r"“Odd” of box\.py cannot be used"):
        tree.with_preset("Odd")
    with pytest.raises(Invalid, match="“Thin” is no preset of any part"):
        tree.with_preset("Thin")


def test_what_no_part_takes_is_refused():
    with pytest.raises(Invalid, match="DEPTH"):
        TREE.with_values({"DEPTH": "3"})
    with pytest.raises(Invalid):
        TREE.with_values({"WIDTH": "3000"})
