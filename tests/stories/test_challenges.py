"""Ada asks for the lightest hinge that holds her checks; Bob's and Cleo's forks enter, and Mallory tries to cheat."""

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.slow
HINGE = """import cadquery as cq

THICK = 4.0  # [0.5:0.5:10] Thickness, mm

show_object(cq.Workplane().box(40, 20, THICK).faces(">Z").workplane().hole(3.4), name="hinge")
"""
CHECKS = '''import sizes


def check_hinge_is_thick_enough(parts):
    """The hinge is at least as thick as its screw's head."""
    thick = parts["hinge.py"].val().BoundingBox().zlen
    assert thick >= sizes.HEAD, f"it is {thick:.1f} mm thick"
'''
MANIFEST = """okhv = "OKH-LOSHv1.0"
name = "Hinge"

[[part]]
source = "hinge.py"
material = "PETG"

[checks.light]
part = "hinge.py"
mass_max_g = 20
"""
FILES = {"hinge.py": HINGE, "checks.py": CHECKS, "sizes.py": "HEAD = 2.0  # mm\n", "okh.toml": MANIFEST}


def hinge(thick: float) -> dict[str, str]:
    """The hinge, so thick."""
    return {"hinge.py": HINGE.replace("THICK = 4.0", f"THICK = {thick}")}


def goal(**fields) -> dict:
    """What is asked for, for an hour."""
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    return {"title": "Lightest hinge", "part": "hinge.py", "measure": "mass", "deadline": later} | fields


def forked(person, folder, files: dict[str, str], branch: str = "main"):
    """Somebody forks the hinge and pushes a change to it."""
    person.post("/designs/asker/hinge/forks")
    person.git("clone", "-q", f"{person.service.url}/{person.name}/hinge.git", str(folder))
    return person.push(folder, files, "Another hinge", "origin", f"HEAD:{branch}")


def entered(person, source: str, ref: str = "main", status: int = 201) -> dict:
    """Somebody enters the first challenge."""
    return person.post("/designs/asker/hinge/challenges/1/entries", {"source": source, "ref": ref}, status)


def test_the_lightest_hinge_that_holds_wins_and_nobody_moves_the_goal(service, tmp_path):
    ada, ben, cleo, mallory = (service.join(name) for name in ("asker", "ben", "clio", "cheat"))
    own = ada.start_design("hinge", FILES, tmp_path / "ada")
    path = "/designs/asker/hinge/challenges"
    assert ben.ask("POST", path, json=goal()).status_code == 403
    assert ada.post(path, goal())["state"] == "open"
    forked(ben, tmp_path / "ben", hinge(3.0), "thinner")
    forked(cleo, tmp_path / "cleo", hinge(1.0))
    entered(ben, "ben/hinge", "thinner")
    entered(cleo, "clio/hinge")
    mallory_cannot_cheat(mallory, tmp_path / "mallory")
    ada.push(own, {"sizes.py": "HEAD = 9.0  # mm\n"}, "Thicker heads")

    judged = ada.until(f"{path}/1", lambda told: all(each["state"] != "waiting" for each in told["listed"]))
    found = {each["design"]: each for each in judged["listed"]}
    assert next(each["design"] for each in judged["listed"]) == "ben/hinge"
    grams = (40 * 20 - 3.14159 * 1.7**2) * 3 / 1000 * 1.27
    assert found["ben/hinge"]["place"] == 1 and found["ben/hinge"]["value"] == pytest.approx(grams, rel=1e-3)
    for thin in ("clio/hinge", "cheat/hinge"):
        failed = [each for each in found[thin]["checks"] if each["state"] == "failed"]
        assert [each["name"] for each in failed] == ["check_hinge_is_thick_enough"], found[thin]
        assert "it is 1.0 mm thick (checks.py, line 7)" in failed[0]["detail"] and found[thin]["place"] is None

    the_entry_that_is_mended_is_judged_anew(cleo, tmp_path / "cleo", f"{path}/1")
    ended = ada.post(f"{path}/1/ending", {}, status=200)
    assert (ended["state"], ended["ending"]["winner"]["design"]) == ("ended", "clio/hinge")
    assert "has ended" in entered(mallory, "cheat/hinge", status=409)["detail"]
    nobody_enters_after_the_deadline(ada, mallory, path)


def mallory_cannot_cheat(mallory, folder):
    """Not with another's fork, not with a lighter material, and not with checks of her own."""
    assert "push to this design" in entered(mallory, "ben/hinge", "thinner", status=403)["detail"]
    easy = {"checks.py": "def check_nothing():\n    assert True\n", "sizes.py": "HEAD = 0.0\n"}
    forked(mallory, folder, hinge(1.0) | easy | {"okh.toml": MANIFEST.replace("PETG", "ABS")})
    entered(mallory, "cheat/hinge")


def the_entry_that_is_mended_is_judged_anew(cleo, folder, path):
    """Cleo's second try replaces her first."""
    cleo.push(folder, hinge(2.0), "Thick enough", "origin", "HEAD:main")
    entered(cleo, "clio/hinge")
    assert "already" in entered(cleo, "clio/hinge", status=409)["detail"]
    told = cleo.until(path, lambda told: all(each["state"] != "waiting" for each in told["listed"]))
    assert [each["design"] for each in told["listed"]][:2] == ["clio/hinge", "ben/hinge"]


def nobody_enters_after_the_deadline(ada, mallory, path):
    """It ends by itself."""
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    assert ada.post(path, goal(deadline=soon))["number"] == 2
    ended = ada.until(f"{path}/2", lambda told: told["state"] == "ended")
    assert ended["ending"]["how"] == "deadline" and ended["ending"]["winner"] is None
    body = {"source": "cheat/hinge", "ref": "main"}
    assert mallory.ask("POST", f"{path}/2/entries", json=body).status_code == 409
