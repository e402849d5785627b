"""Builds, comparisons and merges by the API, with a real engine in its jail."""

import threading
import time
from urllib.parse import quote

import engine_fixture
import pytest
from houses import preview

from opendesign.actions.build import build
from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import NOBODY, Visitor
from opendesign.actions.make_comparison import make_comparison
from opendesign.actions.read_tree import read_tree
from opendesign.records.build import Build, Comparison, unfinished
from opendesign.records.design import design_by_path

pytestmark = pytest.mark.slow
PINS = """import cadquery as cq

for name, at, size in {}:
    pin = cq.Workplane().box(2, 2, size).translate((at, 0, 0))
    show_object(pin, name=name)
"""
MAKER = {"branch": "main", "values": {"width": 30}, "message": "Wider"}
BROKEN = "import cadquery as cq\n\nwidth = 20.0\nresult = cq.Workplane().box(width, 10, 5).edges().fillet(40)\n"


@pytest.fixture
def house(world, request):
    """The world's house with an open engine behind its socket."""
    engine = engine_fixture.shared(request, "namespaces")
    world.house.engine.address = engine.address
    return world.house


def work_off(house) -> None:
    """Makes all that is wanted, as the worker does."""
    with house.reading() as work:
        builds, comparisons = unfinished(work.session, Build), unfinished(work.session, Comparison)
    for key in builds:
        build(house, key)
    for key in comparisons:
        make_comparison(house, key)


def test_whoever_wants_a_part_may_wait_for_it_in_the_same_request(house, ada, box):
    def when_wanted() -> None:
        end = time.monotonic() + 20
        while not listened(house):
            assert time.monotonic() < end, "nobody waits"
            time.sleep(0.01)
        work_off(house)

    def want(width: float, wait: float, key: str):
        body = {"part": "box", "parameters": {"width": width}}
        return ada("POST", f"{box}/builds?wait={wait}", body, headers={"Idempotency-Key": key})

    worker = threading.Thread(target=when_wanted)
    worker.start()
    made = want(31, 20, "first")
    worker.join()
    assert (made.status_code, made.json["state"], len(made.json["files"])) == (200, "made", 7)
    again = want(31, 20, "first")
    assert (again.status_code, again.json["state"]) == (202, "wanted"), "as it was answered before it waited"
    soon = want(32, 0.01, "second")
    assert (soon.status_code, soon.json["state"]) == (202, "wanted")
    assert want(33, 21, "third").status_code == 422


def listened(house) -> bool:
    folder = house.bell.folder
    return folder.is_dir() and any(not each.name.startswith(".") for each in folder.iterdir())


