"""The checks.py that docs/checks.md shows runs in the jail's code and, with its conftest.py, in any Python."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from inside_fixture import build, performed

DOCS = Path(__file__).parents[2] / "docs" / "checks.md"
SHOWN = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", DOCS.read_text(), re.S))
BOX = "import cadquery as cq\n\nresult = cq.Workplane().box(40, 30, {}).translate((0, 0, {}))\n"
FILES = {
    "sizes.py": "DENSITY = 1.27e-3\n",
    "base.py": BOX.format(10, 0),
    "lid.py": BOX.format(3, 6).replace("result =", "lid =") + "show_object(lid)\n",
}
CHECKS = ["check_lid_is_light", "check_lid_clears_the_base"]


def test_the_example_runs_inside():
    shapes = {f"{path}.brep": build(FILES[path], "brep").files["brep"] for path in ("lid.py", "base.py")}
    parts = {path: {"shape": f"{path}.brep"} for path in ("lid.py", "base.py")}
    own = {f"design/{path}": text.encode() for path, text in (FILES | SHOWN).items()}
    found = performed({"kind": "inspect", "checks": CHECKS, "parts": parts}, own | shapes).result["checks"]
    assert [(each["state"], each["message"]) for each in found] == [("failed", "it weighs 4.57 g"), ("failed", OVERLAP)]


OVERLAP = 'assert parts["lid.py"].intersect(parts["base.py"]).solids().size() == 0'


@pytest.mark.slow
def test_the_example_runs_outside(tmp_path):
    for path, text in (FILES | SHOWN | {"lid.py": FILES["lid.py"].replace("6))", "7))")}).items():
        (tmp_path / path).write_text(text)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "python_functions=check_*",
        "checks.py",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "1 failed, 1 passed" in done.stdout and "AssertionError: it weighs 4.57 g" in done.stdout, done.stdout
