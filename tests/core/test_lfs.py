"""Pointers of Git LFS: read to the letter, and what clients name is checked."""

import pytest

from opendesign.core.errors import Invalid, TooLarge
from opendesign.core.lfs import Pointer, check_path, check_pointer, read_pointer
from opendesign.core.snapshot import Snapshot

OID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
TEXT = f"version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 12345\n"


def test_a_pointer_is_read():
    assert read_pointer(TEXT.encode()) == Pointer(OID, 12345)
    assert read_pointer(TEXT.replace("12345", "0").encode()) == Pointer(OID, 0)
    assert read_pointer(TEXT.replace("12345", "9" * 19).encode()) == Pointer(OID, int("9" * 19))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12345", "-1"),
        ("12345", "012"),
        ("12345", "9" * 20),
        ("\nsize", "\r\nsize"),
        ("sha256:4d", "sha256:4D"),
        ("sha256:4d", "sha256:../4d"),
        ("oid sha256", "ext-0-x sha256:00\noid sha256"),
        ("12345\n", "12345"),
        ("12345\n", "12345\n\n"),
        ("spec/v1", "spec/v9"),
    ],
)
def test_nothing_else_is_one(old, new):
    assert read_pointer(TEXT.replace(old, new).encode()) is None


@pytest.mark.parametrize(
    ("oid", "size"),
    [
        (OID.upper(), 1),
        (OID[:-1], 1),
        (f"../../{OID}"[:64], 1),
        (f"{OID}\n", 1),
        (None, 1),
        (["a"], 1),
        (OID, -1),
        (OID, True),
        (OID, 1.0),
        (OID, "1"),
        (OID, None),
    ],
)
def test_what_names_no_file_is_refused(oid, size):
    with pytest.raises(Invalid):
        check_pointer(oid, size, 100)


def test_a_file_that_is_too_large_is_refused_with_the_setting():
    assert check_pointer(OID, 100, 100) == Pointer(OID, 100)
    with pytest.raises(TooLarge, match="lfs_file_bytes"):
        check_pointer(OID, 101, 100)


@pytest.mark.parametrize("path", ["", "a\nb", "a\x00b", "a\u202eb", "x" * 1001, 5, None])
def test_what_is_no_path_cannot_be_locked(path):
    with pytest.raises(Invalid):
        check_path(path)


def test_who_only_commits_a_pointer_has_another_build():
    pointed = Snapshot("t", {"a.step": "1" * 40}, {}, pointers={"a.step": Pointer(OID, 12345)})
    had = pointed.having({OID: 12345})
    assert had.having({OID: 12345}) is had.having({OID: 12345})
    assert pointed.absent == ["a.step"] == pointed.having({OID: 5}).absent and not had.absent
    assert pointed.key("e", "a.step", {}) == pointed.having({}).key("e", "a.step", {}) != had.key("e", "a.step", {})
    # Not even by putting the pointer's text, or a text that looks like its name, in the place of the file.
    written = had.changed({"a.step": TEXT})
    assert not written.large and written.key("e", "a.step", {}) != had.key("e", "a.step", {})
    assert written.having({OID: 12345}).key("e", "a.step", {}) == had.key("e", "a.step", {})
    assert had.changed({"b.txt": "b"}).large == had.large


def test_a_pointer_among_changes_is_one_once_the_design_has_its_file():
    had = Snapshot("t", {"a.step": "1" * 40}, {}, pointers={"a.step": Pointer(OID, 12345)}).having({OID: 12345})
    moved = had.changed({"a.step": None, "b.step": TEXT})
    assert moved.absent == ["b.step"] and moved.rewritten("b.step", {}) == {"b.step": TEXT.encode()}
    assert moved.having({OID: 12345}).large == {"b.step": Pointer(OID, 12345)}
    assert moved.having({OID: 12345}).rewritten("b.step", {}) == {}
