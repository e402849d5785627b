"""The gate of a merge by the API, with a real engine: what mallory would like to slip in is refused by name."""

import engine_fixture
import pytest

from opendesign.actions.build import build
from opendesign.actions.make_comparison import make_comparison
from opendesign.records.build import Build, Comparison, unfinished

pytestmark = pytest.mark.slow
LID = "import cadquery as cq\n\nthick = 2.0  # [1:20:0.5] Thickness in mm\nresult = cq.Workplane().box(40, 30, thick)\n"
HALVES = "import cadquery as cq\n\nresult = cq.Workplane().pushPoints([(-11, 0), (11, 0)]).box(20, 30, 2)\n"
FROM = {"source": "mallory/lid", "source_branch": "main"}


@pytest.fixture
def mallory(world, request):
    """Mallory, in a house with an open engine behind its socket."""
    world.house.engine.address = engine_fixture.shared(request, "namespaces").address
    return world.person("mallory")


@pytest.fixture
def lid(ada, mallory):
    """The address of ada's lid, which mallory has forked."""
    ada.made("POST", "/designs", {"name": "lid", "title": "Lid", "licence": "CERN-OHL-W-2.0"})
    ada.made("PUT", "/designs/ada/lid/files/main/lid.py", {"content": LID, "message": "Start"})
    return "/designs/ada/lid"


def change(asker, design: str, path: str, content: str, message: str = "Change") -> None:
    """Commits a file, new or not."""
    asker.made("PUT", f"{design}/files/main/{path}", {"content": content, "message": message})


def make(house, kind: type[Build] | type[Comparison]) -> None:
    """Makes all of a kind that is wanted."""
    with house.reading() as work:
        wanted = unfinished(work.session, kind)
    for key in wanted:
        (build if kind is Build else make_comparison)(house, key)


def checks(asker, proposal: str) -> dict[str, tuple[str, str]]:
    """Each check's state and sentence, by name."""
    return {each["name"]: (each["state"], each["detail"]) for each in asker.get(proposal).json["checks"]}


def test_a_lid_does_not_fall_in_two_unless_it_is_meant(ada, mallory, lid):
    mallory.made("POST", f"{lid}/forks")
    change(mallory, "/designs/mallory/lid", "lid.py", HALVES, "Lighter")
    mallory.made("POST", f"{lid}/proposals", FROM)
    head, proposal = ada.get(lid).json["head"], f"{lid}/proposals/1"
    refused = ada("POST", f"{proposal}/merge", {})
    assert refused.status_code == 409 and refused.json["errors"][0]["check"] == "lid.py"
    assert "lid.py has 2 solids, 1 before" in refused.json["detail"] and ada.get(lid).json["head"] == head
    change(mallory, "/designs/mallory/lid", "NOTES.md", "Two halves.\n", "Say why\n\nSolids: lid.py 2")
    merged = ada.made("POST", f"{proposal}/merge", {})
    assert ada.get(lid).json["head"] == merged["commit"]


def test_mallory_s_heavy_lid_is_refused_by_the_check_s_name(ada, mallory, lid):
    change(ada, lid, "okh.toml", '[checks.light]\npart = "lid.py"\nmass_max_g = 4\nmaterial = "PETG"\n')
    mallory.made("POST", f"{lid}/forks")
    change(mallory, "/designs/mallory/lid", "lid.py", LID.replace("thick = 2.0", "thick = 3.0"))
    mallory.made("POST", f"{lid}/proposals", FROM)
    head, proposal = ada.get(lid).json["head"], f"{lid}/proposals/1"
    assert checks(ada, proposal)["light"][0] == "waiting"
    refused = ada("POST", f"{proposal}/merge", {})
    assert refused.status_code == 409 and [each["check"] for each in refused.json["errors"]] == ["light"]
    assert "lid.py weighs 4.57 g, 0.57 g more than 4" in refused.json["detail"]
    assert {name: state for name, (state, _) in checks(ada, proposal).items()} == {
        "lid.py": "passed",
        "light": "failed",
    }
    change(mallory, "/designs/mallory/lid", "okh.toml", '[checks.light]\npart = "lid.pyy"\nmass_max_g = 4\n')
    refused = ada("POST", f"{proposal}/merge", {})
    assert refused.status_code == 409 and "fits no part: there is no lid.pyy" in refused.json["detail"]
    assert ada.get(lid).json["head"] == head
    change(mallory, "/designs/mallory/lid", "okh.toml", '[checks.light]\nmass_max_g = 5\nmaterial = "PETG"\n')
    assert ada("POST", f"{proposal}/merge", {}).status_code == 200
    said = checks(ada, proposal)["light"][1]
    assert "The merge changes what it asks:" in said and "mass_max_g 4 → 5" in said


