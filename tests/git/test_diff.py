"""Differences between revisions, line by line."""

from dataclasses import replace

from opendesign.git.differences import unquoted
from opendesign.git.limits import GitLimits
from opendesign.git.store import Store


def by_path(found):
    return {one.path: one for one in found}


def test_a_diff_numbers_its_lines(store, design, commit):
    with store.open(design) as repo:
        before = repo.resolve("main")
    changes = {"parts/lid.py": b"WIDTH = 12\nDEPTH = 20\nR = 1\n", "parts/base.py": None, "new.py": b"1"}
    after = commit("1", changes)
    with store.open(design) as repo:
        found = by_path(repo.diff(before, after))
    lid = found["parts/lid.py"]
    assert (lid.status, lid.additions, lid.deletions) == ("M", 2, 1)
    assert lid.hunks[0].lines == [
        ("-", 1, None, "WIDTH = 10"),
        ("+", None, 1, "WIDTH = 12"),
        (" ", 2, 2, "DEPTH = 20"),
        ("+", None, 3, "R = 1"),
    ]
    assert found["parts/base.py"].status == "D"
    assert (found["new.py"].status, found["new.py"].hunks[0].lines) == ("A", [("+", None, 1, "1")])


def test_a_diff_from_nothing_shows_every_file(store, design):
    with store.open(design) as repo:
        tip = repo.resolve("main")
        assert {one.path for one in repo.diff(None, tip)} == {entry.path for entry in repo.files(tip)}
        assert repo.diff(tip, repo.tree_id(tip)) == []


def test_renames_binaries_and_evil_names(store, design, commit):
    lid = b"WIDTH = 10\nDEPTH = 20\n"
    evil = b"--- a/x\n+++ b/x\n@@ -1 +1 @@\ndiff --git a/q b/q\n"
    with store.open(design) as repo:
        before = repo.resolve("main")
    after = commit(
        "1",
        {"parts/lid.py": None, 'cover/ä "lid".py': lid, "bin": b"\0\1", "evil": evil, "sp ace": b"x\r\ny"},
    )
    with store.open(design) as repo:
        found = by_path(repo.diff(before, after))
    moved = found['cover/ä "lid".py']
    assert (moved.status, moved.old_path, moved.hunks) == ("R", "parts/lid.py", [])
    assert found["bin"].binary and not found["evil"].binary
    assert [line[3] for line in found["evil"].hunks[0].lines] == evil.decode().splitlines()
    assert found["sp ace"].hunks[0].lines[0][3] == "x\r"


def test_large_diffs_are_cut_and_say_so(tmp_path, design, commit):
    commit("1", {f"file{n}": b"line\n" * 100 for n in range(20)} | {"long": b"y\n" * 500})
    small = Store(tmp_path / "repos", replace(GitLimits(), diff_bytes=10_000, diff_lines=50))
    with small.open(design) as repo:
        found = by_path(repo.diff(None, repo.resolve("main")))
    assert len(found) == 24
    assert found["long"].additions == 500
    assert found["file0"].truncated and len(found["file0"].hunks[0].lines) == 50
    assert found["long"].truncated and not found["long"].hunks
    assert not found["README.md"].truncated


def test_unquoting():
    assert unquoted(rb'"a\tb\n\"\\\303\251"') == 'a\tb\n"\\é'
    assert unquoted("é b".encode()) == "é b"
