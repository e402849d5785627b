"""Ada in London publishes a box; Bia in São Paulo forks it, improves it and proposes it back; lineage shows it."""

import math

import pytest
from service import BOX

pytestmark = pytest.mark.slow


def test_the_whole_way_with_git_and_the_api(service, tmp_path):
    ada, bia = service.join("ada"), service.join("bia")
    clone = ada.start_design("case", {"box.py": BOX, "README.md": "# Case\n"}, tmp_path / "ada")
    assert f"{service.url}/ada/case" in ada.said
    assert "box.py: built" in ada.said or "box.py: building" in ada.said
    its_part_regenerates(ada)
    number = bia_forks_changes_and_proposes(bia)
    merged = ada_sees_the_difference_and_merges(ada, number)

    # A clone has Bia's commit; lineage shows what was taken from whom.
    ada.git("pull", "-q", folder=clone)
    assert "HEIGHT = 15" in (clone / "box.py").read_text()
    assert ada.git("rev-parse", "HEAD", folder=clone).stdout.strip() == merged
    lineage = ada.get("/designs/ada/case/lineage")
    assert "bia/case" in str(lineage) and "merge" in str(lineage)


def its_part_regenerates(ada):
    """In the jail, with parameters, measurements and files; other parameters give another thing."""
    (part,) = ada.get("/designs/ada/case/parts")
    names = [(p["name"], p["default"], p["minimum"], p["maximum"], p["unit"]) for p in part["parameters"]]
    assert names[0] == ("WIDTH", 40.0, 20.0, 80.0, "mm")
    build = ada.built("/designs/ada/case", {"part": "box.py"})
    assert build["state"] == "made"
    (shape,) = build["shapes"]
    assert shape["volume_mm3"] == pytest.approx(40 * 30 * 12 - math.pi * 9 * 12, rel=1e-5)
    assert shape["valid"] is True
    formats = {file["format"]: file["href"] for file in build["files"]}
    assert {"step", "stl", "3mf", "glb", "brep", "png", "viewer"} <= formats.keys()
    step = ada.ask("GET", formats["step"].removeprefix("/api/v1")).content
    assert step.startswith(b"ISO-10303-21;")
    wide = ada.built("/designs/ada/case", {"part": "box.py", "parameters": {"WIDTH": 60}})
    low, high = wide["shapes"][0]["bbox_mm"]
    assert high[0] - low[0] == pytest.approx(60, abs=1e-4)


def bia_forks_changes_and_proposes(bia):
    """Every preview of the fork is there at once; she changes a dimension and proposes it back."""
    fork = bia.post("/designs/ada/case/forks")
    assert (fork["owner"], fork["parent"]) == ("bia", "ada/case")
    at_once = bia.ask("POST", "/designs/bia/case/builds", json={"part": "box.py"})
    assert at_once.status_code == 200 and at_once.json()["state"] == "made"
    body = {"branch": "main", "values": {"HEIGHT": 15}}
    changed = bia.ask("PUT", "/designs/bia/case/parts/box.py/parameters", json=body)
    assert changed.status_code == 200, changed.text
    fields = {"title": "Taller", "source": "bia/case", "source_branch": "main", "target_branch": "main"}
    return bia.post("/designs/ada/case/proposals", fields)["number"]


def ada_sees_the_difference_and_merges(ada, number):
    """In text, parameters and geometry; the merge is one commit she can name."""
    path = f"/designs/ada/case/proposals/{number}"
    seen = ada.until(path, lambda p: all(part["state"] == "made" for part in p["comparison"]["parts"]))
    assert seen["mergeable"] == "clean"
    (difference,) = seen["comparison"]["parts"]
    volumes = difference["volume_mm3"]
    assert volumes["after"] - volumes["before"] == pytest.approx(volumes["added"] - volumes["removed"], rel=1e-3)
    assert volumes["common"] + volumes["removed"] == pytest.approx(volumes["before"], rel=1e-3)
    assert seen["comparison"]["parameters"][0]["name"] == "HEIGHT"
    assert all(check["state"] == "passed" for check in seen["checks"]), seen["checks"]
    merged = ada.post(path + "/merge", {"expected": ada.get("/designs/ada/case")["head"]}, status=200)
    assert ada.get(path)["state"] == "merged"
    return merged["commit"]


def test_a_merge_that_would_break_a_part_is_refused_and_says_which(service, tmp_path):
    cleo, dan = service.join("cleo"), service.join("dan")
    cleo.start_design("clamp", {"clamp.py": BOX}, tmp_path / "cleo")
    dan.post("/designs/cleo/clamp/forks")
    broken = BOX.replace(".hole(HOLE)", ".hole(HOLE).edges().fillet(400)")
    text = {"content": broken, "message": "Rounder"}
    assert dan.ask("PUT", "/designs/dan/clamp/files/main/clamp.py", json=text).status_code == 200
    number = dan.post(
        "/designs/cleo/clamp/proposals",
        {"title": "Rounder", "source": "dan/clamp", "source_branch": "main", "target_branch": "main"},
    )["number"]
    refused = cleo.ask("POST", f"/designs/cleo/clamp/proposals/{number}/merge", json={})
    assert refused.status_code == 409, refused.text
    assert "clamp.py" in refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert cleo.get(f"/designs/cleo/clamp/proposals/{number}")["state"] == "open"


def test_conflicts_are_listed_and_nothing_moves(service, tmp_path):
    eve, finn = service.join("eve"), service.join("finn")
    eve.start_design("knob", {"knob.py": BOX}, tmp_path / "eve")
    finn.post("/designs/eve/knob/forks")
    for person, value in ((eve, 20), (finn, 25)):
        body = {"branch": "main", "values": {"HEIGHT": value}}
        answer = person.ask("PUT", f"/designs/{person.name}/knob/parts/knob.py/parameters", json=body)
        assert answer.status_code == 200, answer.text
    number = finn.post(
        "/designs/eve/knob/proposals",
        {"title": "Higher", "source": "finn/knob", "source_branch": "main", "target_branch": "main"},
    )["number"]
    seen = eve.get(f"/designs/eve/knob/proposals/{number}")
    assert seen["mergeable"] == "conflict"
    assert [conflict["path"] for conflict in seen["conflicts"]] == ["knob.py"]
    head = eve.get("/designs/eve/knob")["head"]
    refused = eve.ask("POST", f"/designs/eve/knob/proposals/{number}/merge", json={"expected": head})
    assert refused.status_code == 409 and "knob.py" in refused.text
    assert eve.get("/designs/eve/knob")["head"] == head


def test_a_stale_look_does_not_merge(service, tmp_path):
    gil, hana = service.join("gil"), service.join("hana")
    folder = gil.start_design("hook", {"hook.py": BOX}, tmp_path / "gil")
    old = gil.get("/designs/gil/hook")["head"]
    hana.post("/designs/gil/hook/forks")
    hana.ask("PUT", "/designs/hana/hook/files/main/NOTES.md", json={"content": "Try PETG.\n", "message": "Notes"})
    fields = {"title": "Notes", "source": "hana/hook", "source_branch": "main", "target_branch": "main"}
    number = hana.post("/designs/gil/hook/proposals", fields)["number"]
    gil.push(folder, {"other.md": "x\n"}, "Meanwhile")
    refused = gil.ask("POST", f"/designs/gil/hook/proposals/{number}/merge", json={"expected": old})
    assert refused.status_code == 409
    assert gil.ask("POST", f"/designs/gil/hook/proposals/{number}/merge", json={}).status_code == 200
