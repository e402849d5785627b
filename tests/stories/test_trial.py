"""Cleo tries a folder before she publishes it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

LID = "import cadquery as cq\nimport sizes\nresult = cq.Workplane().box(sizes.WIDTH, 2, 3)\n"


def tried(folder: Path, *words: str) -> subprocess.CompletedProcess:
    """Runs the command."""
    command = [sys.executable, "-m", "opendesign", "try", str(folder), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.slow
def test_each_part_builds_or_says_why(tmp_path: Path) -> None:
    for name, text in {"lid.py": LID, "sizes.py": "WIDTH = 4\n", "bad.py": LID + "\nresult.nothing()\n"}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "hook.py").write_text(LID)
    done = tried(tmp_path, "--json")
    rows = {row["part"]: row for row in json.loads(done.stdout)}
    assert done.returncode == 1 and rows.keys() == {"bad.py", "lid.py"}, done.stderr
    assert rows["lid.py"]["ok"] and rows["lid.py"]["total"]["volume_mm3"] == pytest.approx(24)
    assert rows["bad.py"]["error"]["line"] == 5 and "nothing" in rows["bad.py"]["error"]["message"]
    done = tried(tmp_path, "--part", "l*")
    assert done.returncode == 0 and "1 of 1 parts build." in done.stdout


def test_a_folder_without_parts_is_said() -> None:
    done = tried(Path(__file__).parent / "nowhere")
    assert done.returncode == 2 and "does not exist" in done.stderr
