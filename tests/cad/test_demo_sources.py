"""The demo's story as data: it replays with plain git, its trees are whole, and its parts build."""

import ast
import csv
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from opendesign.actions.starters import STARTERS
from opendesign.core.imports import closure
from opendesign.core.part import apply_values, find_parts, part_parameters
from opendesign.core.preset import read_presets
from tests.cad.demo_replay import DEMO, Replay, story

BUILDER = Path(__file__).with_name("demo_build.py")
REQUIRED = ("okhv", "name", "repo", "version", "license", "licensor", "function")
HEADER = ["ref", "part", "quantity", "unit", "kind", "source_file", "material", "process", "mpn", "manufacturer"]
HEADER += ["supplier", "supplier_ref", "unit_cost", "currency", "substitutes", "spare", "reused_from", "note"]
LINK = re.compile(r"\]\(([\w./-]+)\)")
KINDS = {"printed", "bought", "tool", "consumable"}
CONFLICTING = {"flat-board"}
SLOWEST = 40.0  # seconds of CPU on a slow machine: whoever opens the demo waits for every part


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """The whole story, told once."""
    return Replay(tmp_path_factory.mktemp("demo")).tell(story())


def designs() -> list[str]:
    """Every design of the story as owner/name, forks too."""
    made = []
    for event in story():
        if event["kind"] == "design":
            made.append(f"{event['owner']}/{event['name']}")
        elif event["kind"] == "fork":
            made.append(f"{event['owner']}/{event['design'].split('/')[1]}")
    return made


def python_files(folder: Path) -> dict[str, str]:
    """The Python files of a tree by path."""
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.py")}


def head(told: Replay, design: str) -> Path:
    """The clone of a design with its main branch checked out."""
    told.git(design, "checkout", "-q", "main")
    return told.clone(design)


def test_histories_are_long_and_shared(told: Replay) -> None:
    authors = told.git("ada/laptop-case", "log", "--format=%an", "main").split("\n")
    assert {"Ada Whitfield", "Tom Okafor", "Beatriz Nogueira", "Caio Antunes"} <= set(authors)
    assert told.commits["ada/laptop-case"] >= 10
    assert 60 <= sum(told.commits.values()) <= 90
    times = [event["at"] for event in story() if event.get("design") == "ada/laptop-case" and "at" in event]
    assert times == sorted(times)


def test_proposals_stand_as_the_story_says(told: Replay) -> None:
    assert set(told.states.values()) == {"open", "merged", "declined"}
    for name, proposal in told.proposals.items():
        if told.states[name] == "open":
            clean, said = told.try_merge(proposal)
            assert clean == (name not in CONFLICTING), f"{name}: {said}"
    _, said = told.try_merge(told.proposals["flat-board"])
    assert "CONFLICT (content): Merge conflict in base.py" in said
    merged = told.git("ada/laptop-case", "log", "--merges", "--format=%s", "main")
    assert told.proposals["hinge"]["title"] in merged


def test_every_commit_is_whole(told: Replay) -> None:
    trees = {}
    for design in designs():
        for commit in told.git(design, "log", "--branches", "--format=%H %T").splitlines():
            trees.setdefault(commit.split()[1], design)
    assert len(trees) > 60
    for tree, design in trees.items():
        files = told.files(design, tree)
        manifest = tomllib.loads(files["okh.toml"])
        where = f"{design} {tree}"
        assert {"README.md", "LICENSE"} <= files.keys(), where
        assert all(manifest.get(field) for field in REQUIRED), where
        assert {part["source"] for part in manifest["part"]} <= files.keys(), where
        assert set(manifest.get("making-instructions", [])) <= files.keys(), where
        for name in files:
            if name.endswith(".py"):
                assert files[name].startswith(f"# SPDX-License-Identifier: {manifest['license']}\n"), name
                wanted = {f"{each}.py" for each in imports(files[name]) - sys.stdlib_module_names - {"cadquery"}}
                assert wanted <= files.keys(), f"{where}: {name} imports {wanted - files.keys()}"


