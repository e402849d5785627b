"""Bob's fork improves the hinge; ada takes what she wants of it, over the wire, with a real engine behind."""

import pytest

HINGE = """import cadquery as cq
from sizes import WALL

LENGTH = 40.0  # [20:5:90] Length, mm
PIN = 3.0  # [2:0.5:6] Diameter of the pin, mm


def leaf(length):
    return cq.Workplane().box(length, 20, WALL)


result = leaf(LENGTH).faces(">Z").workplane().hole(PIN)
"""
LID = "import cadquery as cq\n\nDEPTH = 30.0\n\nresult = cq.Workplane().box(40, DEPTH, 2)\n"
SIZES = "WALL = 2.0  # [1:0.5:6] Wall, mm\n"
STOP = "\nstop = cq.Workplane().box(4, 20, 5).translate((18, 0, 2))\nresult = result.union(stop)\n"
FILES = {"hinge.py": HINGE, "lid.py": LID, "sizes.py": SIZES}
OWN, SOURCE = "/designs/taker/case", "giver/case"


@pytest.fixture(scope="module")
def people(service):
    names = {"ada": "taker", "bob": "giver", "mallory": "thief"}  # all stories share one service
    return {name: service.join(own) for name, own in names.items()}


@pytest.fixture(scope="module")
def clones(people, tmp_path_factory):
    """Ada's case, and bob's fork of it, each as a folder."""
    folder = tmp_path_factory.mktemp("adopting")
    own = people["ada"].start_design("case", FILES, folder / "ada")
    people["bob"].post(f"{OWN}/forks")
    people["bob"].git("clone", "-q", f"{people['bob'].service.url}/{SOURCE}.git", str(folder / "bob"))
    return own, folder / "bob"


def push(who, folder, files, message) -> str:
    who.push(folder, files, message)
    return who.git("rev-parse", "HEAD", folder=folder).stdout.strip()


def take(who, sha, status=201, **more) -> dict:
    return who.post(f"{OWN}/adoptions", {"source": SOURCE, "commit": sha, "branch": "main", **more}, status)


def text(who, path) -> str:
    return who.get(f"{OWN}/files/main/{path}")["content"]


@pytest.mark.slow
def test_ada_takes_what_she_wants_of_bobs_hinge(people, clones):
    ada, bob, mallory = people.values()
    own, fork = clones
    push(ada, own, {"sizes.py": SIZES.replace("2.0", "2.5")}, "Stiffer walls")
    stop = push(
        bob, fork, {"hinge.py": HINGE + STOP}, "A stop for the hinge\n\nCo-authored-by: Cleo <cleo@example.org>"
    )
    both = {"hinge.py": HINGE.replace("LENGTH = 40.0", "LENGTH = 50.0") + STOP, "lid.py": LID.replace("30.0", "45.0")}
    longer = push(bob, fork, both, "Longer hinge, deeper lid")
    pin = {"hinge.py": both["hinge.py"].replace("PIN = 3.0", "PIN = 4.0").replace("20, WALL", "24, WALL")}
    thick = push(bob, fork, pin, "A thick pin")
    bad = push(bob, fork, {"hinge.py": pin["hinge.py"].replace("hole(PIN)", "hole(PIN")}, "Typing slip")
    she_takes_one(ada, bob, stop)
    she_takes_one_part_s_share_of_another(ada, longer)
    push_own_pin(ada, own)
    she_decides_where_both_set_the_pin(ada, thick)
    what_does_not_build_stays_out(ada, bad)
    nobody_else_takes_anything(mallory, bob, stop)


def she_takes_one(ada, bob, stop):
    made = take(ada, stop)
    assert STOP.strip() in text(ada, "hinge.py") and "2.5" in text(ada, "sizes.py")
    commit = ada.get(f"{OWN}/revisions/{made['commit']}")
    assert commit["author"]["name"] == "Giver" and f"Adopted-from: {SOURCE}@{stop}" in commit["body"]
    assert "Co-authored-by: Cleo <cleo@example.org>" in commit["body"]
    (shown,) = ada.get(f"{OWN}/adoptions")
    assert (shown["source_commit"], shown["commit"], shown["kind"]) == (stop, made["commit"], "pick")
    assert [each["subject"] for each in bob.get("/notices")] == ["A stop for the hinge"]
    assert take(ada, stop, 409)["detail"].startswith("main has all of it already")


def she_takes_one_part_s_share_of_another(ada, longer):
    made = take(ada, longer, part="hinge.py")
    assert made["adoption"]["left_out"] == ["lid.py"]
    assert "LENGTH = 50.0" in text(ada, "hinge.py") and text(ada, "lid.py") == LID
    assert {each["source_commit"] for each in ada.get(f"{OWN}/adoptions")} >= {longer}


def push_own_pin(ada, own):
    ada.git("pull", "-q", "--rebase", "origin", "main", folder=own)
    mine = (own / "hinge.py").read_text().replace("PIN = 3.0", "PIN = 5.0")
    push(ada, own, {"hinge.py": mine}, "My pin")


def she_decides_where_both_set_the_pin(ada, thick):
    (rival,) = take(ada, thick, 409)["errors"]
    assert (rival["name"], rival["base"], rival["ours"], rival["theirs"]) == ("PIN", 3.0, 5.0, 4.0)
    take(ada, thick, resolutions={"hinge.py": {"PIN": 4.5}})
    assert "PIN = 4.5" in text(ada, "hinge.py") and "24, WALL" in text(ada, "hinge.py")
    found = {each["source_commit"]: each for each in ada.get(f"{OWN}/adoptions")}
    assert found[thick]["kind"] == "port" and found[thick]["evidence"] == ["author", "trailer"]


def what_does_not_build_stays_out(ada, bad):
    head = ada.get(OWN)["head"]
    refused = take(ada, bad, 409)
    assert [each["check"] for each in refused["errors"]] == ["hinge.py"] and "cannot be adopted" in refused["detail"]
    assert ada.get(OWN)["head"] == head


def nobody_else_takes_anything(mallory, bob, stop):
    assert "only people who may write to it" in take(mallory, stop, 403)["detail"]
    mallory.post(f"{OWN}/forks")
    assert bob.ask("PATCH", f"/designs/{SOURCE}", json={"visibility": "private"}).status_code == 200
    asked = {"source": SOURCE, "commit": stop}
    assert mallory.ask("POST", "/designs/mallory/case/adoptions", json=asked).status_code == 404
