"""A relative's change on one's own branch, with one's own parameters: seen, not committed; no ref moves."""

import pytest

from opendesign.actions.apply_change import LARGEST
from opendesign.actions.edit import edit_files
from opendesign.actions.house import Visitor
from opendesign.records.build import Build
from opendesign.records.design import design_by_path

BOX = """import cadquery as cq

# --- Size ---
width = 20.0  # [5:100:1] Width in mm

# --- Holes ---
hole = 2.0  # [1:8:0.5] Diameter in mm

# --- Top ---
height = 5.0
result = cq.Workplane().box(width, 10, height).faces(">Z").workplane().hole(hole)
"""


def write(who, box: str, content: str, message: str, branch: str = "main", path: str = "box.py") -> str:
    return who.made("PUT", f"{box}/files/{branch}/{path}", {"content": content, "message": message})["commit"]


def refs(world) -> dict[str, list[str]]:
    """Every ref of every repository, hidden ones too, and how many objects there are."""
    found = {}
    for path in sorted(world.house.settings.repos.glob("**/*.git")):
        kept = [*path.glob("refs/**/*"), path / "packed-refs"]
        lines = [f"{each} {each.read_text()}" for each in kept if each.is_file()]
        found[path.name] = [*lines, *sorted(map(str, path.glob("objects/**/*")))]
    return found


@pytest.fixture
def family(ada, bia):
    """Ada's box; bia's fork makes the hole larger, ada has made hers wider since."""
    ada.made("POST", "/designs", {"name": "box", "title": "Box", "licence": "CERN-OHL-W-2.0"})
    own, theirs = "/designs/ada/box", "/designs/bia/box"
    write(ada, own, BOX, "Start")
    bia.made("POST", f"{own}/forks", {})
    larger = write(bia, theirs, BOX.replace("hole = 2.0", "hole = 3.0"), "Larger holes")
    write(ada, own, BOX.replace("width = 20.0", "width = 35.0"), "Wider")
    return own, larger


def test_a_relatives_change_is_seen_on_ones_own_branch(world, ada, family):
    own, larger = family
    before = refs(world)
    answer = ada("POST", f"{own}/trials", {"source": "bia/box", "commit": larger})
    assert answer.status_code == 202 and answer.json["mergeable"] == "clean" and answer.json["theirs"] == larger
    assert refs(world) == before, "nothing was written to any repository"
    told = [(p["name"], p["before"], p["after"]) for p in answer.json["parameters"]]
    assert told == [("hole", 2.0, 3.0)], "her own width stays"
    (part,) = answer.json["parts"]
    assert part["status"] == "changed" and part["state"] == "wanted"
    with world.house.reading() as work:
        build = work.session.get(Build, part["after"])
        assert "width = 35.0" in build.recipe["changes"]["box.py"] and "hole = 3.0" in build.recipe["changes"]["box.py"]
        assert build.design_id == design_by_path(work.session, "ada", "box").id
    again = ada("POST", f"{own}/trials", {"source": "bia", "commit": "main"})
    assert again.json["parts"][0]["after"] == part["after"], "a branch means its last revision"


def test_parameters_are_set_on_both_sides(world, ada, family):
    own, larger = family
    asked = {"source": "bia/box", "commit": larger, "part": "box", "parameters": {"width": 50}}
    (part,) = ada.made("POST", f"{own}/trials", asked)["parts"]
    with world.house.reading() as work:
        texts = [work.session.get(Build, part[side]).recipe["changes"]["box.py"] for side in ("before", "after")]
    assert all("width = 50.0" in text for text in texts) and ["hole = 3.0" in text for text in texts] == [False, True]
    assert ada("POST", f"{own}/trials", asked | {"parameters": {"width": 5000}}).status_code == 422
    assert ada("POST", f"{own}/trials", asked | {"part": "lid"}).status_code == 404


def test_what_does_not_apply_names_its_conflicts(world, ada, bia, family):
    own, _ = family
    write(bia, "/designs/bia/box", BOX.replace("width = 20.0", "width = 80.0"), "Much wider")
    before = refs(world)
    answer = ada("POST", f"{own}/trials", {"source": "bia/box"})
    assert answer.status_code == 200 and answer.json["mergeable"] == "conflict" and answer.json["parts"] == []
    assert [(each["path"], each["detail"]) for each in answer.json["conflicts"]] == [("box.py", "contents")]
    assert refs(world) == before


def test_one_revision_of_several_or_all_since_a_base(ada, bia, family):
    own, larger = family
    start = bia.get("/designs/bia/box/revisions").json[-1]["sha"]
    text = BOX.replace("hole = 2.0", "hole = 3.0").replace("height = 5.0", "height = 7.0")
    write(bia, "/designs/bia/box", text, "Higher")

    def changed(**more) -> set[str]:
        return {p["name"] for p in ada.made("POST", f"{own}/trials", {"source": "bia/box", **more})["parameters"]}

    assert changed() == {"height"} and changed(commit=larger) == {"hole"} and changed(base=start) == {"hole", "height"}


def test_a_proposal_is_tried_on_a_third_design(ada, bia, world, family):
    own, _ = family
    number = bia.made("POST", f"{own}/proposals", {"source": "bia/box", "source_branch": "main"})["number"]
    caio = world.person("caio")
    caio.made("POST", f"{own}/forks", {})
    write(caio, "/designs/caio/box", BOX.replace("width = 20.0", "width = 60.0"), "Mine")
    shown = caio.made("POST", "/designs/caio/box/trials", {"source": "ada/box", "proposal": number})
    assert [(p["name"], p["after"]) for p in shown["parameters"]] == [("hole", 3.0)]


def test_files_come_and_go_and_pictures_are_left_out(world, ada, bia, family):
    own, _ = family
    with world.house.writing(Visitor(world.people["bia"])) as work:
        fork = design_by_path(work.session, "bia", "box")
        files = {"pin.py": b"import cadquery as cq\nresult = cq.Workplane().box(1, 1, 9)\n", "a.png": b"\x89PNG\0\xff"}
        edit_files(work, fork, "main", files | {"large.step": b"x" * (LARGEST + 1)}, "A pin")
    shown = ada.made("POST", f"{own}/trials", {"source": "bia/box"})
    assert {p["path"]: p["status"] for p in shown["parts"]} == {"box.py": "unchanged", "pin.py": "added"}
    assert shown["left_out"] == ["a.png", "large.step"]
    ada.made("PUT", f"{own}/files/main/pin.py", {"content": files["pin.py"].decode(), "message": "The pin too"})
    bia.made("DELETE", "/designs/bia/box/files/main/pin.py", {"message": "No pin"})
    shown = ada.made("POST", f"{own}/trials", {"source": "bia/box"})
    assert {p["path"]: p["status"] for p in shown["parts"]} == {"box.py": "unchanged", "pin.py": "removed"}


def test_private_relatives_strangers_and_other_families_are_not_found(world, ada, bia, family):
    own, _ = family
    bob = world.person("bob")
    bob.made("POST", f"{own}/forks", {})
    head = write(bob, "/designs/bob/box", BOX.replace("hole = 2.0", "hole = 4.0"), "Secret")
    bob.made("PATCH", "/designs/bob/box", {"visibility": "private"})
    for asked in ({"source": "bob/box"}, {"source": "bob/box", "commit": head}, {"source": "nobody/box"}):
        assert ada("POST", f"{own}/trials", asked).status_code == 404
    world.box(bia, "another")
    assert ada("POST", f"{own}/trials", {"source": "bia/another"}).status_code == 404
    assert bob("POST", f"{own}/trials", {"source": "bob/box", "commit": head}).status_code == 202
