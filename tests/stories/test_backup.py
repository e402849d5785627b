"""The operator backs the running service up while people push, and starts what is restored elsewhere."""

import json
import os
import subprocess
import sys
import threading
import zipfile

import pytest
from service import BOX, PASSWORD, Service

pytestmark = pytest.mark.slow


def opendesign(folder, *words: str) -> subprocess.CompletedProcess:
    """Runs a command over a data folder."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENDESIGN_")}
    command = [sys.executable, "-m", "opendesign", *words]
    return subprocess.run(
        command, env=environment | {"DATA": str(folder)}, capture_output=True, text=True, timeout=120, check=False
    )


def refs(person, design: str) -> dict[str, str]:
    """The refs of a design, as git sees them."""
    lines = person.git("ls-remote", f"{person.service.url}/{design}.git").stdout.splitlines()
    return {ref: sha for sha, ref in (line.split("\t") for line in lines)}


def pushes(person, folder, over: threading.Event, pushed: list[str]) -> None:
    """Somebody pushes until told to stop; `pushed` has what the service has acknowledged."""
    while not over.is_set():
        person.push(folder, {"NOTES.md": f"{len(pushed)}\n"}, f"Note {len(pushed)}")
        pushed.append(person.git("rev-parse", "HEAD", folder=folder).stdout.strip())


def test_a_running_service_is_backed_up_and_goes_on_elsewhere(service, tmp_path):
    otto, petra = service.join("otto"), service.join("petra")
    clone = otto.start_design("kettle", {"box.py": BOX, "README.md": "# Kettle\n"}, tmp_path / "clone")
    build = otto.built("/designs/otto/kettle", {"part": "box.py"})
    petra.post("/designs/otto/kettle/forks")
    petra.ask(
        "PUT", "/designs/petra/kettle/files/main/README.md", json={"content": "# A kettle\n", "message": "Say it"}
    )
    fields = {"title": "Say it", "source": "petra/kettle", "source_branch": "main", "target_branch": "main"}
    petra.post("/designs/otto/kettle/proposals", fields)
    otto.until("/designs/otto/kettle/proposals/1", lambda row: row["mergeable"] == "clean")
    otto.git("checkout", "-q", "-b", "notes", folder=clone)
    over, pushed = threading.Event(), []
    pushing = threading.Thread(target=pushes, args=(otto, clone, over, pushed))
    pushing.start()
    try:
        whole = opendesign(service.data, "backup", str(tmp_path / "whole.zip"))
        assert whole.returncode == 0 and "designs" in whole.stdout, whole.stderr
        otto.post("/designs/otto/kettle/proposals/1/merge", {}, 200)
        merged, acknowledged = refs(otto, "otto/kettle")["refs/heads/main"], len(pushed)
        words = ("backup", str(tmp_path / "next.zip"), "--since", str(tmp_path / "whole.zip"), "--json")
        following = opendesign(service.data, *words)
        assert following.returncode == 0 and json.loads(following.stdout)["damaged"] == [], following.stderr
    finally:
        over.set()
        pushing.join()
    held = [set(zipfile.ZipFile(tmp_path / name).namelist()) for name in ("whole.zip", "next.zip")]
    assert held[0] & held[1] == {"manifest.json"}, "what the first has, the second leaves out"
    restored = opendesign(tmp_path / "there", "restore", str(tmp_path / "next.zip"), "--json")
    assert restored.returncode == 0 and json.loads(restored.stdout)["wanted"] > 0, restored.stderr
    assert opendesign(tmp_path / "there", "restore", str(tmp_path / "next.zip")).returncode == 1
    there = Service(tmp_path / "there", "--no-demo")
    try:
        otto.service = petra.service = there.wait()
        found = refs(otto, "otto/kettle")
        assert found["refs/heads/main"] == merged and found["refs/heads/notes"] in pushed[max(0, acknowledged - 1) :]
        goes_on(there, otto, build, clone)
    finally:
        assert there.stop() == 0, there.log.read_text()[-3000:]
        otto.service = petra.service = service


def goes_on(there: Service, otto, build: dict, clone) -> None:
    """What was proposed is merged, its lineage known, what was built is built again; people enter and push."""
    assert otto.get("/designs/otto/kettle/proposals/1")["state"] == "merged"
    lineage = otto.get("/designs/otto/kettle/lineage")
    assert [(each["kind"], each["proposal"]) for each in lineage["adoptions"]] == [("merge", 1)]
    made = otto.until(f"/builds/{build['key']}", lambda row: row["state"] == "made")
    assert made["shapes"][0]["volume_mm3"] == build["shapes"][0]["volume_mm3"]
    entered = there.http.post("/api/v1/tokens", json={"label": "x", "scopes": ["read"]}, auth=("petra", PASSWORD))
    assert entered.status_code == 201
    otto.push(clone, {"AFTER.md": "after\n"}, "Go on", "--force", f"{there.url}/otto/kettle.git", "HEAD")


def test_usage_is_told_from_failure(tmp_path):
    assert opendesign(tmp_path, "backup").returncode == 2
    assert opendesign(tmp_path, "restore", str(tmp_path / "none.zip")).returncode == 2
    (tmp_path / "torn.zip").write_bytes(b"PK\x03\x04")
    failed = opendesign(tmp_path / "there", "restore", str(tmp_path / "torn.zip"))
    assert failed.returncode == 1 and "damaged" in failed.stderr and "Traceback" not in failed.stderr
    told = opendesign(tmp_path, "restore", "--help")
    assert told.returncode == 0 and "Example: DATA=" in told.stdout