def test_what_no_longer_fits_the_london_base_is_said_in_mm(ada, mallory, lid):
    promise = "[contracts.london-base]\nkind = 'envelope'\nbox_mm = [[-20, -15, -1], [20, 15, 1]]\n"
    change(ada, lid, "okh.toml", promise)
    mallory.made("POST", f"{lid}/forks")
    change(mallory, "/designs/mallory/lid", "lid.py", LID.replace("box(40,", "box(41,"))
    mallory.made("POST", f"{lid}/proposals", FROM)
    refused = ada("POST", f"{lid}/proposals/1/merge", {})
    assert refused.status_code == 409 and [each["check"] for each in refused.json["errors"]] == ["london-base"]
    assert "lid.py sticks out 0.5 mm at −x; lid.py sticks out 0.5 mm at +x" in refused.json["detail"]
    kinds = {each["name"]: each["kind"] for each in ada.get(f"{lid}/proposals/1").json["checks"]}
    assert kinds == {"lid.py": "part", "london-base": "contract"}


def test_screws_that_no_longer_meet_their_holes_are_counted_in_mm(ada, mallory, lid):
    drilled = LID + "result = result.faces('>Z').workplane().pushPoints([(15, 10), (-15, 10)]).hole(3.2)\n"
    change(ada, lid, "lid.py", drilled)
    holes = "[{at = [15, 10, 1], diameter = 3.2}, {at = [-15, 10, 1], diameter = 3.2}]"
    change(ada, lid, "okh.toml", f"[contracts.screws]\nkind = 'holes'\nholes = {holes}\n")
    mallory.made("POST", f"{lid}/forks")
    change(mallory, "/designs/mallory/lid", "lid.py", drilled.replace("(15, 10)", "(15.5, 10)"))
    mallory.made("POST", f"{lid}/proposals", FROM)
    refused = ada("POST", f"{lid}/proposals/1/merge", {})
    assert refused.status_code == 409 and [each["check"] for each in refused.json["errors"]] == ["screws"]
    assert "fails: lid.py has the hole ⌀ 3.2 mm at (15, 10, 1) 0.5 mm off its place." in refused.json["detail"]
    (misfit,) = ada.get(f"{lid}/proposals/1").json["checks"][1]["misfits"]
    assert (misfit["part"], misfit["by_mm"], misfit["figure"]["name"]) == ("lid.py", 0.5, "1")
    assert misfit["figure"]["line"] == [[15, 10, 1], [15.5, 10, 1]]
    drawn = ada.get(f"{lid}/proposals/1/checks/picture?check=screws")
    assert drawn.mimetype == "image/svg+xml" and ">hole 1: 0.50 mm</text>" in drawn.text
    change(mallory, "/designs/mallory/lid", "lid.py", drilled.replace("thick = 2.0", "thick = 3.0"))
    assert ada("POST", f"{lid}/proposals/1/merge", {}).status_code == 200


def test_a_seat_stays_where_the_target_has_it(ada, mallory, lid):
    seated = LID + "result.faces('>Z').tag('seat')\n"
    change(ada, lid, "lid.py", seated)
    change(ada, lid, "okh.toml", "[contracts.seat]\nkind = 'mates'\nmates = [{tag = 'seat'}]\n")
    mallory.made("POST", f"{lid}/forks")
    change(mallory, "/designs/mallory/lid", "lid.py", seated.replace("thick = 2.0", "thick = 2.6"))
    mallory.made("POST", f"{lid}/proposals", FROM)
    refused = ada("POST", f"{lid}/proposals/1/merge", {})
    assert refused.status_code == 409 and "lid.py has the face “seat” 0.3 mm off its place." in refused.json["detail"]
    placed = "[contracts.seat]\nkind = 'mates'\nmates = [{tag = 'seat', at = [0, 0, 1.3], normal = 'z'}]\n"
    change(mallory, "/designs/mallory/lid", "okh.toml", placed)
    assert ada("POST", f"{lid}/proposals/1/merge", {}).status_code == 200, "who means it writes the new place down"


LAMP = {
    "lid.py": "import cadquery as cq\nwide = 20.0\nresult = cq.Workplane().box(wide, 20, 4).translate((0, 0, 8))\n",
    "base.py": (
        "import cadquery as cq\nwall = 2.0\nouter = cq.Workplane().box(30, 30, 20)\n"
        "result = outer.cut(cq.Workplane().box(30 - 2 * wall, 30 - 2 * wall, 18).translate((0, 0, 1)))\n"
    ),
    "assembly.py": (
        "import cadquery as cq\nfrom base import result as base\nfrom lid import result as lid\n"
        "show_object(cq.Assembly(name='lamp').add(base, name='base').add(lid, name='lid'))\n"
    ),
}
CHANGES = {"mallory": ("lid.py", "wide = 20.0", "wide = 25.0"), "bob": ("base.py", "wall = 2.0", "wall = 4.0")}


