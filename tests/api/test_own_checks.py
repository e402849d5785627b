"""A design's own checks.py holds its merges, with a real engine: the story of a lid that gets too heavy."""

import threading

import engine_fixture
import pytest

from opendesign.actions.make_wanted import make_wanted
from opendesign.records.build import unfinished
from opendesign.records.inspection import Inspection

pytestmark = pytest.mark.slow
LID = "import cadquery as cq\n\nTHICK = 2.0  # [1:20:0.5] Thickness in mm\nresult = cq.Workplane().box(40, 30, THICK)\n"
BASE = "import cadquery as cq\n\nresult = cq.Workplane().box(40, 30, 10)\n"
CHECKS = '''import sizes


def check_lid_is_light(parts):
    """The lid weighs less than 4 g in PETG."""
    grams = parts["lid.py"].val().Volume() * sizes.DENSITY
    assert grams < 4, f"it weighs {grams:.2f} g"


def check_lid_covers(parts):
    assert parts["lid.py"].val().BoundingBox().xlen == 40
'''
SIZES = "DENSITY = 1.27e-3  # g/mm³\n"


@pytest.fixture
def bob(world, request):
    """Bob, in a house with an open engine behind its socket."""
    world.house.engine.address = engine_fixture.shared(request, "namespaces").address
    return world.person("bob")


@pytest.fixture
def lid(ada, bob):
    """The address of ada's design with a lid, a base and checks of her own, which bob has forked."""
    ada.made("POST", "/designs", {"name": "lid", "title": "Lid", "licence": "CERN-OHL-W-2.0"})
    for path, text in {"sizes.py": SIZES, "base.py": BASE, "lid.py": LID, "checks.py": CHECKS}.items():
        change(ada, "/designs/ada/lid", path, text)
    bob.made("POST", "/designs/ada/lid/forks")
    return "/designs/ada/lid"


def change(asker, design: str, path: str, content: str) -> None:
    """Commits a file, new or not."""
    asker.made("PUT", f"{design}/files/main/{path}", {"content": content, "message": "Change"})


def proposed(bob, lid: str) -> str:
    """Bob proposes his fork; returns the proposal's address."""
    bob.made("POST", f"{lid}/proposals", {"source": "bob/lid", "source_branch": "main"})
    return f"{lid}/proposals/1"


def asserts(asker, address: str) -> dict[str, dict]:
    """What came of each check of checks.py, by name."""
    found = asker.get(address).json
    return {
        each["name"]: each
        for each in (found if isinstance(found, list) else found["checks"])
        if each["kind"] == "assert"
    }


def work_off(world) -> None:
    """Does what is in the queue, as a worker does."""
    while make_wanted(world.house) != "nothing":
        pass


def test_bob_s_lid_is_too_heavy_until_he_mends_it(world, ada, bob, lid):
    change(bob, "/designs/bob/lid", "lid.py", LID.replace("THICK = 2.0", "THICK = 3.0"))
    proposal, head = proposed(bob, lid), ada.get(lid).json["head"]
    assert {each["state"] for each in asserts(ada, proposal).values()} == {"waiting"}
    work_off(world)
    refused = ada("POST", f"{proposal}/merge", {})
    assert refused.status_code == 409 and [each["check"] for each in refused.json["errors"]] == ["check_lid_is_light"]
    sentence = "The check “The lid weighs less than 4 g in PETG” fails: it weighs 4.57 g (checks.py, line 7)."
    assert sentence in refused.json["detail"] and ada.get(lid).json["head"] == head
    found = asserts(ada, proposal)
    assert (found["check_lid_is_light"]["line"], found["check_lid_covers"]["state"]) == (7, "passed")
    assert found["check_lid_is_light"]["seconds"] > 0
    change(bob, "/designs/bob/lid", "lid.py", LID.replace("THICK = 2.0", "THICK = 2.5"))
    merged = ada.made("POST", f"{proposal}/merge", {})
    assert ada.get(lid).json["head"] == merged["commit"]