def test_a_part_is_built_measured_and_downloaded(house, nobody, box):
    wanted = nobody("POST", f"{box}/builds", {"part": "box", "parameters": {"width": 30}})
    assert wanted.status_code == 202
    where = wanted.json["href"].removeprefix("/api/v1")
    assert nobody.get(f"{where}/files/step").status_code == 409
    worker = threading.Thread(target=work_off, args=(house,))
    worker.start()
    made = nobody.get(f"{where}?wait=20").json
    worker.join()
    assert (made["state"], made["error"], made["parameters"]) == ("made", None, {"width": 30})
    assert made["total"]["volume_mm3"] == pytest.approx(1500)
    assert made["shapes"][0]["bbox_mm"] == [[-15, -5, -2.5], [15, 5, 2.5]]
    assert {each["name"] for each in made["files"]} == {"viewer", "step", "stl", "3mf", "glb", "brep", "png"}
    assert nobody("POST", f"{box}/builds", {"part": "box.py", "parameters": {"width": 30.0}}).status_code == 200
    for file in made["files"]:
        answer = nobody.get(file["href"].removeprefix("/api/v1"))
        assert (answer.status_code, len(answer.data)) == (200, file["bytes"])
        assert "immutable" in answer.headers["Cache-Control"] and "public" in answer.headers["Cache-Control"]
    part = nobody.get(f"{where}/files/step", headers={"Range": "bytes=0-12"})
    assert (part.status_code, part.data) == (206, b"ISO-10303-21;")
    assert "filename=box-box-" in part.headers["Content-Disposition"]
    same = nobody.get(f"{where}/files/step", headers={"If-None-Match": part.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert nobody.get(f"{where}/files/step", headers={"Range": "bytes=999999999-"}).status_code == 416
    for odd in ("bytes=abc", "bytes=0-3,8-11", "lines=0-3", "bytes=3-0"):
        whole = nobody.get(f"{where}/files/step", headers={"Range": odd})
        assert (whole.status_code, whole.data[:13]) == (200, b"ISO-10303-21;"), odd
    assert nobody.get(f"{where}/files/passwd").status_code == 404


def test_files_of_a_preview_are_made_when_they_are_asked_for(house, nobody, box):
    with house.reading() as work:
        design = design_by_path(work.session, "ada", "box")
        snapshot = read_tree(work, design, find_revision(work, design).sha)
    row = preview(house, NOBODY, design, snapshot, "box.py", {"width": 12})
    shown = nobody.get(f"/builds/{row.key}").json
    assert (shown["state"], [each["name"] for each in shown["files"]]) == ("made", ["viewer"])
    assert nobody.get(f"/builds/{row.key}/files/stl").status_code == 200
    assert len(nobody.get(f"/builds/{row.key}").json["files"]) == 7


def test_a_preview_of_what_a_stranger_only_wanted_can_be_fetched(house, world, ada):
    content = "import cadquery as cq\n\nwidth = 7.0\nresult = cq.Workplane().box(width, 3, 6)\n"
    bia = world.person("bia")
    for person in (ada, bia):
        person.made("POST", "/designs", {"name": "hers", "visibility": "private", "title": "Secret"})
        person.made("PUT", f"/designs/{person.name}/hers/files/main/box.py", {"content": content})
    wish = {"part": "box.py", "parameters": {"width": 8}}
    key = ada.made("POST", "/designs/ada/hers/builds", wish)["key"]
    visitor = Visitor(world.people["bia"])
    with house.reading(visitor) as work:
        design = design_by_path(work.session, "bia", "hers")
        snapshot = read_tree(work, design, find_revision(work, design).sha)
    row = preview(house, visitor, design, snapshot, "box.py", {"width": 8})
    assert (row.key, row.state) == (key, "made")
    for person in (ada, bia):
        assert person.get(f"/builds/{key}/files/viewer").status_code == 200
    assert world.person("cid").get(f"/builds/{key}").status_code == 404


def test_a_script_that_fails_says_where(house, ada, nobody, box):
    ada.made("PUT", f"{box}/files/main/bad.py", {"content": "import cadquery as cq\nresult = cq.Workplan()\n"})
    wanted = nobody("POST", f"{box}/builds", {"part": "bad.py"})
    work_off(house)
    failed = nobody.get(wanted.json["href"].removeprefix("/api/v1")).json
    assert failed["state"] == "failed"
    assert (failed["error"]["kind"], failed["error"]["file"], failed["error"]["line"]) == ("script", "bad.py", 2)
    assert nobody("POST", f"{box}/builds", {"part": "bad.py"}).status_code == 200


def its_facts_are_told(seen: dict) -> None:
    """Asserts what depends on material and printing, of a box that grows from 20 × 10 × 5 to 30 × 10 × 5 mm."""
    part = seen["parts"][0]
    assert seen["bom"] == {"rows": [], "costs": [], "unpriced": 1}
    assert (part["method"], part["approximate"]) == ("exact", False)
    assert part["material"] == {"before": "PLA", "after": "PLA", "assumed": True}
    assert part["mass_g"] == pytest.approx({"before": 1.24, "after": 1.86})
    assert part["wall_mm"] == {"before": 5, "after": 5} and part["overhang_mm2"] == {"before": 0, "after": 0}
    shell = 600 * 4.5 * 0.2 + 400 * 2 * 0.45
    assert part["filament_g"]["after"] == pytest.approx(1.24e-3 * 1.05 * (shell + 0.15 * (1500 - shell)), rel=1e-6)


def test_fork_change_propose_compare_merge(house, ada, bia, nobody, box):
    work_off(house)
    fork = bia.made("POST", f"{box}/forks")
    assert (fork["parent"], fork["family"], fork["role"]) == ("ada/box", "ada/box", "owner")
    assert bia("POST", "/designs/bia/box/builds", {"part": "box.py"}).status_code == 200
    bia.made("PUT", "/designs/bia/box/parts/box.py/parameters", MAKER)
    assert "width = 30.0  # [5:100:1] Width in mm" in bia.get("/designs/bia/box/files/main/box.py").json["content"]

    across = f"{box}/compare/{quote('main...bia:main')}"
    assert nobody.get(across).json["state"] == "making"
    work_off(house)
    seen = nobody.get(across).json
    assert [(p["name"], p["before"], p["after"]) for p in seen["parameters"]] == [("width", 20, 30)]
    assert [change["path"] for change in seen["text"]] == ["box.py"]
    part = seen["parts"][0]
    volumes = {"before": 1000, "after": 1500, "added": 500, "removed": 0, "common": 1000}
    assert (part["status"], part["state"], seen["state"]) == ("changed", "made", "made")
    assert part["volume_mm3"] == pytest.approx(volumes)
    overlay, still = (nobody.get(file["href"].removeprefix("/api/v1")) for file in part["files"])
    assert (overlay.data[:4], still.data[:4]) == (b"glTF", b"\x89PNG")
    its_facts_are_told(seen)

    source = {"source": {"owner": "bia", "name": "box"}, "source_branch": "main"}
    opened = bia.made("POST", f"{box}/proposals", source)
    where = f"{box}/proposals/{opened['number']}"
    assert (opened["title"], opened["mergeable"], opened["state"]) == ("Wider", "clean", "open")
    assert bia("POST", f"{box}/proposals", {**source, "source": "bia/box"}).status_code == 409
    ada.made("POST", f"{where}/comments", {"body": "Good.", "path": "box.py", "line": 3, "point": [1, 2, 3]})
    assert nobody.get(f"{where}/comments").json[0]["point"] == [1, 2, 3]
    assert bia("POST", f"{where}/merge", {}).status_code == 403
    assert ada("POST", f"{where}/merge", {"expected": "0" * 40}).status_code == 409
    merged = ada.made("POST", f"{where}/merge", {"expected": opened["target_commit"]})
    ended = nobody.get(where).json
    assert (ended["state"], ended["merge"]["commit"]) == ("merged", merged["commit"])
    assert nobody.get(box).json["head"] == merged["commit"]
    lineage = nobody.get(f"{box}/lineage").json
    assert [(each["design"], each["depth"]) for each in lineage["designs"]] == [("ada/box", 0), ("bia/box", 1)]
    taken = [(each["source"], each["target"], each["proposal"]) for each in lineage["adoptions"]]
    assert taken == [("bia/box", "ada/box", opened["number"])]


def test_two_sets_of_parameters_are_compared(house, nobody, box):
    across = f"{box}/compare/{quote('main?width=10...main?width=40')}"
    assert nobody.get(across).json["state"] == "making"
    work_off(house)
    seen = nobody.get(across).json
    assert (seen["state"], seen["text"]) == ("made", [])
    assert [(p["name"], p["before"], p["after"]) for p in seen["parameters"]] == [("width", 10, 40)]
    assert seen["after"]["parameters"] == {"width": "40"} and seen["after"]["ref"] == "main"
    assert seen["parts"][0]["volume_mm3"]["added"] == pytest.approx(1500)
    built = nobody("POST", f"{box}/builds", {"part": "box.py", "parameters": {"width": 40}})
    assert (built.status_code, built.json["key"]) == (200, seen["parts"][0]["after"])
    refused = nobody.get(f"{box}/compare/{quote('main...main?depth=1')}")
    assert (refused.status_code, refused.json["errors"][0]["name"]) == (422, "depth")


def test_a_comparison_has_pictures_in_two_sizes(house, nobody, box):
    across = f"{box}/compare/{quote('main?width=12...main?width=17')}"
    nobody.get(across)
    work_off(house)
    part = nobody.get(across).json["parts"][0]
    small = next(each for each in part["files"] if each["name"] == "png")["href"].removeprefix("/api/v1")
    offered = [(each["name"], each["href"].removeprefix("/api/v1")) for each in part["on_demand"]]
    assert offered == [("png-large", f"{small}-large")]
    for where, width in ((small, 640), (f"{small}-large", 1600), (f"{small}-large", 1600)):
        answer = nobody.get(where)
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert answer.data[:8] == b"\x89PNG\r\n\x1a\n" and int.from_bytes(answer.data[16:20]) == width
        assert "immutable" in answer.headers["Cache-Control"]
    part = nobody.get(across).json["parts"][0]
    assert part["on_demand"] == [] and {"overlay", "png", "png-large"} == {each["name"] for each in part["files"]}
    assert nobody.get(small.replace("/png", "/svg")).status_code == 404


def test_the_shapes_of_a_part_are_told_apart(house, ada, nobody, box):
    old, new = [("a", 0, 5), ("b", 9, 6), ("c", 20, 7)], [("a", 0, 5), ("nail", 30, 6), ("c", 20, 8)]
    ada.made("PUT", f"{box}/files/main/pins.py", {"content": PINS.format(old)})
    ada.made("POST", f"{box}/branches", {"name": "other", "start": "main"})
    ada.made("PUT", f"{box}/files/other/stifte.py", {"content": PINS.format(new)})
    ada.made("DELETE", f"{box}/files/other/pins.py", {"message": "Rename"})
    across = f"{box}/compare/main...other"
    nobody.get(across)
    work_off(house)
    seen = {part["path"]: part for part in nobody.get(across).json["parts"]}
    assert (seen["stifte.py"]["old_path"], seen["stifte.py"]["status"]) == ("pins.py", "renamed")
    told = [(each["name"], each["old_name"], each["status"]) for each in seen["stifte.py"]["shapes"]]
    assert told == [("nail", "b", "moved"), ("c", None, "changed")]


def test_what_does_not_build_is_not_merged(house, ada, bia, box):
    bia.made("POST", f"{box}/forks")
    bia.made("PUT", "/designs/bia/box/files/main/box.py", {"content": BROKEN, "message": "Round"})
    opened = bia.made("POST", f"{box}/proposals", {"source": "bia/box", "source_branch": "main"})
    head = ada.get(box).json["head"]
    refused = ada("POST", f"{box}/proposals/{opened['number']}/merge", {})
    assert refused.status_code == 409
    assert refused.json["errors"][0]["check"] == "box.py"
    assert "does not build" in refused.json["detail"] and "line 4" in refused.json["detail"]
    seen = ada.get(f"{box}/proposals/{opened['number']}").json
    assert [(check["name"], check["state"]) for check in seen["checks"]] == [("box.py", "failed")]
    assert (ada.get(box).json["head"], seen["state"]) == (head, "open")


def test_a_conflict_between_values_is_decided_by_a_value_and_the_result_rebuilt(house, ada, bia, box):
    bia.made("POST", f"{box}/forks")
    bia.made("PUT", "/designs/bia/box/parts/box.py/parameters", MAKER)
    ada.made("PUT", f"{box}/parts/box.py/parameters", MAKER | {"values": {"width": 40}})
    opened = bia.made("POST", f"{box}/proposals", {"source": "bia/box", "source_branch": "main"})
    where = f"{box}/proposals/{opened['number']}/merge"
    for wrong in ({"box.py": {"width": 4}}, {"box.py": {"depth": "ours"}}, {"pin.py": {"content": ""}}):
        assert ada("POST", where, {"resolutions": wrong}).status_code == 422, wrong
    broken = ada("POST", where, {"resolutions": {"box.py": {"content": BROKEN}}})
    assert (broken.status_code, broken.json["errors"][0]["check"]) == (409, "box.py")
    decided = {"expected": opened["target_commit"], "resolutions": {"box.py": {"width": 35}}}
    merged = ada.made("POST", where, decided)
    commit = ada.get(f"{box}/revisions/{merged['commit']}").json
    assert commit["parents"] == [opened["target_commit"], opened["source_commit"]], "a plain merge commit"
    assert "width = 35.0  # [5:100:1] Width in mm" in ada.get(f"{box}/files/main/box.py").json["content"]


def test_conflicts_are_listed_and_hold_the_merge(house, ada, bia, box):
    bia.made("POST", f"{box}/forks")
    bia.made("PUT", "/designs/bia/box/parts/box.py/parameters", MAKER)
    ada.made("PUT", f"{box}/parts/box.py/parameters", MAKER | {"values": {"width": 40}})
    opened = bia.made("POST", f"{box}/proposals", {"source": "bia/box", "source_branch": "main"})
    assert opened["mergeable"] == "conflict"
    rivals = {"path": "box.py", "kind": "parameter", "detail": "contents", "name": "width"}
    rivals |= {"base": 20.0, "ours": 40.0, "theirs": 30.0}
    assert opened["conflicts"] == [rivals]
    refused = ada("POST", f"{box}/proposals/1/merge", {})
    assert (refused.status_code, refused.json["errors"]) == (409, [rivals])
    declined = bia.made("POST", f"{box}/proposals/1/decline", {"reason": "I try again."})
    assert (declined["state"], declined["closing"]["by"]) == ("declined", "bia")
