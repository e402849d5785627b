"""A machine whose kernel lacks a mandatory layer: the service starts and serves, builds nothing, and says why."""

import json
import os
import subprocess
import sys

import engine_fixture
import httpx
import pytest
from service import BOX, Service

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can take Landlock away for a test"),
]
PLACE = "old-kernel"
WHY = "host files are unreadable"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("off")
    python = folder / "python"
    command = " ".join([*engine_fixture.elsewhere(PLACE), sys.executable])
    python.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    python.chmod(0o755)
    made = Service(folder / "data", "--no-demo", python=str(python)).wait(building=False)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def ada(service):
    ada = service.join("ada")
    ada.until("/about/engine", lambda engine: engine["slots"] and engine["state"] == "closed")
    return ada


def test_it_says_so_where_machines_ask(service, ada):
    ready = httpx.get(service.url + "/readyz")
    assert ready.status_code == 503
    told = ready.json()
    assert (told["database"], told["queue"], told["shelf"]) == ("ok", "ok", "ok") and WHY in told["jail"]
    assert httpx.get(service.url + "/healthz").status_code == 200
    engine = ada.get("/about/engine")
    assert (engine["open"], engine["state"], engine["mode"]) == (False, "closed", "plain")


def test_it_serves_designs_and_says_so_on_every_page(service, ada, tmp_path):
    ada.start_design("case", {"box.py": BOX}, tmp_path / "case")
    for address in ("/", "/ada/case", "/ada/case/parts/box.py", "/ada"):
        page = httpx.get(service.url + address)
        assert page.status_code == 200, address
        assert "Building is off" in page.text and WHY in page.text, address
    assert ada.git("clone", "-q", f"{service.url}/ada/case.git", str(tmp_path / "again")).returncode == 0


def test_it_refuses_previews_with_the_reason_and_keeps_what_is_wanted(service, ada):
    preview = httpx.get(service.url + "/ada/case/previews/box.py?p.WIDTH=30")
    assert preview.status_code == 422
    assert WHY in preview.json()["error"]["message"]
    wanted = ada.ask("POST", "/designs/ada/case/builds", json={"part": "box.py"})
    assert (wanted.status_code, wanted.json()["state"]) == (202, "wanted")


def test_the_doctor_says_which_layers_hold_and_which_do_not(tmp_path):
    command = [*engine_fixture.elsewhere(PLACE), sys.executable, "-m", "opendesign", "doctor", "--json"]
    environment = os.environ | {"DATA": str(tmp_path)}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert said.returncode == 1
    findings = {finding["name"]: finding for finding in json.loads(said.stdout)}
    assert not findings["jail"]["well"] and WHY in findings["jail"]["found"]
    assert "Landlock" in findings["jail"]["remedy"]
    layers = {name.removeprefix("jail: "): found for name, found in findings.items() if name.startswith("jail: ")}
    assert layers["no network"]["well"] and not layers[WHY]["well"] and len(layers) >= 15
