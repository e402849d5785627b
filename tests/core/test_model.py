"""Which files are parts is found by evidence, and what okh.toml says goes before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from opendesign.cad.inside.imported import READERS
from opendesign.core.manifest import Manifest, fits, read_manifest
from opendesign.core.model import ENGINES, model_engine
from opendesign.core.part import find_parts
from opendesign.core.snapshot import Snapshot

CQ = "import cadquery as cq\n"
BOX = f"{CQ}result = cq.Workplane().box(1, 2, 3)\n"
READS = f"{CQ}result = cq.importers.importStep('bought/motor.step').union(cq.Workplane().box(1, 1, 1))\n"
LISTS = f"{CQ}import os\nfor name in os.listdir('.'):\n    show_object(cq.importers.importStep(name))\n"


def paths(sources: dict[str, str], *files: str, manifest: str | None = None) -> list[str]:
    return [part.path for part in find_parts(sources, manifest, [*sources, *files])]


def test_every_ending_has_a_reader():
    assert set(ENGINES) == set(READERS)
    assert (model_engine("a/B.STP"), model_engine("a.py"), model_engine("step")) == ("step", "", "")


def test_a_design_of_models_alone_shows_them_all_the_top_ones_first():
    files = ["sub/part10.step", "sub/part2.step", "case.stl", "README.md", "logo.svg", "exports/lid.3mf", "plate.dxf"]
    assert paths({}, *files) == ["case.stl", "exports/lid.3mf", "sub/part2.step", "sub/part10.step"]


def test_no_tree_lists_more_than_two_hundred():
    assert len(paths({}, *(f"{number}.stl" for number in range(1000)))) == 200


def test_drawings_are_parts_where_there_is_nothing_else():
    assert paths({}, "plate.dxf", "front.svg", "docs/front.svg", "logo.svg") == ["front.svg", "plate.dxf"]
    assert paths({"box.py": BOX}, "plate.dxf", "front.svg") == ["box.py"]


@pytest.mark.parametrize(
    "made", ["box.stl", "Box.STEP", "exports/any.stl", "a/STL/any.stl", "output/x.3mf", "build/x.brep", ".cache/x.stl"]
)
def test_what_a_script_has_made_is_none(made):
    assert paths({"box.py": BOX}, made) == ["box.py"]


@pytest.mark.parametrize("beside", ["bracket.step", "bought/motor.step", "models/case.3mf", "boxes.stl"])
def test_a_model_of_its_own_is_one(beside):
    assert paths({"box.py": BOX}, beside) == ["box.py", beside]


def test_what_a_script_reads_is_none():
    assert paths({"box.py": READS}, "bought/motor.step", "bought/nut.step") == ["box.py", "bought/nut.step"]
    assert paths({"all.py": LISTS}, "a.step", "b.step") == ["all.py"]


def test_a_script_without_cad_makes_no_difference():
    assert paths({"tool.py": "print('case.step')\n"}, "case.step") == ["case.step"]


WORDS = [
    ('[[part]]\nname = "Motor"\nsource = "bought/motor.step"\n', ["box.py", "case.step", "bought/motor.step"]),
    ('[opendesign]\nparts = ["*.svg", "bought/**"]\n', ["box.py", "case.step", "bought/motor.step", "logo.svg"]),
    ('[opendesign]\nmodules = ["*.py"]\n', ["case.step", "bought/motor.step"]),
    ('[opendesign]\nmodules = ["**/*.py", "**/*.step"]\nparts = ["box.py"]\n', ["box.py"]),
    ('[opendesign]\nmodules = "box.py"\n[[part]]\nsource = "box.py"\n', ["case.step", "bought/motor.step"]),
    ("[opendesign]\nmodules = [3, '']\nparts = 5\n", ["box.py", "case.step"]),
    ("opendesign = 3\n", ["box.py", "case.step"]),
    ("= no toml", ["box.py", "case.step"]),
]


@pytest.mark.parametrize(("manifest", "expected"), WORDS)
def test_the_manifest_has_the_last_word(manifest, expected):
    assert paths({"box.py": READS}, "bought/motor.step", "logo.svg", "case.step", manifest=manifest) == expected


def test_a_manifest_names_a_model():
    manifest = '[[part]]\nname = "Left bracket"\nsource = "./b.step"\n'
    (part,) = find_parts({}, manifest, ["b.step"])
    assert (part.title, part.engine) == ("Left bracket", "step")


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.py", "a.py", True),
        ("*.py", "lib/a.py", False),
        ("lib/*", "lib/a.py", True),
        ("lib/**", "lib/x/a.py", True),
        ("**/a.py", "a.py", True),
        ("**/a.py", "x/y/a.py", True),
        ("a[0-9].py", "a1.py", True),
        ("lib", "lib/a.py", False),
    ],
)
def test_patterns(pattern, path, expected):
    assert fits(path, [pattern]) == expected


@given(some.text(max_size=60), some.text(max_size=60))
def test_no_pattern_raises_and_a_path_fits_itself_or_is_a_pattern(pattern, path):
    assert fits(path, [pattern]) in (True, False)
    assert Manifest(modules=(path,)).word(path) is False


def test_a_hostile_pattern_takes_no_time():
    assert not fits("a" * 4000, ["*a" * 90 + "b"] * 50)
    assert not fits("a/" * 2000, ["**/" * 60 + "b"] * 50)
    assert read_manifest(f"[opendesign]\nmodules = {['*'] * 500}\n").modules == ("*",) * 50


def test_a_model_file_can_be_asked_for_and_reads_itself_alone():
    blobs = {"box.py": "1" * 40, "box.stl": "2" * 40, "README.md": "3" * 40}
    snapshot = Snapshot("t", blobs, {"box.py": BOX})
    assert [part.path for part in snapshot.parts] == ["box.py"]
    assert (snapshot.part("box.stl").engine, snapshot.part("box.stl").title) == ("stl", "Box")
    assert snapshot.inputs("box.stl") == ("box.stl",) and snapshot.parameters("box.stl") == []
    other = Snapshot("u", {**blobs, "box.py": "9" * 40}, {"box.py": BOX})
    assert snapshot.key("e", "box.stl", {}) == other.key("e", "box.stl", {}) != snapshot.key("f", "box.stl", {})
