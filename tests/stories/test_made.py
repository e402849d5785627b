"""Bento prints Anouk's box and measures it; his mate cannot confirm it, Dario can; what is private stays so."""

import base64
import io

import pytest
from photos import PLACE, REMARK, photo
from PIL import Image
from service import BOX

pytestmark = pytest.mark.slow
TOLD = {
    "result": "worked",
    "part": "box.py",
    "values": {"WIDTH": 50},
    "process": "FDM",
    "place": "Oficina do Bento",
    "material": "PETG",
    "recycled": 100,
    "readings": {"x": 50.2, "z": 11.9},
}


def test_a_build_counts_once_somebody_independent_confirms_it(service, tmp_path):
    anouk, bento, celia, dario = (service.join(name) for name in ("anouk", "bento", "celia", "dario"))
    anouk.start_design("crate", {"box.py": BOX}, tmp_path / "crate")
    bento.post("/designs", {"name": "jig", "title": "Jig"})
    assert bento.ask("PUT", "/designs/bento/jig/members/celia", json={"role": "writer"}).status_code in (200, 201)

    pictures = [base64.b64encode(photo()).decode()]
    made = bento.post("/designs/anouk/crate/made", TOLD | {"photos": pictures})
    path = "/designs/anouk/crate/made/1"
    assert (made["number"], made["state"], made["by"]) == (1, "open", "bento")
    the_photo_tells_nothing(service, made)
    the_model_stands_beside_the_calliper(bento, path)
    assert build_factor(dario) == 0

    for cannot in (bento, celia):
        refused = cannot.ask("PUT", f"{path}/word", json={"word": "confirmed"})
        assert refused.status_code == 403, refused.text
    assert bento.get(path)["state"] == "open"
    assert dario.ask("PUT", f"{path}/word", json={"word": "confirmed"}).json()["state"] == "verified"
    assert build_factor(dario) == 1
    shares = {each["person"]: each for each in dario.get("/designs/anouk/crate/credit")["shares"]}
    assert sum(each["ppm"] for each in shares.values()) == 1_000_000
    assert {each["kind"] for each in shares["bento"]["events"]} == {"build", "measurement"}
    assert [each["kind"] for each in shares["dario"]["events"]] == ["vouch"]
    assert {each["kind"] for each in anouk.get("/notices")} == {"made", "confirmed"}
    what_is_private_is_told_to_nobody(anouk, dario, path, made)


def build_factor(person) -> float:
    """How many teams have built what is of this family."""
    told = person.get("/designs/anouk/crate/family/numbers", events="true")["build_factor"]
    assert [each["made"] for each in told["events"]] == [1] * int(told["value"])
    return told["value"]


def the_photo_tells_nothing(service, made):
    """Neither where it was taken nor by whom."""
    answer = service.http.get(made["photos"][0]["href"])
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert PLACE.encode() not in answer.content and REMARK not in answer.content
    image = Image.open(io.BytesIO(answer.content))
    assert image.size == (400, 300) and not image.getexif()


def the_model_stands_beside_the_calliper(bento, path):
    """With the values it was made with, not with the script's own."""
    told = bento.until(path, lambda told: told["readings"][0]["model_mm"] is not None)
    offs = {each["axis"]: each for each in told["readings"]}
    assert offs["x"]["model_mm"] == pytest.approx(50) and offs["x"]["off_mm"] == pytest.approx(0.2)
    assert offs["z"]["off_share"] == pytest.approx(-0.1 / 12, abs=1e-4)


def what_is_private_is_told_to_nobody(anouk, dario, path, made):
    """Not the page, not the photo, not the number, not the notice."""
    assert anouk.ask("PATCH", "/designs/anouk/crate", json={"visibility": "private"}).status_code == 200
    photo = made["photos"][0]["href"].removeprefix("/api/v1")
    for place in (path, photo, f"{photo}-small", "/designs/anouk/crate/made"):
        assert dario.ask("GET", place).status_code == 404, place
        assert anouk.ask("GET", place).status_code == 200, place
    assert dario.ask("PUT", f"{path}/word", json={"word": "doubted", "reason": "No."}).status_code == 404
