"""The history of a part through the API: one entry for each revision that gave it another build."""

from opendesign.actions.edit import edit_files
from opendesign.actions.house import Visitor
from opendesign.records.build import Build
from opendesign.records.design import design_by_path
from tests.api.conftest import BOX


def write(ada, box, path: str, content: str, message: str) -> str:
    return ada.made("PUT", f"{box}/files/main/{path}", {"content": content, "message": message})["commit"]


def make(world, key: str, volume: float, state: str = "made") -> None:
    """Puts down what a worker would have measured."""
    with world.house.writing() as work:
        build = work.session.get(Build, key)
        build.state, build.seconds = state, 0.5
        build.result = {"total": {"volume_mm3": volume, "area_mm2": 6.0, "bbox_mm": [[0, 0, 0], [volume, 2, 3]]}}
        build.error = {"kind": "script", "message": "no"} if state == "failed" else None


def test_only_revisions_that_change_the_build_are_points(world, ada, nobody, box):
    start = nobody.get(f"{box}/revisions").json[0]["sha"]
    write(ada, box, "notes.md", "words", "Words")
    wide = write(ada, box, "box.py", BOX.replace("20.0", "30.0"), "Wider")
    write(ada, box, "notes.md", "more words", "More words")
    history = nobody.get(f"{box}/parts/box.py/history").json
    assert [(p["sha"], p["subject"], p["author"]) for p in history["points"]] == [
        (start, "Start", "ada"),
        (wide, "Wider", "ada"),
    ]
    assert history["whole"] and history["ref"] == "main" and history["part"] == "box.py"
    assert history["points"][-1]["key"] == nobody.get(f"{box}/parts").json[0]["build"]["key"]
    assert nobody.get(f"{box}/parts/box/history?ref={start}").json["points"] == history["points"][:1]


def test_what_is_measured_is_shown_and_what_is_lacking_is_wanted_once(world, ada, nobody):
    box = "/designs/ada/pushed"
    ada.made("POST", "/designs", {"name": "pushed", "title": "Pushed", "licence": "CERN-OHL-W-2.0"})
    for width in (20, 30, 40):
        write(ada, box, "box.py", f"{BOX.replace('20.0', str(float(width)))}# pushed\n", f"Width {width}")
    points = nobody.get(f"{box}/parts/box.py/history").json["points"]
    with world.house.writing() as work:
        work.session.delete(work.session.get(Build, points[1]["key"]))
    make(world, points[0]["key"], 1000.0)
    make(world, points[2]["key"], 0.0, "failed")
    history = nobody.get(f"{box}/parts/box.py/history").json
    assert [p["state"] for p in history["points"]] == ["made", "lacking", "failed"] and history["lacking"] == 1
    first, _second, third = history["points"]
    assert first["volume_mm3"] == 1000.0 and first["size_mm"] == [1000.0, 2.0, 3.0] and first["seconds"] == 0.5
    assert third["error"]["message"] == "no" and third["volume_mm3"] is None
    answer = nobody("POST", f"{box}/parts/box.py/history")
    assert answer.status_code == 202 and answer.json["waiting"] == 1 and answer.json["lacking"] == 0
    make(world, points[1]["key"], 1500.0)
    again = nobody("POST", f"{box}/parts/box.py/history")
    assert again.status_code == 200 and [p["volume_mm3"] for p in again.json["points"]] == [1000.0, 1500.0, None]


def test_a_part_is_followed_through_its_renames_and_a_revert_is_a_point_of_its_own(world, ada, nobody, box):
    text = nobody.get(f"{box}/files/main/box.py").json["content"]
    write(ada, box, "box.py", text.replace("20.0", "30.0"), "Wider")
    write(ada, box, "box.py", text, "As it was")
    with world.house.writing(Visitor(world.people["ada"])) as work:
        design = design_by_path(work.session, "ada", "box")
        edit_files(work, design, "main", {"box.py": None, "case.py": text.encode()}, "Call it a case")
    points = nobody.get(f"{box}/parts/case.py/history").json["points"]
    assert [p["subject"] for p in points] == ["Start", "Wider", "As it was", "Call it a case"]
    assert [p["path"] for p in points] == ["box.py", "box.py", "box.py", "case.py"]
    assert points[0]["key"] == points[2]["key"] != points[1]["key"]
    assert nobody.get(f"{box}/parts/box.py/history").status_code == 404


def test_a_merge_is_one_step(world, ada, nobody, box):
    head = nobody.get(f"{box}/revisions").json[0]["sha"]
    ada.made("POST", f"{box}/branches", {"name": "side"})
    text = nobody.get(f"{box}/files/main/box.py").json["content"]
    ada.made("PUT", f"{box}/files/side/box.py", {"content": text.replace("20.0", "44.0"), "message": "Much wider"})
    assert nobody.get(f"{box}/parts/box.py/history?ref=side").json["points"][-1]["subject"] == "Much wider"
    assert [p["sha"] for p in nobody.get(f"{box}/parts/box.py/history").json["points"]] == [head]


def test_which_commit_did_this_takes_few_builds(world, ada, nobody):
    box = "/designs/ada/searched"
    ada.made("POST", "/designs", {"name": "searched", "title": "Searched", "licence": "CERN-OHL-W-2.0"})
    for number in range(12):
        write(ada, box, "box.py", f"{BOX}# step {number}\n", f"Step {number}")
    points = nobody.get(f"{box}/parts/box.py/history").json["points"]
    with world.house.writing() as work:
        for point in points:
            work.session.delete(work.session.get(Build, point["key"]))
    # Step 5 and 6 do not build; 7 is the first that is heavy.
    volumes = {p["key"]: 100.0 if n < 7 else 250.0 for n, p in enumerate(points)}
    broken = {points[5]["key"], points[6]["key"]}
    asked, made = {"property": "volume"}, 0
    while (answer := nobody("POST", f"{box}/parts/box.py/bisections", asked)).status_code == 202:
        for point in answer.json["making"]:
            make(world, point["key"], volumes[point["key"]], "failed" if point["key"] in broken else "made")
            made += 1
        assert made <= 12
    told = answer.json
    assert answer.status_code == 200 and told["state"] == "found" and told["unit"] == "mm³"
    assert told["found"]["subject"] == "Step 7" and told["before"]["subject"] == "Step 4"
    assert [p["subject"] for p in told["skipped"]] == ["Step 5", "Step 6"] and made <= 8
    span = {"property": "mass", "density": 2.0, "limit": 0.3, "since": points[4]["sha"], "until": points[8]["sha"]}
    assert nobody("POST", f"{box}/parts/box.py/bisections", span | {"until": points[4]["sha"]}).json["state"] == "none"
    assert nobody("POST", f"{box}/parts/box.py/bisections", span | {"limit": 0.9}).json["state"] != "found"
    assert nobody("POST", f"{box}/parts/box.py/bisections", span | {"since": "0" * 40}).status_code == 404
    swapped = {"since": points[8]["sha"], "until": points[4]["sha"]}
    assert nobody("POST", f"{box}/parts/box.py/bisections", span | swapped).status_code == 422
    assert nobody("POST", f"{box}/parts/box.py/bisections", {"property": "beauty"}).status_code == 422
