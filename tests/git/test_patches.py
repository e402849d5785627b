"""Patches of real commits, told apart and named."""

from opendesign.core.lineage.unit import units
from opendesign.git.patches import patch_ids, patches, written


def test_every_commit_has_its_patch(store, design, commit):
    first = commit(design, {"hinge.py": b"KNUCKLES = 5\n", "hinge.STL": b"solid\n" * 9})
    deleted = commit(design, {"hinge.py": None})
    with store.open(design) as repo:
        found = dict(patches(repo, [first, deleted], (".stl",)))
        assert [each.path for each in units(found[first])] == ["hinge.py"]
        assert units(found[deleted])[0].id == units(found[first])[0].reverse
        assert b"STL" not in found[first] and b"STL" in dict(patches(repo, [first]))[first]


def test_a_renamed_file_changes_only_what_changes(store, design, commit):
    lines = [f"x{n} = {n}" for n in range(20)]
    commit(design, {"a.py": "\n".join(lines).encode()})
    lines[7] = "x7 = 8"
    moved = commit(design, {"a.py": None, "parts/b.py": "\n".join(lines).encode()})
    with store.open(design) as repo:
        assert [(each.path, each.tokens) for each in units(dict(patches(repo, [moved]))[moved])] == [("parts/b.py", 6)]


def test_the_same_change_elsewhere_has_the_same_name(store, design, commit):
    one = commit(design, {"a.py": b"A = 1\n"}, branch="one")
    commit(design, {"b.py": b"B = 1\n"}, branch="two")
    other = commit(design, {"a.py": b"A = 1\n"}, branch="two")
    with store.open(design) as repo:
        named = patch_ids(repo, [one, other])
    assert named[one] == named[other] and len(named[one]) == 40


def test_hundreds_of_commits_are_read(store, design, commit):
    shas = [commit(design, {"n.py": f"N = {n}\n".encode()}) for n in range(105)]
    with store.open(design) as repo:
        assert [sha for sha, _ in patches(repo, shas)] == shas
        assert set(patch_ids(repo, shas)) == set(shas)


def test_what_is_too_large_or_gone_is_left_out_and_the_rest_is_read(store, design, commit):
    small = commit(design, {"a.py": b"A = 1\n"})
    large = commit(design, {"b.py": b"".join(b"B%d = %d\n" % (n, n) for n in range(300_000))})
    after = commit(design, {"b.py": None, "c.py": b"C = 1\n"})
    with store.open(design) as repo:
        shas = [small, large, "0" * 39 + "1", after]
        assert set(dict(patches(repo, shas))) == {small} == set(patch_ids(repo, shas)), "what takes it away is as large"


def test_a_patch_comes_with_the_files_that_are_written(store, design, commit):
    one = commit(design, {"a b.py": b"A = 1\n", "b.py": b"B = 1\n", "a.stl": b"solid\n"})
    two = commit(design, {"a b.py": b"A =  1\n", "b.py": None, "tür.py": b"C = 1\nD = 2\n"})
    blank = commit(design, {"a b.py": b"A =   1\n"})
    with store.open(design) as repo:
        same = dict(patches(repo, [one, two, blank], (".stl",)))
        found = {sha: (patch, files) for sha, patch, files in written(repo, [one, two, blank], (".stl",))}
    assert {sha: patch for sha, (patch, _) in found.items()} == same
    assert [(each.path, each.before.strip("0") == "") for each in found[one][1]] == [("a b.py", True), ("b.py", True)]
    assert [each.path for each in found[two][1]] == ["a b.py", "tür.py"]
    assert found[two][1][0].before == found[one][1][0].after
