"""Releases through the API."""


def test_a_revision_is_released_reworded_and_taken_back(world, ada, bia, box):
    head = ada.get(box).json["head"]
    made = ada("POST", f"{box}/releases", {"tag": "v1/a", "title": "First", "notes": "*Well*"})
    assert made.status_code == 201 and made.json["commit"] == head and made.json["latest"], made.text
    assert made.headers["Location"].endswith("/releases/v1/a")
    assert made.json["parts_url"].endswith(f"/ada/box/archive/{head}.zip")
    shown = world.nobody().get(f"{box}/releases/v1/a").json
    assert [(part["path"], part["state"]) for part in shown["parts"]] == [("box.py", "wanted")]
    assert ada("POST", f"{box}/releases", {"tag": "v1/a"}).status_code == 409
    assert bia("POST", f"{box}/releases", {"tag": "v2"}).status_code == 403

    reworded = ada.made("PATCH", f"{box}/releases/v1/a", {"notes": "Better"})
    assert (reworded["title"], reworded["notes"]) == ("First", "Better")
    listed = world.nobody().get(f"{box}/releases")
    assert [each["tag"] for each in listed.json] == ["v1/a"] and listed.headers["X-Total-Count"] == "1"
    assert world.nobody().get(f"{box}/unreleased-tags").json == []
    assert ada("DELETE", f"{box}/releases/v1/a").status_code == 204
    assert world.nobody().get(f"{box}/unreleased-tags").json == [{"tag": "v1/a", "commit": head}]
    again = ada.made("POST", f"{box}/releases", {"tag": "v1/a"})
    assert (again["commit"], again["title"]) == (head, "v1/a")
