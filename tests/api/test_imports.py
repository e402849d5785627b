"""Imports, mirrors and outlets as programs use them."""

from opendesign.actions.import_design import import_job

URL = "https://127.0.0.1:9/case.git"


def test_an_import_is_followed_by_its_address_and_cancelled(world, ada, bia):
    answer = ada("POST", "/imports", {"url": URL, "name": "brought", "mirror": True})
    assert answer.status_code == 202 and answer.headers["Location"] == answer.json["href"]
    place = answer.json["href"].removeprefix("/api/v1")
    assert ada.get(place).json["state"] == "waiting" and bia.get(place).status_code == 404
    assert [each["design"] for each in ada.get("/imports").json] == ["ada/brought"]
    assert ada("DELETE", place).status_code == 204
    assert ada.get(place).json["state"] == "cancelled" and ada.get("/designs/ada/brought").status_code == 404
    again = ada.made("POST", "/imports", {"url": URL, "name": "brought"})
    import_job(world.house, str(again["id"]))
    ended = ada.get(f"/imports/{again['id']}").json
    assert ended["state"] == "failed" and "public internet" in ended["problem"]


def test_addresses_that_are_none_are_refused_with_their_field(ada):
    for url in ("file:///etc", "ext::sh", "--upload-pack=x", "https://ada:hunter2@example.org/x"):
        answer = ada("POST", "/imports", {"url": url, "name": "never"})
        assert answer.status_code == 422 and answer.json["errors"][0]["name"] == "url"
        assert "hunter2" not in answer.text


def test_an_outlet_keeps_its_secret_and_a_design_without_a_mirror_has_none(world, ada):
    where = world.box(ada, "outgoing")
    shown = ada.made("PUT", f"{where}/outlet", {"url": URL, "name": "ada", "secret": "hunter2"})
    assert shown["secret"] is True and "hunter2" not in ada.get(f"{where}/elsewhere").text
    assert ada.get(f"{where}/elsewhere").json["mirror"] is None
    assert ada("POST", f"{where}/mirror/fetches").status_code == 404
    assert ada("POST", f"{where}/outlet/pushes").status_code == 202
    assert ada("DELETE", f"{where}/outlet").status_code == 204
    assert ada.get(f"{where}/elsewhere").json["outlet"] is None
