"""Presets through the API: listed with the part, kept, renamed, dropped, refused."""

from urllib.parse import quote


def test_a_preset_lives_its_life(ada, nobody, box):
    where = f"{box}/parts/box.py/presets"
    first = ada("PUT", f"{where}/Very wide", {"values": {"width": 90, "height": 5}})
    assert first.status_code == 422 and "height is not a parameter" in first.json["detail"]
    made = ada("PUT", f"{where}/Very wide", {"values": {"width": 90}, "message": "A wide one"})
    assert made.status_code == 201 and made.json["path"] == "presets.json"
    assert nobody.get(where).json == [{"name": "Very wide", "values": {"width": 90.0}, "problem": ""}]
    assert nobody.get(f"{box}/parts").json[0]["presets"] == nobody.get(where).json
    again = ada("PUT", f"{where}/Very wide", {"values": {"width": 91}, "expected": made.json["commit"]})
    assert again.status_code == 200
    sides = quote("main...main?preset=Very wide")
    (change,) = nobody.get(f"{box}/compare/{sides}").json["parameters"]
    assert (change["name"], change["before"], change["after"]) == ("width", 20.0, 91.0)
    assert nobody.get(f"{box}/compare/{sides}r").status_code == 422
    late = ada("PUT", f"{where}/Very wide", {"values": {"width": 92}, "expected": made.json["commit"]})
    assert late.status_code == 409
    assert ada("PUT", f"{where}/Very wide/name", {"name": "Widest"}).status_code == 200
    assert nobody.get(where).json[0] == {"name": "Widest", "values": {"width": 91.0}, "problem": ""}
    assert nobody.get(where, query_string={"ref": made.json["commit"]}).json[0]["name"] == "Very wide"
    assert ada("DELETE", f"{where}/Widest").status_code == 200
    assert nobody.get(where).json == [] and ada("DELETE", f"{where}/Widest").status_code == 404


def test_a_part_in_a_folder_and_a_file_that_is_no_json(ada, nobody, box):
    ada.made("PUT", f"{box}/files/main/sub/pin.py", {"content": "import cadquery as cq\nd = 2.0\nshow_object(d)\n"})
    ada.made("PUT", f"{box}/parts/sub/pin.py/presets/Thick", {"values": {"d": 3}})
    assert nobody.get(f"{box}/files/main/sub/presets.json").status_code == 200
    ada.made("PUT", f"{box}/files/main/sub/presets.json", {"content": "{"})
    broken = nobody.get(f"{box}/parts/sub/pin.py/presets").json
    assert [each["name"] for each in broken] == [""] and "not JSON" in broken[0]["problem"]
    refused = ada("PUT", f"{box}/parts/sub/pin.py/presets/Thick", {"values": {"d": 3}})
    assert refused.status_code == 422 and "not JSON" in refused.json["detail"]


def test_what_follows_is_shown_and_cannot_be_set(ada, nobody, box):
    source = """import cadquery as cq
from dataclasses import dataclass

@dataclass
class Case:
    wide: float = 20  # mm
    kind: str = 'a'  # [a:Plain, b:Bold] Kind

case = Case()
area = case.wide ** 2  # Area, mm²
result = cq.Workplane().box(case.wide, 1, 1)
"""
    ada.made("PUT", f"{box}/files/main/box.py", {"content": source})
    wide, kind, area = nobody.get(f"{box}/parts").json[0]["parameters"]
    assert (wide["name"], wide["group"], wide["derived"]) == ("Case.wide", "Case", False)
    assert (kind["choices"], kind["labels"]) == (["a", "b"], ["Plain", "Bold"])
    assert (area["derived"], area["default"], area["expression"]) == (True, 400.0, "Case.wide ** 2")
    for method, path, body in (
        ("PUT", f"{box}/parts/box.py/parameters", {"values": {"area": 3}}),
        ("POST", f"{box}/builds", {"part": "box.py", "parameters": {"area": 3}}),
    ):
        refused = ada(method, path, body)
        assert refused.status_code == 422
        assert "area cannot be set: it follows from Case.wide ** 2" in refused.json["detail"]
    ada.made("PUT", f"{box}/parts/box.py/parameters", {"values": {"Case.wide": 30}})
    assert nobody.get(f"{box}/parts").json[0]["parameters"][2]["default"] == 900.0
