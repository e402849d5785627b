"""Copies of files in a folder that may grow to a limit."""

import os
import time

import pytest

from opendesign.cad import copies
from opendesign.cad.copies import Copies


def kept(folder: Copies, name: str, size: int, age: float) -> None:
    """A copy that was used so many seconds ago."""
    path = folder.root / name
    folder.keep(path, lambda file: file.write(b"x" * size))
    os.utime(path, (time.time() - age, 1))


def names(folder: Copies) -> list[str]:
    return sorted(path.name for path in folder.folder.rglob("*") if path.is_file())


def test_what_was_used_longest_ago_goes_and_what_is_in_use_stays(tmp_path):
    folder = Copies(tmp_path, 1000)
    for number in range(9):
        kept(folder, f"{number}/old-{number}", 100, 10_000 - number)
    folder.touch(folder.root / "0/old-0")
    assert (folder.root / "0/old-0").stat().st_mtime == 1, "readers are told the time of the file, not of its use"
    folder.keep(folder.root / "new", lambda file: file.write(b"x" * 300))
    assert names(folder) == ["new", "old-0", "old-4", "old-5", "old-6", "old-7", "old-8"]


def test_no_more_than_the_limit_is_kept_but_for_what_has_just_been_asked_for(tmp_path):
    folder = Copies(tmp_path, 100)
    for number in range(5):
        folder.keep(folder.root / f"now-{number}", lambda file: file.write(b"x" * 100))
    assert len(names(folder)) == 5, "somebody may be sent them at this moment"
    for path in folder.root.iterdir():
        os.utime(path, (1, 1))
    folder.sweep()
    assert names(folder) == []


def test_copies_of_an_earlier_start_are_not_used_and_go(tmp_path, monkeypatch):
    boot = tmp_path / "boot"
    boot.write_text("one\n")
    monkeypatch.setattr(copies, "BOOT", boot)
    kept(Copies(tmp_path / "copies", 100), "ab/cut", 100, 10_000)
    boot.write_text("two\n")
    after = Copies(tmp_path / "copies", 100)
    assert not (after.root / "ab/cut").exists()
    kept(after, "ab/whole", 10, 0)
    assert names(after) == ["whole"]


def test_nobody_sees_half_a_copy(tmp_path):
    folder = Copies(tmp_path, 100)

    def break_off(file):
        file.write(b"half")
        assert not (folder.root / "ab/file").exists()
        raise ConnectionError

    with pytest.raises(ConnectionError):
        folder.keep(folder.root / "ab/file", break_off)
    assert names(folder) == []