def imports(text: str) -> set[str]:
    """The modules a script names in its import statements."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("design", designs())
def test_papers_are_complete(told: Replay, design: str) -> None:
    folder = head(told, design)
    licence = tomllib.loads((folder / "okh.toml").read_text("utf-8"))["license"]
    assert (folder / "LICENSE").read_text("utf-8").startswith(f"SPDX-License-Identifier: {licence}\n")
    for guide in (folder / "docs").glob("*.md"):
        linked = LINK.findall(guide.read_text("utf-8"))
        assert len(linked) > 3 and all((folder / each).exists() for each in linked), linked
    with (folder / "bom.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, restkey="too many"))
    assert list(rows[0]) == HEADER
    for row in rows:
        assert row["kind"] in KINDS and float(row["quantity"]) > 0 and "too many" not in row, row
        assert not row["source_file"] or (folder / row["source_file"]).exists(), row
    assert len({row["ref"] for row in rows}) == len(rows)


@pytest.mark.parametrize("design", designs())
def test_every_parameter_says_its_range(told: Replay, design: str) -> None:
    folder = head(told, design)
    sources = python_files(folder)
    parts = [part.path for part in find_parts(sources, (folder / "okh.toml").read_text("utf-8"))]
    assert parts == sorted(path for path, text in sources.items() if "show_object" in text)
    for path in parts:
        for parameter in part_parameters(path, sources):
            if parameter.derived:
                continue
            free = isinstance(parameter.default, bool) or parameter.choices
            assert parameter.help and (free or parameter.minimum is not None), f"{path} {parameter.name}"


def test_presets_fit_their_parts(told: Replay) -> None:
    folder = head(told, "cleo/sensor-enclosure")
    sources = python_files(folder)
    text = (folder / "presets.json").read_text("utf-8")
    presets = json.loads(text)
    assert set(presets) <= set(sources) and sum(map(len, presets.values())) >= 4
    for path in presets:
        read = read_presets(text, path, part_parameters(path, sources))
        assert [each.name for each in read] == list(presets[path]) and not any(each.problem for each in read)
        for each in read:
            assert apply_values(path, sources, each.values)


def starter(name: str, folder: Path) -> Path:
    """Lays out a starter as a design would get it."""
    folder.mkdir(parents=True)
    words = {"{title}": "My part", "{licence}": "CERN-OHL-W-2.0", "{licensor}": "Ada Whitfield"}
    for path in (DEMO / "starters" / name).glob("*.*"):
        text = path.read_text("utf-8")
        for word, meant in words.items():
            text = text.replace(word, meant)
        (folder / path.name).write_text(text, "utf-8")
    return folder


def test_starters_are_whole(tmp_path: Path) -> None:
    assert [each.name for each in STARTERS] == ["box", "enclosure", "bracket", "assembly"]
    for each in STARTERS:
        folder = starter(each.name, tmp_path / each.name)
        manifest = tomllib.loads((folder / "okh.toml").read_text("utf-8"))
        assert all(manifest[field] for field in REQUIRED) and each.title and each.summary
        sources = python_files(folder)
        assert {part["source"] for part in manifest["part"]} <= sources.keys()
        assert find_parts(sources, None)


def scripts(folders: list[Path]) -> list[Path]:
    """The scripts of the trees that show something, each set of sources once."""
    found: dict[tuple[str, ...], Path] = {}
    for folder in folders:
        sources = python_files(folder)
        for path in sorted(path for path, text in sources.items() if "show_object" in text):
            read = closure(path, sources, ())
            found.setdefault((path, *(sources[each] for each in read)), folder / path)
    return list(found.values())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_part_builds_into_valid_solids(told: Replay, tmp_path: Path) -> None:
    folders = [head(told, design) for design in designs()]
    for name, proposal in told.proposals.items():
        if told.states[name] == "open":
            clean, tree = told.try_merge(proposal)
            design = proposal["design"] if clean else proposal["source"]
            tree = tree if clean else proposal["source_branch"]
            folders.append(told.export(design, tree, tmp_path / f"proposal-{name}"))
    folders += [starter(each, tmp_path / each) for each in ("box", "enclosure", "bracket", "assembly")]
    done = subprocess.run([sys.executable, BUILDER, *scripts(folders)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    built = {each["part"]: each for each in map(json.loads, done.stdout.splitlines())}
    for each in built.values():
        assert each["valid"] and each["single"] and all(each["names"]), each
        assert each["volume_mm3"] > 100 and each["seconds"] < SLOWEST, each
    assert built["emma__planetary-gearbox/assembly.py"]["instances"] >= 20
    before, after = (built[f"{each}/base.py"] for each in ("ada__laptop-case", "proposal-airflow"))
    assert after["volume_mm3"] < before["volume_mm3"] - 500  # 4 cm² more of slots in 2 mm of floor
