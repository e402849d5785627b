"""Who wrote which line of real files."""

import pytest

from opendesign.core.errors import TooLarge
from opendesign.git import blame as reading
from opendesign.git.blame import blame

LINES = [f"x{n} = hinge({n}, WIDTH * {n}, radius={n})" for n in range(12)]


def test_lines_that_move_change_file_or_white_space_stay_whose_they_were(store, design, commit):
    first = commit(design, {"a.py": "\n".join(LINES).encode() + b"\n", "data.bin": b"\0\1\n" * 9})
    indented = "".join(f"    {line}\n" for line in LINES)
    moved = commit(design, {"a.py": None, "lib/b.py": f"def all():\n{indented}".encode()})
    with store.open(design) as repo:
        found, left_out = blame(repo, moved, ["lib/b.py", "data.bin", "none.py"])
        assert blame(repo, moved, ["lib/b.py"]) == ({"lib/b.py": found["lib/b.py"]}, [])
    assert [line.sha for line in found["lib/b.py"]] == [moved, *[first] * 12]
    assert found["lib/b.py"][3].text.strip() == LINES[2]
    assert set(found) == {"lib/b.py"} and left_out == []


def test_what_is_too_large_or_cannot_be_named_is_left_out(store, design, commit, monkeypatch):
    monkeypatch.setattr(reading, "MOST_FILES", 2)
    head = commit(design, {f"{name}.py": b"A = 1\n" for name in "abc"} | {"large.py": b"A = 1\n" * 50_000})
    with store.open(design) as repo:
        found, left_out = blame(repo, head, ["c.py", "b.py", "a.py", "large.py"])
    assert sorted(found) == ["a.py", "b.py"] and left_out == ["c.py", "large.py"]


def test_a_history_that_takes_too_long_is_given_up(store, design, commit, monkeypatch):
    head = commit(design, {"slow.py": b"A = 1\n"})
    monkeypatch.setattr(reading, "SECONDS", 0)
    with store.open(design) as repo, pytest.raises(TooLarge):
        blame(repo, head, ["slow.py"])
    with store.open(design) as repo:
        monkeypatch.setattr(reading, "MOST_PRINTED", 20)
        monkeypatch.setattr(reading, "SECONDS", 30)
        with pytest.raises(TooLarge):
            blame(repo, head, ["slow.py"])


def test_a_copy_of_what_the_commit_left_alone_is_found_in_designs_of_a_usual_size(store, design, commit, monkeypatch):
    first = commit(design, {"a.py": "\n".join(LINES).encode() + b"\n"})
    copied = commit(design, {"b.py": "\n".join(LINES).encode() + b"\n"})
    with store.open(design) as repo:
        assert {line.sha for line in blame(repo, copied, ["b.py"])[0]["b.py"]} == {first}
    monkeypatch.setattr(reading, "MOST_THOROUGH", 2)
    reading._known.forget()
    with store.open(design) as repo:
        assert {line.sha for line in blame(repo, copied, ["b.py"])[0]["b.py"]} == {copied}