def test_a_wider_lid_and_a_thicker_wall_are_fine_alone_and_refused_together(world, ada, mallory):
    bob, lamp = world.person("bob"), "/designs/ada/lamp"
    ada.made("POST", "/designs", {"name": "lamp", "title": "Lamp", "licence": "CERN-OHL-W-2.0"})
    for path, script in LAMP.items():
        change(ada, lamp, path, script)
    for number, asker in enumerate((mallory, bob), 1):
        asker.made("POST", f"{lamp}/forks")
        path, old, new = CHANGES[asker.name]
        change(asker, f"/designs/{asker.name}/lamp", path, LAMP[path].replace(old, new))
        asker.made("POST", f"{lamp}/proposals", FROM | {"source": f"{asker.name}/lamp"})
        found = checks(ada, f"{lamp}/proposals/{number}")
        assert found["assembly.py"][0] == "waiting"
    ada.made("POST", f"{lamp}/proposals/1/merge", {})
    head = ada.get(lamp).json["head"]
    refused = ada("POST", f"{lamp}/proposals/2/merge", {})
    assert refused.status_code == 409 and [each["check"] for each in refused.json["errors"]] == ["assembly.py"]
    assert "assembly.py gains interference: base and lid have 240 mm³ in common, 0 before." in refused.json["detail"]
    assert checks(ada, f"{lamp}/proposals/2")["assembly.py"][0] == "failed" and ada.get(lamp).json["head"] == head
    change(ada, lamp, "okh.toml", "[checks.room]\npart = 'assembly.py'\nclearance = 0.6\nbetween = ['lid', 'base']\n")
    told = {each["name"]: each["detail"] for each in ada.get(f"{lamp}/checks").json}
    assert told["room"] == (
        "The check “room” fails: assembly.py has 0.5 mm between base and lid, 0.1 mm less than 0.6."
    )
    change(ada, lamp, "base.py", LAMP["base.py"].replace("wall = 2.0", "wall = 1.6"))
    make(world.house, Build)
    assert {each["state"] for each in ada.get(f"{lamp}/checks").json} == {"passed", "waiting"}
    make(world.house, Comparison)
    told = {each["name"]: each["detail"] for each in ada.get(f"{lamp}/checks").json}
    assert told["room"] == "The check “room” holds for assembly.py."
    change(ada, lamp, "base.py", LAMP["base.py"])
    change(bob, "/designs/bob/lamp", "NOTES.md", "Glued.\n", "Press fit\n\nInterference: assembly.py")
    change(ada, lamp, "okh.toml", "")
    assert ada("POST", f"{lamp}/proposals/2/merge", {}).status_code == 200


def test_a_fork_is_tested_against_what_it_comes_from(world, ada, mallory, lid):
    change(ada, lid, "okh.toml", "[contracts.base]\nkind = 'envelope'\nbox_mm = [[-20, -15, -1], [20, 15, 1]]\n")
    mallory.made("POST", f"{lid}/forks")
    fork = "/designs/mallory/lid"
    change(mallory, fork, "okh.toml", "")
    change(mallory, fork, "lid.py", LID.replace("box(40,", "box(44,"))
    assert [each["state"] for each in mallory.get(f"{fork}/checks").json] == ["waiting"]
    mallory.made("POST", f"{fork}/builds", {"part": "lid.py"})
    make(world.house, Build)
    assert [(each["name"], each["state"]) for each in mallory.get(f"{fork}/checks").json] == [("lid.py", "passed")]
    own, promised = mallory.get(f"{fork}/checks?base=ada:main").json
    assert (own["kind"], promised["kind"], promised["state"]) == ("part", "contract", "failed")
    assert "lid.py sticks out 2 mm at −x" in promised["detail"]
    assert [each["figure"]["between"][0][0] for each in promised["misfits"]] == [-22, 20]
    assert ">−x: 2.00 mm</text>" in mallory.get(f"{fork}/checks/picture?base=ada:main").text
    assert "Nothing is missed" in mallory.get(f"{fork}/checks/picture").text
    assert mallory.get(f"{fork}/checks?base=eve:main").status_code == 404
    assert {each["state"] for each in ada.get(f"{lid}/checks?ref=main").json} == {"passed"}
