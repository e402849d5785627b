"""Mallory, and honest people on a bad day: a clear refusal or a failed build, and the next request is served."""

import os

import pytest
from service import BOX

pytestmark = pytest.mark.slow
SCRIPTS = {
    "syntax": ("import cadquery as cq\n\nresult = cq.Workplane(.box(1, 2, 3)\n", "syntax", 3),
    "exception": ("import cadquery as cq\n\nx = 1 / 0\nresult = cq.Workplane().box(1, 1, x)\n", "script", 3),
    "endless": ("import cadquery as cq\nwhile True:\n    pass\nresult = cq.Workplane().box(1, 1, 1)\n", "time", None),
    "memory": (
        "import cadquery as cq\nx = bytearray(20 << 30)\nresult = cq.Workplane().box(1, 1, 1)\n",
        "memory",
        None,
    ),
    "nothing": ("import cadquery as cq\nshow_object\nresult = None\n", "empty", None),
    "thousand": (
        "import cadquery as cq\nbox = cq.Workplane().box(1, 1, 1)\n"
        "for i in range(1001):\n    show_object(box, name=str(i))\n",
        "output",
        None,
    ),
}


@pytest.fixture(scope="module")
def mallory(service):
    return service.join("mallory")


@pytest.fixture(scope="module")
def design(mallory, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mallory") / "clone"
    files = {f"{name}.py": script for name, (script, _, _) in SCRIPTS.items()}
    return mallory.start_design("trouble", {"box.py": BOX, **files}, folder)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_that_fails_says_why_and_where(mallory, design, name):
    _, kind, line = SCRIPTS[name]
    build = mallory.built("/designs/mallory/trouble", {"part": f"{name}.py"})
    assert build["state"] == "failed"
    assert build["error"]["kind"] == kind, build["error"]
    if line:
        assert (build["error"]["file"], build["error"]["line"]) == (f"{name}.py", line)
    assert mallory.built("/designs/mallory/trouble", {"part": "box.py"})["state"] == "made"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", '"abc"', "1e400", "[1]", "{}", "null"])
def test_parameters_that_are_no_numbers_are_refused(mallory, design, value):
    body = f'{{"part": "box.py", "parameters": {{"WIDTH": {value}}}}}'
    headers = {"Content-Type": "application/json"}
    answer = mallory.ask("POST", "/designs/mallory/trouble/builds", content=body, headers=headers)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_pushed_path_that_leaves_the_tree_is_refused(mallory, design, tmp_path):
    folder = tmp_path / "evil"
    mallory.git("clone", "-q", f"{mallory.service.url}/mallory/trouble.git", str(folder))
    blob = mallory.git("hash-object", "-w", "box.py", folder=folder).stdout.strip()
    raw = b"100644 ../x\0" + bytes.fromhex(blob)
    (tmp_path / "tree").write_bytes(raw)
    words = ("hash-object", "-w", "-t", "tree", "--literally", str(tmp_path / "tree"))
    tree = mallory.git(*words, folder=folder).stdout.strip()
    commit = mallory.git("commit-tree", tree, "-p", "HEAD", "-m", "evil", folder=folder).stdout.strip()
    pushed = mallory.git("push", "origin", f"{commit}:refs/heads/evil", folder=folder, check=False)
    assert pushed.returncode != 0
    assert "refs/heads/evil" not in mallory.git("ls-remote", "origin", folder=folder).stdout


def test_a_push_may_be_larger_than_a_form_in_the_browser(mallory, design, tmp_path):
    folder = tmp_path / "scan"
    mallory.git("clone", "-q", f"{mallory.service.url}/mallory/trouble.git", str(folder))
    (folder / "scan.bin").write_bytes(os.urandom(4 << 20))
    mallory.git("add", "-A", folder=folder)
    mallory.git("commit", "-q", "-m", "scan", folder=folder)
    mallory.git("push", "-q", "origin", "HEAD:refs/heads/scan", folder=folder)
    mallory.git("-c", f"http.postBuffer={8 << 20}", "push", "-q", "origin", "HEAD:refs/heads/again", folder=folder)


def test_a_file_past_the_limit_is_refused_with_the_setting_named(mallory, design, tmp_path):
    folder = tmp_path / "large"
    mallory.git("clone", "-q", f"{mallory.service.url}/mallory/trouble.git", str(folder))
    (folder / "large.bin").write_bytes(os.urandom(12 << 20))
    mallory.git("add", "-A", folder=folder)
    mallory.git("commit", "-q", "-m", "large", folder=folder)
    head = mallory.get("/designs/mallory/trouble")["head"]
    pushed = mallory.git("push", "origin", "HEAD", folder=folder, check=False)
    assert pushed.returncode != 0
    assert "OPENDESIGN_PUSH_BYTES" in pushed.stderr, pushed.stderr
    assert mallory.get("/designs/mallory/trouble")["head"] == head


def test_history_of_the_default_branch_is_not_rewritten(mallory, design):
    head = mallory.get("/designs/mallory/trouble")["head"]
    mallory.git("commit", "-q", "--amend", "-m", "another past", folder=design)
    pushed = mallory.git("push", "--force", "origin", "HEAD:main", folder=design, check=False)
    assert pushed.returncode != 0 and "non-fast-forward" in pushed.stderr
    assert mallory.get("/designs/mallory/trouble")["head"] == head
    assert mallory.git("push", "--force", "origin", "HEAD:refs/heads/side", folder=design).returncode == 0


@pytest.mark.parametrize("name", ["a/b", "../x", "A B", "x.git", "api", "-x", "", "a" * 64, "näh", "\u202ex"])
def test_bad_names_are_refused(mallory, name):
    answer = mallory.ask("POST", "/designs", json={"name": name, "title": "x"})
    assert answer.status_code in (400, 422), answer.text


def test_somebody_else_may_not_push_and_a_stranger_sees_no_private_design(service, mallory, design, tmp_path):
    nora = service.join("nora")
    nora.start_design("plans", {"box.py": BOX}, tmp_path / "plans", visibility="private")
    for words in (("clone", "-q"), ("ls-remote",)):
        got = mallory.git(*words, f"{service.url}/nora/plans.git", folder=tmp_path, check=False)
        assert got.returncode != 0
    assert mallory.ask("GET", "/designs/nora/plans").status_code == 404
    folder = tmp_path / "trouble"
    nora.git("clone", "-q", f"{service.url}/mallory/trouble.git", str(folder))
    (folder / "x.md").write_text("x")
    nora.git("add", "-A", folder=folder)
    nora.git("commit", "-q", "-m", "x", folder=folder)
    pushed = nora.git("push", "origin", "HEAD", folder=folder, check=False)
    assert pushed.returncode != 0 and "403" in pushed.stderr