def test_what_a_check_cannot_see_runs_nothing_and_a_fork_has_it_at_once(world, ada, bob, lid):
    work_off(world)
    assert {each["state"] for each in asserts(ada, f"{lid}/checks").values()} == {"passed"}
    assert asserts(bob, "/designs/bob/lid/checks") == asserts(ada, f"{lid}/checks")
    change(ada, lid, "README.md", "A lid.\n")
    change(ada, lid, "base.py", BASE.replace("10)", "12)"))
    with world.house.reading() as work:
        assert unfinished(work.session, Inspection) == []
    change(ada, lid, "sizes.py", SIZES.replace("1.27", "1.24"))
    assert {each["state"] for each in asserts(ada, f"{lid}/checks").values()} == {"waiting"}


def test_checks_cannot_be_broken_and_a_check_that_goes_is_named(world, ada, bob, lid):
    change(bob, "/designs/bob/lid", "checks.py", "def check_lid_is_light(parts:\n")
    proposal = proposed(bob, lid)
    refused = ada("POST", f"{proposal}/merge", {})
    assert refused.status_code == 409 and "checks.py cannot be run: Line 1 is not Python" in refused.json["detail"]
    change(bob, "/designs/bob/lid", "checks.py", f"import missing\n{CHECKS}")
    refused = ada("POST", f"{proposal}/merge", {})
    assert refused.status_code == 409
    assert (
        "checks.py cannot be run: ModuleNotFoundError: No module named 'missing' (checks.py, line 1)"
        in (refused.json["detail"])
    )
    change(bob, "/designs/bob/lid", "checks.py", "def check_lid_covers():\n    assert True\n")
    assert ada("POST", f"{proposal}/merge", {}).status_code == 200
    said = {name: each["detail"] for name, each in asserts(ada, proposal).items()}
    assert said["check_lid_is_light"] == "The check “check_lid_is_light” is no longer asked for after the merge."
    assert said["checks.py"] == "The merge changes code that runs the checks: checks.py, sizes.py."


def test_a_check_that_failed_before_is_said_and_a_part_that_does_not_build_is_named(world, ada, bob, lid):
    change(ada, lid, "checks.py", CHECKS.replace("< 4", "< 1"))
    change(bob, "/designs/bob/lid", "base.py", BASE.replace("10)", "12)"))
    proposal = proposed(bob, lid)
    assert ada("POST", f"{proposal}/merge", {}).status_code == 200
    assert asserts(ada, proposal)["check_lid_is_light"]["detail"].endswith("line 7); it failed before too.")
    change(bob, "/designs/bob/lid", "lid.py", LID + "result.nothing()\n")
    bob.made("POST", f"{lid}/proposals", {"source": "bob/lid", "source_branch": "main"})
    refused = ada("POST", f"{lid}/proposals/2/merge", {})
    assert refused.status_code == 409 and "LookupError: lid.py does not build" in refused.json["detail"]


def test_checks_that_never_end_are_stopped_and_run_again(world, ada, bob, lid):
    change(ada, lid, "checks.py", "import time\n\n\ndef check_slow():\n    time.sleep(600)\n")
    assert ada("POST", f"{lid}/inspections", {}).status_code == 202
    worker = threading.Thread(target=work_off, args=[world])
    worker.start()
    stopping = f"{lid}/inspections/cancellation"
    while (shown := ada("POST", f"{lid}/inspections", {}).json)["state"] != "making":
        assert shown["state"] == "wanted" and worker.is_alive()
    assert bob("POST", stopping, {}).status_code == 403
    assert ada("POST", stopping, {}).json["error"]["kind"] == "stopped"
    worker.join(30)
    assert not worker.is_alive() and ada("POST", stopping, {}).status_code == 409
    assert {each["state"] for each in asserts(ada, f"{lid}/checks").values()} == {"waiting"}
    change(ada, lid, "checks.py", "def check_quick():\n    print('quick')\n    assert False\n")
    work_off(world)
    shown = ada("POST", f"{lid}/inspections", {"ref": "main"}).json
    assert (shown["state"], shown["log"]) == ("made", "check_quick …\nquick\n")
    assert [(each["name"], each["state"], each["line"]) for each in shown["checks"]] == [("check_quick", "failed", 3)]
