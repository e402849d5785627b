"""Suggestions for a line or a parameter: taken as a commit that names who suggested, outdated by another change."""

import base64

import pytest


@pytest.fixture
def wide(ada, bia, box):
    """Bia's proposal of a wider box to Ada."""
    bia.made("POST", f"{box}/forks", {"name": "box"})
    bia.made("PUT", "/designs/bia/box/parts/box.py/parameters", {"values": {"width": 30}})
    bia.made("POST", f"{box}/proposals", {"source": "bia/box", "source_branch": "main", "title": "Wider"})
    return f"{box}/proposals/1"


def said(who, wide: str, number: int) -> dict:
    return next(each for each in who.get(f"{wide}/comments").json if each["id"] == number)


def source(who) -> str:
    return who.get("/designs/bia/box/files/main/box.py").json["content"]


def test_a_line_is_taken_with_its_co_author(ada, bia, wide):
    place = {"path": "box.py", "line": 4, "suggestion": "result = cq.Workplane().box(width, 12, 5)"}
    made = ada.made("POST", f"{wide}/comments", place)
    assert made["said"] == "result = cq.Workplane().box(width, 10, 5)" and made["taken"] is None
    take = f"{wide}/comments/{made['id']}/acceptance"
    assert ada("POST", take).status_code == 403, "it is Bia's branch"
    commit = bia.made("POST", take)["commit"]
    assert "box(width, 12, 5)" in source(bia) and "width = 30" in source(bia)
    shown = bia.get(f"/designs/bia/box/revisions/{commit}").json
    assert "Co-authored-by: ada <ada@" in shown["body"]
    assert ada.get(wide).json["source_commit"] == commit, "the proposal follows"
    assert said(ada, wide, made["id"])["taken"] == commit
    again = bia("POST", take)
    assert again.status_code == 409 and "taken already" in again.json["detail"]


def test_a_value_is_taken_into_its_literal(ada, bia, wide):
    place = {"path": "box.py", "parameter": "width", "suggestion": "25", "body": "Enough?"}
    made = ada.made("POST", f"{wide}/comments", place)
    assert (made["said"], made["outdated"]) == ("30", False)
    bia.made("POST", f"{wide}/comments/{made['id']}/acceptance")
    assert "width = 25" in source(bia) and "# [5:100:1] Width in mm" in source(bia)


def test_what_reads_otherwise_now_is_outdated(ada, bia, wide):
    line = ada.made("POST", f"{wide}/comments", {"path": "box.py", "line": 3, "suggestion": "width = 22.0"})
    value = ada.made("POST", f"{wide}/comments", {"path": "box.py", "parameter": "width", "suggestion": "22"})
    moved = ada.made("POST", f"{wide}/comments", {"path": "box.py", "line": 1, "body": "Which version?"})
    changed = "\n" + source(bia).replace("width = 30", "width = 31")
    bia.made("PUT", "/designs/bia/box/files/main/box.py", {"content": changed})
    assert [said(ada, wide, each["id"])["outdated"] for each in (line, value, moved)] == [True, True, False]
    for each in (line, value):
        refused = bia("POST", f"{wide}/comments/{each['id']}/acceptance")
        assert refused.status_code == 409 and "outdated" in refused.json["detail"]
    assert source(bia) == changed
    assert bia("POST", f"{wide}/comments/{moved['id']}/acceptance").status_code == 422, "it suggests nothing"


def test_what_cannot_be_suggested_is_refused(ada, wide):
    for place in (
        {"suggestion": "x"},
        {"path": "box.py", "suggestion": "x"},
        {"path": "box.py", "line": 400, "suggestion": "x"},
        {"path": "none.py", "line": 1, "suggestion": "x"},
        {"path": "box.py", "line": 1, "suggestion": "import cadquery as cq"},
        {"path": "box.py", "parameter": "height", "body": "Which?"},
        {},
    ):
        assert ada("POST", f"{wide}/comments", place).status_code == 422, place


def test_a_suggestion_keeps_the_encoding_of_a_script(ada, bia, wide):
    text = "# -*- coding: latin-1 -*-\n# Caixa de São Paulo\n" + source(bia)
    raw = base64.b64encode(text.encode("latin-1")).decode()
    bia.made("PUT", "/designs/bia/box/files/main/box.py", {"base64": raw})
    place = {"path": "box.py", "line": 2, "suggestion": "# Caixa de Santo André"}
    made = ada.made("POST", f"{wide}/comments", place)
    assert made["said"] == "# Caixa de São Paulo"
    bia.made("POST", f"{wide}/comments/{made['id']}/acceptance")
    found = bia.get("/designs/bia/box/files/main/box.py").json
    assert base64.b64decode(found["base64"]) == text.replace("São Paulo", "Santo André").encode("latin-1")
