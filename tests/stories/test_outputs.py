"""Somebody takes files away: packed, in parts, for ever; drawings and sections; everything at once."""

import gzip
import io
import zipfile

import httpx
import pytest
from service import BOX

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(service, tmp_path_factory):
    """A design with a box of which all files are there: its owner and the build."""
    ada = service.join("outa")
    ada.start_design("box", {"box.py": BOX, "LICENSE": "CERN-OHL-W-2.0\n"}, tmp_path_factory.mktemp("box"))
    build = ada.built("/designs/outa/box", {"part": "box.py"})
    assert build["state"] == "made", build
    return ada, build["key"]


def raw(address: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """Returns the answer and its bytes as they came."""
    with httpx.stream("GET", address, headers={"Accept-Encoding": "identity", **headers}, timeout=60) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("base", ["/builds/{}/files", "/api/v1/builds/{}/files"])
@pytest.mark.parametrize("name", ["step", "svg"])
def test_files_are_packed_or_come_in_parts(service, made, base, name):
    address = service.url + base.format(made[1]) + f"/{name}"
    plain, content = raw(address)
    assert plain.status_code == 200 and "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"] and "immutable" in plain.headers["Cache-Control"]
    packed, small = raw(address, **{"Accept-Encoding": "br, gzip;q=0.8"})
    assert packed.headers["Content-Encoding"] == "gzip" and int(packed.headers["Content-Length"]) == len(small)
    assert gzip.decompress(small) == content and len(small) < len(content) / 2
    assert packed.headers["ETag"] != plain.headers["ETag"] and "Accept-Encoding" in packed.headers["Vary"]
    part, some = raw(address, **{"Range": "bytes=10-19", "Accept-Encoding": "gzip"})
    assert (part.status_code, some) == (206, content[10:20]) and "Content-Encoding" not in part.headers
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(content)}"
    assert raw(address, Range=f"bytes={len(content)}-")[0].status_code == 416
    for answer, accepted in ((plain, "identity"), (packed, "gzip")):
        again = {"If-None-Match": answer.headers["ETag"], "Accept-Encoding": accepted}
        assert raw(address, **again)[0].status_code == 304
    assert raw(address, **{"Accept-Encoding": "gzip;q=0, identity"})[1] == content


def test_every_file_of_a_build_can_be_had_by_program(made):
    ada, key = made
    for name in ("viewer", "step", "stl", "3mf", "glb", "brep", "png", "png-large", "svg", "dxf", "dxf-z-2", "svg-x-0"):
        answer = ada.ask("GET", f"/builds/{key}/files/{name}")
        assert answer.status_code == 200 and answer.content, name
    names = {file["name"] for file in ada.get(f"/builds/{key}")["files"]}
    assert {"svg", "dxf", "png-large", "dxf-z-2"} <= names
    beside = ada.ask("GET", f"/builds/{key}/files/dxf-z-90")
    assert beside.status_code == 422 and "between -6 and 6 mm" in beside.json()["detail"]
    assert ada.ask("GET", f"/builds/{key}/files/dxf-z-2.0").status_code == 404


def test_a_program_gets_all_parts_at_once(service, made):
    ada, _ = made
    answer = ada.ask("GET", "/designs/outa/box/parts.zip", params={"formats": "step,3mf"})
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/zip"
    assert "Content-Length" not in answer.headers  # it is packed while it is sent
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    head = ada.get("/designs/outa/box")["head"]
    top = f"box-{head[:7]}/"
    kept = {name.removeprefix(top) for name in archive.namelist()}
    assert kept == {"NOTICE.txt", "LICENSE", "bom.csv", "parts/box.step", "parts/box.3mf"}
    assert f"{service.url}/outa/box/revisions/{head}" in archive.read(f"{top}NOTICE.txt").decode()
    page = httpx.get(f"{service.url}/outa/box/archive/main.zip?formats=step,3mf", timeout=60)
    assert page.content == answer.content
