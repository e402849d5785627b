"""Names from outside: what git could misread never reaches it."""

import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.git import names

PIECES = st.sampled_from(
    [
        ".git",
        "git~1",
        "..",
        ".",
        "/",
        "\\",
        "\u200c",
        ".GIT",
        " ",
        ":",
        "a",
        "lid.py",
        "\0",
        "\n",
        "é",
        "~1",
        ".lock",
        "@{",
        "-",
    ]
)
PATHS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=6).map("".join))


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "a/", "/etc/passwd", "a//b", "../x", "a/../b", "a/..", ".", "a/./b", "a\\b", "C:\\x", "a\0b", "a\nb",
        ".git/config", "a/.GIT/hooks", ".git", ".gi\u200ct", ".g\u200dit/x", "\ufeff.git", "git~1/x", "GIT~1",
        ".git ", ".git.", ".git::$INDEX_ALLOCATION", ".git . .", "\uff0egit", "x" * 256, "é" * 128, "a/" * 2048 + "b",
        "\udcff",
    ],
)  # fmt: skip
def test_bad_paths_are_refused_with_a_sentence(path):
    with pytest.raises(Invalid, match="The path") as refusal:
        names.check_path(path)
    assert str(refusal.value).endswith(".")
    refusal.value.message.encode()


@pytest.mark.parametrize("path", [".gitignore", ".github/x", "a/git/b", "é ñ.py", "x" * 255, "...", "a..b", "gitty~1"])
def test_good_paths_pass(path):
    assert names.check_path(path) == tuple(path.split("/"))


@settings(max_examples=200, deadline=None)
@given(PATHS)
def test_a_path_that_passes_is_plain(path):
    try:
        parts = names.check_path(path)
    except Invalid:
        return
    assert "/".join(parts) == path
    for part in parts:
        assert part not in ("", ".", "..") and len(part.encode()) <= 255
        seen = re.sub("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]", "", part).lower()
        assert seen.rstrip(" .") not in (".git", "git~1")
        assert not any(letter in part for letter in "\\\0\n")


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=12), st.lists(PIECES, max_size=4).map("".join)))
def test_a_branch_that_passes_is_one_git_accepts(name):
    try:
        ref = names.check_branch(name)
    except Invalid:
        return
    assert subprocess.run(["git", "check-ref-format", "--branch", name], capture_output=True).returncode == 0
    assert subprocess.run(["git", "check-ref-format", ref]).returncode == 0


@pytest.mark.parametrize(
    "name",
    ["", "-x", "a b", "a..b", "a.lock", "a/.b", "/a", "a/", "a//b", "@", "HEAD", "a@{1}", "a~1", "x" * 201, "a\x7f"],
)
def test_bad_branches_are_refused(name):
    with pytest.raises(Invalid):
        names.check_branch(name)


def test_only_branches_and_tags_may_be_pushed():
    names.check_pushed("refs/heads/a/b")
    names.check_pushed("refs/tags/v1.0")
    for ref in ("refs/proposals/1/head", "refs/heads/", "HEAD", "refs/headsx/a", "refs/remotes/o/m", "refs/heads/../x"):
        with pytest.raises(Invalid):
            names.check_pushed(ref)


def test_internal_refs_are_neither_branches_nor_tags():
    names.check_internal("refs/proposals/3/head")
    for ref in ("refs/heads/main", "refs/tags/v1", f"refs/replace/{'1' * 40}", "HEAD", "refs/proposals", "refs/a/../b"):
        with pytest.raises(Invalid):
            names.check_internal(ref)
