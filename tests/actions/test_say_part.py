"""What is said in okh.toml about a file: the manifest keeps its comments and its order."""

import pytest

from opendesign.actions.say_part import rewritten
from opendesign.core.errors import Invalid
from opendesign.core.snapshot import Snapshot

BOX = "import cadquery as cq\nresult = cq.Workplane().box(1, 2, 3)\n"
FILES = {"box.py": BOX, "lib/tool.py": "import cadquery as cq\nSLATE = cq.Color(1, 0, 0)\n"}
MANIFEST = """# Made by hand.
okhv = "OKH-LOSHv2.4"   # keep me
name = "Stand"

[[part]]
name = "Block"  # the big one
source = "box.py"
mass = 3

[publisher]
name = "Ada"
"""


def snapshot(manifest: str | None = MANIFEST, **files: str) -> Snapshot:
    every = {**FILES, **files, "bought/nut.step": "", "exports/box.stl": ""}
    return Snapshot("t", dict.fromkeys(every, "0" * 40), FILES, manifest)


def parts(before: Snapshot, manifest: str) -> dict[str, str]:
    return {part.path: part.title for part in before.changed({"okh.toml": manifest}).parts}


def test_a_title_replaces_one_string_and_nothing_else():
    text = rewritten(snapshot(), "box.py", None, "Brick")
    assert text == MANIFEST.replace('"Block"', '"Brick"')


def test_what_is_hidden_and_shown_again_is_as_before():
    before = snapshot()
    hidden = rewritten(before, "box.py", False, "")
    assert hidden.startswith(MANIFEST.rstrip()) and "box.py" not in parts(before, hidden)
    again = rewritten(before.changed({"okh.toml": hidden}), "box.py", True, "")
    assert parts(before, again) == parts(before, MANIFEST)


@pytest.mark.parametrize("manifest", [None, "", MANIFEST, 'part = [{name = "A", source = "a.py"}]\n'])
@pytest.mark.parametrize("path", ["exports/box.stl", "lib/tool.py"])
def test_what_is_no_part_by_its_looks_becomes_one(manifest, path):
    before = snapshot(manifest)
    assert path not in parts(before, manifest or "")
    assert parts(before, rewritten(before, path, True, "Tool – “ü”"))[path] == "Tool – “ü”"


@pytest.mark.parametrize("modules", ['"bought/nut.step"', '["bought/nut.step"]', '["bought/*"]', '["**/*.step"]'])
def test_a_module_by_name_or_pattern_becomes_a_part(modules):
    before = snapshot(f"[opendesign]\nmodules = {modules}\n")
    assert "bought/nut.step" not in parts(before, before.manifest)
    assert "bought/nut.step" in parts(before, rewritten(before, "bought/nut.step", True, ""))


def test_nothing_to_change_leaves_the_text():
    assert rewritten(snapshot(), "box.py", True, "Block") == MANIFEST


@pytest.mark.parametrize("manifest", ["part = 3\n", "[part]\nname = 'x'\n", "opendesign = 1\n", "= broken"])
def test_a_manifest_of_another_form_is_refused_in_words_or_written_right(manifest):
    before = snapshot(manifest)
    try:
        text = rewritten(before, "exports/box.stl", True, "Box")
    except Invalid as refusal:
        assert "okh.toml" in refusal.message
    else:
        assert "exports/box.stl" in parts(before, text)
