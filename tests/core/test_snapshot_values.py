"""A tree with parameters set: each part that has them changes, and is built under the same name as with the values."""

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


def test_what_no_part_takes_is_refused():
    with pytest.raises(Invalid, match="DEPTH"):
        TREE.with_values({"DEPTH": "3"})
    with pytest.raises(Invalid):
        TREE.with_values({"WIDTH": "3000"})
