"""Lena keeps a large STL file in Git LFS; Odile forks her design, changes the file and proposes that."""

import shutil

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("git-lfs"), reason="git-lfs is not installed (apt install git-lfs)."),
]
FACES = ((0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3))


def test_large_files_come_and_go_with_the_ordinary_client(service, tmp_path):
    lena, odile = service.join("lena"), service.join("odile")
    narrow, wide = corner(6), corner(12)
    clone = lena.start_design("press", {"README.md": "# Press\n"}, tmp_path / "press")
    keep_in_lfs(lena, clone)
    lena.push(clone, {"frame.stl": narrow}, "Add the frame")
    assert "frame.stl: buil" in lena.said
    assert lena.git("show", "HEAD:frame.stl", folder=clone).stdout.startswith("version https://git-lfs")

    build = lena.built("/designs/lena/press", {"part": "frame.stl"})
    assert build["state"] == "made" and build["shapes"][0]["volume_mm3"] == pytest.approx(36, rel=1e-6)
    assert service.http.get("/lena/press/raw/main/frame.stl").text == narrow

    other = cloned(odile, "lena/press", tmp_path / "again")
    assert (other / "frame.stl").read_text() == narrow
    a_fork_is_proposed(lena, odile, wide, tmp_path)
    a_file_may_come_after_its_commit(odile, tmp_path / "fork")
    files_are_locked(lena, clone, odile, tmp_path)


def corner(size: float) -> str:
    """A corner of a cube as STL, `size` mm long."""
    places = [" ".join(str(size * (axis == end)) for axis in range(3)) for end in (-1, 0, 1, 2)]
    loops = ["\n".join(f"vertex {places[each]}" for each in face) for face in FACES]
    facets = "\n".join(f"facet normal 0 0 0\nouter loop\n{loop}\nendloop\nendfacet" for loop in loops)
    return f"solid corner\n{facets}\nendsolid corner\n"


def keep_in_lfs(person, folder):
    """Has git-lfs keep STL files from now on."""
    person.git("lfs", "install", "--local", folder=folder)
    person.git("lfs", "track", "*.stl", folder=folder)


def cloned(person, path: str, folder):
    """Clones a design with its large files."""
    person.git("clone", "-q", f"{person.service.url}/{path}.git", str(folder))
    person.git("lfs", "install", "--local", folder=folder)
    person.git("lfs", "pull", folder=folder)
    return folder


def a_fork_is_proposed(lena, odile, wide: str, tmp_path):
    """The fork has the file at once; what is changed there is compared, checked and merged as any part."""
    odile.post("/designs/lena/press/forks")
    folder = cloned(odile, "odile/press", tmp_path / "fork")
    odile.push(folder, {"frame.stl": wide}, "Widen the frame")
    fields = {"title": "Wider", "body": "", "source": "odile/press", "source_branch": "main", "target_branch": "main"}
    odile.post("/designs/lena/press/proposals", fields)
    seen = lena.until(
        "/designs/lena/press/proposals/1", lambda answer: all(c["state"] != "waiting" for c in answer["checks"])
    )
    assert [part["path"] for part in seen["comparison"]["parts"]] == ["frame.stl"], seen
    expected = lena.get("/designs/lena/press")["head"]
    lena.post("/designs/lena/press/proposals/1/merge", {"expected": expected, "strategy": "merge"}, 200)
    assert lena.service.http.get("/lena/press/raw/main/frame.stl").text == wide


def a_file_may_come_after_its_commit(odile, folder):
    """The push says so, and what reads it is built once it is there."""
    odile.push(folder, {"lid.stl": corner(9)}, "Add a lid", "--no-verify", "origin", "HEAD")
    assert "Git LFS keeps lid.stl, which has not been sent" in odile.said
    failed = odile.built("/designs/odile/press", {"part": "lid.stl"})
    assert "has not been sent here" in failed["error"]["message"]
    odile.git("lfs", "push", "--all", "origin", folder=folder)
    made = odile.built("/designs/odile/press", {"part": "lid.stl"})
    assert made["shapes"][0]["volume_mm3"] == pytest.approx(9**3 / 6, rel=1e-6)


def files_are_locked(lena, clone, odile, tmp_path):
    """A lock is seen by everybody, kept by the service whatever a client asks it, and taken away by whoever has it."""
    lena.git("lfs", "lock", "frame.stl", folder=clone)
    assert "frame.stl" in lena.git("lfs", "locks", folder=clone).stdout
    assert lena.ask("PUT", "/designs/lena/press/members/odile", json={"role": "writer"}).status_code < 300
    theirs = cloned(odile, "lena/press", tmp_path / "theirs")
    (theirs / "frame.stl").write_text(corner(7))
    odile.git("commit", "-qam", "Change what lena has locked", folder=theirs)
    odile.git("lfs", "push", "--all", "origin", folder=theirs)
    for ref in ("main", "side"):
        refused = odile.git("push", "--no-verify", "origin", f"HEAD:refs/heads/{ref}", folder=theirs, check=False)
        assert refused.returncode and "frame.stl is locked by lena, on every branch" in refused.stderr, refused.stderr
        assert "it changes a file that somebody else has locked" in refused.stderr
    lena.git("pull", "-q", "origin", "main", folder=clone)
    lena.push(clone, {"frame.stl": corner(8)}, "Whoever has locked it changes it")
    lena.git("lfs", "unlock", "frame.stl", folder=clone)
    assert "frame.stl" not in lena.git("lfs", "locks", folder=clone).stdout
    odile.push(theirs, {"README.md": "# The press\n"}, "Now it may", "origin", "HEAD:refs/heads/side")
